// What happened with a contact, in words, and where more of it is shown.

import type { TimelineEvent } from '../bindings/TimelineEvent';
import { errorText } from '../i18n/errors';
import { t } from '../i18n/index.svelte';
import { links } from '../state/router.svelte';
import { typeName } from '../values/kinds';

export type EventLink = { href: string; label: string };

/** What happened; what a peer wrote (a title, a subject) is apart from it. */
export function eventText(event: TimelineEvent): {
  text: string;
  quoted: string | null;
  note: string | null;
} {
  switch (event.type) {
    case 'relationship':
      return {
        text: t(`timeline.relationship.${event.reason}`, { by: event.byMe ? 'me' : 'peer' }),
        quoted: null,
        note: null,
      };
    case 'requestCame':
      return {
        text: t('timeline.requestCame', { by: event.isOwn ? 'me' : 'peer' }),
        quoted: event.title,
        note: null,
      };
    case 'requestAnswered': {
      const { result, accepted, items } = event;
      const by = event.isOwn ? 'peer' : 'me';
      return {
        text:
          result === 'Rejected'
            ? t('timeline.requestRejected', { by })
            : t('timeline.requestAccepted', { by, accepted, items }),
        quoted: event.title,
        note: null,
      };
    }
    case 'requestExpired':
      return {
        text: t('history.requestExpired'),
        quoted: event.title,
        note: event.code && errorText(event.code).title,
      };
    case 'message': {
      const { files } = event;
      const what = event.kind === 'mail' ? event.state : event.kind === 'closed' ? 'closed' : event.state;
      return {
        text: t(`timeline.message.${what}`),
        quoted: event.subject,
        note: files > 0 ? t('timeline.files', { count: files }) : null,
      };
    }
    case 'data':
      return {
        text: t(`timeline.data.${event.change}`, { what: typeName(event.valueType) }),
        quoted: event.key,
        note: null,
      };
    case 'recorded':
      return {
        text: t(`history.${event.event}`),
        quoted: null,
        note: event.code && errorText(event.code).title,
      };
  }
}

/** The pages on which more of it is shown. */
export function eventLinks(event: TimelineEvent): EventLink[] {
  const request = (id: string, isOwn: boolean): EventLink => ({
    href: isOwn ? links.sent(id) : links.request(id),
    label: t('timeline.toRequest'),
  });
  const receipt = (number: number | null): EventLink[] =>
    number === null ? [] : [{ href: links.receipt(number), label: t('timeline.toReceipt') }];
  switch (event.type) {
    case 'requestCame':
    case 'requestExpired':
      return [request(event.id, event.isOwn)];
    case 'requestAnswered':
      return [request(event.id, event.isOwn), ...receipt(event.receipt)];
    case 'message':
      return [{ href: links.message(event.number), label: t('timeline.toMessage') }];
    case 'data':
      return [{ href: links.attribute(event.attributeId), label: t('timeline.toData') }];
    case 'recorded':
      return [...(event.requestId ? [request(event.requestId, false)] : []), ...receipt(event.receipt)];
    case 'relationship':
      return [];
  }
}

/** Whether something went wrong. */
export function isBad(event: TimelineEvent): boolean {
  if (event.type === 'recorded')
    return event.event === 'deliveryFailed' || event.event === 'suspiciousRefused';
  return event.type === 'message' && (event.state === 'failed' || event.kind === 'closed');
}
