// What an item is called.

import type { FormItem } from '../bindings/FormItem';
import { t } from '../i18n/index.svelte';
import { typeName } from '../values/kinds';
import { valueTitle } from '../values/show';

export type ItemName = { text: string; fromPeer: boolean };

/** The name of an item: the sender's title where there is one, else what it asks for in our words. */
export function itemName(item: FormItem): ItemName {
  if (item.title) return { text: item.title, fromPeer: true };
  const { ask } = item;
  switch (ask.kind) {
    case 'readAttribute': {
      const frame = ask.newAttribute?.relationshipAttribute;
      const value =
        typeof frame === 'object' && frame !== null && !Array.isArray(frame)
          ? (frame['value'] ?? null)
          : null;
      const title = valueTitle(value);
      if (title) return { text: title, fromPeer: true };
      return { text: ask.valueType ? typeName(ask.valueType) : t('item.anyValue'), fromPeer: false };
    }
    case 'shareAttribute': {
      const title = valueTitle(ask.value);
      if (title) return { text: title, fromPeer: true };
      const type = typeOf(ask.value);
      return { text: type === null ? t('item.shared') : typeName(type), fromPeer: false };
    }
    case 'consent':
      return { text: t('item.consent'), fromPeer: false };
    case 'authentication':
      return { text: t('item.authentication'), fromPeer: false };
    case 'notUnderstood':
      return { text: t('item.notUnderstood'), fromPeer: false };
  }
}

function typeOf(value: JsonValue): string | null {
  const type =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? value['@type'] : undefined;
  return typeof type === 'string' ? type : null;
}
