import { untrack } from 'svelte';

import { api } from '../api';
import type { ErrorView } from '../api-types';
import { toErrorView } from '../errors';
import { onWalletChanged } from '../state/wallet-events';
import { sections, type Part, type Section, type Source } from './listing';

/** So many values are fetched and drawn at a time: nobody reads a hundred thousand. */
export const PAGE = 100;

export type Pages = {
  /** What is loaded, in order; undefined before the first answer. */
  readonly sections: Section[] | undefined;
  /** How many fit altogether. */
  readonly total: number;
  /** How many fit and are not shown yet. */
  readonly left: number;
  readonly error: ErrorView | null;
  more: () => Promise<void>;
  reload: () => Promise<void>;
};

/** The person's own values, a page at a time; asked for again when the question or the data change. */
export function pages(of: () => Source[] | undefined): Pages {
  let parts = $state.raw<Part[] | undefined>(undefined);
  let error = $state.raw<ErrorView | null>(null);
  let turn = 0;

  async function load(source: Source, offset: number, limit: number): Promise<Part> {
    const { attributes, total } = await api.searchAttributes({ ...source.search, offset, limit });
    return { source, attributes, total };
  }

  async function run(work: () => Promise<Part[]>): Promise<void> {
    const mine = ++turn;
    try {
      const next = await work();
      if (mine !== turn) return;
      parts = next;
      error = null;
    } catch (thrown) {
      if (mine === turn) error = toErrorView(thrown);
    }
  }

  /** As much as is shown now is fetched again, so that a change elsewhere does not move the list. */
  async function reload(asked = of()): Promise<void> {
    if (!asked) return;
    const before = parts;
    const isSame = before?.length === asked.length && before.every(({ source }, at) => source === asked[at]);
    await run(() =>
      Promise.all(
        asked.map((source, at) =>
          load(source, 0, Math.max(PAGE, isSame ? (before?.[at]?.attributes.length ?? 0) : 0)),
        ),
      ),
    );
  }

  async function more(): Promise<void> {
    const now = parts ?? [];
    const at = now.findIndex(({ attributes, total }) => attributes.length < total);
    const part = now[at];
    if (!part) return;
    await run(async () => {
      const next = await load(part.source, part.attributes.length, PAGE);
      // Nothing more although there should be: something was deleted meanwhile.
      const attributes = [...part.attributes, ...next.attributes];
      const total = next.attributes.length === 0 ? part.attributes.length : next.total;
      return now.map((other, index) => (index === at ? { ...part, attributes, total } : other));
    });
  }

  $effect(() => {
    const asked = of();
    untrack(() => void reload(asked));
  });
  $effect(() => onWalletChanged(['attributes'], () => void reload()));

  const shown = $derived(parts ? sections(parts) : undefined);
  const total = $derived((parts ?? []).reduce((sum, part) => sum + part.total, 0));
  const drawn = $derived((shown ?? []).reduce((sum, section) => sum + section.members.length, 0));

  return {
    get sections() {
      return shown;
    },
    get total() {
      return total;
    },
    get left() {
      return total - drawn;
    },
    get error() {
      return error;
    },
    more,
    reload: () => reload(),
  };
}
