// Codes that were read and not opened yet, and how often a password for them was refused.
// The secrets of a code stay in the shell; this holds its handle and what may be shown.

import { SvelteMap } from 'svelte/reactivity';

import { api } from '../api';
import type { ErrorView, ReadCode } from '../api-types';
import { toErrorView } from '../errors';
import { go, links } from './router.svelte';

const read = new SvelteMap<string, ReadCode>();
const failures = new SvelteMap<string, number>();

let captureError = $state.raw<ErrorView | null>(null);
let found = $state.raw<ReadCode[]>([]);
let reading = $state(false);

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
  get error(): ErrorView | null {
    return captureError;
  },
  /** Several codes of one picture, to choose from. */
  get found(): ReadCode[] {
    return found;
  },
  get reading(): boolean {
    return reading;
  },
  clear: (): void => {
    captureError = null;
    found = [];
  },
  fail: (error: ErrorView): void => {
    captureError = error;
    found = [];
    go(links.scan);
  },
};

/** Shows a code that was read, wherever it came from. */
export function showCode(code: ReadCode): void {
  read.set(code.codeId, code);
  codes.clear();
  go(links.code(code.codeId));
}

async function capture(readCodes: () => Promise<ReadCode[]>): Promise<void> {
  if (reading) return;
  codes.clear();
  reading = true;
  try {
    const all = await readCodes();
    const [first] = all;
    if (all.length === 1 && first) {
      showCode(first);
    } else {
      found = all;
      go(links.scan);
    }
  } catch (thrown) {
    codes.fail(toErrorView(thrown));
  } finally {
    reading = false;
  }
}

/** Text that was typed, pasted or dropped. */
export function captureText(text: string): Promise<void> {
  return capture(async () => [await api.readText(text)]);
}

/** A picture that was chosen, pasted or dropped. It is kept in memory only. */
export function captureImage(file: Blob): Promise<void> {
  return capture(async () => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return (await api.readImage(bytes)).codes;
  });
}

function imageIn(data: DataTransfer): File | undefined {
  return [...data.files].find((file) => file.type.startsWith('image/'));
}

function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Takes a paste anywhere in the window as a code, unless it goes into a field. */
export function onPaste(event: ClipboardEvent): void {
  const data = event.clipboardData;
  if (!data) return;
  const image = imageIn(data);
  if (image) {
    event.preventDefault();
    void captureImage(image);
    return;
  }
  const text = data.getData('text/plain').trim();
  if (text && !isEditable(event.target)) {
    event.preventDefault();
    void captureText(text);
  }
}

/** Takes whatever is dropped on the window as a code. */
export function onDrop(event: DragEvent): void {
  event.preventDefault();
  const data = event.dataTransfer;
  if (!data) return;
  const image = imageIn(data);
  const text = data.getData('text/plain').trim();
  if (image) void captureImage(image);
  else if (data.files.length > 0)
    codes.fail({ code: 'error.tessera.window.notAPicture', message: 'The file is not a picture.' });
  else if (text) void captureText(text);
}
