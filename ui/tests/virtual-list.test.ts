// A list of many of which only the rows in view are there.
import { afterEach, expect, test, vi } from 'vitest';

import type { ReceiptSearch } from '../src/lib/bindings/ReceiptSearch';
import Receipts from '../src/lib/screens/Receipts.svelte';
import { peer } from './forms';
import { draw, find, has, settle, shell, type Calls } from './helpers';

const TOTAL = 10_000;

afterEach(() => vi.restoreAllMocks());

async function open(): Promise<Calls> {
  const calls = shell({
    receipts: ({ search: { offset, limit } }: { search: ReceiptSearch }) => ({
      receipts: Array.from({ length: Math.min(limit, TOTAL - offset) }, (_, at) => ({
        number: TOTAL - offset - at,
        decidedAt: '2026-11-20T10:00:00.000Z',
        result: 'Accepted',
        peer: { ...peer, isNameVerified: false },
        requestId: 'REQ1',
        title: 'Question',
        delivery: 'message',
        outcome: null,
      })),
      total: TOTAL,
    }),
  });
  draw(Receipts, {});
  await settle();
  return calls;
}

const list = (): HTMLElement => find('receipts');
const offsets = (calls: Calls): number[] =>
  calls.map(({ args }) => (args as { search: ReceiptSearch }).search.offset);

async function scrollTo(top: number): Promise<void> {
  list().scrollTop = top;
  list().dispatchEvent(new Event('scroll'));
  await settle();
  await settle();
}

async function press(key: string): Promise<void> {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await settle();
}

/** The receipt that has the focus. */
const focused = (): string | null => document.activeElement?.getAttribute('data-testid') ?? null;

test('a row says how many there are and which one it is', async () => {
  await open();
  const row = find('receipt-9998').closest('li');
  expect(row?.getAttribute('aria-setsize')).toBe('10000');
  expect(row?.getAttribute('aria-posinset')).toBe('3');
});

test('only what is seen is fetched, not what lies before it', async () => {
  const calls = await open();
  await scrollTo(5_000 * 40);
  expect(has('receipt-5000')).toBe(true);
  expect(has('receipt-10000')).toBe(false);
  expect(offsets(calls).every((offset) => offset < 300 || offset >= 4_900)).toBe(true);
  expect(list().querySelectorAll('li').length).toBeLessThan(150);
});

test('the row with the focus stays while somebody scrolls away from it', async () => {
  await open();
  find('receipt-9999').focus();
  await settle();
  await scrollTo(5_000 * 40);
  expect(focused()).toBe('receipt-9999');
  expect(has('receipt-9998')).toBe(false);
});

test('arrow keys lead from row to row', async () => {
  await open();
  find('receipt-10000').focus();
  await settle();
  await press('ArrowDown');
  await vi.waitFor(() => expect(focused()).toBe('receipt-9999'));
  await press('ArrowUp');
  await vi.waitFor(() => expect(focused()).toBe('receipt-10000'));
  await press('ArrowUp');
  await vi.waitFor(() => expect(focused()).toBe('receipt-10000'));
});
