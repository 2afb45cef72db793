import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import ConditionText from '../src/lib/components/ConditionText.svelte';
import { inWords, parseCondition } from '../src/lib/consent/condition';
import { useLanguage } from '../src/lib/i18n/index.svelte';
import { en } from './catalogues';
import { draw, find } from './helpers';

const FILE = 'requests-iql.json';
const OWN = join(import.meta.dirname, '../../tests/vectors');
const given = process.env['TESSERA_VECTORS'];
const folder = given !== undefined && existsSync(join(given, FILE)) ? given : OWN;
const { cases } = JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as {
  cases: { query: string; isValid: boolean }[];
};

/** Marks of isolated text are not seen. */
const plain = (text: string): string => text.replace(/[\u2068\u2069]/g, '');
const words = (query: string): string => {
  const parsed = parseCondition(query);
  if (!parsed) throw new Error(`${query} is no condition`);
  return plain(inWords(parsed));
};

describe('vectors_iql: what is a condition and what is none', () => {
  test.each(cases.map(({ query, isValid }) => [query, isValid] as const))('%j', (query, isValid) => {
    expect(parseCondition(query) !== null).toBe(isValid);
  });
});

test.each(cases.filter(({ isValid }) => isValid).map(({ query }) => [query]))('%j can be said', (query) => {
  for (const language of ['en', 'de'] as const) {
    useLanguage(language);
    const said = words(query);
    expect(said.trim()).not.toBe('');
    for (const key of Object.keys(en)) if (key.startsWith('condition.')) expect(said).not.toContain(key);
  }
});

test.each([
  ['GivenName', 'Given name', 'Vorname'],
  ['StreetAddress.country=DE', 'Street address with Country “Germany”', 'Anschrift mit Land „Deutschland“'],
  ["#'Primary Address'", 'marked “Primary Address”', 'gekennzeichnet mit „Primary Address“'],
  ["GivenName='O\\'Neill'", "Given name “O'Neill”", "Vorname „O'Neill“"],
  [
    'PhoneNumber && !#emergency',
    'Phone number and at the same time anything but marked “emergency”',
    'Telefonnummer und zugleich alles außer gekennzeichnet mit „emergency“',
  ],
  [
    '( GivenName || Surname ) && #x:legal',
    '(Given name or Surname) and at the same time marked “x:legal”',
    '(Vorname oder Nachname) und zugleich gekennzeichnet mit „x:legal“',
  ],
  [
    'BirthDate.year>1980',
    'Date of birth with Year not before “1980”',
    'Geburtsdatum mit Jahr nicht vor „1980“',
  ],
  [
    'tags~emergency',
    'any value with “emergency” among Marks',
    'ein beliebiger Wert mit „emergency“ unter Kennzeichnungen',
  ],
])('%s', (query, english, german) => {
  expect(words(query)).toBe(english);
  useLanguage('de');
  expect(words(query)).toBe(german);
});

test('what nobody could follow is shown as it came', () => {
  const deep = `${'( '.repeat(3000)}GivenName${' )'.repeat(3000)}`;
  expect(parseCondition(deep)).toBeNull();
  expect(parseCondition('!'.repeat(4000) + 'GivenName')).toBeNull();
  draw(ConditionText, { condition: '( GivenName' });
  expect(find('condition').textContent).toContain('( GivenName');
});
