// What was found, as the palette shows it.

import type { Found } from '../bindings/Found';
import type { PeerView } from '../bindings/PeerView';
import type { SnippetPart } from '../bindings/SnippetPart';
import { t, type MessageKey } from '../i18n/index.svelte';
import { links } from '../state/router.svelte';
import { typeName } from '../values/kinds';
import { valueLine } from '../values/show';

/** One line of what was found. */
export type Result = {
  id: string;
  kind: Found['kind'];
  /** Somebody else's text, or the person's. */
  title: string;
  /** What stands beside it: of whom, of which kind. */
  detail: string;
  snippet: SnippetPart[];
  /** When, for what came at a time. */
  at: string | null;
  /** Whose picture is shown. */
  address: string | null;
  href: string;
};

export const GROUPS: Record<Found['kind'], MessageKey> = {
  contact: 'nav.contacts',
  value: 'palette.values',
  message: 'palette.messages',
  file: 'palette.files',
  receipt: 'palette.receipts',
};

/** What somebody is called here: by the person, else by themselves, else not at all. */
export function calledName(peer: Pick<PeerView, 'name' | 'title'>): string {
  return peer.title ?? peer.name ?? t('peer.noName');
}

export function result(found: Found): Result {
  switch (found.kind) {
    case 'contact': {
      const { peer } = found;
      return {
        id: `contact-${peer.address}`,
        kind: found.kind,
        title: calledName(peer),
        detail: peer.title !== null && peer.name !== null ? peer.name : '',
        snippet: found.snippet,
        at: null,
        address: peer.address,
        href: links.contact(peer.address),
      };
    }
    case 'value':
      return {
        id: `value-${found.id}`,
        kind: found.kind,
        title: valueLine(found.value),
        detail: [
          typeName(found.valueType),
          found.label ?? '',
          found.peer ? t('palette.of', { name: calledName(found.peer) }) : '',
        ]
          .filter((text) => text !== '')
          .join(' · '),
        snippet: [],
        at: null,
        address: null,
        href: found.peer ? links.contact(found.peer.address) : links.attribute(found.id),
      };
    case 'message':
      return {
        id: `message-${found.number}`,
        kind: found.kind,
        title: found.subject || t('palette.noSubject'),
        detail: t(found.isOwn ? 'palette.to' : 'palette.from', { name: calledName(found.peer) }),
        snippet: found.snippet,
        at: found.at,
        address: found.peer.address,
        href: links.message(found.number),
      };
    case 'file': {
      const { facts } = found;
      return {
        id: `file-${found.id}`,
        kind: found.kind,
        title: facts.title ?? facts.filename,
        detail: facts.title === null || facts.title === facts.filename ? facts.mimetype : facts.filename,
        snippet: found.snippet,
        at: null,
        address: null,
        href: found.message === null ? links.file(found.id) : links.message(found.message),
      };
    }
    case 'receipt':
      return {
        id: `receipt-${found.number}`,
        kind: found.kind,
        title: found.title ?? t('request.untitled'),
        detail: t(found.result === 'Accepted' ? 'palette.accepted' : 'palette.rejected', {
          name: calledName(found.peer),
        }),
        snippet: found.snippet,
        at: found.at,
        address: found.peer.address,
        href: links.receipt(found.number),
      };
  }
}
