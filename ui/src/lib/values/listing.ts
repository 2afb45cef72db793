// The person's own values as a list: which questions are put to the core, so that values are found by
// what they say as well as by the name of their kind, and stand under the headings of the page.

import type { AttributeOrder } from '../bindings/AttributeOrder';
import type { AttributeSearch } from '../bindings/AttributeSearch';
import type { AttributeView } from '../bindings/AttributeView';
import { GROUP_ORDER, groupOf, typeName, type GroupName } from './kinds';
import { found } from './show';

export const ORDERS: AttributeOrder[] = ['byType', 'newestFirst', 'oldestFirst', 'byValue'];

export type Query = {
  text: string;
  order: AttributeOrder;
  /** A value type; empty for any. */
  valueType: string;
  /** A mark; empty for any. */
  tag: string;
};

export const EVERYTHING: Query = { text: '', order: 'byType', valueType: '', tag: '' };

/** How many filters narrow the list, the search apart. */
export function filterCount(query: Query): number {
  return [query.valueType !== '', query.tag !== ''].filter(Boolean).length;
}

/** One question to the core, and the heading of what it finds. */
export type Source = { group: GroupName | null; search: Omit<AttributeSearch, 'offset' | 'limit'> };

/**
 * The questions whose answers, one after the other, are the list. `types` are all value types that there
 * are. By kind there is one for each group; what is searched for by the name of its kind comes first.
 */
export function sources(query: Query, types: readonly string[]): Source[] {
  const wanted = query.valueType === '' ? types : types.filter((type) => type === query.valueType);
  const text = query.text.trim();
  const ask = (group: GroupName | null, valueTypes: string[], words: string): Source[] =>
    valueTypes.length === 0
      ? []
      : [
          {
            group,
            search: {
              text: words,
              valueTypes,
              tags: query.tag === '' ? [] : [query.tag],
              order: query.order,
            },
          },
        ];
  const split = (group: GroupName | null, of: readonly string[]): Source[] => {
    const named = text === '' ? [] : of.filter((type) => found(text, typeName(type)));
    return [
      ...ask(group, [...named], ''),
      ...ask(
        group,
        of.filter((type) => !named.includes(type)),
        text,
      ),
    ];
  };
  if (query.order !== 'byType') return split(null, wanted);
  return GROUP_ORDER.flatMap((group) =>
    split(
      group,
      wanted.filter((type) => groupOf(type) === group),
    ),
  );
}

/** What was loaded of a source. */
export type Part = { source: Source; attributes: AttributeView[]; total: number };

export type Section = { group: GroupName | null; members: AttributeView[] };

/** What can be shown: everything up to the first source of which not all is loaded, under its headings. */
export function sections(parts: readonly Part[]): Section[] {
  const list: Section[] = [];
  for (const { source, attributes, total } of parts) {
    const last = list.at(-1);
    if (attributes.length > 0) {
      if (last && last.group === source.group) last.members = [...last.members, ...attributes];
      else list.push({ group: source.group, members: attributes });
    }
    if (attributes.length < total) break;
  }
  return list;
}
