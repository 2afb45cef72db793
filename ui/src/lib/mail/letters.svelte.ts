// The mailbox, a page at a time.

import { untrack } from 'svelte';

import { api } from '../api';
import type { ErrorView } from '../api-types';
import type { MessageRow } from '../bindings/MessageRow';
import { toErrorView } from '../errors';
import { onWalletChanged } from '../state/wallet-events';

/** So many are fetched and drawn at a time. */
const PAGE = 50;
/** More than the core gives at once. */
const MOST = 200;

export type Filter = { onlyMail: boolean; onlyUnread: boolean; peer: string | null };

export type Letters = {
  /** The newest first; undefined before the first answer. */
  readonly rows: MessageRow[] | undefined;
  readonly hasMore: boolean;
  readonly error: ErrorView | null;
  more: () => Promise<void>;
  reload: () => Promise<void>;
};

/** The messages that pass the filter; asked for again when the filter or the messages change. */
export function letters(of: () => Filter): Letters {
  let rows = $state.raw<MessageRow[] | undefined>(undefined);
  let hasMore = $state(false);
  let error = $state.raw<ErrorView | null>(null);
  let turn = 0;

  async function run(filter: Filter, kept: MessageRow[], wanted: number): Promise<void> {
    const mine = ++turn;
    try {
      const found = [...kept];
      let goesOn = true;
      while (goesOn && found.length - kept.length < wanted) {
        const limit = Math.min(wanted - (found.length - kept.length), MOST);
        const page = await api.mailbox({ ...filter, before: found.at(-1)?.number ?? null, limit });
        if (mine !== turn) return;
        found.push(...page.messages);
        goesOn = page.hasMore;
      }
      rows = found;
      hasMore = goesOn;
      error = null;
    } catch (thrown) {
      if (mine === turn) error = toErrorView(thrown);
    }
  }

  /** As much as is shown now is fetched again. */
  const reload = (filter = of()): Promise<void> => run(filter, [], Math.max(PAGE, rows?.length ?? 0));

  $effect(() => {
    const filter = of();
    untrack(() => {
      rows = undefined;
      void reload(filter);
    });
  });
  $effect(() => onWalletChanged(['messages'], () => void reload()));

  return {
    get rows() {
      return rows;
    },
    get hasMore() {
      return hasMore;
    },
    get error() {
      return error;
    },
    more: () => run(of(), rows ?? [], PAGE),
    reload: () => reload(),
  };
}
