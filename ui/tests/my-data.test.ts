import { describe, expect, test, vi } from 'vitest';

import type { AttributeView } from '../src/lib/bindings/AttributeView';
import AddData from '../src/lib/screens/AddData.svelte';
import MyData from '../src/lib/screens/MyData.svelte';
import { app } from '../src/lib/state/app.svelte';
import { forbiddenCharacter } from '../src/lib/values/characters';
import own from '../src/lib/values/characters.json';
import { fromDraft, withHints } from '../src/lib/values/draft';
import { EVERYTHING, sections, select, type Query } from '../src/lib/values/listing';
import { readTag, tagProblem } from '../src/lib/values/tags';
import { click, draw, find, has, settle, shell, type } from './helpers';
import { table, valueType, valueTypes } from './value-types';

const ME = 'did:e:localhost:dids:aaaa';

function view(
  id: string,
  value: { '@type': string; [part: string]: JsonValue },
  more: Partial<AttributeView> = {},
): AttributeView {
  return {
    id,
    owner: ME,
    valueType: value['@type'],
    value,
    tags: [],
    key: null,
    isDefault: false,
    createdAt: '2026-11-01T10:00:00.000Z',
    version: 1,
    sharedWith: [],
    ...more,
  };
}

const share = {
  peer: 'did:e:localhost:dids:bbbb',
  peerName: 'Library',
  relationshipId: null,
  sharedAt: '2026-11-02T10:00:00.000Z',
};
const ALL: AttributeView[] = [
  view(
    'MAIL',
    { '@type': 'EMailAddress', value: 'ada@example.org' },
    { tags: ['x:work'], createdAt: '2026-11-05T10:00:00.000Z' },
  ),
  view(
    'OLD',
    { '@type': 'GivenName', value: 'Jürgen' },
    { createdAt: '2026-10-01T10:00:00.000Z', sharedWith: [share] },
  ),
  view('ADA', { '@type': 'GivenName', value: 'Ada' }, { isDefault: true }),
  view('BORN', { '@type': 'BirthPlace', city: 'Straßburg', country: 'FR' }),
];

const ids = (more: Partial<Query>, language = 'en'): string[] =>
  select(ALL, { ...EVERYTHING, ...more }, language).map((attribute) => attribute.id);

describe('finding one’s own values', () => {
  test.each<[string, Partial<Query>, string[]]>([
    ['by kind, the default first', {}, ['ADA', 'OLD', 'MAIL', 'BORN']],
    ['newest first', { sort: 'newest' }, ['MAIL', 'ADA', 'BORN', 'OLD']],
    ['oldest first', { sort: 'oldest' }, ['OLD', 'ADA', 'BORN', 'MAIL']],
    ['by value', { sort: 'value' }, ['ADA', 'MAIL', 'OLD', 'BORN']],
    ['shared', { shared: 'yes' }, ['OLD']],
    ['only mine', { shared: 'no', sort: 'newest' }, ['MAIL', 'ADA', 'BORN']],
    ['of a kind', { valueType: 'GivenName' }, ['ADA', 'OLD']],
    ['with a mark', { tag: 'x:work' }, ['MAIL']],
    ['by the name of the kind', { search: 'given' }, ['ADA', 'OLD']],
    ['by a mark', { search: 'work' }, ['MAIL']],
    ['whatever the accents', { search: 'jurgen' }, ['OLD']],
    ['or the spelling', { search: 'JUERGEN' }, ['OLD']],
    ['ß is ss', { search: 'strassburg' }, ['BORN']],
    ['by the name of a country', { search: 'france' }, ['BORN']],
    ['all together', { search: 'a', shared: 'no', valueType: 'GivenName' }, ['ADA']],
    ['nothing', { search: 'zebra' }, []],
  ])('%s', (_, query, expected) => expect(ids(query)).toEqual(expected));

  test('headings stand once, in their order', () => {
    const selected = select(ALL, EVERYTHING, 'en');
    expect(sections(selected, 'kind', 100).map(({ group, members }) => [group, members.length])).toEqual([
      ['names', 2],
      ['contact', 1],
      ['person', 1],
    ]);
    expect(sections(selected, 'kind', 1).map(({ members }) => members.length)).toEqual([1]);
    expect(sections(selected, 'newest', 100)).toHaveLength(1);
  });
});

describe('a hundred thousand values', () => {
  const many = Array.from({ length: 100_000 }, (_, index) =>
    view(`ATT${index}`, {
      '@type': index % 2 ? 'GivenName' : 'EMailAddress',
      value: `name${index}@example.org`,
    }),
  );

  test('only what is seen is drawn, and all of them are searched', async () => {
    const settings = { language: 'en', theme: 'system' };
    shell({
      app_state: () => ({ phase: 'ready', profile: { address: ME }, settings }),
      attributes: () => many,
      value_types: () => valueTypes,
    });
    await app.load();
    draw(MyData, { id: null });
    await settle();
    expect(find('data-count').dataset['count']).toBe('100000');
    expect(document.querySelectorAll('[data-testid^="attribute-"]')).toHaveLength(100);
    click(find('data-more'));
    expect(document.querySelectorAll('[data-testid^="attribute-"]')).toHaveLength(200);
    vi.useFakeTimers();
    type(find<HTMLInputElement>('data-search'), 'name77777@');
    await vi.advanceTimersByTimeAsync(200);
    expect(find('data-count').dataset['count']).toBe('1');
    expect(has('data-more')).toBe(false);
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
