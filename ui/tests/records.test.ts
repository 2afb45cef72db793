// What is kept of the past: receipts as pages and documents, and who has what as a table and as a list.

import { beforeEach, describe, expect, test, vi } from 'vitest';

import type { GivenEntry } from '../src/lib/bindings/GivenEntry';
import type { GivenSearch } from '../src/lib/bindings/GivenSearch';
import type { Receipt as ReceiptOf } from '../src/lib/bindings/Receipt';
import type { ReceiptSearch } from '../src/lib/bindings/ReceiptSearch';
import Receipt from '../src/lib/components/Receipt.svelte';
import { receiptPaper } from '../src/lib/consent/receipt-paper';
import { useLanguage } from '../src/lib/i18n/index.svelte';
import Given from '../src/lib/screens/Given.svelte';
import ReceiptPage from '../src/lib/screens/ReceiptPage.svelte';
import Receipts from '../src/lib/screens/Receipts.svelte';
import { parseRoute } from '../src/lib/state/router.svelte';
import { asNode, consent, form, item, peer, read } from './forms';
import { click, draw, find, has, settle, shell, type } from './helpers';

let isNarrow = false;

beforeEach(() => {
  isNarrow = false;
  vi.stubGlobal('matchMedia', () => ({
    matches: isNarrow,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
});

const asked = form([asNode(item([0], read('GivenName'))), asNode(item([1], consent))], { items: [] });
const decided = {
  ...asked,
  summary: { ...asked.summary, status: 'Completed' as const, accepted: true },
  response: {
    result: 'Accepted',
    items: [
      { '@type': 'AttributeAlreadySharedAcceptResponseItem', result: 'Accepted', attributeId: 'ATT1' },
      { '@type': 'AcceptResponseItem', result: 'Accepted' },
    ],
  },
  answered: [{ path: [0], attributeId: 'ATT1', value: { '@type': 'GivenName', value: 'Ada' }, tags: [] }],
};

function receipt(more: Partial<ReceiptOf> = {}): ReceiptOf {
  return {
    number: 7,
    outcome: { kind: 'delivered', at: '2026-11-20T10:00:05.000Z', code: null },
    schemaVersion: 1,
    decidedAt: '2026-11-20T10:00:00.000Z',
    result: 'Accepted',
    wasAutomaticallyDecided: false,
    delivery: 'message',
    program: 'Tessera 0.1.0',
    identity: 'did:e:localhost:dids:me',
    backboneUrl: 'https://backbone.example',
    peer: { ...peer, isNameVerified: false },
    relationshipId: null,
    request: {
      id: 'REQ1',
      receivedAt: '2026-11-20T09:00:00.000Z',
      source: { type: 'Message', reference: 'MSG1' },
      content: {},
    },
    response: decided.response,
    named: [],
    files: [],
    ...more,
  };
}

describe('a receipt', () => {
  test('says what was decided, what came of it, and that it is no signature', async () => {
    shell({ receipt: () => ({ receipt: receipt(), form: decided }), contacts: () => [] });
    draw(ReceiptPage, { number: 7 });
    await settle();
    expect(find('receipt').dataset['accepted']).toBe('true');
    // What the answer only names is said as well.
    expect(find('receipt-line-0').textContent).toContain('Ada');
    const record = find('receipt-record').textContent;
    for (const said of ['Receipt 7', 'https://backbone.example', 'MSG1', 'not a signature'])
      expect(record).toContain(said);
    expect(find('receipt-outcome').textContent).toContain('The server has had the answer');
  });

  test.each<[Partial<ReceiptOf>, string]>([
    [{ outcome: null }, 'waits to be sent'],
    [{ outcome: null, delivery: 'nothing', result: 'Rejected' }, 'does not learn of it'],
    [{ outcome: { kind: 'failed', at: '2026-11-20T10:00:00.000Z', code: null } }, 'not delivered'],
    [
      { outcome: { kind: 'takenBack', at: '2026-11-20T10:00:00.000Z', code: null } },
      'took the decision back',
    ],
  ])('what came of it: %o', (more, said) => {
    shell({ contacts: () => [] });
    draw(Receipt, { form: decided, receipt: receipt(more) });
    expect(find('receipt-outcome').textContent).toContain(said);
  });

  test('a decision that is older than receipts says so', () => {
    shell({ contacts: () => [] });
    draw(Receipt, { form: decided, receipt: null });
    expect(has('receipt-record')).toBe(false);
    expect(find('receipt-none').textContent).toContain('before this program kept any');
  });

  test('is saved as JSON by the core and as PDF in the words of the page', async () => {
    const saved = { path: '/home/ada/Downloads/receipt-7.json' };
    const calls = shell({ contacts: () => [], save_receipt: () => saved, save_paper: () => saved });
    draw(Receipt, { form: decided, receipt: receipt() });
    click(find('receipt-json'));
    await settle();
    expect(find('receipt-saved').textContent).toContain(saved.path);
    click(find('receipt-pdf'));
    await settle();
    expect(calls.find((call) => call.command === 'save_receipt')?.args).toEqual({
      number: 7,
      filename: 'receipt-7.json',
    });
    expect(calls.find((call) => call.command === 'save_paper')?.args).toMatchObject({
      filename: 'receipt-7.pdf',
      paper: { language: 'en', title: 'Receipt 7' },
    });
  });

  test.each(['en', 'de'] as const)('as a document, %s', (language) => {
    useLanguage(language);
    const paper = receiptPaper(receipt(), decided);
    const text = JSON.stringify(paper);
    expect(paper.language).toBe(language);
    for (const said of ['Ada', 'REQ1', 'MSG1', 'University', peer.address]) expect(text).toContain(said);
    expect(text).toContain(language === 'en' ? 'not a signature' : 'keine Unterschrift');
    expect(text).toContain(language === 'en' ? 'You accepted' : 'Sie haben angenommen');
    for (const block of paper.blocks) if (block.kind === 'line') expect(block.label).not.toBe('');
  });
});

describe('all receipts', () => {
  const line = (number: number): object => ({
    number,
    decidedAt: '2026-11-20T10:00:00.000Z',
    result: number % 2 ? 'Accepted' : 'Rejected',
    peer: { ...peer, isNameVerified: false },
    requestId: 'REQ1',
    title: `Question ${number}`,
    delivery: 'message',
    outcome: null,
  });

  test('come where they are seen, the newest first', async () => {
    shell({
      receipts: ({ search }: { search: ReceiptSearch }) => {
        const length = Math.min(search.limit, 150 - search.offset);
        const receipts = Array.from({ length }, (_, at) => line(150 - search.offset - at));
        return { receipts, total: 150 };
      },
    });
    draw(Receipts, {});
    await settle();
    const shown = document.querySelectorAll('[data-testid="receipts"] li').length;
    expect(shown).toBeGreaterThanOrEqual(100);
    expect(shown).toBeLessThan(120);
    expect(find('receipt-150').getAttribute('href')).toBe('#/receipts/150');
  });

  test('none yet', async () => {
    shell({ receipts: () => ({ receipts: [], total: 0 }) });
    draw(Receipts, {});
    await settle();
    expect(has('receipts-empty')).toBe(true);
  });

  test.each([
    ['#/receipts', { place: 'receipts' }],
    ['#/receipts/12', { place: 'receipt', number: 12 }],
    ['#/receipts/0', { place: 'receipts' }],
    ['#/receipts/x', { place: 'receipts' }],
    ['#/given', { place: 'given', peer: null, attribute: null }],
    ['#/given/to/did%3Ae', { place: 'given', peer: 'did:e', attribute: null }],
    ['#/given/of/ATT1', { place: 'given', peer: null, attribute: 'ATT1' }],
  ])('%s', (hash, route) => expect(parseRoute(hash)).toEqual(route));
});

describe('who has what', () => {
  const entry = (id: number, more: Partial<GivenEntry> = {}): GivenEntry => ({
    place: { since: '2026-11-20T10:00:00.000Z', valueText: `Ada ${id}`, id },
    peer: peer.address,
    peerName: 'University',
    attributeId: `ATT${id}`,
    newestId: `ATTN${id}`,
    version: 1,
    valueType: 'GivenName',
    value: { '@type': 'GivenName', value: `Ada ${id}` },
    key: null,
    label: null,
    since: '2026-11-20T10:00:00.000Z',
    requestId: 'REQ1',
    notificationId: null,
    receipt: 7,
    isStale: false,
    canBeTold: false,
    canBeAskedBack: true,
    deletion: null,
    ...more,
  });
  const promised: Partial<GivenEntry> = {
    canBeAskedBack: false,
    deletion: { status: 'ToBeDeletedByRecipient', date: '2026-12-01T10:00:00.000Z', isOverdue: false },
  };
  const all = [
    entry(1),
    entry(2, { isStale: true, canBeTold: true }),
    entry(3, promised),
    entry(4, { receipt: null }),
  ];
  const searches = (calls: { command: string; args: unknown }[]): GivenSearch[] =>
    calls
      .filter(({ command }) => command === 'given')
      .map(({ args }) => (args as { search: GivenSearch }).search);

  test('is a table with a caption, heads of columns and rows, and actions that name what they are about', async () => {
    shell({ given: () => ({ entries: all, total: 4 }) });
    draw(Given, { peer: null, attribute: null });
    await settle();
    const table = find('given-table');
    expect(table.querySelector('caption')?.textContent).toBe('Who has what');
    expect(table.querySelectorAll('thead th[scope="col"]').length).toBe(6);
    expect(table.querySelectorAll('tbody th[scope="row"]').length).toBe(4);
    const rows = [...table.querySelectorAll('tbody tr')].map((row) => row.textContent ?? '');
    expect(rows[0]).toContain('newest version');
    expect(rows[1]).toContain('earlier version');
    expect(rows[2]).toContain('promised to delete it');
    expect(table.querySelectorAll('[data-testid="given-ask-back-GivenName"]').length).toBe(3);
    expect(table.querySelectorAll('[data-testid="given-receipt"]').length).toBe(3);
    expect(find('given-ask-back-GivenName').getAttribute('aria-label')).toContain('University');
  });

  test('says the same as a list where there is no room for a table', async () => {
    isNarrow = true;
    shell({ given: () => ({ entries: all, total: 4 }) });
    draw(Given, { peer: null, attribute: null });
    await settle();
    expect(has('given-table')).toBe(false);
    const text = find('given-list').textContent ?? '';
    for (const said of ['University', 'Ada 1', 'earlier version', 'promised to delete it'])
      expect(text).toContain(said);
  });

  test('is sorted by its heads', async () => {
    const calls = shell({ given: () => ({ entries: all, total: 4 }) });
    draw(Given, { peer: null, attribute: null });
    await settle();
    const sort = (): (string | null)[] =>
      ['sort-value', 'sort-since'].map((name) => find(name).closest('th')?.getAttribute('aria-sort') ?? null);
    expect(sort()).toEqual(['none', 'descending']);
    click(find('sort-value'));
    await settle();
    expect(sort()).toEqual(['ascending', 'none']);
    click(find('sort-value'));
    await settle();
    expect(sort()).toEqual(['descending', 'none']);
    expect(searches(calls).map(({ order }) => order)).toEqual([
      'newestFirst',
      'byValue',
      'byValueDescending',
    ]);
  });

  test('is searched and narrowed by the core', async () => {
    const many = Array.from({ length: 500 }, (_, at) => entry(at + 1));
    const calls = shell({
      given: ({ search: { offset, limit, staleOnly } }: { search: GivenSearch }) => {
        const fitting = staleOnly ? many.slice(0, 3) : many;
        return { entries: fitting.slice(offset, offset + limit), total: fitting.length };
      },
    });
    draw(Given, { peer: 'did:e:x', attribute: null });
    await settle();
    expect(find('given-count').dataset['count']).toBe('500');
    expect(document.querySelectorAll('tbody tr').length).toBeLessThan(120);
    expect(find('given-table').getAttribute('aria-rowcount')).toBe('501');
    click(find('given-stale-only'));
    await settle();
    expect(document.querySelectorAll('tbody tr').length).toBe(3);
    vi.useFakeTimers();
    type(find<HTMLInputElement>('given-search'), 'first name');
    await vi.advanceTimersByTimeAsync(200);
    expect(searches(calls).at(-1)).toMatchObject({ peer: 'did:e:x', staleOnly: true, text: 'first name' });
  });

  test('a new version is sent from its row', async () => {
    const calls = shell({
      given: () => ({ entries: all, total: 4 }),
      notify_about_succession: () => [],
    });
    draw(Given, { peer: null, attribute: null });
    await settle();
    click(find('given-tell'));
    await settle();
    const told = calls.find((call) => call.command === 'notify_about_succession');
    expect(told?.args).toEqual({ id: 'ATTN2', peers: [peer.address] });
    expect(searches(calls).length).toBe(2);
  });

  test('is saved whole, by the core or in the words of the page', async () => {
    const calls = shell({
      given: ({ search }: { search: GivenSearch }) =>
        search.after ? { entries: [], total: 4 } : { entries: all, total: 4 },
      save_given: () => ({ path: '/x/who-has-what.csv' }),
      save_paper: () => ({ path: '/x/who-has-what.pdf' }),
    });
    draw(Given, { peer: null, attribute: null });
    await settle();
    click(find('given-csv'));
    await settle();
    expect(find('given-saved').textContent).toContain('who-has-what.csv');
    click(find('given-pdf'));
    await settle();
    expect(find('given-saved').textContent).toContain('who-has-what.pdf');
    const paper = calls.find((call) => call.command === 'save_paper')?.args as {
      paper: { blocks: { kind: string; rows?: string[][] }[] };
    };
    expect(paper.paper.blocks.at(-1)?.rows?.map((row) => row.length)).toEqual([5, 5, 5, 5]);
  });

  test('nothing was given yet', async () => {
    shell({ given: () => ({ entries: [], total: 0 }) });
    draw(Given, { peer: null, attribute: null });
    await settle();
    expect(has('given-empty')).toBe(true);
    expect(has('given-csv')).toBe(false);
  });
});
