// Codes that were read and not opened yet, and how often a password for them was refused.
// The secrets of a code stay in the shell; this holds its handle and what may be shown.

import { SvelteMap } from 'svelte/reactivity';

import { api } from '../api';
import type { ReadCode } from '../api-types';
import { app } from './app.svelte';
import { go, links } from './router.svelte';

const read = new SvelteMap<string, ReadCode>();
const failures = new SvelteMap<string, number>();

let waiting = $state.raw<ReadCode | null>(null);

export const codes = {
  get: (codeId: string): ReadCode | undefined => read.get(codeId),
  /** Refused passwords by the id of what the code refers to: reading the code again changes nothing. */
  failures: (id: string): number => failures.get(id) ?? 0,
  countFailure: (id: string): void => void failures.set(id, (failures.get(id) ?? 0) + 1),
  forget: (codeId: string): void => {
    const known = read.get(codeId);
    if (known) failures.delete(known.code.id);
    read.delete(codeId);
  },
  /** A code that was read before a profile was open. It is opened as soon as there is one. */
  get waiting(): ReadCode | null {
    return waiting;
  },
  leaveWaiting: (): void => void (waiting = null),
};

/** Shows a code that was read, wherever it came from; without an open profile it waits for one. */
export function showCode(code: ReadCode): void {
  if (app.state && app.state.phase !== 'ready') {
    waiting = code;
    return;
  }
  read.set(code.codeId, code);
  go(links.code(code.codeId));
}

/** Goes on with the code that waited, now that a profile is open. */
export async function resumeWaiting(): Promise<void> {
  const code = waiting;
  if (!code) return;
  waiting = null;
  // Only now it is known whose Backbone and identity it is for.
  showCode(await api.readCode(code.codeId));
}
