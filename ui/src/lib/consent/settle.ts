// Values of one's own that were changed on the form and are to replace the present ones: the new version
// is stored before the answer goes out, and the answer then names it.

import { api } from '../api';
import type { ConsentForm } from '../bindings/ConsentForm';
import { answerOf, tagsOfNew } from './answers';
import { isAttributeAsk, itemsOf, pathKey, type FormDraft, type ValueTypes } from './draft';

/**
 * Stores what replaces a present value; answers with the draft that names the new versions. Two items
 * that replace the same value in the same way share one version.
 */
export async function settleReplacements(
  form: ConsentForm,
  draft: FormDraft,
  types: ValueTypes,
  language: string,
): Promise<FormDraft> {
  let settled = draft;
  const stored = new Map<string, string>();
  for (const item of itemsOf(form)) {
    const path = pathKey(item.path);
    const own = settled[path];
    const { ask } = item;
    if (own?.choice?.kind !== 'new' || own.choice.mode !== 'replace' || !isAttributeAsk(ask)) continue;
    const { basedOn } = own.choice;
    const answer = answerOf(item, own, types, language);
    if (basedOn === undefined || answer.state !== 'given' || answer.shown.kind !== 'value') continue;
    const { value } = answer.shown;
    const key = JSON.stringify([basedOn, value]);
    const attributeId =
      stored.get(key) ?? (await api.editAttribute(basedOn, value, tagsOfNew(ask, basedOn))).id;
    stored.set(key, attributeId);
    settled = { ...settled, [path]: { ...own, choice: { kind: 'existing', attributeId } } };
  }
  return settled;
}
