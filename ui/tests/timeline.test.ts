import { describe, expect, test } from 'vitest';

import type { RelationshipCheck } from '../src/lib/bindings/RelationshipCheck';
import type { TimelineEntry } from '../src/lib/bindings/TimelineEntry';
import type { TimelineEvent } from '../src/lib/bindings/TimelineEvent';
import type { TimelineSearch } from '../src/lib/bindings/TimelineSearch';
import Obstacles from '../src/lib/components/contact/Obstacles.svelte';
import Relationships from '../src/lib/components/contact/Relationships.svelte';
import Timeline from '../src/lib/components/contact/Timeline.svelte';
import { byDay } from '../src/lib/contacts/timeline.svelte';
import { click, draw, find, has, settle, shell, type Calls } from './helpers';

const address = 'did:e:localhost:dids:1';
const mail = (number: number): TimelineEvent => ({
  type: 'message',
  number,
  kind: 'mail',
  state: 'received',
  subject: `Letter ${number}`,
  files: 0,
});
const at = (event: TimelineEvent, date = '2026-11-20T10:00:00.000Z'): TimelineEntry => ({ at: date, event });

async function open(all: TimelineEntry[]): Promise<Calls> {
  const calls = shell({
    contact_timeline: ({ search }: { search: TimelineSearch }) => {
      const fitting = all.filter((one) => search.kind === null || one.event.type === 'data');
      const from = search.after?.number ?? 0;
      const end = Math.min(from + search.limit, fitting.length);
      const next = { at: null, part: 0, subject: '', number: end };
      return { entries: fitting.slice(from, end), next: end < fitting.length ? next : null };
    },
  });
  draw(Timeline, { address });
  await settle();
  return calls;
}

const entries = (): HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>('[data-testid="timeline"] li'),
];

describe('what happened with somebody', () => {
  test('stands by day, and what is to come by itself', () => {
    const days = byDay(
      [
        at(mail(4), '2026-12-24T12:00:00.000Z'),
        at(mail(3), '2026-11-20T12:00:07.000Z'),
        at(mail(2), '2026-11-20T11:00:00.000Z'),
        at(mail(1), '2026-11-18T12:00:00.000Z'),
      ],
      // The clock of the window is some seconds late.
      Date.parse('2026-11-20T12:00:00.000Z'),
    );
    expect(days.map((day) => [day.isAhead, day.entries.length])).toEqual([
      [true, 1],
      [false, 2],
      [false, 1],
    ]);
  });

  test('comes a page at a time', async () => {
    await open(Array.from({ length: 50 }, (_, number) => at(mail(number))));
    expect(entries()).toHaveLength(40);
    click(find('timeline-more'));
    await settle();
    expect(entries()).toHaveLength(50);
    expect(has('timeline-more')).toBe(false);
  });

  test('is asked anew for what the person wants to see', async () => {
    const given: TimelineEvent = {
      type: 'data',
      attributeId: 'ATT1',
      valueType: 'EMailAddress',
      key: null,
      change: 'deletionAsked',
    };
    const calls = await open([at(mail(1)), at(given)]);
    click(find('timeline-data'));
    await settle();
    expect(entries().map((one) => one.dataset['event'])).toEqual(['data']);
    expect(entries()[0]?.querySelector('a')?.getAttribute('href')).toBe('#/data/ATT1');
    expect((calls.at(-1)?.args as { search: TimelineSearch }).search.kind).toBe('data');
  });

  test('leads to the pages on which more is shown', async () => {
    const answered = {
      type: 'requestAnswered',
      title: 'Card',
      result: 'Accepted',
      accepted: 2,
      items: 3,
    } as const;
    await open([
      at(mail(7)),
      at({ ...answered, id: 'REQ1', isOwn: false, receipt: 4 }),
      at({ ...answered, id: 'REQ2', isOwn: true, receipt: null }),
      at({ type: 'recorded', event: 'requestAccepted', code: null, requestId: null, receipt: 3 }),
    ]);
    const links = entries().map((one) => [...one.querySelectorAll('a')].map((a) => a.getAttribute('href')));
    expect(links).toEqual([
      ['#/messages/7'],
      ['#/requests/REQ1', '#/receipts/4'],
      ['#/sent/REQ2'],
      ['#/receipts/3'],
    ]);
    expect(entries()[1]?.textContent).toContain('2');
  });

  test('says so when there is nothing', async () => {
    await open([]);
    expect(has('timeline-none')).toBe(true);
  });
});

describe('Relationships there were', () => {
  test('are shown with how they ended, unless there was only this one', async () => {
    const record = {
      id: 'REL1',
      isOwn: true,
      beganAt: '2026-11-01T10:00:00.000Z',
      status: 'Active',
      reason: 'AcceptanceOfCreation',
      byMe: false,
      changedAt: '2026-11-02T10:00:00.000Z',
      requestId: 'REQ1',
      receipt: 1,
    };
    shell({ contact_relationships: () => [record] });
    draw(Relationships, { address });
    await settle();
    expect(has('contact-relationships')).toBe(false);

    const before = {
      ...record,
      id: 'REL0',
      status: null,
      reason: 'Decomposition',
      byMe: true,
      receipt: null,
    };
    shell({ contact_relationships: () => [record, before] });
    draw(Relationships, { address });
    await settle();
    const shown = [...find('contact-relationships').children] as HTMLElement[];
    expect(shown.map((one) => one.dataset['status'])).toEqual(['Active', 'deleted']);
  });
});

describe('what is in the way of a contact', () => {
  test('is said reason by reason, with what to do', () => {
    const check: RelationshipCheck = {
      obstacles: [
        { code: 'error.transport.relationships.relationshipCurrentlyExists', status: 'Terminated' },
        { code: 'error.transport.relationships.relationshipTemplateIsExpired', status: null },
      ],
      notAsked: null,
    };
    draw(Obstacles, { check, address });
    expect(find('obstacles').querySelectorAll('li')).toHaveLength(2);
    expect(find('obstacles').querySelector('a')?.getAttribute('href')).toContain('#/contacts/');
  });

  test('is nothing when nothing is, and honest when nobody could be asked', () => {
    draw(Obstacles, { check: { obstacles: [], notAsked: 'error.tessera.backbone.offline' } });
    expect(has('obstacles')).toBe(false);
    expect(has('not-asked')).toBe(true);
  });
});
