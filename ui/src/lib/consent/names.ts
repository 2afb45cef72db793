// What an item is called.

import type { FormItem } from '../bindings/FormItem';
import { t, tOr } from '../i18n/index.svelte';
import { isolate } from '../peer-text';
import { typeName } from '../values/kinds';
import { valueTitle, valueType } from '../values/show';

export type ItemName = { text: string; fromPeer: boolean };

const ours = (text: string): ItemName => ({ text, fromPeer: false });
const theirs = (text: string): ItemName => ({ text, fromPeer: true });

/** What a value is called: the title it brings along, else its type; null if it has neither. */
function valueName(value: JsonValue): ItemName | null {
  const title = valueTitle(value);
  if (title) return theirs(title);
  const type = valueType(value);
  return type === null ? null : ours(typeName(type));
}

/** The name of an item: the sender's title where there is one, else what it asks for in our words. */
export function itemName(item: FormItem): ItemName {
  if (item.title) return theirs(item.title);
  const { ask } = item;
  switch (ask.kind) {
    case 'readAttribute': {
      const frame = ask.newAttribute?.relationshipAttribute;
      const value =
        typeof frame === 'object' && frame !== null && !Array.isArray(frame)
          ? (frame['value'] ?? null)
          : null;
      const title = valueTitle(value);
      if (title) return theirs(title);
      return ours(ask.valueType ? typeName(ask.valueType) : t('item.anyValue'));
    }
    case 'proposeAttribute':
      return valueName(ask.proposal.value) ?? ours(t('item.anyValue'));
    case 'createAttribute':
    case 'shareAttribute':
      return valueName(ask.value) ?? ours(t('item.shared'));
    case 'deleteAttribute': {
      const name = ask.attribute ? valueName(ask.attribute.value) : null;
      return ours(name ? t('item.delete.named', { name: isolate(name.text, 200) }) : t('item.delete'));
    }
    case 'formField':
      return ours(t('item.formField'));
    case 'freeText':
      return ours(t('item.freeText'));
    case 'transferFileOwnership':
      return ours(t('item.file'));
    case 'consent':
      return ours(t('item.consent'));
    case 'authentication':
      return ours(t('item.authentication'));
    case 'notSupported':
      return ours(tOr(`itemType.${item.itemType}`, t('item.notSupported')));
    case 'notUnderstood':
      return ours(t('item.notUnderstood'));
  }
}
