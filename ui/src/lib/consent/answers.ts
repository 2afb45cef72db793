// From an item's draft to its answer: what the Decision says, and what is shown of it. One place for
// every kind of item, so that form, preview and Decision can't differ.

import type { ConsentForm } from '../bindings/ConsentForm';
import type { FileFacts } from '../bindings/FileFacts';
import type { FormItem } from '../bindings/FormItem';
import type { NewAttribute } from '../bindings/NewAttribute';
import { fromDraft, type PartProblem, type TypedValue } from '../values/draft';
import { readDeletion } from './deletion';
import {
  candidateOf,
  isAttributeAsk,
  newType,
  pathKey,
  type AttributeAsk,
  type FormDraft,
  type ItemDraft,
  type ValueTypes,
} from './draft';
import { fieldText, readField, RESPONSE } from './fields';

/** What an answer looks like. */
export type Shown =
  | { kind: 'value'; value: JsonValue }
  | { kind: 'text'; text: string }
  | { kind: 'agreed' }
  | { kind: 'confirmed' }
  | { kind: 'deletion'; date: string; value: JsonValue | null }
  | { kind: 'file'; file: FileFacts | null };

/** Left out, not complete yet, or an answer. */
export type Answer =
  | { state: 'leftOut' }
  | { state: 'incomplete'; problems: Record<string, PartProblem> }
  | { state: 'given'; decision: DecisionItem; shown: Shown };

const LEFT_OUT: Answer = { state: 'leftOut' };
const incomplete = (problems: Record<string, PartProblem> = {}): Answer => ({
  state: 'incomplete',
  problems,
});
const given = (shown: Shown, more: Partial<Extract<DecisionItem, { accept: true }>> = {}): Answer => ({
  state: 'given',
  decision: { accept: true, ...more },
  shown,
});

/** The tag a chosen value lacks: a query with tags wants at least one of them. */
export function missingTag(asked: readonly string[], own: readonly string[]): string | null {
  return asked.length > 0 && !asked.some((tag) => own.includes(tag)) ? (asked[0] ?? null) : null;
}

/** The tags of a value that is made here: those asked for, or those of the value it is made from. */
export function tagsOfNew(ask: AttributeAsk, basedOn: string | undefined): string[] {
  const tags =
    basedOn === undefined
      ? undefined
      : (candidateOf(ask, basedOn)?.tags ??
        (ask.kind === 'proposeAttribute' ? ask.proposal.tags : undefined));
  if (tags === undefined) return ask.tags;
  const missing = missingTag(ask.tags, tags);
  return missing === null ? tags : [...tags, missing];
}

function newAttribute(fresh: NewAttribute, value: TypedValue, tags: string[]): JsonValue {
  const whole = fresh.relationshipAttribute;
  if (whole !== null && typeof whole === 'object' && !Array.isArray(whole)) {
    const frame = whole['value'];
    const fixed = typeof frame === 'object' && frame !== null && !Array.isArray(frame) ? frame : {};
    return { ...whole, value: { ...fixed, ...value } };
  }
  // An empty owner means: mine.
  return { '@type': 'IdentityAttribute', owner: '', value, ...(tags.length > 0 ? { tags } : {}) };
}

function answerWithAttribute(
  item: FormItem,
  ask: AttributeAsk,
  draft: ItemDraft,
  types: ValueTypes,
  language: string,
): Answer {
  const { choice } = draft;
  const isProposal = ask.kind === 'proposeAttribute';
  if (choice?.kind === 'proposal' && isProposal) {
    return given({ kind: 'value', value: ask.proposal.value }, { attribute: ask.proposal.attribute });
  }
  if (choice?.kind === 'existing') {
    const chosen = candidateOf(ask, choice.attributeId);
    const missing = missingTag(ask.tags, chosen?.tags ?? []);
    const tags = chosen?.addTags ?? (missing === null ? [] : [missing]);
    return given(
      { kind: 'value', value: chosen?.value ?? null },
      {
        ...(isProposal ? { attributeId: choice.attributeId } : { existingAttributeId: choice.attributeId }),
        ...(tags.length > 0 ? { tags } : {}),
      },
    );
  }
  const type = newType(item, types);
  if (choice?.kind !== 'new' || !type || !ask.newAttribute) return incomplete();
  const result = fromDraft(type, draft.value, language);
  if (!result.value) return incomplete(result.problems);
  const attribute = newAttribute(ask.newAttribute, result.value, tagsOfNew(ask, choice.basedOn));
  return given(
    { kind: 'value', value: result.value },
    isProposal ? { attribute } : { newAttribute: attribute },
  );
}

function compute(item: FormItem, draft: ItemDraft, types: ValueTypes, language: string): Answer {
  if (!draft.accepted || !item.canBeAccepted) return LEFT_OUT;
  const { ask } = item;
  if (isAttributeAsk(ask)) return answerWithAttribute(item, ask, draft, types, language);
  switch (ask.kind) {
    case 'createAttribute':
    case 'shareAttribute':
      return given({ kind: 'value', value: ask.value });
    case 'consent':
      return given({ kind: 'agreed' });
    case 'authentication':
      return given({ kind: 'confirmed' });
    case 'transferFileOwnership':
      return given({ kind: 'file', file: ask.file });
    case 'deleteAttribute': {
      const { date, problem } = readDeletion(draft.value, language, new Date());
      if (date === null) return incomplete({ ...problem });
      return given({ kind: 'deletion', date, value: ask.attribute?.value ?? null }, { deletionDate: date });
    }
    case 'formField': {
      const typed = draft.value[RESPONSE] ?? '';
      const { response, problem } = readField(ask.settings, typed, draft.chosen, language);
      if (problem) return incomplete({ [RESPONSE]: problem });
      return given({ kind: 'text', text: fieldText(ask.settings, response) }, { response });
    }
    case 'freeText': {
      const text = (draft.value[RESPONSE] ?? '').trim().normalize('NFC');
      if (text === '') return incomplete({ [RESPONSE]: { key: 'value.missing' } });
      return given({ kind: 'text', text }, { freeText: text });
    }
    case 'notSupported':
    case 'notUnderstood':
      return LEFT_OUT;
  }
}

type Known = { item: FormItem; types: ValueTypes; language: string; answer: Answer };
/** Drafts are replaced, never changed: of a thousand items only the one being typed in is read anew. */
const known = new WeakMap<ItemDraft, Known>();

/** The answer to one item as its draft stands. */
export function answerOf(
  item: FormItem,
  draft: ItemDraft | undefined,
  types: ValueTypes,
  language: string,
): Answer {
  if (!draft) return LEFT_OUT;
  const before = known.get(draft);
  if (before?.item === item && before.types === types && before.language === language) return before.answer;
  const answer = compute(item, draft, types, language);
  known.set(draft, { item, types, language, answer });
  return answer;
}

/** Most UTF-16 code units of a reason. */
export const LONGEST_REASON = 1000;

/** Why an item is left out, as the other side reads it; empty if nothing is said. */
export function reasonOf(draft: ItemDraft | undefined): string {
  return (draft?.reason ?? '').trim().normalize('NFC').slice(0, LONGEST_REASON);
}

const leftOut = (reason: string): DecisionItem => ({
  accept: false,
  ...(reason === '' ? {} : { message: reason }),
});

/** The Decision that rejects all of it: each item with its own reason, else with that of the whole. */
export function buildRejection(form: ConsentForm, draft: FormDraft, reason: string): Decision {
  const whole = reason.trim().normalize('NFC').slice(0, LONGEST_REASON);
  const decide = (item: FormItem): DecisionItem => leftOut(reasonOf(draft[pathKey(item.path)]) || whole);
  return {
    items: form.nodes.map((node): DecisionNode =>
      node.node === 'item' ? decide(node) : { items: node.items.map(decide) },
    ),
  };
}

/** The Decision that says what the form shows, in the order of the Request. */
export function buildDecision(
  form: ConsentForm,
  draft: FormDraft,
  types: ValueTypes,
  language: string,
): Decision {
  const decide = (item: FormItem): DecisionItem => {
    const answer = answerOf(item, draft[pathKey(item.path)], types, language);
    return answer.state === 'given' ? answer.decision : leftOut(reasonOf(draft[pathKey(item.path)]));
  };
  return {
    items: form.nodes.map((node): DecisionNode =>
      node.node === 'item' ? decide(node) : { items: node.items.map(decide) },
    ),
  };
}
