// Who has what, a page at a time, and in words.

import { untrack } from 'svelte';

import { api } from '../api';
import type { ErrorView } from '../api-types';
import type { GivenEntry } from '../bindings/GivenEntry';
import type { GivenSearch } from '../bindings/GivenSearch';
import type { Paper } from '../bindings/Paper';
import { toErrorView } from '../errors';
import { formatDay } from '../i18n/format';
import { currentLanguage, t } from '../i18n/index.svelte';
import { CLIP, cleanPeerText } from '../peer-text';
import { onWalletChanged } from '../state/wallet-events';
import { typeName } from './kinds';
import { valueLine, valueTitle } from './show';

/** So many rows are fetched and drawn at a time. */
export const PAGE = 100;
/** So many rows a request for an export brings. */
const EXPORT_PAGE = 500;

export type Sought = Omit<GivenSearch, 'after' | 'limit'>;

export type GivenPages = {
  /** What is loaded, in order; undefined before the first answer. */
  readonly entries: GivenEntry[] | undefined;
  /** How many fit altogether. */
  readonly total: number;
  readonly error: ErrorView | null;
  more: () => Promise<void>;
  reload: () => Promise<void>;
};

export function givenPages(of: () => Sought): GivenPages {
  let entries = $state.raw<GivenEntry[] | undefined>(undefined);
  let total = $state(0);
  let error = $state.raw<ErrorView | null>(null);
  let turn = 0;

  async function run(load: () => Promise<{ entries: GivenEntry[]; total: number }>): Promise<void> {
    const mine = ++turn;
    try {
      const next = await load();
      if (mine !== turn) return;
      ({ entries, total } = next);
      error = null;
    } catch (thrown) {
      if (mine === turn) error = toErrorView(thrown);
    }
  }

  const load = (sought: Sought, limit: number): Promise<void> =>
    run(() => api.given({ ...sought, after: null, limit }));
  /** As much as is shown now is fetched again, as far as one answer goes. */
  const reload = (): Promise<void> => load(of(), Math.min(EXPORT_PAGE, Math.max(PAGE, entries?.length ?? 0)));

  async function more(): Promise<void> {
    const known = entries ?? [];
    const last = known.at(-1);
    if (!last) return;
    await run(async () => {
      const page = await api.given({ ...of(), after: last.place, limit: PAGE });
      // Nothing more although there should be: something went meanwhile.
      const left = page.entries.length === 0 ? known.length : page.total;
      return { entries: [...known, ...page.entries], total: left };
    });
  }

  $effect(() => {
    const sought = of();
    untrack(() => void load(sought, PAGE));
  });
  $effect(() => onWalletChanged(['attributes', 'contacts', 'requests'], () => void reload()));

  return {
    get entries() {
      return entries;
    },
    get total() {
      return total;
    },
    get error() {
      return error;
    },
    more,
    reload,
  };
}

/** What an entry is called, and whether the words are somebody else's. */
export function entryName({ value, valueType }: GivenEntry): { text: string; fromPeer: boolean } {
  const title = valueTitle(value);
  return title === null ? { text: typeName(valueType), fromPeer: false } : { text: title, fromPeer: true };
}

/** The sign before where an entry stands: the words always stand beside it. */
export function sign({ isStale, deletion }: GivenEntry): string {
  if (deletion?.status === 'DeletedByRecipient') return '✕';
  if (deletion) return '○';
  return isStale ? '◐' : '●';
}

/** Where an entry stands, in words. */
export function standing({ isStale, deletion }: GivenEntry): string {
  const version = t(isStale ? 'ledger.stale' : 'ledger.current');
  if (!deletion) return version;
  const key = deletion.isOverdue ? 'overdue' : deletion.status;
  const what = t(`deletionStatus.${key}`, { date: formatDay(deletion.date) });
  return deletion.status === 'DeletedByRecipient' ? what : `${version}; ${what}`;
}

/** All that is sought as a document to print and to keep. */
export async function givenPaper(sought: Sought): Promise<Paper> {
  const clean = (text: string): string => cleanPeerText(text, CLIP.title).text;
  const rows: string[][] = [];
  let after: GivenSearch['after'] = null;
  for (;;) {
    const { entries } = await api.given({ ...sought, after, limit: EXPORT_PAGE });
    for (const entry of entries) {
      rows.push([
        clean(entry.peerName ?? entry.peer),
        clean(entryName(entry).text),
        clean(valueLine(entry.value)),
        formatDay(entry.since),
        standing(entry),
      ]);
    }
    after = entries.at(-1)?.place ?? null;
    if (entries.length < EXPORT_PAGE || after === null) break;
  }
  return {
    language: currentLanguage(),
    title: t('ledger.title'),
    blocks: [
      { kind: 'text', text: t('data.holders.honest') },
      {
        kind: 'table',
        columns: [
          t('ledger.contact'),
          t('ledger.what'),
          t('ledger.value'),
          t('ledger.since'),
          t('ledger.standing'),
        ],
        rows,
      },
    ],
  };
}
