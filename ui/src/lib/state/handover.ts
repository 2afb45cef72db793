// What other programs hand over, wherever in the window: pasted, dropped, or as a link.

import { api } from '../api';
import { toErrorView } from '../errors';
import { capture, captureClipboard, captureImage, captureText, take } from './capture.svelte';

function fileIn(data: DataTransfer): File | undefined {
  const files = [...data.files];
  return files.find((file) => /^image\/|pdf$/.test(file.type)) ?? files[0];
}

function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Takes a paste anywhere in the window as a code. Text that is pasted into a field goes there. */
export function onPaste(event: ClipboardEvent): void {
  const data = event.clipboardData;
  if (!data) return;
  const file = fileIn(data);
  const text = data.getData('text/plain').trim();
  const isIntoField = isEditable(event.target);
  if (isIntoField && (text || !file)) return;
  event.preventDefault();
  // Word processors and browsers copy a picture of the text too: the text is meant.
  if (text) void captureText(text);
  else if (file) void captureImage(file);
  // Some pictures come only from the system's clipboard.
  else void captureClipboard();
}

/** Takes whatever is dropped on the window as a code. */
export function onDrop(event: DragEvent): void {
  event.preventDefault();
  const data = event.dataTransfer;
  if (!data) return;
  const file = fileIn(data);
  const text = data.getData('text/plain').trim();
  if (file) void captureImage(file);
  else if (text) void captureText(text);
}

/** Takes the links that other programs handed over. */
export async function takeLinks(): Promise<void> {
  try {
    for (const link of await api.arrivedLinks()) take(link);
  } catch (thrown) {
    capture.fail(toErrorView(thrown));
  }
}
