// A Request that was begun and not sent: how it is kept, and how it comes back. It holds values, so it
// goes into the encrypted database and nowhere else.

import type { FileFacts } from '../bindings/FileFacts';
import { KINDS, type AskItem, type AskKind } from './kinds';
import type { AskGroup } from './outline';

type Json = { [key: string]: JsonValue };

/** A Request as it stands on screen. */
export type AskDraft = {
  title: string;
  description: string;
  /** Until when it can be answered: one of the choices, and the day that was typed. */
  when: string;
  date: string;
  items: AskItem[];
  groups: AskGroup[];
  /** The files that were given away for it, by their ids. */
  files: Record<string, FileFacts>;
};

export const EMPTY: AskDraft = {
  title: '',
  description: '',
  when: 'never',
  date: '',
  items: [],
  groups: [],
  files: {},
};

const FORMAT = 1;

const asRecord = (value: JsonValue | undefined): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
const asText = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
const asTexts = (value: JsonValue | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(asRecord(value)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

export function isBegun(draft: AskDraft): boolean {
  return (
    draft.items.length + draft.groups.length > 0 ||
    draft.title.trim() !== '' ||
    draft.description.trim() !== ''
  );
}

export function pack(draft: AskDraft): JsonValue {
  return { format: FORMAT, ...(draft as unknown as Json) };
}

/** As it was left, as far as it is understood. */
export function unpack(stored: JsonValue | null): AskDraft {
  const kept = asRecord(stored ?? undefined);
  if (kept['format'] !== FORMAT) return EMPTY;
  const list = (name: string): Json[] => {
    const one = kept[name];
    return Array.isArray(one) ? one.map(asRecord) : [];
  };
  const groups = list('groups').flatMap((group): AskGroup[] => {
    const { key } = group;
    if (typeof key !== 'number') return [];
    return [{ key, title: asText(group['title']), description: asText(group['description']) }];
  });
  return {
    title: asText(kept['title']),
    description: asText(kept['description']),
    when: asText(kept['when']) || EMPTY.when,
    date: asText(kept['date']),
    groups,
    items: list('items').flatMap((item, key): AskItem[] => {
      const group = groups.find((one) => one.key === item['group']);
      const kind = asText(item['kind']);
      if (!(KINDS as readonly string[]).includes(kind)) return [];
      return [
        {
          key,
          kind: kind as AskKind,
          mustBeAccepted: item['mustBeAccepted'] === true,
          fields: asTexts(item['fields']),
          value: asTexts(item['value']),
          group: group?.key ?? null,
        },
      ];
    }),
    files: Object.fromEntries(
      Object.entries(asRecord(kept['files'])).filter(
        ([, facts]) => asText(asRecord(facts)['filename']) !== '',
      ),
    ) as unknown as Record<string, FileFacts>,
  };
}
