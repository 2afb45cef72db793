// The fields of a sender's form: what may be answered, and the answer as text.

import type { FieldSettings } from '../bindings/FieldSettings';
import { formatList } from '../i18n/format';
import { currentLanguage, t } from '../i18n/index.svelte';
import { cleanPeerText } from '../peer-text';
import { dayFirst, dayInWords, isoDay, parseDay } from '../values/dates';
import { parseNumber, type Input, type PartProblem } from '../values/draft';
import { yesNo } from '../values/kinds';

/** The name under which a field's typed text stands in a draft. */
export const RESPONSE = 'response';

export type FieldResponse = string | number | boolean | string[];

export type FieldResult =
  { response: FieldResponse; problem: null } | { response: null; problem: PartProblem };

/** Most UTF-16 code units of a text, whatever the settings say. */
const LONGEST = 4096;

const wrong = (problem: PartProblem): FieldResult => ({ response: null, problem });
const right = (response: FieldResponse): FieldResult => ({ response, problem: null });

/** The input for a field that is typed; null for those that are chosen from. */
export function fieldInput(settings: FieldSettings): Input | null {
  const base = { name: RESPONSE, isRequired: true, isDate: false } as const;
  switch (settings.kind) {
    case 'string':
      return { ...base, input: settings.allowNewlines ? 'textArea' : 'text', technicalType: 'String' };
    case 'integer':
    case 'double':
      return {
        ...base,
        input: 'number',
        technicalType: settings.kind === 'integer' ? 'Integer' : 'Float',
        ...(settings.min !== null ? { min: settings.min } : {}),
        ...(settings.max !== null ? { max: settings.max } : {}),
      };
    case 'boolean':
      return { ...base, input: 'radio', technicalType: 'Boolean' };
    case 'date':
      return { ...base, input: 'date', technicalType: 'String', isDate: true };
    case 'selection':
    case 'rating':
      return null;
  }
}

function readText(text: string, min: number | null, max: number | null): FieldResult {
  const most = Math.min(max ?? LONGEST, LONGEST);
  if (min !== null && text.length < min) return wrong({ key: 'value.tooShort', values: { min } });
  if (text.length > most) return wrong({ key: 'value.tooLong', values: { max: most } });
  return right(text);
}

function readNumber(
  text: string,
  settings: Extract<FieldSettings, { kind: 'integer' | 'double' }>,
): FieldResult {
  const number = parseNumber(text);
  const isWhole = settings.kind === 'integer';
  if (number === null) return wrong({ key: isWhole ? 'value.notWhole' : 'value.notANumber' });
  if (isWhole && !Number.isInteger(number)) return wrong({ key: 'value.notWhole' });
  const min = Math.max(settings.min ?? -Infinity, isWhole ? Number.MIN_SAFE_INTEGER : -Infinity);
  const max = Math.min(settings.max ?? Infinity, isWhole ? Number.MAX_SAFE_INTEGER : Infinity);
  if (number < min) return wrong({ key: 'value.tooSmall', values: { min } });
  if (number > max) return wrong({ key: 'value.tooBig', values: { max } });
  return right(number);
}

/** What was typed or chosen as a response, or what is wrong with it. The core checks it again. */
export function readField(
  settings: FieldSettings,
  typed: string,
  chosen: readonly string[],
  language: string,
): FieldResult {
  const text = typed.trim().normalize('NFC');
  if (settings.kind === 'selection') {
    const picked = settings.options.filter((option) => chosen.includes(option));
    const [only] = picked;
    if (only === undefined) return wrong({ key: 'value.chooseOne' });
    return right(settings.allowMultipleSelection ? [...new Set(picked)] : only);
  }
  if (text === '') return wrong({ key: settings.kind === 'rating' ? 'value.chooseOne' : 'value.missing' });
  switch (settings.kind) {
    case 'string':
      return readText(text, settings.min, settings.max);
    case 'integer':
    case 'double':
      return readNumber(text, settings);
    case 'boolean':
      return right(text === 'true');
    case 'date': {
      const day = parseDay(text, dayFirst(language));
      return day ? right(isoDay(day)) : wrong({ key: 'value.notADate' });
    }
    case 'rating': {
      const stars = Number(text);
      return Number.isInteger(stars) && stars >= 1 && stars <= settings.maxRating
        ? right(stars)
        : wrong({ key: 'value.chooseOne' });
    }
  }
}

/** What is allowed, in words, where that is not plain to see; null if nothing needs to be said. */
export function fieldHint(settings: FieldSettings): string | null {
  if (settings.kind !== 'string' && settings.kind !== 'integer' && settings.kind !== 'double') return null;
  const { min, max } = settings;
  const what = settings.kind === 'string' ? 'length' : 'number';
  if (min !== null && max !== null) return t(`field.${what}.between`, { min, max });
  if (max !== null) return t(`field.${what}.max`, { max });
  if (min !== null && (what === 'number' || min > 1)) return t(`field.${what}.min`, { min });
  return null;
}

/** The unit of a number, as the sender calls it. */
export function fieldUnit(settings: FieldSettings): string | null {
  const unit = settings.kind === 'integer' || settings.kind === 'double' ? settings.unit : null;
  return unit === null || unit.trim() === '' ? null : cleanPeerText(unit, 40).text;
}

/** A response as a person reads it. */
export function fieldText(settings: FieldSettings | null, response: JsonValue): string {
  if (Array.isArray(response)) {
    return formatList(response.map((one) => cleanPeerText(String(one)).text));
  }
  if (typeof response === 'boolean') return yesNo(response);
  if (typeof response === 'number') {
    const number = new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 15 }).format(response);
    if (settings?.kind === 'rating') {
      return t('field.rating.value', { rating: response, max: settings.maxRating });
    }
    const unit = settings ? fieldUnit(settings) : null;
    return unit ? `${number} ${unit}` : number;
  }
  if (typeof response !== 'string') return '';
  if (settings?.kind === 'date') {
    const day = /^\d{4}-\d{2}-\d{2}/.test(response) ? parseDay(response.slice(0, 10), true) : null;
    return day ? dayInWords(day, currentLanguage()) : response;
  }
  return response;
}
