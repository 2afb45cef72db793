// From what a person typed to a value, and back. One way for every value type.

import type { ValuePartView, ValueTypeView } from '../api-types';
import type { MessageKey, Values } from '../i18n/index.svelte';
import { dayFirst, parseDay, typedDay, type Day } from './dates';

/** What is typed into the inputs, by their names. */
export type ValueDraft = Record<string, string>;

export type PartProblem = { key: MessageKey; values?: Values };

export type ValueResult =
  | { value: { '@type': string; [property: string]: JsonValue }; problems: null }
  | { value: null; problems: Record<string, PartProblem> };

/** The name of the one input that stands for day, month and year. */
export const DATE_INPUT = 'date';

/** An input to draw: a part of the type, or the three parts of a date in one. */
export type Input = ValuePartView & { date: boolean };

function isDate(type: ValueTypeView): boolean {
  return ['day', 'month', 'year'].every((name) => type.parts.some((part) => part.name === name));
}

/** The inputs of a value type, in order. */
export function inputsOf(type: ValueTypeView): Input[] {
  if (!isDate(type)) return type.parts.map((part) => ({ ...part, date: false }));
  const rest = type.parts.filter((part) => !['day', 'month', 'year'].includes(part.name));
  const date: Input = {
    name: DATE_INPUT, input: 'date', required: true, minLength: null, maxLength: null, pattern: null,
    options: [], min: null, max: null, date: true,
  };
  return [date, ...rest.map((part) => ({ ...part, date: false }))];
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

/** What a value looks like in the inputs; an empty draft for no value. */
export function toDraft(type: ValueTypeView, value: JsonValue, language: string): ValueDraft {
  const record = asRecord(value);
  const draft: ValueDraft = {};
  for (const input of inputsOf(type)) {
    if (input.date) {
      const [day, month, year] = ['day', 'month', 'year'].map((name) => plain(record[name]));
      draft[DATE_INPUT] =
        typeof day === 'number' && typeof month === 'number' && typeof year === 'number'
          ? typedDay({ day, month, year }, dayFirst(language))
          : '';
      continue;
    }
    const part = input.input === 'json' ? (record[input.name] ?? null) : plain(record[input.name]);
    if (part === null) draft[input.name] = '';
    else if (input.input === 'json') draft[input.name] = JSON.stringify(part, null, 2);
    else draft[input.name] = String(part);
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

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    // A pattern this engine can't read is left to the core, which checks everything again.
    return true;
  }
}

function checkText(part: Input, text: string): PartProblem | null {
  if (part.minLength !== null && text.length < part.minLength) return { key: 'value.tooShort', values: { min: part.minLength } };
  if (part.maxLength !== null && text.length > part.maxLength) return { key: 'value.tooLong', values: { max: part.maxLength } };
  if (part.options.length > 0 && !part.options.includes(text)) return { key: 'value.notAnOption' };
  if (part.pattern !== null && !matches(part.pattern, text)) {
    if (part.input === 'email') return { key: 'value.notAnEmail' };
    if (part.input === 'phone') return { key: 'value.notAPhone' };
    if (part.input === 'url') return { key: 'value.notAUrl' };
    return { key: 'value.wrongForm' };
  }
  return null;
}

function readPart(part: Input, text: string): { value: JsonValue } | { problem: PartProblem } {
  if (part.input === 'number') {
    const number = parseNumber(text);
    if (number === null) return { problem: { key: 'value.notANumber' } };
    if (part.min !== null && number < part.min) return { problem: { key: 'value.tooSmall', values: { min: part.min } } };
    if (part.max !== null && number > part.max) return { problem: { key: 'value.tooBig', values: { max: part.max } } };
    return { value: number };
  }
  if (part.input === 'boolean') return { value: text === 'true' };
  if (part.input === 'json') {
    try {
      const json = JSON.parse(text) as JsonValue;
      return json === null ? { problem: { key: 'value.notJson' } } : { value: json };
    } catch {
      return { problem: { key: 'value.notJson' } };
    }
  }
  const problem = checkText(part, text);
  return problem ? { problem } : { value: text };
}

function isInFuture(day: Day, now: Date): boolean {
  return new Date(day.year, day.month - 1, day.day).getTime() > now.getTime() && day.year >= 100;
}

/** Builds the value, or says what is wrong with which input. The core checks it all again. */
export function fromDraft(type: ValueTypeView, draft: ValueDraft, language: string, now = new Date()): ValueResult {
  const value: { '@type': string; [property: string]: JsonValue } = { '@type': type.valueType };
  const problems: Record<string, PartProblem> = {};
  for (const part of inputsOf(type)) {
    const text = (draft[part.name] ?? '').trim().normalize('NFC');
    if (text === '') {
      if (part.required) problems[part.name] = { key: 'value.missing' };
      continue;
    }
    if (part.date) {
      const day = parseDay(text, dayFirst(language));
      if (!day) problems[part.name] = { key: 'value.notADate' };
      else if (isInFuture(day, now)) problems[part.name] = { key: 'value.inFuture' };
      else Object.assign(value, day);
      continue;
    }
    const result = readPart(part, text);
    if ('problem' in result) problems[part.name] = result.problem;
    else value[part.name] = result.value;
  }
  return Object.keys(problems).length > 0 ? { value: null, problems } : { value, problems: null };
}

/** A type the core does not describe: its value is one text. */
export function plainTextType(valueType: string): ValueTypeView {
  return {
    valueType,
    parts: [{ name: 'value', input: 'text', required: true, minLength: null, maxLength: null, pattern: null, options: [], min: null, max: null }],
  };
}
