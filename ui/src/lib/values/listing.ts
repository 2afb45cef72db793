// The person's own values as a list that can be searched, filtered and sorted, also when there are a
// hundred thousand of them: texts are folded once, and each step works on what the one before left.

import type { AttributeView } from '../bindings/AttributeView';
import { GROUP_ORDER, groupOf, typeName, type GroupName } from './kinds';
import { searchFold, valueLine } from './show';
import { tagName } from './tags';

export const SORTS = ['kind', 'newest', 'oldest', 'value'] as const;
export type Sort = (typeof SORTS)[number];

export const SHARED = ['all', 'yes', 'no'] as const;
export type Shared = (typeof SHARED)[number];

export type Query = {
  search: string;
  sort: Sort;
  shared: Shared;
  /** A value type; empty for any. */
  valueType: string;
  /** A mark; empty for any. */
  tag: string;
};

export const EVERYTHING: Query = { search: '', sort: 'kind', shared: 'all', valueType: '', tag: '' };

/** How many filters narrow the list, the search apart. */
export function filterCount(query: Query): number {
  return [query.shared !== 'all', query.valueType !== '', query.tag !== ''].filter(Boolean).length;
}

/** Texts to search in, by the id of the version: a version never changes, so neither do they. */
const folded = new Map<string, { language: string; texts: string[] }>();

function textsOf(attribute: AttributeView, language: string): string[] {
  const known = folded.get(attribute.id);
  if (known?.language === language) return known.texts;
  const texts = [...searchFold(`${valueLine(attribute.value)} ${attribute.tags.map(tagName).join(' ')}`)];
  folded.set(attribute.id, { language, texts });
  return texts;
}

function finder(search: string, language: string): (attribute: AttributeView) => boolean {
  const [needle = ''] = searchFold(search.trim());
  if (needle === '') return () => true;
  const types = new Map<string, boolean>();
  const isType = (valueType: string): boolean => {
    const known = types.get(valueType);
    if (known !== undefined) return known;
    const is = searchFold(typeName(valueType)).some((text) => text.includes(needle));
    types.set(valueType, is);
    return is;
  };
  return (attribute) =>
    isType(attribute.valueType) || textsOf(attribute, language).some((text) => text.includes(needle));
}

/** The values that fit, in order. */
export function select(all: readonly AttributeView[], query: Query, language: string): AttributeView[] {
  const isFound = finder(query.search, language);
  const fitting = all.filter(
    (attribute) =>
      (query.valueType === '' || attribute.valueType === query.valueType) &&
      (query.tag === '' || attribute.tags.includes(query.tag)) &&
      (query.shared === 'all' || attribute.sharedWith.length > 0 === (query.shared === 'yes')) &&
      isFound(attribute),
  );
  if (query.sort === 'value') {
    const order = new Intl.Collator(language, { numeric: true });
    const keys = new Map(fitting.map((attribute) => [attribute, valueLine(attribute.value)]));
    return fitting.sort((a, b) => order.compare(keys.get(a) ?? '', keys.get(b) ?? ''));
  }
  const newest = (a: AttributeView, b: AttributeView): number =>
    a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0;
  if (query.sort === 'newest') return fitting.sort(newest);
  if (query.sort === 'oldest') return fitting.sort((a, b) => newest(b, a));
  const rank = new Map<string, number>();
  const names = [...new Set(fitting.map((attribute) => attribute.valueType))].sort((a, b) => {
    const [one, other] = [GROUP_ORDER.indexOf(groupOf(a)), GROUP_ORDER.indexOf(groupOf(b))];
    return one - other || typeName(a).localeCompare(typeName(b), language);
  });
  names.forEach((name, index) => rank.set(name, index));
  return fitting.sort(
    (a, b) =>
      (rank.get(a.valueType) ?? 0) - (rank.get(b.valueType) ?? 0) ||
      Number(b.isDefault) - Number(a.isDefault) ||
      newest(a, b),
  );
}

export type Section = { group: GroupName | null; members: AttributeView[] };

/** The first so many values, under the headings of their groups where the order is by kind. */
export function sections(selected: readonly AttributeView[], sort: Sort, most: number): Section[] {
  const drawn = selected.slice(0, most);
  if (sort !== 'kind') return drawn.length > 0 ? [{ group: null, members: drawn }] : [];
  const list: Section[] = [];
  for (const attribute of drawn) {
    const group = groupOf(attribute.valueType);
    const last = list.at(-1);
    if (last?.group === group) last.members.push(attribute);
    else list.push({ group, members: [attribute] });
  }
  return list;
}
