// "Something changed": from the shell to the screens that show it.

import { api } from '../api';
import type { Topic } from '../api-types';
import { capture } from './capture.svelte';
import { takeLinks } from './handover';

type Listener = () => void;

const listeners = new Map<Listener, readonly Topic[]>();
const waiting = new Set<Topic>();
let timer: ReturnType<typeof setTimeout> | undefined;

function deliver(): void {
  timer = undefined;
  const topics = [...waiting];
  waiting.clear();
  for (const [listener, wanted] of [...listeners]) {
    if (wanted.some((topic) => topics.includes(topic))) listener();
  }
}

/** Tells everybody who shows this topic; several at once are told once. */
export function walletChanged(what: Topic): void {
  waiting.add(what);
  timer ??= setTimeout(deliver, 30);
}

/** Calls back on changes of these topics until the returned function is called. */
export function onWalletChanged(topics: readonly Topic[], listener: Listener): () => void {
  const own: Listener = () => listener();
  listeners.set(own, topics);
  return () => listeners.delete(own);
}

/** Starts to listen to the shell. */
export async function listenToShell(): Promise<void> {
  await api.onWalletChanged(walletChanged);
  await api.onReadingProgress(({ operationId, page, of }) => capture.progress(operationId, page, of));
  await api.onLinkArrived(() => void takeLinks());
}
