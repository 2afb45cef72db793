// How far the form is, and what is still missing.

import type { DecisionCheck } from '../bindings/DecisionCheck';
import type { FormItem } from '../bindings/FormItem';
import type { MessageKey } from '../i18n/index.svelte';
import { answerOf } from './answers';
import { pathKey, type FormDraft, type ValueTypes } from './draft';

export type Counts = { required: number; requiredDone: number; optional: number; optionalDone: number };

/** Why an item is not answered yet, or not rightly. */
export type Gap = {
  path: string;
  item: FormItem;
  reason: { kind: 'missing'; key: MessageKey } | { kind: 'code'; code: string };
};

/** Whether the item has a complete answer. */
export function isAnswered(item: FormItem, draft: FormDraft, types: ValueTypes, language: string): boolean {
  return answerOf(item, draft[pathKey(item.path)], types, language).state === 'given';
}

export function count(items: FormItem[], draft: FormDraft, types: ValueTypes, language: string): Counts {
  const counts: Counts = { required: 0, requiredDone: 0, optional: 0, optionalDone: 0 };
  for (const item of items) {
    const done = isAnswered(item, draft, types, language) ? 1 : 0;
    if (item.mustBeAccepted) {
      counts.required += 1;
      counts.requiredDone += done;
    } else {
      counts.optional += 1;
      counts.optionalDone += done;
    }
  }
  return counts;
}

function missingKey(item: FormItem, accepted: boolean): MessageKey {
  if (!item.canBeAccepted) return 'gap.cannot';
  if (item.ask.kind === 'authentication') return 'gap.confirm';
  if (!accepted) return 'gap.tick';
  if (item.ask.kind === 'deleteAttribute') return 'gap.date';
  if (item.ask.kind === 'formField' || item.ask.kind === 'freeText') return 'gap.answer';
  return 'gap.value';
}

/** What keeps the form from being accepted, as far as the page can tell, in order. */
export function gaps(items: FormItem[], draft: FormDraft, types: ValueTypes, language: string): Gap[] {
  const found: Gap[] = [];
  for (const item of items) {
    const path = pathKey(item.path);
    const accepted = draft[path]?.accepted ?? false;
    // An optional item is a gap only when it was chosen and its value is not complete.
    if (isAnswered(item, draft, types, language) || (!item.mustBeAccepted && !accepted)) continue;
    found.push({ path, item, reason: { kind: 'missing', key: missingKey(item, accepted) } });
  }
  return found;
}

/** The codes of a check, by the path of their item; '' is the Request as a whole. */
export function checkCodes(check: DecisionCheck): Map<string, string> {
  const codes = new Map<string, string>();
  const walk = (node: DecisionCheck, path: number[]): void => {
    const inherited = node.code?.endsWith('.inheritedFromItem') ?? false;
    if (!node.isSuccess && node.code && !inherited) codes.set(pathKey(path), node.code);
    node.items?.forEach((child, index) => walk(child, [...path, index]));
  };
  walk(check, []);
  return codes;
}

/** The problems the core found with items, in order. */
export function checkGaps(items: FormItem[], check: DecisionCheck): Gap[] {
  const codes = checkCodes(check);
  return items.flatMap((item): Gap[] => {
    const path = pathKey(item.path);
    const code = codes.get(path);
    return code === undefined ? [] : [{ path, item, reason: { kind: 'code', code } }];
  });
}
