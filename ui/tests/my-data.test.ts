import { describe, expect, test, vi } from 'vitest';

import type { AttributePage as Page } from '../src/lib/bindings/AttributePage';
import type { AttributeSearch } from '../src/lib/bindings/AttributeSearch';
import type { AttributeView } from '../src/lib/bindings/AttributeView';
import type { DeletionStatus } from '../src/lib/bindings/DeletionStatus';
import type { DerivationView } from '../src/lib/bindings/DerivationView';
import type { HolderView } from '../src/lib/bindings/HolderView';
import type { HoldersView } from '../src/lib/bindings/HoldersView';
import AttributePage from '../src/lib/components/AttributePage.svelte';
import AddData from '../src/lib/screens/AddData.svelte';
import MyData from '../src/lib/screens/MyData.svelte';
import { forbiddenCharacter } from '../src/lib/values/characters';
import own from '../src/lib/values/characters.json';
import { fromDraft, withHints } from '../src/lib/values/draft';
import { EVERYTHING, laidOut, sources, type Query } from '../src/lib/values/listing';
import { readTag, tagProblem } from '../src/lib/values/tags';
import { peer } from './forms';
import { view } from './attribute-view';
import { click, draw, find, has, settle, shell, type, type Calls } from './helpers';
import { table, valueType, valueTypes } from './value-types';

const LIBRARY = 'did:e:localhost:dids:bbbb';

/** Answers like the core: words at the beginning of words, value types, tags, pages. */
function searched(all: AttributeView[]): (args: { search: AttributeSearch }) => Page {
  const texts = all.map(({ value }) => JSON.stringify(value).toLowerCase());
  return ({ search: { text, valueTypes, tags, offset, limit } }) => {
    const fitting = all.filter(
      (attribute, index) =>
        (valueTypes.length === 0 || valueTypes.includes(attribute.valueType)) &&
        (tags.length === 0 || tags.some((tag) => attribute.tags.includes(tag))) &&
        (text === '' || texts[index]?.includes(text.toLowerCase())),
    );
    return { attributes: fitting.slice(offset, offset + limit), total: fitting.length };
  };
}

describe('the questions to the core', () => {
  const TYPES = ['EMailAddress', 'GivenName', 'Sex', 'Surname'];
  const asked = (more: Partial<Query>): unknown =>
    sources({ ...EVERYTHING, ...more }, TYPES).map(({ group, search }) => [
      group,
      search.valueTypes,
      search.text,
    ]);

  test.each<[string, Partial<Query>, unknown]>([
    [
      'one for each heading',
      {},
      [
        ['names', ['GivenName', 'Surname'], ''],
        ['contact', ['EMailAddress'], ''],
        ['person', ['Sex'], ''],
      ],
    ],
    ['one in all where there are no headings', { order: 'newestFirst' }, [[null, TYPES, '']]],
    ['only of a kind', { valueType: 'Sex' }, [['person', ['Sex'], '']]],
    [
      'by the name of the kind, and by what is said',
      { text: 'given', order: 'byValue' },
      [
        [null, ['GivenName'], ''],
        [null, ['EMailAddress', 'Sex', 'Surname'], 'given'],
      ],
    ],
  ])('%s', (_, query, expected) => expect(asked(query)).toEqual(expected));

  test('carry the mark and the order', () => {
    const [source] = sources({ ...EVERYTHING, tag: 'x:work', order: 'oldestFirst' }, TYPES);
    expect(source?.search).toMatchObject({ tags: ['x:work'], order: 'oldestFirst' });
  });

  test('what is found stands under its heading, one question after the other', () => {
    const asked = sources({ ...EVERYTHING, text: 'given' }, TYPES);
    const laid = laidOut(asked, [3, 2, 0, 5]).map(({ start, before, headed }) => [start, before, headed]);
    expect(laid).toEqual([
      [1, 0, true],
      [4, 3, false],
      [7, 5, true],
    ]);
  });
});

describe('a hundred thousand values', () => {
  const many = Array.from({ length: 100_000 }, (_, index) =>
    view(`ATT${index}`, {
      '@type': index % 2 ? 'GivenName' : 'EMailAddress',
      value: `name${index}@example.org`,
    }),
  );
  const rows = (): number => document.querySelectorAll('li [data-testid^="attribute-"]').length;

  test('only what is seen is fetched and drawn, and all of them are searched', async () => {
    const calls = shell({ search_attributes: searched(many), attribute_tags: () => [] });
    draw(MyData, { id: null });
    await settle();
    expect(find('data-count').dataset['count']).toBe('100000');
    expect(rows()).toBeGreaterThanOrEqual(99);
    expect(rows()).toBeLessThan(120);
    const fetched = calls
      .filter((call) => call.command === 'search_attributes')
      .map((call) => (call.args as { search: AttributeSearch }).search.limit);
    expect(Math.max(...fetched)).toBeLessThanOrEqual(100);
    vi.useFakeTimers();
    type(find<HTMLInputElement>('data-search'), 'name77777@');
    await vi.advanceTimersByTimeAsync(200);
    expect(find('data-count').dataset['count']).toBe('1');
    expect(rows()).toBe(1);
  });

  test('the end of the first kind leads on to the next, which says where it stands among all', async () => {
    const few = [...many.filter((_, index) => index % 2 === 1).slice(0, 60), many[0]!];
    shell({ search_attributes: searched(few), attribute_tags: () => [] });
    draw(MyData, { id: null });
    await settle();
    expect(rows()).toBe(61);
    const last = find('attribute-EMailAddress').closest('li');
    expect(last?.getAttribute('aria-posinset')).toBe('61');
    expect(last?.getAttribute('aria-setsize')).toBe('61');
    expect(last?.previousElementSibling?.textContent?.trim()).toBe('How to reach you');
  });

  test('order, kind and mark are asked for', async () => {
    const calls = shell({ search_attributes: searched(many.slice(0, 9)), attribute_tags: () => ['x:work'] });
    draw(MyData, { id: null });
    await settle();
    click(find('data-sort-newestFirst'));
    type(find<HTMLInputElement>('data-kind'), 'given name');
    type(find<HTMLInputElement>('data-tag'), 'work');
    await settle();
    const wanted = { order: 'newestFirst', valueTypes: ['GivenName'], tags: ['x:work'] };
    expect(calls.map(({ args }) => args)).toContainEqual({
      search: expect.objectContaining(wanted) as unknown,
    });
    expect(find('data-count').dataset['count']).toBe('0');
    expect(has('data-empty')).toBe(false);
    click(find('data-filters-clear'));
    await settle();
    expect(find('data-count').dataset['count']).toBe('9');
  });

  test('nothing at all, and nothing that fits, are told apart', async () => {
    shell({ search_attributes: searched([]), attribute_tags: () => [] });
    draw(MyData, { id: null });
    await settle();
    expect(has('data-empty')).toBe(true);
  });
});

describe('one value', () => {
  const ADA = view('ADA', { '@type': 'GivenName', value: 'Ada' }, { version: 2, label: 'at work' });
  const holder = (more: Partial<HolderView> = {}): HolderView => ({
    peer: LIBRARY,
    peerName: 'Library',
    relationshipId: 'REL1',
    attributeId: 'OLD',
    version: 1,
    since: '2026-11-02T10:00:00.000Z',
    requestId: 'REQ1',
    notificationId: null,
    isStale: true,
    canBeTold: true,
    deletion: null,
    ...more,
  });

  const tellable = (newest: HolderView[]): HolderView[] =>
    newest.filter((one) => one.isStale && one.canBeTold);
  const known = (newest: HolderView[], more: Partial<HoldersView> = {}): HoldersView => ({
    newest,
    total: newest.length,
    tellable: tellable(newest),
    areMoreTellable: false,
    ...more,
  });

  const NOTHING_MADE: DerivationView = {
    sources: [],
    areMoreSources: false,
    derived: [],
    areMoreDerived: false,
  };

  async function open(holders: HolderView[], handlers: Parameters<typeof shell>[0] = {}): Promise<Calls> {
    const calls = shell({
      attribute: () => ADA,
      attribute_history: () => [ADA],
      value_types: () => valueTypes,
      holders: () => known(holders),
      derivation: () => NOTHING_MADE,
      ...handlers,
    });
    draw(AttributePage, { id: 'ADA' });
    await settle();
    return calls;
  }
  const asked = (calls: Calls, command: string): unknown =>
    calls.filter((call) => call.command === command).at(-1)?.args;

  test('who has an earlier version is told of the new one, except whom one leaves out', async () => {
    const BAKERY = `${LIBRARY}b`;
    const calls = await open(
      [holder(), holder({ peer: BAKERY }), holder({ peer: `${LIBRARY}c`, isStale: false, version: 2 })],
      { notify_about_succession: () => known([]) },
    );
    expect(find('attribute-holders').textContent).toContain('version 1, an earlier one');
    expect(has(`tell-${LIBRARY}c`)).toBe(false);
    click(find(`tell-${LIBRARY}`));
    click(find(`tell-${BAKERY}`));
    expect(find<HTMLButtonElement>('tell').disabled).toBe(true);
    click(find(`tell-${LIBRARY}`));
    click(find('tell'));
    await settle();
    expect(asked(calls, 'notify_about_succession')).toEqual({ id: 'ADA', peers: [LIBRARY] });
  });

  test('of thousands the first are named, and the list of all is one step away', async () => {
    const sharedWith = [
      { peer: LIBRARY, peerName: 'Library', relationshipId: null, sharedAt: ADA.createdAt },
    ];
    await open([], {
      holders: () => known([holder()], { total: 9_000, areMoreTellable: true }),
      attribute_history: () => [{ ...ADA, sharedWith, sharedCount: 8_001 }],
    });
    expect(find('holders-more').textContent).toBe('And 8,999 more:');
    expect(find('holders-given').getAttribute('href')).toContain('#/given');
    expect(document.body.textContent).toContain('The others are offered when these are told.');
    expect(find('attribute-versions').textContent).toContain('and 8,000 more contacts have it.');
  });

  test.each<[DeletionStatus, boolean, string]>([
    ['DeletionRequestSent', false, 'asked to delete it'],
    ['DeletionRequestRejected', false, 'refused'],
    ['ToBeDeletedByRecipient', false, 'promised to delete it'],
    ['ToBeDeletedByRecipient', true, 'should have deleted it'],
    ['DeletedByRecipient', false, 'deleted it'],
    ['ToBeDeleted', false, 'you promised'],
    ['DeletedByEmitter', false, 'they deleted theirs'],
  ])('%s (overdue: %s) is said in words', async (status, isOverdue, words) => {
    await open([holder({ deletion: { status, isOverdue, date: '2026-11-05T10:00:00.000Z' } })]);
    expect(find('attribute-holders').textContent).toContain(words);
  });

  test('nothing is said of what it was made from where it was entered', async () => {
    await open([]);
    expect(has('attribute-sources') || has('attribute-derived')).toBe(false);
  });

  test('what was made from it stands there, with who has it', async () => {
    const sharedWith = [
      { peer: LIBRARY, peerName: 'Library', relationshipId: null, sharedAt: ADA.createdAt },
    ];
    const name = view(
      'NAME',
      { '@type': 'PersonName', givenName: 'Ada', surname: 'Lovelace' },
      { sharedWith, sharedCount: 3 },
    );
    const other = view('OTHER', { '@type': 'PersonName', givenName: 'Ada', surname: 'King' });
    await open([], {
      derivation: () => ({
        ...NOTHING_MADE,
        derived: [
          { attribute: name, isOfOlderVersion: true },
          { attribute: other, isOfOlderVersion: false },
        ],
        areMoreDerived: true,
      }),
    });
    expect(has('attribute-sources')).toBe(false);
    const [first, second] = find('attribute-derived').querySelectorAll('li');
    expect(first?.querySelector('a')?.getAttribute('href')).toContain('NAME');
    expect(first?.querySelector('a')?.textContent).toContain('Lovelace');
    expect(first?.textContent).toContain('Full name');
    expect(first?.textContent).toMatch(/Who has it: .*Library.* and 2 more/);
    expect(first?.textContent).toContain('Made from an earlier version.');
    expect(second?.textContent).not.toContain('Who has it');
    expect(second?.textContent).not.toContain('version');
    expect(document.body.textContent).toContain('There are more.');
  });

  test('what it was made from stands there, also when that was replaced since', async () => {
    const surname = view('LAST', { '@type': 'Surname', value: 'Lovelace' });
    const given = view('GIVEN', { '@type': 'GivenName', value: 'Ada' });
    await open([], {
      derivation: () => ({
        ...NOTHING_MADE,
        sources: [
          { attribute: given, isOfOlderVersion: true },
          { attribute: surname, isOfOlderVersion: false },
        ],
      }),
    });
    expect(has('attribute-derived')).toBe(false);
    const [first, second] = find('attribute-sources').querySelectorAll('li');
    expect(first?.querySelector('a')?.getAttribute('href')).toContain('GIVEN');
    expect(first?.textContent).toContain('There is a newer one.');
    expect(second?.textContent).not.toContain('newer');
  });

  test('deleting says who will be told, and asks', async () => {
    const calls = await open([holder()], {
      told_of_deletion: () => [{ ...peer, name: 'Library' }],
      delete_attribute: () => null,
    });
    HTMLDialogElement.prototype.showModal = vi.fn<() => void>();
    click(find('attribute-delete'));
    await settle();
    expect(find('delete-dialog').textContent).toContain('Library');
    expect(asked(calls, 'delete_attribute')).toBeUndefined();
    click(find('delete-confirm'));
    await settle();
    expect(asked(calls, 'delete_attribute')).toEqual({ id: 'ADA' });
    expect(location.hash).toBe('#/data');
  });

  test('it can become the default, and get a word of one’s own', async () => {
    const calls = await open([], {
      set_default_attribute: () => ({ ...ADA, isDefault: true }),
      set_attribute_label: () => ({ ...ADA, label: 'at home' }),
    });
    click(find('attribute-default'));
    await settle();
    expect(asked(calls, 'set_default_attribute')).toEqual({ id: 'ADA' });
    expect(has('attribute-default')).toBe(false);
    expect(has('attribute-label-save')).toBe(false);
    type(find<HTMLInputElement>('attribute-label'), ' at home ');
    click(find('attribute-label-save'));
    await settle();
    expect(asked(calls, 'set_attribute_label')).toEqual({ id: 'ADA', label: 'at home' });
  });
});

describe('adding', () => {
  test('every kind that a person can enter is offered', async () => {
    shell({ attributes: () => [], value_types: () => valueTypes });
    draw(AddData, {});
    await settle();
    const readOnly = new Set(['VerifiableCredential']);
    for (const known of valueTypes.filter(({ kind, isEditable }) => kind === 'identity' && isEditable)) {
      expect(has(`add-${known.valueType}`), known.valueType).toBe(!readOnly.has(known.valueType));
    }
  });

  test('with marks, also one that was typed and not yet added', async () => {
    const calls = shell({
      attributes: () => [],
      value_types: () => valueTypes,
      add_attribute: () => ({ id: 'ATT1' }),
    });
    draw(AddData, { valueType: 'GivenName' });
    await settle();
    type(find<HTMLInputElement>('value-value'), 'Ada');
    type(find<HTMLInputElement>('data-tags'), 'work');
    click(find('data-tags-add'));
    type(find<HTMLInputElement>('data-tags'), 'work');
    click(find('data-tags-add'));
    expect(document.body.textContent).toContain('is there already');
    type(find<HTMLInputElement>('data-tags'), 'language:de');
    click(find('data-save'));
    await settle();
    expect(calls.find((call) => call.command === 'add_attribute')?.args).toEqual({
      value: { '@type': 'GivenName', value: 'Ada' },
      tags: ['x:work', 'language:de'],
    });
  });
});

describe('marks', () => {
  test.each([
    [' work ', 'x:work'],
    ['x:work', 'x:work'],
    ['language:de', 'language:de'],
    ['', ''],
  ])('%j is meant as %j', (typed, tag) => expect(readTag(typed)).toBe(tag));

  test.each<[string, string[], string | null]>([
    ['x:a', [], null],
    ['', [], 'tags.empty'],
    ['x:', [], 'tags.empty'],
    ['x:a', ['x:a'], 'tags.twice'],
    [`x:${'a'.repeat(249)}`, [], 'value.tooLong'],
    ['x:new', Array.from({ length: 20 }, (_, index) => `x:${index}`), 'tags.tooMany'],
  ])('%j beside %j: %s', (tag, present, key) => expect(tagProblem(tag, present)?.key ?? null).toBe(key));
});

describe('characters', () => {
  test('are those of the core', () => {
    const { characterSet } = table;
    expect(own).toEqual({ ranges: characterSet.ranges, sequences: characterSet.sequences });
  });

  test.each([
    ['Ada Lovelace', null],
    ['Jürgen Çelik-Łukasiewicz', null],
    ['C\u0300', null],
    ['first\nsecond', null],
    ['🎉', '🎉'],
    ['Ada\u00ad', '\u00ad'],
    ['Мария', 'М'],
    ['x\u0301\u0301', '\u0301'],
  ])('%j', (text, character) => expect(forbiddenCharacter(text)).toBe(character));
});

describe('what is wrong is said where it is wrong', () => {
  const problem = (name: string, draft: Record<string, string>): unknown =>
    fromDraft(valueType(name), draft, 'de').problems;
  const account = { accountHolder: 'Ada', iban: 'DE89 3704 0044 0532 0130 00', bic: '' };

  test.each<[string, Record<string, string>, unknown]>([
    ['GivenName', { value: 'Ada 🎉' }, { value: { key: 'value.forbidden', values: { character: '🎉' } } }],
    [
      'BankAccount',
      { ...account, iban: 'DE88 3704 0044 0532 0130 00' },
      { iban: { key: 'value.notAnIban' } },
    ],
    ['BankAccount', { ...account, bic: 'COBADEFFX' }, { bic: { key: 'value.notABic' } }],
    [
      'SchematizedJSON',
      { value: JSON.stringify('x'.repeat(4095)) },
      { value: { key: 'value.jsonTooLong', values: { max: 4096 } } },
    ],
  ])('%s from %j', (name, draft, expected) => expect(problem(name, draft)).toEqual(expected));

  test('an IBAN may be typed with blanks and in any case', () => {
    expect(
      fromDraft(valueType('BankAccount'), { ...account, iban: 'de89 3704 0044 0532 0130 00' }, 'de').value,
    ).toEqual({
      '@type': 'BankAccount',
      accountHolder: 'Ada',
      iban: 'DE89370400440532013000',
    });
  });
});

test('bounds, patterns, help and defaults of the sender guide the form', () => {
  const hints = { min: 3, max: 5, pattern: '/^[A-Z]+$/i', editHelp: 'As on the card', defaultValue: 'ABC' };
  const frame = { value: { '@type': 'ProprietaryString', title: 'Code', valueHintsOverride: hints } };
  const type = withHints(valueType('ProprietaryString'), frame);
  expect(type.parts[0]).toMatchObject({
    minLength: 3,
    maxLength: 5,
    pattern: '^[A-Z]+$',
    editHelp: 'As on the card',
    defaultValue: 'ABC',
  });
  expect(fromDraft(type, { value: 'AB' }, 'en').problems).toEqual({
    value: { key: 'value.tooShort', values: { min: 3 } },
  });
  expect(fromDraft(type, { value: '123' }, 'en').problems).toEqual({ value: { key: 'value.wrongForm' } });
  const number = withHints(valueType('ProprietaryInteger'), {
    value: { valueHintsOverride: { min: 1, max: 9 } },
  });
  expect(fromDraft(number, { value: '10' }, 'en').problems).toEqual({
    value: { key: 'value.tooBig', values: { max: 9 } },
  });
});
