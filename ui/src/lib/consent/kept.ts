// A form that was begun and not decided: how it is kept, and how it comes back. It holds values, so it
// goes into the encrypted database and nowhere else.

import type { ConsentForm } from '../bindings/ConsentForm';
import type { FormItem } from '../bindings/FormItem';
import { candidateOf, isAttributeAsk, itemsOf, pathKey, type Choice, type FormDraft } from './draft';

type Json = { [key: string]: JsonValue };

const FORMAT = 1;

function asRecord(value: JsonValue | undefined): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** What is kept: only what the person touched. */
export function pack(draft: FormDraft): JsonValue {
  const items: Json = {};
  for (const [path, { accepted, choice, value, chosen, reason, touched }] of Object.entries(draft)) {
    if (!touched) continue;
    const why: Json = reason ? { reason } : {};
    items[path] = { accepted, choice: choice as JsonValue, value, chosen, ...why };
  }
  return { format: FORMAT, items };
}

/** A choice that can still be made; null if it can't, for instance because the value is gone. */
function readChoice(item: FormItem, stored: JsonValue | undefined): Choice {
  const { ask } = item;
  const { kind, attributeId, basedOn, mode } = asRecord(stored);
  if (!isAttributeAsk(ask)) return null;
  if (kind === 'proposal' && ask.kind === 'proposeAttribute') return { kind };
  if (kind === 'existing' && typeof attributeId === 'string' && candidateOf(ask, attributeId)) {
    return { kind, attributeId };
  }
  if (kind !== 'new' || !ask.newAttribute) return null;
  if (typeof basedOn !== 'string' || !candidateOf(ask, basedOn)) return { kind };
  return { kind, basedOn, mode: mode === 'replace' ? 'replace' : 'beside' };
}

/** The form as it was left, as far as it still fits; `start` is what it starts with otherwise. */
export function unpack(form: ConsentForm, start: FormDraft, stored: JsonValue | null): FormDraft {
  const record = asRecord(stored ?? undefined);
  if (record['format'] !== FORMAT) return start;
  const items = asRecord(record['items']);
  const draft = { ...start };
  for (const item of itemsOf(form)) {
    const path = pathKey(item.path);
    const before = start[path];
    if (!before || !(path in items)) continue;
    const kept = asRecord(items[path]);
    if (!item.canBeAccepted) {
      if (typeof kept['reason'] === 'string')
        draft[path] = { ...before, reason: kept['reason'], touched: true };
      continue;
    }
    const typed = Object.entries(asRecord(kept['value'])).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    const chosen = Array.isArray(kept['chosen']) ? kept['chosen'] : [];
    draft[path] = {
      accepted: kept['accepted'] === true,
      choice: readChoice(item, kept['choice']) ?? before.choice,
      value: { ...before.value, ...Object.fromEntries(typed) },
      chosen: chosen.filter((one): one is string => typeof one === 'string'),
      ...(typeof kept['reason'] === 'string' ? { reason: kept['reason'] } : {}),
      touched: true,
    };
  }
  return draft;
}

/** Whether anything was touched. */
export function isBegun(draft: FormDraft): boolean {
  return Object.values(draft).some((item) => item.touched);
}
