// The catalogues, and which of them is spoken. Messages are ICU MessageFormat.

import { IntlMessageFormat } from 'intl-messageformat';

import type { Language, SpokenLanguage } from '../api-types';
import de from './de.json';
import en from './en.json';

/** Every text of the window. A key that German lacks fails the type check below. */
export type MessageKey = keyof typeof en;

export const catalogues: Record<SpokenLanguage, Record<MessageKey, string>> = { en, de };

export type Values = Record<string, string | number | Date>;

/** The language the system asks for, if we speak it; else English. */
export function systemLanguage(preferred: readonly string[] = navigator.languages): SpokenLanguage {
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'de' || primary === 'en') return primary;
  }
  return 'en';
}

let language = $state<SpokenLanguage>(systemLanguage());
const compiled = new Map<string, IntlMessageFormat>();

export function currentLanguage(): SpokenLanguage {
  return language;
}

/** Switches at run time; every text on screen follows. */
export function useLanguage(setting: Language): void {
  language = setting === 'system' ? systemLanguage() : setting;
  document.documentElement.lang = language;
}

/** The text of a key in the language that is spoken. */
export function t(key: MessageKey, values?: Values): string {
  const message = catalogues[language][key];
  if (!values && !message.includes('{') && !message.includes("'")) return message;
  const cacheKey = `${language}:${key}`;
  let format = compiled.get(cacheKey);
  if (!format) {
    format = new IntlMessageFormat(message, language);
    compiled.set(cacheKey, format);
  }
  return String(format.format(values));
}

/** The text of a key that is only known at run time, such as the name of a value type. */
export function tOr(key: string, fallback: string, values?: Values): string {
  return key in catalogues.en ? t(key as MessageKey, values) : fallback;
}
