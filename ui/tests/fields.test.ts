import { describe, expect, test, vi } from 'vitest';

import type { FieldSettings } from '../src/lib/bindings/FieldSettings';
import { readDeletion } from '../src/lib/consent/deletion';
import { fieldHint, fieldText, readField } from '../src/lib/consent/fields';
import { useLanguage } from '../src/lib/i18n/index.svelte';
import { FIELDS } from './forms';

const answer = (settings: FieldSettings, typed: string, chosen: string[] = [], language = 'de'): unknown => {
  const { response, problem } = readField(settings, typed, chosen, language);
  return problem ? problem.key : response;
};

describe('what may be answered', () => {
  test.each<[string, FieldSettings, string, string[], unknown]>([
    ['a text', FIELDS.text, ' Countess ', [], 'Countess'],
    ['too short', FIELDS.text, 'C', [], 'value.tooShort'],
    ['too long', FIELDS.text, 'C'.repeat(21), [], 'value.tooLong'],
    ['nothing', FIELDS.text, '  ', [], 'value.missing'],
    ['several lines', FIELDS.prose, 'One\nTwo', [], 'One\nTwo'],
    ['longer than any answer may be', FIELDS.prose, 'x'.repeat(4097), [], 'value.tooLong'],
    ['the longest', FIELDS.prose, 'x'.repeat(4096), [], 'x'.repeat(4096)],
    [
      'a limit above what any answer may be',
      { ...FIELDS.text, max: 9000 },
      'x'.repeat(4097),
      [],
      'value.tooLong',
    ],
    ['a whole number', FIELDS.integer, '172', [], 172],
    ['a number that only looks broken', FIELDS.integer, '172,0', [], 172],
    ['a broken number', FIELDS.integer, '172,5', [], 'value.notWhole'],
    ['too small', FIELDS.integer, '49', [], 'value.tooSmall'],
    ['too big', FIELDS.integer, '251', [], 'value.tooBig'],
    ['a limit of zero', { ...FIELDS.integer, min: 0 }, '-1', [], 'value.tooSmall'],
    [
      'more than a number can hold exactly',
      { ...FIELDS.integer, max: null },
      '9007199254740993',
      [],
      'value.tooBig',
    ],
    ['a comma', FIELDS.double, '61,5', [], 61.5],
    ['a point', FIELDS.double, '61.5', [], 61.5],
    ['words for a number', FIELDS.double, 'much', [], 'value.notANumber'],
    ['yes', FIELDS.boolean, 'true', [], true],
    ['no', FIELDS.boolean, 'false', [], false],
    ['neither yes nor no', FIELDS.boolean, '', [], 'value.missing'],
    ['a day', FIELDS.date, '24.12.2026', [], '2026-12-24'],
    ['a day that is none', FIELDS.date, '31.02.2026', [], 'value.notADate'],
    ['one of them', FIELDS.one, '', ['Train'], 'Train'],
    ['none of them', FIELDS.one, '', [], 'value.chooseOne'],
    ['one that is not offered', FIELDS.one, '', ['Plane'], 'value.chooseOne'],
    ['several, in their order', FIELDS.several, '', ['Bike', 'Bus'], ['Bus', 'Bike']],
    [
      'an option that stands there twice',
      { ...FIELDS.several, options: ['Bus', 'Bus'] },
      '',
      ['Bus'],
      ['Bus'],
    ],
    ['stars', FIELDS.rating, '4', [], 4],
    ['stars taken back', FIELDS.rating, '', [], 'value.chooseOne'],
    ['more stars than there are', FIELDS.rating, '6', [], 'value.chooseOne'],
  ])('%s', (_, settings, typed, chosen, expected) => {
    expect(answer(settings, typed, chosen)).toEqual(expected);
  });

  test('a day as the language writes it', () => {
    expect(answer(FIELDS.date, '12/24/2026', [], 'en')).toBe('2026-12-24');
  });
});

test('what is allowed is said where it is not plain to see', () => {
  expect(fieldHint(FIELDS.text)).toBe('2 to 20 characters');
  expect(fieldHint(FIELDS.integer)).toBe('From 50 to 250');
  expect(fieldHint({ ...FIELDS.integer, max: null })).toBe('At least 50');
  expect(fieldHint({ ...FIELDS.text, min: null })).toBe('At most 20 characters');
  expect(fieldHint(FIELDS.prose)).toBeNull();
  expect(fieldHint(FIELDS.rating)).toBeNull();
});

test('answers are read as the language writes them', () => {
  useLanguage('de');
  expect(fieldText(FIELDS.double, 1234.5)).toBe('1.234,5 kg');
  expect(fieldText(FIELDS.date, '2026-12-24')).toBe('24. Dezember 2026');
  expect(fieldText(FIELDS.date, 'some day')).toBe('some day');
  expect(fieldText(FIELDS.boolean, true)).toBe('Ja');
  expect(fieldText(FIELDS.several, ['Bus', 'Bike'])).toBe('Bus und Bike');
  expect(fieldText(FIELDS.rating, 4)).toBe('4 von 5');
  expect(fieldText(null, 5)).toBe('5');
  expect(fieldText(null, { odd: 1 })).toBe('');
});

describe('until when something is deleted', () => {
  const now = new Date(2026, 10, 22, 15, 30);
  const read = (draft: Record<string, string>): unknown => {
    const { date, problem } = readDeletion(draft, 'de', now);
    return date ?? problem;
  };
  const endOf = (year: number, month: number, day: number): string =>
    new Date(year, month - 1, day, 23, 59, 59, 999).toISOString();

  test.each<[Record<string, string>, unknown]>([
    [{}, { when: { key: 'deletion.choose' } }],
    [{ when: 'today' }, endOf(2026, 11, 22)],
    [{ when: 'in14' }, endOf(2026, 12, 6)],
    [{ when: 'date', date: '' }, { date: { key: 'value.missing' } }],
    [{ when: 'date', date: 'soon' }, { date: { key: 'value.notADate' } }],
    [{ when: 'date', date: '21.11.2026' }, { date: { key: 'deletion.past' } }],
    [{ when: 'date', date: '22.11.2026' }, endOf(2026, 11, 22)],
    [{ when: 'date', date: '1.1.2027' }, endOf(2027, 1, 1)],
  ])('%j', (draft, expected) => expect(read(draft)).toEqual(expected));

  test('today is never in the past while the day lasts', () => {
    vi.useFakeTimers();
    const late = new Date(2026, 10, 22, 23, 59, 59);
    const { date } = readDeletion({ when: 'today' }, 'en', late);
    expect(new Date(date ?? 0).getTime()).toBeGreaterThan(late.getTime());
  });
});
