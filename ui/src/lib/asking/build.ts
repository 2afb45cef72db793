// From what was entered to a Request, or to what is missing. The core checks all of it again.

import type { ValueTypeDescription } from '../bindings/ValueTypeDescription';
import { dayFirst, parseDay } from '../values/dates';
import { fromDraft, parseNumber, type PartProblem } from '../values/draft';
import { readTag, tagProblem } from '../values/tags';
import { fieldsOf, type AskItem, type Field } from './kinds';

export type Built =
  | { item: { [key: string]: JsonValue }; problems: null }
  | { item: null; problems: Record<string, PartProblem> };

export type Types = Map<string, ValueTypeDescription>;

type Read = { values: Record<string, JsonValue>; problems: Record<string, PartProblem> };

const MISSING: PartProblem = { key: 'value.missing' };
/** Most UTF-16 code units of an answer to choose from. */
const LONGEST_OPTION = 4096;

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

function readText(field: Extract<Field, { kind: 'text' }>, text: string): PartProblem | null {
  if (text === '') return field.optional ? null : MISSING;
  return text.length > field.max ? { key: 'value.tooLong', values: { max: field.max } } : null;
}

function readNumber(
  field: Extract<Field, { kind: 'number' }>,
  text: string,
): { value: number } | { problem: PartProblem } | null {
  if (text === '') return field.optional ? null : { problem: MISSING };
  const value = parseNumber(text);
  if (value === null) return { problem: { key: 'value.notANumber' } };
  if (field.whole && !Number.isSafeInteger(value)) return { problem: { key: 'value.notWhole' } };
  if (field.min !== undefined && value < field.min)
    return { problem: { key: 'value.tooSmall', values: { min: field.min } } };
  if (field.max !== undefined && value > field.max)
    return { problem: { key: 'value.tooBig', values: { max: field.max } } };
  return { value };
}

/** What the tags input holds: one in each line. */
export function readTags(text: string): { tags: string[]; problem: PartProblem | null } {
  const tags: string[] = [];
  for (const line of lines(text)) {
    const tag = readTag(line);
    const problem = tagProblem(tag, tags);
    if (problem) return { tags: [], problem };
    tags.push(tag);
  }
  return { tags, problem: null };
}

function read(item: AskItem, types: Types, language: string): Read {
  const values: Record<string, JsonValue> = {};
  const problems: Record<string, PartProblem> = {};
  for (const field of fieldsOf(item)) {
    if (field.kind === 'value') {
      const type = types.get(item.fields['valueType'] ?? '');
      if (!type) continue;
      const result = fromDraft(type, item.value, language);
      if (result.value) values['value'] = result.value;
      else for (const [part, problem] of Object.entries(result.problems)) problems[`value.${part}`] = problem;
      continue;
    }
    const text = (item.fields[field.name] ?? '').trim().normalize('NFC');
    let problem: PartProblem | null = null;
    switch (field.kind) {
      case 'text':
        problem = readText(field, text);
        if (text !== '') values[field.name] = text;
        break;
      case 'number': {
        const number = readNumber(field, text);
        if (number && 'problem' in number) problem = number.problem;
        else if (number) values[field.name] = number.value;
        break;
      }
      case 'check':
        if (text === 'true') values[field.name] = true;
        break;
      case 'tags': {
        const result = readTags(text);
        problem = result.problem;
        if (result.tags.length > 0) values['tags'] = result.tags;
        break;
      }
      case 'valueType': {
        const type = types.get(text);
        if (text === '') problem = field.optional ? null : { key: 'value.chooseOne' };
        else if (type?.kind !== field.of) problem = { key: 'value.notAnOption' };
        else values['valueType'] = text;
        break;
      }
      case 'file':
        if (!item.fields['file']) problem = { key: 'ask.file.missing' };
        break;
      case 'contacts':
        if (text !== '') values[field.name] = lines(text);
        break;
      case 'own':
      case 'entry':
      case 'given':
      case 'radio':
        if (text === '') problem = { key: 'value.chooseOne' };
        else values[field.name] = text;
        break;
    }
    if (problem) problems[field.name] = problem;
  }
  return { values, problems };
}

type Values = Record<string, JsonValue>;

/** Only what is there. */
const some = (values: Values, ...names: string[]): Values =>
  Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));

/** A value of a Relationship: its title and description come with it. */
function entry(values: Values): JsonValue {
  const value = values['value'] as Values;
  if (values['valueType'] === 'Consent') return value;
  const about = values['explanation'] === undefined ? {} : { description: values['explanation'] };
  return { ...value, title: values['title'] ?? '', ...about };
}

const relationshipQuery = (values: Values, owner: string): JsonValue => ({
  '@type': 'RelationshipAttributeQuery',
  key: values['key'] ?? '',
  owner,
  attributeCreationHints: {
    '@type': 'RelationshipAttributeCreationHints',
    title: values['title'] ?? '',
    valueType: values['valueType'] ?? '',
    confidentiality: values['confidentiality'] ?? 'private',
    ...(values['explanation'] === undefined ? {} : { description: values['explanation'] }),
  },
});

const relationshipAttribute = (values: Values, owner: string): JsonValue => ({
  '@type': 'RelationshipAttribute',
  owner,
  key: values['key'] ?? '',
  confidentiality: values['confidentiality'] ?? 'private',
  isTechnical: values['isTechnical'] === true,
  value: entry(values),
});

const condition = (values: Values): JsonValue => ({
  '@type': 'IQLQuery',
  queryString: values['condition'] ?? '',
  ...(values['valueType'] === undefined
    ? {}
    : {
        attributeCreationHints: { '@type': 'IQLQueryCreationHints', valueType: values['valueType'] },
      }),
});

function settings(values: Values): JsonValue {
  switch (values['settings']) {
    case 'integer':
    case 'double': {
      const type = values['settings'] === 'integer' ? 'IntegerFormFieldSettings' : 'DoubleFormFieldSettings';
      return { '@type': type, ...some(values, 'unit', 'min', 'max') };
    }
    case 'boolean':
      return { '@type': 'BooleanFormFieldSettings' };
    case 'date':
      return { '@type': 'DateFormFieldSettings' };
    case 'selection':
      return {
        '@type': 'SelectionFormFieldSettings',
        options: lines(String(values['options'] ?? '')).map((line) => line.slice(0, LONGEST_OPTION)),
        ...some(values, 'allowMultipleSelection'),
      };
    case 'rating':
      return { '@type': 'RatingFormFieldSettings', maxRating: values['maxRating'] ?? 5 };
    default:
      return {
        '@type': 'StringFormFieldSettings',
        ...some(values, 'allowNewlines'),
        ...(values['minLength'] === undefined ? {} : { min: values['minLength'] }),
        ...(values['maxLength'] === undefined ? {} : { max: values['maxLength'] }),
      };
  }
}

function body(item: AskItem, values: Values, me: string): Values {
  const owner = values['owner'] === 'mine' ? me : '';
  const valueType = values['valueType'] ?? '';
  switch (item.kind) {
    case 'readIdentity':
      return {
        '@type': 'ReadAttributeRequestItem',
        query: { '@type': 'IdentityAttributeQuery', valueType, ...some(values, 'tags') },
      };
    case 'readRelationship':
      return { '@type': 'ReadAttributeRequestItem', query: relationshipQuery(values, owner) };
    case 'readCondition':
      return { '@type': 'ReadAttributeRequestItem', query: condition(values) };
    case 'readThirdParty':
      return {
        '@type': 'ReadAttributeRequestItem',
        query: {
          '@type': 'ThirdPartyRelationshipAttributeQuery',
          key: values['key'] ?? '',
          owner: values['whose'] === 'any' ? '' : (values['whose'] ?? ''),
          thirdParty: values['thirdParty'] ?? [''],
        },
      };
    case 'share':
    case 'shareRelationship':
      // The core puts the content in: only it knows it exactly.
      return { '@type': 'ShareAttributeRequestItem', ...some(values, 'attributeId') };
    case 'propose':
      return {
        '@type': 'ProposeAttributeRequestItem',
        query:
          values['condition'] === undefined
            ? { '@type': 'IdentityAttributeQuery', valueType }
            : condition(values),
        attribute: { '@type': 'IdentityAttribute', owner: '', value: values['value'] ?? null },
      };
    case 'proposeRelationship':
      return {
        '@type': 'ProposeAttributeRequestItem',
        query: relationshipQuery(values, ''),
        attribute: relationshipAttribute(values, ''),
      };
    case 'create':
      return { '@type': 'CreateAttributeRequestItem', attribute: relationshipAttribute(values, owner) };
    case 'createIdentity':
      return {
        '@type': 'CreateAttributeRequestItem',
        attribute: { '@type': 'IdentityAttribute', owner: '', value: values['value'] ?? null },
      };
    case 'file':
      return {
        '@type': 'TransferFileOwnershipRequestItem',
        // The shell puts in where the file is and what makes it theirs.
        fileReference: item.fields['file'] ?? '',
      };
    case 'delete':
      return { '@type': 'DeleteAttributeRequestItem', ...some(values, 'attributeId') };
    case 'field':
      return {
        '@type': 'FormFieldRequestItem',
        title: values['question'] ?? '',
        settings: settings(values),
      };
    case 'consent':
      return {
        '@type': 'ConsentRequestItem',
        ...some(values, 'consent', 'link', 'requiresInteraction'),
        ...(values['link'] === undefined ? {} : some(values, 'linkDisplayText')),
      };
    case 'authentication':
      return { '@type': 'AuthenticationRequestItem', ...some(values, 'title') };
  }
}

/** One item, or what is missing of it. `me` is the own address. */
export function buildItem(item: AskItem, types: Types, me: string, language: string): Built {
  const { values, problems } = read(item, types, language);
  const note = (item.fields['note'] ?? '').trim().normalize('NFC');
  if (note.length > 500) problems['note'] = { key: 'value.tooLong', values: { max: 500 } };
  const label = values['linkDisplayText'];
  if (item.kind === 'consent' && label !== undefined) {
    if (values['link'] === undefined) problems['link'] = MISSING;
    if (String(label).length < 3) problems['linkDisplayText'] = { key: 'value.tooShort', values: { min: 3 } };
  }
  if (
    item.kind === 'field' &&
    values['settings'] === 'selection' &&
    lines(String(values['options'] ?? '')).length === 0
  )
    problems['options'] = MISSING;
  if (Object.keys(problems).length > 0) return { item: null, problems };
  return {
    item: {
      ...body(item, values, me),
      mustBeAccepted: item.mustBeAccepted,
      ...(note === '' ? {} : { description: note }),
    },
    problems: null,
  };
}

export const EXPIRIES = ['never', 'in7', 'in30', 'date'] as const;

/** Until when it can be answered; the end of that day where the person is. */
export function readExpiry(
  when: string,
  typed: string,
  language: string,
  now: Date,
): { date: string | null; problem: PartProblem | null } {
  const end = (year: number, month: number, day: number): Date => {
    const date = new Date(2000, 0, 1, 23, 59, 59, 999);
    date.setFullYear(year, month, day);
    return date;
  };
  const inDays = (days: number): string =>
    end(now.getFullYear(), now.getMonth(), now.getDate() + days).toISOString();
  if (when === 'in7') return { date: inDays(7), problem: null };
  if (when === 'in30') return { date: inDays(30), problem: null };
  if (when !== 'date') return { date: null, problem: null };
  if (typed.trim() === '') return { date: null, problem: MISSING };
  const day = parseDay(typed.trim(), dayFirst(language));
  if (!day) return { date: null, problem: { key: 'value.notADate' } };
  const date = end(day.year, day.month - 1, day.day);
  return date < now
    ? { date: null, problem: { key: 'deletion.past' } }
    : { date: date.toISOString(), problem: null };
}
