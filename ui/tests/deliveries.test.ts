import { describe, expect, test } from 'vitest';

import type { Delivery } from '../src/lib/bindings/Delivery';
import type { RecipientsCheck } from '../src/lib/bindings/RecipientsCheck';
import Deliveries from '../src/lib/components/mail/Deliveries.svelte';
import RecipientProblems from '../src/lib/components/mail/RecipientProblems.svelte';
import { outcomeText } from '../src/lib/consent/receipt-paper';
import type { Receipt } from '../src/lib/bindings/Receipt';
import { result } from '../src/lib/palette/results';
import FilePage from '../src/lib/screens/FilePage.svelte';
import { peer } from './forms';
import { click, draw, find, has, settle, shell } from './helpers';

const at = '2026-11-20T10:00:00.000Z';
const facts = {
  title: 'Overdue books',
  description: null,
  filename: 'list.txt',
  filesize: 6,
  mimetype: 'text/plain',
  expiresAt: '9999-12-31T00:00:00.000Z',
  tags: [],
};

describe('an own message', () => {
  test('says of each reader whether it was only sent, or delivered', () => {
    const other = { ...peer, address: 'did:e:localhost:dids:2', name: 'Grace' };
    const deliveries: Delivery[] = [
      { peer, receivedAt: at },
      { peer: other, receivedAt: null },
    ];
    draw(Deliveries, { deliveries });
    const shown = [...find('deliveries').children] as HTMLElement[];
    expect(shown.map((one) => one.dataset['received'])).toEqual(['true', 'false']);
    expect(shown[1]?.textContent).toContain('Grace');
  });

  test('is written with what is known to be in the way in sight', async () => {
    const check: RecipientsCheck = {
      problems: [{ peer, code: 'error.runtime.messages.hasNoActiveRelationship' }],
      most: 1,
    };
    shell({ check_recipients: () => check });
    draw(RecipientProblems, { addresses: [peer.address, 'did:e:localhost:dids:2'] });
    await settle();
    expect(find('recipient-problem').dataset['code']).toBe('error.runtime.messages.hasNoActiveRelationship');
    expect(has('recipients-too-many')).toBe(true);
  });

  test('is not asked about while nobody is named', async () => {
    const calls = shell({});
    draw(RecipientProblems, { addresses: [] });
    await settle();
    expect(calls).toEqual([]);
  });
});

describe('the outcome of a decision', () => {
  const receipt = (kind: 'failed' | 'delivered', code: string | null): Receipt =>
    ({ outcome: { kind, at, code }, delivery: 'message' }) as Receipt;

  test('says why an answer was not delivered', () => {
    const said = outcomeText(receipt('failed', 'error.tessera.requests.answerExpired'));
    expect(said).toContain('Why: ');
    expect(outcomeText(receipt('failed', 'error.of.tomorrow'))).toContain('error.of.tomorrow');
    expect(outcomeText(receipt('failed', null))).not.toContain('Why');
  });

  test('says when the other side fetched it', () => {
    expect(outcomeText(receipt('delivered', null), at)).toContain('fetched');
    expect(outcomeText(receipt('delivered', null))).not.toContain('fetched');
  });
});

describe('a file', () => {
  test('that is found leads to its message, or to its own page', () => {
    const found = { kind: 'file', id: 'FIL1', facts, snippet: [] } as const;
    expect(result({ ...found, snippet: [], message: 7 }).href).toBe('#/messages/7');
    expect(result({ ...found, snippet: [], message: null }).href).toBe('#/files/FIL1');
  });

  test('is shared only when the person wants it to be', async () => {
    const calls = shell({
      attachable_file: () => facts,
      file_code: () => ({ url: 'http://localhost/r/FIL1#key', qrSvg: '<svg/>' }),
      'plugin:event|listen': () => 1,
    });
    draw(FilePage, { id: 'FIL1' });
    await settle();
    expect(has('file-link')).toBe(false);
    expect(calls.some((call) => call.command === 'file_code')).toBe(false);
    click(find('file-share'));
    await settle();
    expect(find('file-link').textContent).toContain('/r/FIL1');
  });

  test('that has expired can neither be saved nor shared', async () => {
    shell({ attachable_file: () => ({ ...facts, expiresAt: '2020-01-01T00:00:00.000Z' }) });
    draw(FilePage, { id: 'FIL1' });
    await settle();
    expect(has('file-expired')).toBe(true);
    expect(has('file-save') || has('file-share')).toBe(false);
  });
});
