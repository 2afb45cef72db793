// A value as lines of text, for lists and detail pages. Everything in it may come from a peer.

import { currentLanguage, t } from '../i18n/index.svelte';
import { dayInWords, exists } from './dates';
import { optionName, partName, yesNo } from './kinds';

export type ShownPart = { label: string; text: string };

function asRecord(value: JsonValue): { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function partText(valueType: string, name: string, raw: JsonValue): string {
  const inner = asRecord(raw);
  const value = 'value' in inner ? (inner['value'] ?? null) : raw;
  if (typeof value === 'boolean') return yesNo(value);
  if (typeof value === 'number')
    return new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 10 }).format(value);
  if (typeof value === 'string') return optionName(valueType, name, value);
  return value === null ? '' : JSON.stringify(value, null, 2);
}

/** Values come with their parts sorted by name; people read them in this order. */
const READING_ORDER = [
  'recipient',
  'street',
  'houseNo',
  'boxId',
  'userId',
  'deliveryBoxId',
  'zipCode',
  'city',
  'state',
  'country',
  'phoneNumber',
  'accountHolder',
  'iban',
  'bic',
  'organization',
  'role',
  'unit',
];
/** Parts that describe a value but are not it. */
const FRAME = new Set(['@type', 'title', 'description', 'valueHintsOverride', 'schemaURL']);

function names(record: { [key: string]: JsonValue }): string[] {
  const all = Object.keys(record).filter((name) => !FRAME.has(name) && record[name] !== null);
  const rank = (name: string): number =>
    READING_ORDER.includes(name) ? READING_ORDER.indexOf(name) : READING_ORDER.length;
  return all.sort((a, b) => rank(a) - rank(b));
}

/** What a file is called by programs is not shown. */
const FILES = ['IdentityFileReference', 'ProprietaryFileReference'];

function birthDate(record: { [key: string]: JsonValue }): string | null {
  const [day, month, year] = [record['day'], record['month'], record['year']].map((part) => {
    const inner = asRecord(part ?? null);
    return 'value' in inner ? inner['value'] : part;
  });
  if (typeof day !== 'number' || typeof month !== 'number' || typeof year !== 'number') return null;
  const value = { day, month, year };
  return exists(value) ? dayInWords(value, currentLanguage()) : `${year}-${month}-${day}`;
}

/** The parts of a value, each with its label. */
export function valueParts(value: JsonValue): ShownPart[] {
  const record = asRecord(value);
  const type = typeof record['@type'] === 'string' ? record['@type'] : '';
  const date = birthDate(record);
  if (date !== null) return [{ label: partName(type, 'value'), text: date }];
  if (FILES.includes(type)) return [{ label: partName(type, 'value'), text: t('file.atServer') }];
  return names(record).map((name) => ({
    label: partName(type, name),
    text: partText(type, name, record[name] ?? null),
  }));
}

/** The value on one line. */
export function valueLine(value: JsonValue): string {
  const record = asRecord(value);
  const type = typeof record['@type'] === 'string' ? record['@type'] : '';
  const date = birthDate(record);
  if (date !== null) return date;
  const text = (name: string): string =>
    record[name] === undefined ? '' : partText(type, name, record[name]);
  if (['street', 'zipCode', 'city'].every((name) => name in record)) {
    return [
      text('recipient'),
      `${text('street')} ${text('houseNo')}`,
      `${text('zipCode')} ${text('city')}`,
      text('state'),
      text('country'),
    ]
      .map((line) => line.trim())
      .filter(Boolean)
      .join(', ');
  }
  if (type === 'PersonName') {
    return ['honorificPrefix', 'givenName', 'middleName', 'surname', 'honorificSuffix']
      .map((name) => text(name).trim())
      .filter(Boolean)
      .join(' ');
  }
  return valueParts(value)
    .map((part) => part.text.trim())
    .filter(Boolean)
    .join(', ');
}

/** The title a value of a Relationship brings along, if it has one. */
export function valueTitle(value: JsonValue): string | null {
  const title = asRecord(value)['title'];
  return typeof title === 'string' && title !== '' ? title : null;
}

/** The `@type` of a value, if it has one. */
export function valueType(value: JsonValue): string | null {
  const type = asRecord(value)['@type'];
  return typeof type === 'string' ? type : null;
}

/** Folds case, accents and German spellings, so that "Muller" and "Mueller" find "Müller". */
export function searchFold(text: string): string[] {
  const lower = text.toLowerCase().replace(/ß/g, 'ss');
  const spelled = lower.replace(/ä/g, 'ae').replace(/ö/g, 'oe').replace(/ü/g, 'ue');
  const strip = (s: string): string => s.normalize('NFD').replace(/\p{M}/gu, '');
  return [strip(lower), strip(spelled)];
}

/** Whether a text is found by what was typed into a search field. */
export function found(query: string, ...texts: string[]): boolean {
  const [needle = ''] = searchFold(query.trim());
  if (needle === '') return true;
  return texts.some((text) => searchFold(text).some((folded) => folded.includes(needle)));
}
