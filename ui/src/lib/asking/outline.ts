// How the items of a Request that is being written stand: by themselves, or in groups under a heading.

import type { DecisionCheck } from '../bindings/DecisionCheck';
import type { AskItem } from './kinds';
import type { Built } from './build';

/** A group as it stands on screen. */
export type AskGroup = {
  /** Tells groups of one composer apart; items name it. */
  key: number;
  title: string;
  description: string;
};

export type Outline = { group: AskGroup | null; items: AskItem[] }[];

export const GROUP_TITLE = 200;
export const GROUP_DESCRIPTION = 500;

/**
 * The items in their order, a group standing where its first item does. Groups without any item come
 * last.
 */
export function outline(items: readonly AskItem[], groups: readonly AskGroup[]): Outline {
  const parts: Outline = [];
  const of = new Map<number, Outline[number]>();
  for (const item of items) {
    const group = groups.find((one) => one.key === item.group) ?? null;
    const known = group && of.get(group.key);
    if (known) {
      known.items.push(item);
      continue;
    }
    const part = { group, items: [item] };
    parts.push(part);
    if (group) of.set(group.key, part);
  }
  return [...parts, ...groups.filter((group) => !of.has(group.key)).map((group) => ({ group, items: [] }))];
}

/** The items with those of each group beside each other, so that their numbers follow the page. */
export const arranged = (items: readonly AskItem[], groups: readonly AskGroup[]): AskItem[] =>
  outline(items, groups).flatMap((part) => part.items);

/** What is sent of it so far: what is complete, and where in the Request each item stands. */
export function assemble(
  parts: Outline,
  built: (item: AskItem) => Built | undefined,
): { nodes: { [key: string]: JsonValue }[]; keys: (number | number[])[] } {
  const nodes: { [key: string]: JsonValue }[] = [];
  const keys: (number | number[])[] = [];
  for (const { group, items } of parts) {
    const complete = items.flatMap((item) => {
      const one = built(item)?.item;
      return one ? [{ key: item.key, one }] : [];
    });
    if (complete.length === 0) continue;
    if (!group) {
      nodes.push(...complete.map(({ one }) => one));
      keys.push(...complete.map(({ key }) => key));
      continue;
    }
    const [title, description] = [group.title, group.description].map((text) => text.trim().normalize('NFC'));
    nodes.push({
      '@type': 'RequestItemGroup',
      ...(title ? { title } : {}),
      ...(description ? { description } : {}),
      items: complete.map(({ one }) => one),
    });
    keys.push(complete.map(({ key }) => key));
  }
  return { nodes, keys };
}

/** What the core finds wrong with each item, by its key. */
export function codesOf(
  check: DecisionCheck | null,
  keys: readonly (number | number[])[],
): Map<number, string> {
  const found = new Map<number, string>();
  const note = (at: number | undefined, one: DecisionCheck): void => {
    const code = one.rootCode ?? one.code;
    if (at !== undefined && !one.isSuccess && code) found.set(at, code);
  };
  check?.items?.forEach((one, index) => {
    const at = keys[index];
    if (Array.isArray(at)) one.items?.forEach((inner, place) => note(at[place], inner));
    else note(at, one);
  });
  return found;
}
