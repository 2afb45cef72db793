// The person's own values as a list: which questions are put to the core, so that values are found by
// what they say as well as by the name of their kind, and stand under the headings of the page.

import { api } from '../api';
import type { AttributeOrder } from '../bindings/AttributeOrder';
import type { AttributeSearch } from '../bindings/AttributeSearch';
import type { AttributeView } from '../bindings/AttributeView';
import type { Load } from '../state/rows.svelte';
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

/** A row of the list: the heading of a group, or a value and its place among all values. */
export type OwnRow =
  { kind: 'group'; group: GroupName } | { kind: 'value'; attribute: AttributeView; place: number };

/** Where the values of a source stand in the list. */
type Part = {
  source: Source;
  total: number;
  /** The row of the first value. */
  start: number;
  /** How many values stand before it. */
  before: number;
  /** Whether its heading stands in the row before. */
  headed: boolean;
};

/** The rows that the answers to some questions make, one after the other. */
export function laidOut(sources: readonly Source[], totals: readonly number[]): Part[] {
  const parts: Part[] = [];
  let [row, before] = [0, 0];
  let group: GroupName | null = null;
  sources.forEach((source, at) => {
    const total = totals[at] ?? 0;
    if (total === 0) return;
    const headed = source.group !== null && source.group !== group;
    group = source.group;
    const start = row + Number(headed);
    parts.push({ source, total, start, before, headed });
    row = start + total;
    before += total;
  });
  return parts;
}

/** How to fetch the rows of some questions; `counted` hears how many values there are. */
export function ownRows(sources: readonly Source[], counted: (values: number) => void): Load<OwnRow> {
  let parts: Promise<Part[]> | undefined;
  async function count(): Promise<Part[]> {
    const pages = await Promise.all(
      sources.map(({ search }) => api.searchAttributes({ ...search, offset: 0, limit: 0 })),
    );
    const laid = laidOut(
      sources,
      pages.map(({ total }) => total),
    );
    counted(laid.reduce((sum, { total }) => sum + total, 0));
    return laid;
  }
  return async (offset, limit) => {
    const laid = await (parts ??= count());
    const last = laid.at(-1);
    const found = await Promise.all(
      laid.map(async ({ source, total, start, before, headed }): Promise<OwnRow[]> => {
        const from = Math.max(offset, start);
        const to = Math.min(offset + limit, start + total);
        const { group } = source;
        const heading = headed && group !== null && start > offset && start <= offset + limit;
        const list: OwnRow[] = heading ? [{ kind: 'group', group }] : [];
        if (from >= to) return list;
        const search = { ...source.search, offset: from - start, limit: to - from };
        const { attributes } = await api.searchAttributes(search);
        attributes.forEach((attribute, at) =>
          list.push({ kind: 'value', attribute, place: before + from - start + at }),
        );
        return list;
      }),
    );
    return { rows: found.flat(), total: last ? last.start + last.total : 0 };
  };
}
