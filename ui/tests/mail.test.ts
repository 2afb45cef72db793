import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { MailDraft } from '../src/lib/bindings/MailDraft';
import type { MessageDetail } from '../src/lib/bindings/MessageDetail';
import type { MessageRow } from '../src/lib/bindings/MessageRow';
import type { MessageSearch } from '../src/lib/bindings/MessageSearch';
import Messages from '../src/lib/screens/Messages.svelte';
import Write from '../src/lib/screens/Write.svelte';
import { draftFrom, LONGEST_BODY, LONGEST_SUBJECT, NOTHING } from '../src/lib/mail/reply';
import { links, parseRoute } from '../src/lib/state/router.svelte';
import { walletChanged } from '../src/lib/state/wallet-events';
import { ME } from './attribute-view';
import { peer } from './forms';
import { clear, click, draw, find, has, settle, shell, type, type Calls } from './helpers';

const GRACE = { ...peer, address: 'did:e:localhost:dids:eeee', name: 'Grace' };
const GONE = { ...peer, address: 'did:e:localhost:dids:dddd', name: 'Gone' };
const FILE = 'FILaaaaaaaaaaaaaaaaa';

const row = (number: number, more: Partial<MessageRow> = {}): MessageRow => ({
  number,
  kind: 'mail',
  state: 'received',
  isOwn: false,
  peers: [peer],
  peerCount: 1,
  subject: `Subject ${number}`,
  beginning: 'How it begins',
  createdAt: '2026-11-20T10:00:00.000Z',
  isUnread: false,
  attachmentCount: 0,
  requestId: null,
  fault: null,
  ...more,
});

const detail = (more: Partial<MessageDetail> = {}, of: Partial<MessageRow> = {}): MessageDetail => ({
  row: row(7, of),
  to: [{ ...peer, address: ME, name: 'Me' }],
  cc: [],
  namedCount: 1,
  namesMe: true,
  body: 'Hello',
  bodyFormat: 'PlainText',
  attachments: [],
  canReply: true,
  failureCode: null,
  sentAgainAs: null,
  deliveries: [],
  ...more,
});

const contact = (who: typeof peer, status: string): object => ({
  relationshipId: `REL${who.address.slice(-4)}`,
  requestId: null,
  peer: who,
  status,
  isOwn: true,
  createdAt: '2026-11-20T10:00:00.000Z',
  changedAt: '2026-11-20T10:00:00.000Z',
});

const everybody = [contact(peer, 'Active'), contact(GRACE, 'Active'), contact(GONE, 'Terminated')];

/** A wallet with these messages. */
function wallet(rows: MessageRow[], more: Record<string, (args: never) => unknown> = {}): Calls {
  return shell({
    mailbox: ({ search }: { search: MessageSearch }) => {
      const fitting = rows.filter(
        (one) =>
          (!search.onlyUnread || one.isUnread) &&
          (!search.onlyMail || one.kind === 'mail') &&
          (search.peer === null || one.peers.some((who) => who.address === search.peer)),
      );
      return {
        messages: fitting.slice(search.offset, search.offset + search.limit),
        total: fitting.length,
        unread: rows.filter((one) => one.isUnread).length,
      };
    },
    mail_drafts: () => [],
    contacts: () => everybody,
    set_message_read: () => null,
    ...more,
  });
}

const asked = (calls: Calls, command: string): unknown[] =>
  calls.filter((call) => call.command === command).map((call) => call.args);

afterEach(() => {
  clear();
  location.hash = '';
});

describe('the places of messages', () => {
  const write = { place: 'write', to: null, draft: null, answers: null, how: 'reply' };
  test.each([
    [links.messages, { place: 'messages', number: null, peer: null }],
    [links.messagesWith('did:e:a:dids:1'), { place: 'messages', number: null, peer: 'did:e:a:dids:1' }],
    [links.message(7), { place: 'messages', number: 7, peer: null }],
    [links.write(), write],
    [links.write('did:e:a:dids:1'), { ...write, to: 'did:e:a:dids:1' }],
    [links.mailDraft(3), { ...write, draft: 3 }],
    [links.writeFrom(7, 'all'), { ...write, answers: 7, how: 'all' }],
    ['#/messages/x', { place: 'messages', number: null, peer: null }],
    ['#/messages/99999999999999999999', { place: 'messages', number: null, peer: null }],
    ['#/messages/draft/-1', { place: 'messages', number: null, peer: null }],
  ])('%s', (link, route) => expect(parseRoute(link)).toEqual(route));
});

describe('a mail made of another', () => {
  const words = { me: ME, canWriteTo: new Set([peer.address, GRACE.address]), wrote: 'They wrote:' };

  test('an answer goes to the sender, and to all only who can be written to', () => {
    const mail = detail({ to: [{ ...peer, address: ME }, GRACE], cc: [GONE, GRACE], namedCount: 4 });
    expect(draftFrom(mail, 'reply', words)).toEqual({
      to: [peer.address],
      cc: [],
      subject: 'Re: Subject 7',
      body: '\n\nThey wrote:\n> Hello',
      attachments: [],
    });
    expect(draftFrom(mail, 'all', words).cc).toEqual([GRACE.address]);
  });

  test.each(['Re: Subject', 'AW: Subject', 're[2]: Subject'])('%s is an answer already', (subject) =>
    expect(draftFrom(detail({}, { subject }), 'reply', words).subject).toBe(subject),
  );

  test('what a peer wrote fits into what can be sent, whatever it was', () => {
    for (const body of [
      'x'.repeat(LONGEST_BODY),
      '\n'.repeat(LONGEST_BODY - 1) + 'x',
      '> \u202e'.repeat(9000),
    ]) {
      const draft = draftFrom(detail({ body }, { subject: 'y'.repeat(LONGEST_SUBJECT) }), 'reply', words);
      expect(draft.body.length).toBeLessThanOrEqual(LONGEST_BODY);
      expect(draft.subject.length).toBeLessThanOrEqual(LONGEST_SUBJECT);
      expect(draft.body).not.toContain('\u202e');
    }
  });

  test('an own one that was not sent is written again as it was', () => {
    const mail = detail(
      { to: [peer], cc: [GRACE], attachments: [{ fileId: FILE, facts: null }] },
      { isOwn: true, state: 'failed' },
    );
    expect(draftFrom(mail, 'again', words)).toEqual({
      to: [peer.address],
      cc: [GRACE.address],
      subject: 'Subject 7',
      body: 'Hello',
      attachments: [FILE],
    });
  });
});

describe('the mailbox', () => {
  test('is drawn where it is seen, filtered, and says what is unread in words', async () => {
    const rows = Array.from({ length: 120 }, (_, at) => row(120 - at, { isUnread: at < 2 }));
    wallet(rows);
    draw(Messages, { number: null, peer: null });
    await settle();
    const shown = (): number => find('messages').querySelectorAll('li').length;
    expect(shown()).toBeGreaterThanOrEqual(100);
    expect(shown()).toBeLessThan(120);
    expect(find('message-120').textContent).toContain('Unread:');
    expect(find('message-118').textContent).not.toContain('Unread:');
    click(find('mail-only-unread'));
    await settle();
    expect(shown()).toBe(2);
  });

  test('hostile words stay words', async () => {
    const nasty = '<img src=x onerror=alert(1)>\u202e';
    wallet([row(7, { subject: nasty, beginning: nasty, peers: [{ ...peer, name: nasty }] })], {
      message: () => detail({ body: nasty }, { subject: nasty }),
    });
    draw(Messages, { number: 7, peer: null });
    await settle();
    expect(document.querySelector('img[src="x"]')).toBeNull();
    expect(find('message-body').textContent).toContain('<img src=x');
    expect(document.body.textContent).not.toContain('\u202e');
  });

  test('a message is marked as read once, and can be marked as unread', async () => {
    const calls = wallet([row(7, { isUnread: true })], { message: () => detail({}, { isUnread: true }) });
    draw(Messages, { number: 7, peer: null });
    await settle();
    expect(asked(calls, 'set_message_read')).toEqual([{ number: 7, isRead: true }]);
    walletChanged('messages');
    await vi.waitFor(() => expect(asked(calls, 'message').length).toBeGreaterThan(1));
    expect(asked(calls, 'set_message_read')).toHaveLength(1);
    click(find('message-unread'));
    await settle();
    expect(asked(calls, 'set_message_read').at(-1)).toEqual({ number: 7, isRead: false });
  });

  test.each([
    ['closed', { kind: 'closed', fault: 'error.crypto.decryption.decrypt', subject: null }, 'message-closed'],
    ['request', { kind: 'request', requestId: 'REQ1' }, 'message-to-request'],
    ['other', { kind: 'other', subject: null }, 'message-other'],
  ] as const)('one that is %s says so and is not drawn as text', async (_, of, testid) => {
    wallet([row(7, of)], { message: () => detail({ body: null, bodyFormat: null }, of) });
    draw(Messages, { number: 7, peer: null });
    await settle();
    expect(has(testid)).toBe(true);
    expect(has('message-body')).toBe(false);
    expect(has('message-reply')).toBe(false);
  });

  test('an attached file that is gone says so; the message is read all the same', async () => {
    wallet([row(7, { attachmentCount: 1 })], {
      message: () => detail({ attachments: [{ fileId: FILE, facts: null }] }),
      attachment_facts: () => {
        throw { code: 'error.tessera.messages.attachmentExpired', message: 'gone' };
      },
    });
    draw(Messages, { number: 7, peer: null });
    await settle();
    expect(find(`attachment-${FILE}-error`).dataset['code']).toBe('error.tessera.messages.attachmentExpired');
    expect(find('message-body').textContent).toContain('Hello');
    expect(has(`attachment-${FILE}-save`)).toBe(false);
  });
});

describe('writing', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  const write = (more: object = {}): void => {
    draw(Write, { to: null, draft: null, answers: null, how: 'reply', me: ME, ...more });
  };

  test('only who can be written to is offered; what is written is kept and then sent', async () => {
    const kept: { id: number | null; draft: MailDraft }[] = [];
    const calls = wallet([], {
      keep_mail_draft: (args: { id: number | null; draft: MailDraft }) => {
        kept.push(args);
        return 3;
      },
      send_mail: () => 9,
    });
    write();
    await settle();
    const field = find<HTMLInputElement>('mail-to');
    click(field);
    expect(has(`mail-to-${GONE.address}`)).toBe(false);
    type(field, 'Gra');
    click(find(`mail-to-${GRACE.address}`));
    expect(field.value).toBe('');
    expect(find('mail-to-chosen').textContent).toContain('Grace');
    type(find<HTMLInputElement>('mail-subject'), 'Hello');
    await vi.advanceTimersByTimeAsync(700);
    type(find<HTMLTextAreaElement>('mail-body'), 'Dear Grace');
    await vi.advanceTimersByTimeAsync(700);
    await settle();
    expect(kept.map((one) => one.id)).toEqual([null, 3]);
    expect(find('mail-kept').dataset['kept']).toBe('true');
    click(find('mail-send'));
    await settle();
    const mail = { ...NOTHING, to: [GRACE.address], subject: 'Hello', body: 'Dear Grace' };
    expect(asked(calls, 'send_mail')).toEqual([{ mail, draft: 3 }]);
    expect(location.hash).toBe('#/messages/9');
  });

  test('what is missing or too long is said at its place, and nothing is sent', async () => {
    const calls = wallet([]);
    write();
    await settle();
    click(find('mail-send'));
    await settle();
    expect(has('mail-to-problem')).toBe(true);
    expect(has('mail-body-problem')).toBe(true);
    expect(document.activeElement).toBe(find('mail-to'));
    type(find<HTMLTextAreaElement>('mail-body'), 'x'.repeat(LONGEST_BODY + 1));
    expect(find('mail-body-problem').textContent).toContain('50,000');
    expect(asked(calls, 'send_mail')).toEqual([]);
  });

  test('what could not be sent stays, and what is thrown away goes', async () => {
    const calls = wallet([], {
      mail_draft: () => ({ id: 3, draft: { ...NOTHING, to: [peer.address], body: 'x' }, changedAt: '' }),
      send_mail: () => {
        throw { code: 'error.tessera.messages.invalid', message: 'no' };
      },
      discard_mail_draft: () => null,
    });
    write({ draft: 3 });
    await settle();
    click(find('mail-send'));
    await settle();
    expect(find('mail-error').dataset['code']).toBe('error.tessera.messages.invalid');
    expect(find<HTMLTextAreaElement>('mail-body').value).toBe('x');
    click(find('mail-discard'));
    await settle();
    expect(asked(calls, 'discard_mail_draft')).toEqual([{ id: 3 }]);
    expect(location.hash).toBe('#/messages');
  });
});
