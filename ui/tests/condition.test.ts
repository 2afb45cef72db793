import { expect, test } from 'vitest';

import type { IqlCondition } from '../src/lib/bindings/IqlCondition';
import ConditionText from '../src/lib/components/ConditionText.svelte';
import { inWords } from '../src/lib/consent/condition';
import { useLanguage } from '../src/lib/i18n/index.svelte';
import { draw, find } from './helpers';

const type = (valueType: string): IqlCondition => ({ kind: 'valueType', valueType });
const tag = (name: string): IqlCondition => ({ kind: 'tag', tag: name });
const not = (condition: IqlCondition): IqlCondition => ({ kind: 'not', condition });
const all = (...of: IqlCondition[]): IqlCondition => ({ kind: 'all', of });
const any = (...of: IqlCondition[]): IqlCondition => ({ kind: 'any', of });

/** Marks of isolated text are not seen. */
const words = (condition: IqlCondition): string | undefined =>
  inWords(condition)?.replace(/[\u2068\u2069]/g, '');

test.each<[string, IqlCondition, string, string]>([
  ['GivenName', type('GivenName'), 'Given name', 'Vorname'],
  [
    'StreetAddress.country=DE',
    { kind: 'value', valueType: 'StreetAddress', path: ['country'], test: { kind: 'equals', text: 'DE' } },
    'Street address with Country “Germany”',
    'Anschrift mit Land „Deutschland“',
  ],
  [
    "GivenName=O\\'Neill",
    { kind: 'value', valueType: 'GivenName', path: ['value'], test: { kind: 'equals', text: "O'Neill" } },
    "Given name “O'Neill”",
    "Vorname „O'Neill“",
  ],
  [
    'GivenName?',
    { kind: 'value', valueType: 'GivenName', path: ['value'], test: { kind: 'isFilled' } },
    'Given name, filled in',
    'Vorname, ausgefüllt',
  ],
  [
    "#'Primary Address'",
    tag('Primary Address'),
    'marked “Primary Address”',
    'gekennzeichnet mit „Primary Address“',
  ],
  [
    'PhoneNumber && !#emergency',
    all(type('PhoneNumber'), not(tag('emergency'))),
    'Phone number and at the same time anything but marked “emergency”',
    'Telefonnummer und zugleich alles außer gekennzeichnet mit „emergency“',
  ],
  [
    '( GivenName || Surname ) && #x:legal',
    all(any(type('GivenName'), type('Surname')), tag('x:legal')),
    '(Given name or Surname) and at the same time marked “x:legal”',
    '(Vorname oder Nachname) und zugleich gekennzeichnet mit „x:legal“',
  ],
  [
    'BirthDate.year>1980',
    { kind: 'value', valueType: 'BirthDate', path: ['year'], test: { kind: 'notBefore', text: '1980' } },
    'Date of birth with Year not before “1980”',
    'Geburtsdatum mit Jahr nicht vor „1980“',
  ],
  [
    'BirthDate.year<1980',
    { kind: 'value', valueType: 'BirthDate', path: ['year'], test: { kind: 'notAfter', text: '1980' } },
    'Date of birth with Year not after “1980”',
    'Geburtsdatum mit Jahr nicht nach „1980“',
  ],
  [
    'tags~emergency',
    { kind: 'attribute', path: ['tags'], test: { kind: 'contains', text: 'emergency' } },
    'any value with “emergency” among Marks',
    'ein beliebiger Wert mit „emergency“ unter Kennzeichnungen',
  ],
  [
    'owner?',
    { kind: 'attribute', path: ['owner'], test: { kind: 'isFilled' } },
    'any value with Owner filled in',
    'ein beliebiger Wert mit Angabe bei Inhaber',
  ],
  [
    'value.city=Wien',
    { kind: 'attribute', path: ['value', 'city'], test: { kind: 'equals', text: 'Wien' } },
    'any value with City “Wien”',
    'ein beliebiger Wert mit Ort „Wien“',
  ],
])('%s', (_, condition, english, german) => {
  expect(words(condition)).toBe(english);
  useLanguage('de');
  expect(words(condition)).toBe(german);
});

test('what nobody could follow is shown as it came', () => {
  let deep = type('GivenName');
  for (let depth = 0; depth < 60; depth++) deep = not(deep);
  expect(inWords(deep)).toBeNull();
  draw(ConditionText, { condition: '!!!GivenName', tree: deep });
  expect(find('condition').textContent).toContain('!!!GivenName');
});

test('in words, and as it came on demand', () => {
  draw(ConditionText, { condition: 'GivenName', tree: type('GivenName') });
  expect(find('condition').querySelector('strong')?.textContent).toContain('Given name');
  expect(find('condition').querySelector('details')?.textContent).toContain('GivenName');
});
