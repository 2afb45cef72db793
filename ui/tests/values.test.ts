import { beforeEach, describe, expect, test } from 'vitest';

import ValueForm from '../src/lib/components/inputs/ValueForm.svelte';
import { en } from './catalogues';
import { parseDay } from '../src/lib/values/dates';
import { fromDraft, inputsOf, parseNumber, plainTextType, toDraft, withHints } from '../src/lib/values/draft';
import { found, valueLine, valueParts } from '../src/lib/values/show';
import { draw, shell } from './helpers';
import { valueType, valueTypes } from './value-types';

// A File is chosen in the shell, which tells how far it is.
beforeEach(() => {
  shell({});
});

describe('one form for every value type', () => {
  test.each(valueTypes.map((type) => [type.valueType, type] as const))(
    '%s: every input has a name, and what it asks for a text',
    (name, type) => {
      draw(ValueForm, { type, draft: toDraft(type, null, 'en') });
      for (const input of inputsOf(type)) {
        const drawn = document.querySelector<HTMLElement>(`[data-testid^="value-${input.name}"]`);
        expect(drawn, input.name).not.toBeNull();
      }
      for (const control of document.querySelectorAll<HTMLInputElement>('input, select, textarea')) {
        const label = control.labels?.[0] ?? document.querySelector(`label[for="${control.id}"]`);
        expect(label?.textContent?.trim(), name).toBeTruthy();
      }
      expect(en).toHaveProperty([`valueType.${name}`]);
      if (type.isComplex) for (const part of type.parts) expect(en).toHaveProperty([`part.${part.name}`]);
    },
  );

  test('a date of birth is one field that is typed', () => {
    expect(inputsOf(valueType('BirthDate')).map((input) => input.name)).toEqual(['date']);
  });
});

describe('from what is typed to a value', () => {
  const build = (name: string, draft: Record<string, string>, language = 'de'): unknown => {
    const result = fromDraft(valueType(name), draft, language, new Date('2026-11-22T12:00:00Z'));
    return result.value ?? result.problems;
  };

  test.each([
    ['GivenName', { value: '  Ada ' }, { '@type': 'GivenName', value: 'Ada' }],
    ['Surname', { value: 'Mu\u0308ller' }, { '@type': 'Surname', value: 'M\u00fcller' }],
    ['EMailAddress', { value: 'ada@example.org' }, { '@type': 'EMailAddress', value: 'ada@example.org' }],
    ['PhoneNumber', { value: '+49 731 4711' }, { '@type': 'PhoneNumber', value: '+49 731 4711' }],
    ['Nationality', { value: 'DE' }, { '@type': 'Nationality', value: 'DE' }],
    ['Sex', { value: 'female' }, { '@type': 'Sex', value: 'female' }],
    ['BirthDate', { date: '29.02.2000' }, { '@type': 'BirthDate', day: 29, month: 2, year: 2000 }],
    [
      'BirthPlace',
      { city: 'London', country: 'GB', state: '' },
      { '@type': 'BirthPlace', city: 'London', country: 'GB' },
    ],
    ['ProprietaryFloat', { value: '1,5' }, { '@type': 'ProprietaryFloat', value: 1.5 }],
    ['ProprietaryInteger', { value: '42' }, { '@type': 'ProprietaryInteger', value: 42 }],
    ['ProprietaryBoolean', { value: 'false' }, { '@type': 'ProprietaryBoolean', value: false }],
    ['SchematizedJSON', { value: '{"a":[1]}' }, { '@type': 'SchematizedJSON', value: { a: [1] } }],
    ['ProprietaryHEXColor', { value: '#0B6660' }, { '@type': 'ProprietaryHEXColor', value: '#0B6660' }],
    [
      'StreetAddress',
      {
        recipient: 'Ada',
        street: 'Münsterplatz',
        houseNo: '1',
        zipCode: '89073',
        city: 'Ulm',
        country: 'DE',
        state: ' ',
      },
      {
        '@type': 'StreetAddress',
        recipient: 'Ada',
        street: 'Münsterplatz',
        houseNo: '1',
        zipCode: '89073',
        city: 'Ulm',
        country: 'DE',
      },
    ],
  ])('%s from %j', (name, draft, value) => expect(build(name, draft)).toEqual(value));

  test.each([
    ['GivenName', { value: ' ' }, { value: { key: 'value.missing' } }],
    ['GivenName', { value: 'x'.repeat(101) }, { value: { key: 'value.tooLong', values: { max: 100 } } }],
    ['EMailAddress', { value: 'ada@' }, { value: { key: 'value.notAnEmail' } }],
    ['PhoneNumber', { value: 'call me' }, { value: { key: 'value.notAPhone' } }],
    ['Website', { value: 'x' }, { value: { key: 'value.tooShort', values: { min: 3 } } }],
    ['Nationality', { value: 'UK' }, { value: { key: 'value.notAnOption' } }],
    ['BirthDate', { date: '31.02.2000' }, { date: { key: 'value.notADate' } }],
    ['BirthDate', { date: '1.1.90' }, { date: { key: 'value.notADate' } }],
    ['BirthDate', { date: '01.01.2030' }, { date: { key: 'value.inFuture' } }],
    ['ProprietaryInteger', { value: '1.5' }, { value: { key: 'value.notWhole' } }],
    ['ProprietaryInteger', { value: 'many' }, { value: { key: 'value.notANumber' } }],
    ['SchematizedJSON', { value: 'null' }, { value: { key: 'value.notJson' } }],
  ])('%s refuses %j', (name, draft, problems) => expect(build(name, draft)).toEqual(problems));

  test.each(valueTypes.map((type) => [type.valueType, type] as const))(
    '%s: an empty form names what is required, and only that',
    (_, type) => {
      const required = inputsOf(type)
        .filter((input) => input.isRequired)
        .map((input) => input.name);
      expect(Object.keys(fromDraft(type, {}, 'en').problems ?? {})).toEqual(required);
    },
  );

  test.each(['StreetAddress', 'BirthDate', 'GivenName', 'SchematizedJSON'])(
    '%s comes back from its own draft',
    (name) => {
      const values: Record<string, JsonValue> = {
        StreetAddress: {
          '@type': 'StreetAddress',
          recipient: 'Ada',
          street: 'A',
          houseNo: '1',
          zipCode: '1',
          city: 'Ulm',
          country: 'DE',
        },
        BirthDate: { '@type': 'BirthDate', day: 1, month: 12, year: 1815 },
        GivenName: { '@type': 'GivenName', value: 'Ada' },
        SchematizedJSON: { '@type': 'SchematizedJSON', value: { deep: { value: 1 } } },
      };
      const value = values[name] ?? null;
      for (const language of ['en', 'de']) {
        expect(fromDraft(valueType(name), toDraft(valueType(name), value, language), language).value).toEqual(
          value,
        );
      }
    },
  );

  test('a file stands there by its id, which is shorter than a reference', () => {
    const id = 'FILabcdefghijklmnopq';
    const value = { '@type': 'IdentityFileReference', value: id };
    expect(build('IdentityFileReference', { value: id })).toEqual(value);
    expect(build('IdentityFileReference', { value: 'FILtoo short' })).toHaveProperty(
      'value.key',
      'value.tooShort',
    );
    expect(build('GivenName', { value: id })).toEqual({ '@type': 'GivenName', value: id });
  });

  test('parts in their object form are read like plain ones', () => {
    const draft = toDraft(
      valueType('BirthPlace'),
      { '@type': 'BirthPlace', city: { '@type': 'BirthCity', value: 'Ulm' }, country: 'DE' },
      'de',
    );
    expect(draft['city']).toBe('Ulm');
  });
});

describe('dates as people type them', () => {
  test.each([
    ['31.12.1990', true, { day: 31, month: 12, year: 1990 }],
    ['31.12.1990', false, { day: 31, month: 12, year: 1990 }],
    ['1990-12-31', false, { day: 31, month: 12, year: 1990 }],
    ['12/31/1990', false, { day: 31, month: 12, year: 1990 }],
    ['31/12/1990', true, { day: 31, month: 12, year: 1990 }],
    ['1. 2. 2003', true, { day: 1, month: 2, year: 2003 }],
    ['29.02.1900', true, null],
    ['31.04.2001', true, null],
    ['31.12.90', true, null],
    ['tomorrow', true, null],
    ['', true, null],
  ])('%s (day first: %s)', (text, isDayFirst, day) => expect(parseDay(text, isDayFirst)).toEqual(day));
});

test.each([
  ['1,5', 1.5],
  ['1.5', 1.5],
  [' -3 ', -3],
  ['1.000,5', null],
  ['1e5', null],
  ['', null],
  ['Infinity', null],
])('the number in "%s"', (text, number) => {
  expect(parseNumber(text)).toBe(number);
});

describe('values as text', () => {
  test('an address on one line, the country by its name', () => {
    const value = {
      '@type': 'StreetAddress',
      recipient: 'Ada',
      street: 'Münsterplatz',
      houseNo: '1',
      zipCode: '89073',
      city: 'Ulm',
      country: 'DE',
    };
    expect(valueLine(value)).toBe('Ada, Münsterplatz 1, 89073 Ulm, Germany');
  });

  test('a name that is made of names reads like one', () => {
    const value = {
      '@type': 'PersonName',
      surname: 'King-Noel',
      givenName: 'Ada',
      honorificPrefix: 'Countess',
    };
    expect(valueLine(value)).toBe('Countess Ada King-Noel');
  });

  test('what nobody knows is still shown', () => {
    expect(valueLine({ '@type': 'FromTheFuture', odd: [1, 2] })).toContain('1');
    expect(valueParts('just text')).toEqual([]);
    expect(valueLine(null)).toBe('');
  });

  test('a date that can not be is not made one', () => {
    expect(valueLine({ '@type': 'BirthDate', day: 31, month: 2, year: 2000 })).toBe('2000-2-31');
  });
});

test.each([
  ['muller', 'Müller'],
  ['mueller', 'Müller'],
  ['STRASSE', 'Hauptstraße'],
  ['etienne', 'Étienne'],
])('searching %s finds %s', (query, text) => {
  expect(found(query, text)).toBe(true);
});

describe('hints of the sender', () => {
  const frame = {
    value: {
      '@type': 'ProprietaryString',
      title: 'Size',
      valueHintsOverride: {
        values: [
          { key: 's', displayName: 'Small' },
          { key: 'l', displayName: 'Large' },
        ],
      },
    },
  };

  test('offer what may be chosen', () => {
    const type = withHints(valueType('ProprietaryString'), frame);
    draw(ValueForm, { type, draft: {} });
    expect(
      [...document.querySelectorAll('input[type=radio]')].map((radio) => (radio as HTMLInputElement).value),
    ).toEqual(['s', 'l']);
    expect(fromDraft(type, { value: 'm' }, 'en').problems).toEqual({ value: { key: 'value.notAnOption' } });
  });

  test.each([null, 'text', { value: 3 }, { value: { valueHintsOverride: { values: 'none' } } }])(
    'that make no sense are ignored: %j',
    (odd) => {
      expect(withHints(plainTextType('X'), odd as JsonValue)).toEqual(plainTextType('X'));
    },
  );
});
