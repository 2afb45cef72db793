// How far attached files are on their way.

import { api } from '../api';

let parts = $state.raw<Record<string, number>>({});
let listening = false;

/** Listens from the first file on. */
export function watchTransfers(): void {
  if (listening) return;
  listening = true;
  void api.onTransferProgress(({ operationId, bytes, of }) => {
    // Only what is on its way now is remembered.
    parts = { [operationId]: of > 0 ? Math.min(bytes / of, 1) : 0 };
  });
}

/** Which part of it has come, 0 to 1; null before the first bytes. */
export function transferred(operationId: string): number | null {
  return parts[operationId] ?? null;
}
