import type { ContactSearch } from '../bindings/ContactSearch';

/** What is looked for: everything of a search but the place of a page in it. */
export type Question = Omit<ContactSearch, 'offset' | 'limit'>;

export const EVERYBODY: Question = { text: '', filter: 'all', tag: null, order: 'byName' };
