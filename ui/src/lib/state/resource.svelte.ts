import type { ErrorView, Topic } from '../api-types';
import { toErrorView } from '../errors';
import { onWalletChanged } from './wallet-events';

export type Resource<T> = {
  readonly data: T | undefined;
  readonly error: ErrorView | null;
  readonly loading: boolean;
  reload: () => Promise<void>;
  set: (value: T) => void;
};

/**
 * Data of the shell for the life of a component: loaded at once, again when what it depends on
 * changes, and again when the shell says that one of `topics` changed. Old data stay while new ones
 * are on their way; an answer that was overtaken is dropped.
 */
export function resource<T>(load: () => Promise<T>, topics: readonly Topic[]): Resource<T> {
  let data = $state.raw<T | undefined>(undefined);
  let error = $state.raw<ErrorView | null>(null);
  let loading = $state(true);
  let turn = 0;

  async function reload(): Promise<void> {
    const mine = ++turn;
    loading = true;
    try {
      const value = await load();
      if (mine !== turn) return;
      data = value;
      error = null;
    } catch (thrown) {
      if (mine === turn) error = toErrorView(thrown);
    } finally {
      if (mine === turn) loading = false;
    }
  }

  $effect(() => {
    void reload();
  });
  $effect(() => onWalletChanged(topics, () => void reload()));

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    get loading() {
      return loading;
    },
    reload,
    set: (value: T) => {
      turn++;
      data = value;
      error = null;
      loading = false;
    },
  };
}

export type Action<A extends unknown[]> = {
  readonly running: boolean;
  readonly error: ErrorView | null;
  run: (...args: A) => Promise<boolean>;
  clear: () => void;
};

/** Something a person starts: runs once at a time, and ends in success or in an error to show. */
export function action<A extends unknown[]>(perform: (...args: A) => Promise<void>): Action<A> {
  let running = $state(false);
  let error = $state.raw<ErrorView | null>(null);
  return {
    get running() {
      return running;
    },
    get error() {
      return error;
    },
    clear: () => (error = null),
    run: async (...args: A): Promise<boolean> => {
      if (running) return false;
      running = true;
      error = null;
      try {
        await perform(...args);
        return true;
      } catch (thrown) {
        error = toErrorView(thrown);
        return false;
      } finally {
        running = false;
      }
    },
  };
}
