// What is answered on the consent form, and the Decision that says exactly that.

import type { ValueTypeDescription } from '../bindings/ValueTypeDescription';
import type { ConsentForm } from '../bindings/ConsentForm';
import type { FormItem } from '../bindings/FormItem';
import type { NewAttribute } from '../bindings/NewAttribute';
import {
  fromDraft,
  plainTextType,
  toDraft,
  withHints,
  type ValueDraft,
  type ValueResult,
} from '../values/draft';

/** Chosen: one of the candidates, or a new value. */
export type Choice = { kind: 'existing'; attributeId: string } | { kind: 'new' } | null;

/** The answer to one item as it stands on screen. */
export type ItemDraft = { accepted: boolean; choice: Choice; value: ValueDraft; touched: boolean };

/** The answers by the path of their item. */
export type FormDraft = Record<string, ItemDraft>;

export type ValueTypes = Map<string, ValueTypeDescription>;

export function pathKey(path: readonly number[]): string {
  return path.join('.');
}

/** All items in the order of the Request, those in groups included. */
export function itemsOf(form: ConsentForm): FormItem[] {
  return form.nodes.flatMap((node) => (node.node === 'item' ? [node] : node.items));
}

function isItemDecision(node: DecisionNode | undefined): node is DecisionItem {
  return node !== undefined && 'accept' in node;
}

function decisionAt(decision: Decision, path: readonly number[]): DecisionItem | null {
  const [outer, inner] = path;
  const node = outer === undefined ? undefined : decision.items[outer];
  if (inner === undefined) return isItemDecision(node) ? node : null;
  return node && 'items' in node ? (node.items[inner] ?? null) : null;
}

/** Whether a box to tick stands beside the item: always for optional ones, else where the sender wants a tick. */
export function needsTick(item: FormItem): boolean {
  if (!item.canBeAccepted) return false;
  if (item.ask.kind === 'authentication') return true;
  return !item.mustBeAccepted || item.requiresInteraction;
}

/** The value type for a new answer. */
export function newType(item: FormItem, types: ValueTypes): ValueTypeDescription | null {
  const fresh = item.ask.kind === 'readAttribute' ? item.ask.newAttribute : null;
  return fresh
    ? withHints(types.get(fresh.valueType) ?? plainTextType(fresh.valueType), fresh.relationshipAttribute)
    : null;
}

/** The answers the form starts with. */
export function startDraft(form: ConsentForm, types: ValueTypes, language: string): FormDraft {
  const draft: FormDraft = {};
  for (const item of itemsOf(form)) {
    const preset = decisionAt(form.defaultDecision, item.path);
    const type = newType(item, types);
    const existing = preset?.accept ? preset.existingAttributeId : undefined;
    const candidates = item.ask.kind === 'readAttribute' ? item.ask.candidates : [];
    let choice: Choice = null;
    if (existing !== undefined) choice = { kind: 'existing', attributeId: existing };
    else if (candidates[0]) choice = { kind: 'existing', attributeId: candidates[0].attributeId };
    else if (type) choice = { kind: 'new' };
    const preAccepted = item.canBeAccepted && !needsTick(item);
    draft[pathKey(item.path)] = {
      accepted: preAccepted,
      choice,
      value: type ? toDraft(type, null, language) : {},
      touched: false,
    };
  }
  return draft;
}

/** The value typed for an item, or what is wrong with it. */
export function newValue(
  item: FormItem,
  draft: ItemDraft,
  types: ValueTypes,
  language: string,
): ValueResult | null {
  const type = newType(item, types);
  return type && draft.choice?.kind === 'new' ? fromDraft(type, draft.value, language) : null;
}

function newAttribute(
  fresh: NewAttribute,
  value: { [property: string]: JsonValue },
  tags: string[],
): JsonValue {
  const whole = fresh.relationshipAttribute;
  if (whole !== null && typeof whole === 'object' && !Array.isArray(whole)) {
    const frame = whole['value'];
    const fixed = typeof frame === 'object' && frame !== null && !Array.isArray(frame) ? frame : {};
    return { ...whole, value: { ...fixed, ...value } };
  }
  // An empty owner means: mine.
  return { '@type': 'IdentityAttribute', owner: '', value, ...(tags.length > 0 ? { tags } : {}) };
}

function decideItem(
  item: FormItem,
  draft: ItemDraft | undefined,
  form: ConsentForm,
  types: ValueTypes,
  language: string,
): DecisionItem {
  if (!draft?.accepted || !item.canBeAccepted) return { accept: false };
  if (item.ask.kind !== 'readAttribute') return { accept: true };
  const { ask } = item;
  if (draft.choice?.kind === 'existing') {
    const { attributeId } = draft.choice;
    const preset = decisionAt(form.defaultDecision, item.path);
    if (preset?.accept && preset.existingAttributeId === attributeId) return preset;
    const chosen = ask.candidates.find((candidate) => candidate.attributeId === attributeId);
    const missing = missingTag(ask.tags, chosen?.tags ?? []);
    return { accept: true, existingAttributeId: attributeId, ...(missing ? { tags: [missing] } : {}) };
  }
  const result = newValue(item, draft, types, language);
  if (!result?.value || !ask.newAttribute) return { accept: false };
  return { accept: true, newAttribute: newAttribute(ask.newAttribute, result.value, ask.tags) };
}

/** The tag a chosen value lacks: a query with tags wants at least one of them. */
export function missingTag(asked: readonly string[], own: readonly string[]): string | null {
  return asked.length > 0 && !asked.some((tag) => own.includes(tag)) ? (asked[0] ?? null) : null;
}

/** The Decision that says what the form shows, in the order of the Request. */
export function buildDecision(
  form: ConsentForm,
  draft: FormDraft,
  types: ValueTypes,
  language: string,
): Decision {
  const decide = (item: FormItem): DecisionItem =>
    decideItem(item, draft[pathKey(item.path)], form, types, language);
  return {
    items: form.nodes.map((node): DecisionNode =>
      node.node === 'item' ? decide(node) : { items: node.items.map(decide) },
    ),
  };
}
