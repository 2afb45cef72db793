import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';

import { errorText } from '../src/lib/i18n/errors';
import { systemLanguage, t, useLanguage } from '../src/lib/i18n/index.svelte';
import { de, en, errorsDe, errorsEn } from './catalogues';

type Element = { type: number; value?: string; options?: Record<string, { value: Element[] }> };

/** The names that a message wants to be given. */
function names(message: string): string[] {
  const all = new Set<string>();
  const walk = (elements: Element[]): void => {
    for (const element of elements) {
      if (element.type !== 0 && element.type !== 7 && element.value) all.add(element.value);
      for (const option of Object.values(element.options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(message, 'en').getAst() as Element[]);
  return [...all].sort();
}

describe('the catalogues', () => {
  test('have the same keys in the same order', () => {
    expect(Object.keys(de)).toEqual(Object.keys(en));
    expect(Object.keys(errorsDe)).toEqual(Object.keys(errorsEn));
  });

  test.each(Object.entries(en))(
    '%s can be read in both languages and wants the same values',
    (key, message) => {
      const german = de[key as keyof typeof de];
      expect(german.trim()).not.toBe('');
      expect(message.trim()).not.toBe('');
      expect(names(german)).toEqual(names(message));
    },
  );

  test.each(Object.entries(errorsEn))(
    '%s says what happened, what it means and what to do',
    (code, english) => {
      for (const text of [english, errorsDe[code as keyof typeof errorsDe]]) {
        expect(text.title.length).toBeGreaterThan(5);
        expect(text.title).not.toMatch(/\.$/);
        expect(text.meaning.length).toBeGreaterThan(10);
        expect(text.action.length).toBeGreaterThan(5);
        expect(Object.keys(text)).toEqual(['title', 'meaning', 'action']);
      }
    },
  );

  test('German speaks to people as "Sie"', () => {
    const texts = [...Object.values(de), ...Object.values(errorsDe).flatMap((error) => Object.values(error))];
    for (const text of texts) expect(text).not.toMatch(/\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein(e|en|em|er|es)?)\b/);
  });
});

describe('speaking', () => {
  test.each([
    [['de-AT', 'en'], 'de'],
    [['fr', 'de'], 'de'],
    [['en-GB'], 'en'],
    [['fr'], 'en'],
    [[], 'en'],
  ])('a system that prefers %j gets %s', (preferred, language) =>
    expect(systemLanguage(preferred)).toBe(language),
  );

  test('switches while the program runs', () => {
    expect(t('common.cancel')).toBe('Cancel');
    useLanguage('de');
    expect(t('common.cancel')).toBe('Abbrechen');
    expect(document.documentElement.lang).toBe('de');
  });

  test.each([
    [0, 'Nothing waits for you'],
    [1, '1 request waiting'],
    [2, '2 requests waiting'],
  ])('counts %i', (count, text) => {
    expect(t('inbox.waiting', { count })).toBe(text);
  });

  test('has a text for a code it never heard of', () => {
    expect(errorText('error.somewhere.new')).toEqual(errorsEn.generic);
    expect(errorText('generic')).toEqual(errorsEn.generic);
    expect(errorText('error.transport.request.network')).toEqual(errorsEn['error.transport.request.network']);
  });
});
