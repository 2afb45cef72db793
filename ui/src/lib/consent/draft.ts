// What is answered on the consent form, as it stands on screen.

import type { Ask } from '../bindings/Ask';
import type { Candidate } from '../bindings/Candidate';
import type { ConsentForm } from '../bindings/ConsentForm';
import type { FormItem } from '../bindings/FormItem';
import type { ValueTypeDescription } from '../bindings/ValueTypeDescription';
import { plainTextType, toDraft, withHints, type ValueDraft } from '../values/draft';

/** What becomes of a value of one's own that was changed here: it stays beside the new one, or is replaced. */
export type EditMode = 'beside' | 'replace';

/** Chosen: what the other side proposes, one of one's own values, or a new one (made from an own one). */
export type Choice =
  | { kind: 'proposal' }
  | { kind: 'existing'; attributeId: string }
  | { kind: 'new'; basedOn?: string; mode?: EditMode }
  | null;

/** The answer to one item as it stands on screen. */
export type ItemDraft = {
  accepted: boolean;
  choice: Choice;
  /** What is typed, by the names of the inputs. */
  value: ValueDraft;
  /** What is picked from a list. */
  chosen: string[];
  /** Why it is left out; the other side reads it. */
  reason?: string;
  touched: boolean;
};

/** The answers by the path of their item. */
export type FormDraft = Record<string, ItemDraft>;

export type ValueTypes = Map<string, ValueTypeDescription>;

/** An item that is answered with an attribute. */
export type AttributeAsk = Extract<Ask, { kind: 'readAttribute' | 'proposeAttribute' }>;

export function pathKey(path: readonly number[]): string {
  return path.join('.');
}

/** All items in the order of the Request, those in groups included. */
export function itemsOf(form: ConsentForm): FormItem[] {
  return form.nodes.flatMap((node) => (node.node === 'item' ? [node] : node.items));
}

export function isAttributeAsk(ask: Ask): ask is AttributeAsk {
  return ask.kind === 'readAttribute' || ask.kind === 'proposeAttribute';
}

/** Whether the item brings something instead of giving something away. */
export function brings(ask: Ask): boolean {
  return (
    ask.kind === 'shareAttribute' || ask.kind === 'createAttribute' || ask.kind === 'transferFileOwnership'
  );
}

export function candidateOf(ask: AttributeAsk, attributeId: string): Candidate | undefined {
  return ask.candidates.find((candidate) => candidate.attributeId === attributeId);
}

/** Whether a box to tick stands beside the item: always for optional ones, else where the sender wants a tick. */
export function needsTick(item: FormItem): boolean {
  if (!item.canBeAccepted) return false;
  if (item.ask.kind === 'authentication') return true;
  return !item.mustBeAccepted || item.requiresInteraction;
}

/** The value type for a new answer; null if none can be made. */
export function newType(item: FormItem, types: ValueTypes): ValueTypeDescription | null {
  const fresh = isAttributeAsk(item.ask) ? item.ask.newAttribute : null;
  return fresh
    ? withHints(types.get(fresh.valueType) ?? plainTextType(fresh.valueType), fresh.relationshipAttribute)
    : null;
}

function firstChoice(item: FormItem, preset: DecisionItem | null, hasType: boolean): Choice {
  const { ask } = item;
  if (!isAttributeAsk(ask)) return null;
  if (ask.kind === 'proposeAttribute') return { kind: 'proposal' };
  const existing =
    (preset?.accept ? preset.existingAttributeId : undefined) ?? ask.candidates[0]?.attributeId;
  if (existing !== undefined) return { kind: 'existing', attributeId: existing };
  return hasType ? { kind: 'new' } : null;
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

/** The answers the form starts with: nothing that the person did not see or has to say themselves. */
export function startDraft(form: ConsentForm, types: ValueTypes, language: string): FormDraft {
  const draft: FormDraft = {};
  for (const item of itemsOf(form)) {
    const type = newType(item, types);
    draft[pathKey(item.path)] = {
      accepted: item.canBeAccepted && !needsTick(item),
      choice: firstChoice(item, decisionAt(form.defaultDecision, item.path), type !== null),
      value: type ? toDraft(type, null, language) : {},
      chosen: [],
      touched: false,
    };
  }
  return draft;
}
