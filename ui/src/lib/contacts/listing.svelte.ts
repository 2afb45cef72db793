import { untrack } from 'svelte';

import { api } from '../api';
import type { ErrorView } from '../api-types';
import type { ContactPage } from '../bindings/ContactPage';
import type { ContactSearch } from '../bindings/ContactSearch';
import { toErrorView } from '../errors';
import { onWalletChanged } from '../state/wallet-events';

/** So many are fetched and drawn at a time. */
export const PAGE = 100;
/** As many as the core gives at once. */
const MOST_AT_ONCE = 500;

/** What is looked for: everything of a search but the place of a page in it. */
export type Question = Omit<ContactSearch, 'after' | 'limit'>;

export const EVERYBODY: Question = { text: '', filter: 'all', tag: null, order: 'byName' };

export type Listing = {
  /** What is loaded; undefined before the first answer. */
  readonly page: ContactPage | undefined;
  readonly error: ErrorView | null;
  more: () => Promise<void>;
  reload: () => Promise<void>;
};

/** Contacts, a page at a time; asked for again when the question or the contacts change. */
export function listing(of: () => Question): Listing {
  let page = $state.raw<ContactPage | undefined>(undefined);
  let error = $state.raw<ErrorView | null>(null);
  let turn = 0;

  async function run(work: () => Promise<ContactPage>): Promise<void> {
    const mine = ++turn;
    try {
      const next = await work();
      if (mine !== turn) return;
      page = next;
      error = null;
    } catch (thrown) {
      if (mine === turn) error = toErrorView(thrown);
    }
  }

  const load = (limit: number): Promise<void> =>
    run(() => api.searchContacts({ ...of(), after: null, limit }));

  async function more(): Promise<void> {
    const now = page;
    if (!now?.next) return;
    const after = now.next;
    await run(async () => {
      const next = await api.searchContacts({ ...of(), after, limit: PAGE });
      // Somebody whose name changed meanwhile may come twice.
      const known = new Set(now.contacts.map((contact) => contact.peer.address));
      const contacts = next.contacts.filter((contact) => !known.has(contact.peer.address));
      return { ...next, contacts: [...now.contacts, ...contacts] };
    });
  }

  /** As many as are shown now are fetched again, so that a change elsewhere does not move the list. */
  const reload = (): Promise<void> =>
    load(Math.min(MOST_AT_ONCE, Math.max(PAGE, page?.contacts.length ?? 0)));

  $effect(() => {
    void of();
    untrack(() => void load(PAGE));
  });
  $effect(() => onWalletChanged(['contacts'], () => void reload()));

  return {
    get page() {
      return page;
    },
    get error() {
      return error;
    },
    more,
    reload,
  };
}
