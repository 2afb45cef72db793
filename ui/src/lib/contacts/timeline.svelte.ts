// What happened with somebody, a page at a time, and by day.

import { untrack } from 'svelte';

import { api } from '../api';
import type { ErrorView } from '../api-types';
import type { TimelineEntry } from '../bindings/TimelineEntry';
import type { TimelineKind } from '../bindings/TimelineKind';
import type { TimelinePlace } from '../bindings/TimelinePlace';
import { toErrorView } from '../errors';
import { formatDay } from '../i18n/format';
import { onWalletChanged } from '../state/wallet-events';

/** So many entries are fetched at a time. */
export const PAGE = 40;
/** The core gives no more at once. */
const MOST = 200;

export type Timeline = {
  /** What is loaded, the newest first; undefined before the first answer. */
  readonly entries: TimelineEntry[] | undefined;
  readonly hasMore: boolean;
  readonly error: ErrorView | null;
  more: () => Promise<void>;
  reload: () => Promise<void>;
};

export function timeline(of: () => { peer: string; kind: TimelineKind | null }): Timeline {
  let entries = $state.raw<TimelineEntry[] | undefined>(undefined);
  let next = $state.raw<TimelinePlace | null>(null);
  let error = $state.raw<ErrorView | null>(null);
  let turn = 0;

  async function load(known: TimelineEntry[], after: TimelinePlace | null, limit: number): Promise<void> {
    const mine = ++turn;
    try {
      const page = await api.contactTimeline({ ...of(), after, limit });
      if (mine !== turn) return;
      entries = [...known, ...page.entries];
      next = page.next;
      error = null;
    } catch (thrown) {
      if (mine === turn) error = toErrorView(thrown);
    }
  }

  const reload = (): Promise<void> => load([], null, Math.min(MOST, Math.max(PAGE, entries?.length ?? 0)));

  $effect(() => {
    of();
    untrack(() => void load([], null, PAGE));
  });
  $effect(() => onWalletChanged(['contacts', 'requests', 'messages', 'attributes'], () => void reload()));

  return {
    get entries() {
      return entries;
    },
    get hasMore() {
      return next !== null;
    },
    get error() {
      return error;
    },
    more: () => (next === null ? Promise.resolve() : load(entries ?? [], next, PAGE)),
    reload,
  };
}

export type Day = { day: string; isAhead: boolean; entries: TimelineEntry[] };

/**
 * The entries by the day of the person's own zone; the days to come are marked. What is some seconds ahead
 * is only on another clock.
 */
export function byDay(entries: TimelineEntry[], now: number): Day[] {
  const days: Day[] = [];
  const today = formatDay(new Date(now).toISOString());
  for (const entry of entries) {
    const day = formatDay(entry.at);
    const isAhead = new Date(entry.at).getTime() > now && day !== today;
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, isAhead, entries: [entry] });
  }
  return days;
}
