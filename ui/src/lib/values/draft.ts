// From what a person typed to a value, and back. One way for every value type.

import type { AllowedValue } from '../bindings/AllowedValue';
import type { HintKey } from '../bindings/HintKey';
import type { PartDescription } from '../bindings/PartDescription';
import type { ValueTypeDescription } from '../bindings/ValueTypeDescription';
import type { MessageKey, Values } from '../i18n/index.svelte';
import { isBic, isIban, plainIban } from './account';
import { forbiddenCharacter } from './characters';
import { dayFirst, parseDay, typedDay, type Day } from './dates';
import { isFileId } from './files';

/** What is typed into the inputs, by their names. */
export type ValueDraft = Record<string, string>;

export type PartProblem = { key: MessageKey; values?: Values };

export type TypedValue = { '@type': string; [property: string]: JsonValue };

export type ValueResult =
  { value: TypedValue; problems: null } | { value: null; problems: Record<string, PartProblem> };

/** The name of the one input that stands for day, month and year. */
export const DATE_INPUT = 'date';

/** An input to draw: a part of the type, or the three parts of a date in one (`isDate`). */
export type Input = PartDescription & { isDate: boolean };

const DATE_PARTS = ['day', 'month', 'year'];
/** Most UTF-16 code units of a JSON value, written without blanks. */
const LONGEST_JSON = 4096;

/** The inputs of a value type, in order. */
export function inputsOf(type: ValueTypeDescription): Input[] {
  const rest = type.parts
    .filter((part) => !type.isDate || !DATE_PARTS.includes(part.name))
    .map((part) => ({ ...part, isDate: false }));
  if (!type.isDate) return rest;
  return [
    { name: DATE_INPUT, input: 'date', isRequired: true, technicalType: 'String', isDate: true },
    ...rest,
  ];
}

/** Whether a yes or a no is asked. */
export function isYesNo(part: PartDescription): boolean {
  return part.technicalType === 'Boolean' && options(part).length === 0;
}

export function options(part: PartDescription): AllowedValue[] {
  return part.allowedValues ?? [];
}

function asRecord(value: JsonValue): { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** A part in the object form `{"@type":"City","value":"…"}` is the same as its value. */
function plain(value: JsonValue | undefined): JsonValue {
  if (value === undefined) return null;
  const record = asRecord(value);
  return 'value' in record ? (record['value'] ?? null) : value;
}

/** What a value looks like in the inputs; for no value, what is filled in at first. */
export function toDraft(type: ValueTypeDescription, value: JsonValue, language: string): ValueDraft {
  const record = asRecord(value);
  const draft: ValueDraft = {};
  for (const input of inputsOf(type)) {
    if (input.isDate) {
      const [day, month, year] = DATE_PARTS.map((name) => plain(record[name]));
      const isWhole = typeof day === 'number' && typeof month === 'number' && typeof year === 'number';
      draft[DATE_INPUT] = isWhole ? typedDay({ day, month, year }, dayFirst(language)) : '';
      continue;
    }
    const isJson = input.technicalType === 'Json';
    const part = isJson ? (record[input.name] ?? null) : plain(record[input.name]);
    if (part === null)
      draft[input.name] =
        value === null && input.defaultValue !== undefined ? String(input.defaultValue) : '';
    else draft[input.name] = isJson ? JSON.stringify(part, null, 2) : String(part);
  }
  return draft;
}

/** Reads a number with a point or a comma; null if it is none. */
export function parseNumber(text: string): number | null {
  const normal = text.trim().replace(',', '.');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(normal)) return null;
  const number = Number(normal);
  return Number.isFinite(number) ? number : null;
}

function matches(part: Input, text: string): boolean {
  if (part.pattern === undefined) return true;
  try {
    // Colours are written in either case.
    return new RegExp(part.pattern, part.input === 'color' ? 'i' : '').test(text);
  } catch {
    // A pattern this engine can't read is left to the core, which checks everything again.
    return true;
  }
}

function readText(part: Input, text: string): { value: JsonValue } | { problem: PartProblem } {
  // The shell puts the reference in its place.
  if ((part.input === 'file' || part.dataType === 'FileReference') && isFileId(text)) return { value: text };
  if (part.minLength !== undefined && text.length < part.minLength) {
    return { problem: { key: 'value.tooShort', values: { min: part.minLength } } };
  }
  if (part.maxLength !== undefined && text.length > part.maxLength) {
    return { problem: { key: 'value.tooLong', values: { max: part.maxLength } } };
  }
  if (part.name === 'iban' && !isIban(text)) return { problem: { key: 'value.notAnIban' } };
  if (part.name === 'bic' && !isBic(text)) return { problem: { key: 'value.notABic' } };
  const forbidden = forbiddenCharacter(text);
  if (forbidden !== null) return { problem: { key: 'value.forbidden', values: { character: forbidden } } };
  if (matches(part, text)) return { value: text };
  const byInput: Partial<Record<Input['input'], MessageKey>> = {
    eMail: 'value.notAnEmail',
    phone: 'value.notAPhone',
    url: 'value.notAUrl',
  };
  return { problem: { key: byInput[part.input] ?? 'value.wrongForm' } };
}

function readNumber(part: Input, text: string): { value: JsonValue } | { problem: PartProblem } {
  const number = parseNumber(text);
  if (number === null) return { problem: { key: 'value.notANumber' } };
  if (part.technicalType === 'Integer' && !Number.isInteger(number))
    return { problem: { key: 'value.notWhole' } };
  if (part.min !== undefined && number < part.min)
    return { problem: { key: 'value.tooSmall', values: { min: part.min } } };
  if (part.max !== undefined && number > part.max)
    return { problem: { key: 'value.tooBig', values: { max: part.max } } };
  return { value: number };
}

function readPart(part: Input, text: string): { value: JsonValue } | { problem: PartProblem } {
  const allowed = options(part);
  if (allowed.length > 0) {
    const chosen = allowed.find((option) => String(option.key) === text);
    return chosen ? { value: chosen.key } : { problem: { key: 'value.notAnOption' } };
  }
  switch (part.technicalType) {
    case 'Boolean':
      return { value: text === 'true' };
    case 'Integer':
    case 'Float':
      return readNumber(part, text);
    case 'Json':
      try {
        const json = JSON.parse(text) as JsonValue;
        if (json === null) return { problem: { key: 'value.notJson' } };
        return JSON.stringify(json).length > LONGEST_JSON
          ? { problem: { key: 'value.jsonTooLong', values: { max: LONGEST_JSON } } }
          : { value: json };
      } catch {
        return { problem: { key: 'value.notJson' } };
      }
    default:
      return readText(part, text);
  }
}

function isInFuture(day: Day, now: Date): boolean {
  // Date takes years below 100 for the last century's.
  return day.year >= 100 && new Date(day.year, day.month - 1, day.day).getTime() > now.getTime();
}

/** Builds the value, or says what is wrong with which input. The core checks it all again. */
export function fromDraft(
  type: ValueTypeDescription,
  draft: ValueDraft,
  language: string,
  now = new Date(),
): ValueResult {
  const value: TypedValue = { '@type': type.valueType };
  const problems: Record<string, PartProblem> = {};
  for (const part of inputsOf(type)) {
    const typed = (draft[part.name] ?? '').trim().normalize('NFC');
    const text = part.name === 'iban' ? plainIban(typed) : typed;
    if (text === '') {
      if (part.isRequired) problems[part.name] = { key: 'value.missing' };
    } else if (part.isDate) {
      const day = parseDay(text, dayFirst(language));
      if (!day) problems[part.name] = { key: 'value.notADate' };
      else if (isInFuture(day, now)) problems[part.name] = { key: 'value.inFuture' };
      else Object.assign(value, day);
    } else {
      const result = readPart(part, text);
      if ('problem' in result) problems[part.name] = result.problem;
      else value[part.name] = result.value;
    }
  }
  return Object.keys(problems).length > 0 ? { value: null, problems } : { value, problems: null };
}

/** A type the core does not describe: its value is one text. */
export function plainTextType(valueType: string): ValueTypeDescription {
  return {
    valueType,
    kind: 'identity',
    isEditable: true,
    isComplex: false,
    isDate: false,
    parts: [{ name: 'value', isRequired: true, input: 'text', technicalType: 'String' }],
  };
}

function optionsOfHints(hints: { [key: string]: JsonValue }): AllowedValue[] {
  const values = Array.isArray(hints['values']) ? hints['values'].map(asRecord) : [];
  return values.flatMap((entry): AllowedValue[] => {
    const key = entry['key'];
    const isKey = typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean';
    return isKey
      ? [{ key, displayName: typeof entry['displayName'] === 'string' ? entry['displayName'] : String(key) }]
      : [];
  });
}

/** One part with the sender's hints, property by property; a bound of a text is a length. */
function hinted(part: PartDescription, hints: { [key: string]: JsonValue }): PartDescription {
  const allowedValues = optionsOfHints(hints);
  const isText = part.technicalType === 'String';
  const { min, max, pattern, editHelp, defaultValue } = hints;
  const isKey = ['string', 'number', 'boolean'].includes(typeof defaultValue);
  return {
    ...part,
    ...(allowedValues.length > 0 ? { allowedValues } : {}),
    ...(typeof min === 'number' ? { [isText ? 'minLength' : 'min']: min } : {}),
    ...(typeof max === 'number' ? { [isText ? 'maxLength' : 'max']: max } : {}),
    // Written as /…/, /…/i or plain.
    ...(typeof pattern === 'string' ? { pattern: pattern.replace(/^\/(.*)\/i?$/s, '$1') } : {}),
    ...(typeof editHelp === 'string' ? { editHelp } : {}),
    ...(isKey ? { defaultValue: defaultValue as HintKey } : {}),
  };
}

/**
 * The type of a RelationshipAttribute that is to be made, with the sender's hints: they guide the form,
 * nobody enforces them.
 */
export function withHints(type: ValueTypeDescription, frame: JsonValue): ValueTypeDescription {
  const hints = asRecord(asRecord(asRecord(frame)['value'] ?? null)['valueHintsOverride'] ?? null);
  if (Object.keys(hints).length === 0) return type;
  return { ...type, parts: type.parts.map((part) => (part.name === 'value' ? hinted(part, hints) : part)) };
}
