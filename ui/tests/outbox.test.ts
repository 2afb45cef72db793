// What waits to be sent, what was sent and what could not be.
import { describe, expect, test } from 'vitest';

import type { OutboxEntry } from '../src/lib/bindings/OutboxEntry';
import Outbox from '../src/lib/screens/Outbox.svelte';
import { peer } from './forms';
import { click, draw, find, has, settle, shell, type Calls } from './helpers';

const entry = (number: number, more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  number,
  about: { kind: 'message' },
  title: `Subject ${number}`,
  peers: [{ ...peer, name: 'Library' }],
  message: null,
  received: 0,
  state: 'queued',
  since: '2026-11-20T10:00:00.000Z',
  attempts: 0,
  nextAttemptAt: '2099-11-20T10:00:00.000Z',
  errorCode: null,
  ...more,
});

async function open(answers: OutboxEntry[][], more: Parameters<typeof shell>[0] = {}): Promise<Calls> {
  let turn = 0;
  const calls = shell({
    outbox_entries: () => answers[Math.min(turn++, answers.length - 1)],
    ...more,
  });
  draw(Outbox, {});
  await settle();
  return calls;
}

const states = (section: string): (string | null)[] =>
  has(`outbox-${section}`)
    ? [...find(`outbox-${section}`).querySelectorAll('[data-testid="outbox-entry"]')].map((one) =>
        one.getAttribute('data-state'),
      )
    : [];

describe('the outbox', () => {
  test('nothing yet', async () => {
    await open([[]]);
    expect(has('outbox-empty')).toBe(true);
  });

  test('what is held, waits or is being sent stands before what failed and what was sent', async () => {
    await open([
      [
        entry(1, {
          number: null,
          state: 'held',
          about: { kind: 'answer', requestId: 'REQ1', verdict: 'accept' },
        }),
        entry(2),
        entry(3, { state: 'sending' }),
        entry(4, { state: 'failed', errorCode: 'error.tessera.requests.answerExpired' }),
        entry(5, { state: 'sent' }),
      ],
    ]);
    expect(states('waiting')).toEqual(['held', 'queued', 'sending']);
    expect(states('failed')).toEqual(['failed']);
    expect(states('sent')).toEqual(['sent']);
    const sections = [...find('outbox').querySelectorAll('h2')].map((heading) => heading.id);
    expect(sections).toEqual(['outbox-waiting', 'outbox-failed', 'outbox-sent']);
    expect(find('outbox-waiting').querySelector('a')?.getAttribute('href')).toContain('REQ1');
  });

  test('what waits says why, how often it was tried, and is sent when it is tried again', async () => {
    const waits = entry(7, { attempts: 3, errorCode: 'error.tessera.backbone.unreachable' });
    const calls = await open([[waits], [entry(7, { state: 'sent', attempts: 4, nextAttemptAt: null })]], {
      retry_now: () => null,
    });
    const said = find('outbox-waiting').textContent ?? '';
    expect(said).toContain('Subject 7');
    expect(said).toContain('Library');
    expect(said).toContain('Tried 3 times');
    click(find('outbox-retry'));
    await settle();
    expect(calls.find(({ command }) => command === 'retry_now')?.args).toEqual({ number: 7 });
    expect(states('waiting')).toEqual([]);
    expect(states('sent')).toEqual(['sent']);
    expect(has('outbox-retry')).toBe(false);
  });

  test('that it can not be tried again is said, and what waits stays', async () => {
    await open([[entry(7)]], {
      retry_now: () => {
        throw { code: 'error.tessera.notFound', message: 'gone' };
      },
    });
    click(find('outbox-retry'));
    await settle();
    expect(has('outbox-error')).toBe(true);
    expect(states('waiting')).toEqual(['queued']);
  });
});
