// Who has what, in words.

import { api } from '../api';
import type { GivenEntry } from '../bindings/GivenEntry';
import type { GivenSearch } from '../bindings/GivenSearch';
import type { Paper } from '../bindings/Paper';
import type { ShareView } from '../bindings/ShareView';
import { formatDay, formatList } from '../i18n/format';
import { currentLanguage, t } from '../i18n/index.svelte';
import { CLIP, cleanPeerText, isolate } from '../peer-text';
import { typeName } from './kinds';
import { valueLine, valueTitle } from './show';

/** So many rows a request for an export brings. */
const EXPORT_PAGE = 500;

export type Sought = Omit<GivenSearch, 'after' | 'offset' | 'limit'>;

/** Those who have something, by their names. */
export function holderNames(shares: ShareView[]): string {
  return formatList(shares.map(({ peer, peerName }) => isolate(peerName ?? peer, 120)));
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
    const { entries } = await api.given({ ...sought, after, offset: 0, limit: EXPORT_PAGE });
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
