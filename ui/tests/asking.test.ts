import { describe, expect, test } from 'vitest';

import { readExpiry } from '../src/lib/asking/build';
import { EMPTY, pack, unpack } from '../src/lib/asking/kept';
import { KINDS, newItem, type AskItem, type AskKind } from '../src/lib/asking/kinds';
import { arranged, assemble, codesOf, outline } from '../src/lib/asking/outline';
import { build, ENTERED, entered } from './asking-items';

describe('what is entered', () => {
  test.each(KINDS)('becomes an item: %s', (kind) => {
    const { item, problems } = build(entered(kind));
    expect(problems).toBeNull();
    expect(item).toEqual({ ...ENTERED[kind].becomes, mustBeAccepted: false });
  });

  test.each(KINDS)('is missed while it is not there: %s', (kind) => {
    expect(build(newItem(kind, 0)).item).toBeNull();
  });

  test.each<[string, Record<string, string>, object]>([
    [
      'text',
      { minLength: '2', maxLength: '5', allowNewlines: 'true' },
      { '@type': 'StringFormFieldSettings', min: 2, max: 5, allowNewlines: true },
    ],
    ['integer', { unit: 'cm', min: '-1' }, { '@type': 'IntegerFormFieldSettings', unit: 'cm', min: -1 }],
    ['double', { max: '1,5' }, { '@type': 'DoubleFormFieldSettings', max: 1.5 }],
    ['boolean', {}, { '@type': 'BooleanFormFieldSettings' }],
    ['date', {}, { '@type': 'DateFormFieldSettings' }],
    ['rating', { maxRating: '7' }, { '@type': 'RatingFormFieldSettings', maxRating: 7 }],
  ])('a question is answered with %s', (settings, fields, becomes) => {
    const { item } = build(newItem('field', 0, { question: 'What?', settings, ...fields }));
    expect(item?.['settings']).toEqual(becomes);
  });

  test.each<[AskKind, Record<string, string>, string]>([
    ['field', { question: 'x', settings: 'rating', maxRating: '11' }, 'maxRating'],
    ['field', { question: 'x', settings: 'selection', options: ' \n ' }, 'options'],
    ['field', { question: 'x'.repeat(201), settings: 'boolean' }, 'question'],
    ['consent', { consent: 'x', linkDisplayText: 'Terms' }, 'link'],
    ['readIdentity', { valueType: 'ProprietaryString' }, 'valueType'],
    ['readIdentity', { valueType: 'GivenName', tags: 'a\na' }, 'tags'],
    ['authentication', { title: 'x', note: 'x'.repeat(501) }, 'note'],
  ])('%s with %o is wrong at %s', (kind, fields, at) => {
    expect(Object.keys(build(newItem(kind, 0, fields)).problems ?? {})).toEqual([at]);
  });

  test('an entry is asked for from contacts that are named', () => {
    const fields = { key: 'insuranceNumber', thirdParty: 'did:e:one\ndid:e:two' };
    const { item } = build(newItem('readThirdParty', 0, fields));
    expect(item?.['query']).toMatchObject({ owner: '', thirdParty: ['did:e:one', 'did:e:two'] });
  });

  test('an end is the end of a day', () => {
    const now = new Date(2026, 10, 22, 12);
    expect(readExpiry('never', '', 'en', now)).toEqual({ date: null, problem: null });
    const date = new Date(readExpiry('in7', '', 'en', now).date ?? '');
    expect([date.getDate(), date.getHours()]).toEqual([29, 23]);
    expect(readExpiry('date', '', 'en', now).problem?.key).toBe('value.missing');
    expect(readExpiry('date', '1/1/2020', 'en', now).problem?.key).toBe('deletion.past');
    expect(readExpiry('date', '31.12.2026', 'de', now).problem).toBeNull();
  });

  test('is kept and comes back as it was', () => {
    const draft = {
      ...EMPTY,
      title: 'A',
      when: 'in7',
      groups: [
        { key: 0, title: 'G', description: '' },
        { key: 2, title: '', description: 'D' },
      ],
      items: KINDS.map((kind, key) => ({ ...entered(kind), key, group: key === 1 ? 2 : null })),
    };
    expect(unpack(JSON.parse(JSON.stringify(pack(draft))) as JsonValue)).toEqual(draft);
    for (const odd of [null, 1, {}, { format: 1, items: [{ kind: 'evil' }, 3] }, { format: 2 }]) {
      expect(unpack(odd as JsonValue).items).toEqual([]);
    }
    const lost = { format: 1, items: [{ kind: 'consent', group: 7 }], groups: [{ key: 'x' }, 3] };
    expect(unpack(lost)).toMatchObject({ groups: [], items: [{ group: null }] });
  });
});

describe('groups', () => {
  const GROUPS = [
    { key: 5, title: ' About you ', description: 'Why' },
    { key: 6, title: '', description: '' },
  ];
  const at = (key: number, group: number | null): AskItem => ({ ...entered('consent'), key, group });
  const items = [at(0, null), at(1, 5), at(2, null), at(3, 5), at(4, 99)];

  test('stand where their first item does, the empty ones last', () => {
    const parts = outline(items, GROUPS).map(({ group, items: of }) => [
      group?.key ?? null,
      of.map(({ key }) => key),
    ]);
    expect(parts).toEqual([
      [null, [0]],
      [5, [1, 3]],
      [null, [2]],
      [null, [4]],
      [6, []],
    ]);
    expect(arranged(items, GROUPS).map(({ key }) => key)).toEqual([0, 1, 3, 2, 4]);
  });

  test('hold what is complete; what is empty is left out', () => {
    const { nodes, keys } = assemble(outline(items, GROUPS), (item) =>
      item.key === 1 ? { item: null, problems: {} } : build(item),
    );
    expect(keys).toEqual([0, [3], 2, 4]);
    expect(nodes[1]).toEqual({
      '@type': 'RequestItemGroup',
      title: 'About you',
      description: 'Why',
      items: [build(at(3, 5)).item],
    });
    expect(nodes.map((node) => node['@type'])).toEqual([
      'ConsentRequestItem',
      'RequestItemGroup',
      'ConsentRequestItem',
      'ConsentRequestItem',
    ]);
  });

  test('what is wrong is found at its item, also inside of a group', () => {
    const check = {
      isSuccess: false,
      items: [
        { isSuccess: true },
        {
          isSuccess: false,
          code: 'inherited',
          items: [{ isSuccess: true }, { isSuccess: false, code: 'x' }],
        },
        { isSuccess: false, code: 'y', rootCode: 'z' },
      ],
    } as unknown as Parameters<typeof codesOf>[0];
    expect([...codesOf(check, [0, [1, 3], 2])]).toEqual([
      [3, 'x'],
      [2, 'z'],
    ]);
    expect(codesOf(null, []).size).toBe(0);
  });
});
