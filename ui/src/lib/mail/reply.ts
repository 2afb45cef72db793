// A new mail made of one that is there: the answer to it, or the same once more.

import type { MailDraft } from '../bindings/MailDraft';
import type { MessageDetail } from '../bindings/MessageDetail';
import { cleanPeerText } from '../peer-text';

/** What a mail may have at most, in the protocol's count of characters. */
export const LONGEST_SUBJECT = 300;
export const LONGEST_BODY = 50_000;
export const MOST_ATTACHMENTS = 20;

/** So much of a text is quoted: the answer needs room, too. */
const QUOTED = 20_000;
/** How different programs mark an answer. */
const ANSWERED = /^\s*(re|aw|antw|sv|odp)\s*(\[\d+\])?\s*:/i;

export const NOTHING: MailDraft = { to: [], cc: [], subject: '', body: '', attachments: [] };

/** Whether there is anything that would be missed. */
export function isBegun(draft: MailDraft): boolean {
  return (
    draft.to.length > 0 ||
    draft.cc.length > 0 ||
    draft.attachments.length > 0 ||
    draft.subject.trim() !== '' ||
    draft.body.trim() !== ''
  );
}

function quote(body: string): string {
  const { text, omitted } = cleanPeerText(body, QUOTED);
  const lines = text.trimEnd().split('\n');
  // A text of nothing but line breaks would grow beyond what can be sent.
  const quoted = lines.slice(0, 2000).map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`));
  return [...quoted, ...(omitted > 0 || lines.length > 2000 ? ['> …'] : [])].join('\n');
}

/**
 * The answer to a received mail, or an own one once more. `canWriteTo` are those who can be written to:
 * whoever else it named is left out. `wrote` is the line above what is quoted.
 */
export function draftFrom(
  detail: MessageDetail,
  how: 'reply' | 'all' | 'again',
  { me, canWriteTo, wrote }: { me: string; canWriteTo: ReadonlySet<string>; wrote: string },
): MailDraft {
  const subject = cleanPeerText(detail.row.subject ?? '', LONGEST_SUBJECT)
    .text.replace(/\s+/g, ' ')
    .trim();
  const addresses = (peers: { address: string }[]): string[] => [
    ...new Set(
      peers.map((peer) => peer.address).filter((address) => address !== me && canWriteTo.has(address)),
    ),
  ];
  if (how === 'again') {
    const to = addresses(detail.to);
    return {
      to,
      cc: addresses(detail.cc).filter((address) => !to.includes(address)),
      subject,
      body: detail.body ?? '',
      attachments: detail.attachments.map((attachment) => attachment.fileId),
    };
  }
  const to = addresses(detail.row.peers);
  const others = how === 'all' ? addresses([...detail.to, ...detail.cc]) : [];
  const body = detail.body?.trim() ? `\n\n${wrote}\n${quote(detail.body)}` : '';
  return {
    to,
    cc: others.filter((address) => !to.includes(address)),
    subject: (ANSWERED.test(subject) ? subject : `Re: ${subject}`.trim()).slice(0, LONGEST_SUBJECT),
    body: body.slice(0, LONGEST_BODY),
    attachments: [],
  };
}
