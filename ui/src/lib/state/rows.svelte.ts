import { untrack } from 'svelte';

import type { ErrorView, Topic } from '../api-types';
import { toErrorView } from '../errors';
import { onWalletChanged } from './wallet-events';

/** So many rows are fetched at a time. */
export const PAGE = 100;

/** Some rows of a list, and how many it has altogether. */
export type Batch<T> = { rows: T[]; total: number };
export type Load<T> = (offset: number, limit: number) => Promise<Batch<T>>;

/** A list of which only what is seen is there. */
export type Rows<T> = {
  /** How many there are; undefined before the first answer. */
  readonly total: number | undefined;
  readonly error: ErrorView | null;
  /** What stands at a place, if it was fetched. */
  at: (index: number) => T | undefined;
  /** These places are seen now. */
  need: (first: number, last: number) => void;
  reload: () => Promise<void>;
};

/**
 * A list of the core, fetched where somebody looks. `start` says how to fetch what is asked for now:
 * it is asked for again when what it depends on changes, and when the shell says that one of `topics`
 * changed. What was fetched stays until the new is there.
 */
export function rows<T>(start: () => Load<T>, topics: readonly Topic[]): Rows<T> {
  let loaded = $state.raw<{ total: number; pages: ReadonlyMap<number, T[]> } | undefined>(undefined);
  let error = $state.raw<ErrorView | null>(null);
  let load: Load<T>;
  let seen = { first: 0, last: 0 };
  let turn = 0;
  let fetching = false;

  async function begin(next: Load<T>): Promise<void> {
    const mine = ++turn;
    load = next;
    const pages = new Map<number, T[]>();
    let total = 0;
    try {
      for (let page = pageOf(seen.first); page <= pageOf(seen.last); page++) {
        const batch = await next(page * PAGE, PAGE);
        if (mine !== turn) return;
        pages.set(page, batch.rows);
        total = batch.total;
      }
      loaded = { total, pages };
      error = null;
      void fetchSeen();
    } catch (thrown) {
      if (mine === turn) error = toErrorView(thrown);
    }
  }

  function missing(): number | undefined {
    if (!loaded) return undefined;
    const end = Math.min(pageOf(seen.last), pageOf(loaded.total - 1));
    for (let page = pageOf(seen.first); page <= end; page++) if (!loaded.pages.has(page)) return page;
    return undefined;
  }

  /** One page after the other, and always one that is seen by then: nobody waits for what rushed by. */
  async function fetchSeen(): Promise<void> {
    if (fetching) return;
    fetching = true;
    try {
      for (let page = missing(); page !== undefined; page = missing()) {
        const mine = turn;
        const batch = await load(page * PAGE, PAGE);
        if (mine !== turn || !loaded) continue;
        loaded = { total: batch.total, pages: new Map(loaded.pages).set(page, batch.rows) };
      }
    } catch (thrown) {
      error = toErrorView(thrown);
    } finally {
      fetching = false;
    }
  }

  $effect(() => {
    const next = start();
    untrack(() => {
      seen = { first: 0, last: 0 };
      void begin(next);
    });
  });
  $effect(() => onWalletChanged(topics, () => void begin(start())));

  return {
    get total() {
      return loaded?.total;
    },
    get error() {
      return error;
    },
    at: (index) => loaded?.pages.get(pageOf(index))?.[index % PAGE],
    need(first, last) {
      seen = { first, last };
      void fetchSeen();
    },
    reload: () => begin(start()),
  };
}

/** A list before which stands what is there as a whole. */
export function precededBy<T>(first: () => readonly T[], list: Rows<T>): Rows<T> {
  return {
    get total() {
      return list.total === undefined ? undefined : first().length + list.total;
    },
    get error() {
      return list.error;
    },
    at: (index) => first()[index] ?? list.at(index - first().length),
    need: (from, to) => list.need(Math.max(0, from - first().length), Math.max(0, to - first().length)),
    reload: () => list.reload(),
  };
}

/** A list that is there as a whole. */
export function wholeRows<T>(of: () => readonly T[]): Rows<T> {
  return {
    get total() {
      return of().length;
    },
    error: null,
    at: (index) => of()[index],
    need: () => undefined,
    reload: () => Promise.resolve(),
  };
}

function pageOf(index: number): number {
  return Math.max(0, Math.floor(index / PAGE));
}
