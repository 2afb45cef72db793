// A decision that is not sent yet: it shows how long, can be taken back from anywhere, and the form is then
// as it was.

import { flushSync } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import type { HeldView } from '../src/lib/bindings/HeldView';
import type { RequestSummary } from '../src/lib/bindings/RequestSummary';
import HeldBar from '../src/lib/components/HeldBar.svelte';
import Request from '../src/lib/screens/Request.svelte';
import { announced } from '../src/lib/state/announce.svelte';
import { asNode, candidate, form, item, read } from './forms';
import { clear, click, draw, find, has, settle, shell } from './helpers';
import { valueTypes } from './value-types';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

const held = (change: Partial<HeldView> = {}): HeldView => ({
  verdict: 'accept',
  state: 'held',
  heldAt: at(0),
  dueAt: at(5),
  errorCode: null,
  ...change,
});

const asked = (id: string, of: HeldView | null): RequestSummary => ({
  ...form([], { items: [] }).summary,
  id,
  title: `Request ${id}`,
  held: of,
});

const bar = (...requests: RequestSummary[]): void => {
  draw(HeldBar, { requests, back: () => undefined });
};

const pass = async (milliseconds: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(milliseconds);
  flushSync();
};

const press = (target: HTMLElement, key = 'z'): void => {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: true, bubbles: true, cancelable: true }));
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(NOW);
  location.hash = '';
  return () => {
    clear();
    vi.useRealTimers();
  };
});

describe('the bar', () => {
  test('is there only while something can be taken back', () => {
    shell({});
    bar(asked('REQ1', null), asked('REQ2', held({ state: 'failed', errorCode: 'error.example' })));
    expect(has('held-bar')).toBe(false);
  });

  test('counts down, is announced, and has the focus on Undo', async () => {
    shell({});
    bar(asked('REQ1', held()));
    await pass(0);
    expect(find('held-bar').textContent).toContain('in 5 seconds');
    expect(announced().trim()).toBe('Not sent yet. Undo with Control Z.');
    expect(document.activeElement).toBe(find('undo-REQ1'));
    await pass(4000);
    expect(find('held-bar').textContent).toContain('in 1 second.');
    await pass(1000);
    expect(find('held-bar').textContent).toContain('It is being sent.');
  });

  test('never shows more than the whole time, whatever the clock did', async () => {
    shell({});
    vi.setSystemTime(NOW - 3_600_000);
    bar(asked('REQ1', held({ verdict: 'reject' })));
    await pass(0);
    expect(find('held-bar').textContent).toContain('Your rejection is sent in 5 seconds.');
  });

  test('says that it waits when it could not be carried out yet', async () => {
    shell({});
    bar(asked('REQ1', held({ dueAt: at(0), errorCode: 'error.transport.request.network' })));
    await pass(0);
    expect(find('held-bar').textContent).toContain('waits for a connection');
  });

  test('takes back what is chosen, and by keyboard the newest', async () => {
    const calls = shell({ take_back_decision: ({ id }: { id: string }) => asked(id, null) });
    bar(
      asked('REQ1', held()),
      asked('REQ2', held({ heldAt: at(-1) })),
      asked('REQ3', held({ heldAt: at(-2) })),
    );
    click(find('undo-REQ3'));
    await pass(0);
    press(document.body);
    await pass(0);
    expect(calls.map((call) => call.args)).toEqual([{ id: 'REQ3' }, { id: 'REQ1' }]);
    expect(location.hash).toBe('#/requests/REQ1');
    expect(announced().trim()).toBe('Undone. Nothing was sent.');
  });

  test('leaves the undo of a text that is being typed alone', async () => {
    const calls = shell({});
    bar(asked('REQ1', held()));
    const input = document.body.appendChild(document.createElement('input'));
    press(input);
    press(document.body, 'y');
    await pass(0);
    expect(calls).toEqual([]);
    input.remove();
  });

  test('says when it is too late', async () => {
    shell({
      take_back_decision: () => {
        throw { code: 'error.tessera.requests.notHeld', message: 'too late' };
      },
    });
    bar(asked('REQ1', held()));
    press(document.body);
    await pass(0);
    expect(announced().trim()).toBe('It is too late to undo this');
    expect(location.hash).toBe('');
  });
});

describe('the Request', () => {
  const ADA = candidate('ATT1', { '@type': 'GivenName', value: 'Ada' });
  const request = (of: HeldView | null): ReturnType<typeof form> => {
    const drawn = form([asNode(item([0], read('GivenName', [ADA])))], {
      items: [{ accept: true, existingAttributeId: 'ATT1' }],
    });
    return { ...drawn, summary: { ...drawn.summary, held: of } };
  };
  const open = async (of: HeldView | null): Promise<void> => {
    vi.useRealTimers();
    shell({
      request_form: () => request(of),
      value_types: () => valueTypes,
      draft: () => null,
      contacts: () => [],
      check_decision: () => ({ isSuccess: true }),
    });
    draw(Request, { id: 'REQ1' });
    await settle();
  };

  test('shows no form while its decision is held', async () => {
    await open(held());
    expect(find('request-held').textContent).toContain('You accepted. Nothing has been sent yet.');
    expect(has('request-accept')).toBe(false);
  });

  test('is open again when its decision could not be sent, and says why', async () => {
    await open(held({ state: 'failed', errorCode: 'error.tessera.requests.answerExpired' }));
    expect(find('decision-failed').textContent).toContain('could not be delivered in time');
    expect(has('request-accept')).toBe(true);
  });
});
