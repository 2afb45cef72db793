// Giving a file to the server, encrypted: read, sent, or what went wrong.

import { api } from '../api';
import type { ErrorView } from '../api-types';
import type { FileFacts } from '../bindings/FileFacts';
import { toErrorView } from '../errors';
import { transferred, watchTransfers } from '../mail/transfer.svelte';

/** The largest file that can be given away, in bytes. */
export const LARGEST_FILE = 7 * 1024 * 1024;

/** The id stands for the file: the key that opens it stays in the shell. */
export type Uploaded = { id: string; facts: FileFacts };

export type Upload = {
  /** What is being done; null when nothing is. */
  readonly stage: 'reading' | 'sending' | null;
  /** Which part of it was handed to the server, 0 to 1; null before the first bytes. */
  readonly part: number | null;
  /** The file that is on its way. */
  readonly name: string | null;
  readonly error: ErrorView | null;
  /** Until when the server keeps it; null for ever. Sent again after a failure, it is still one file. */
  send: (file: File, until: string | null) => Promise<Uploaded | null>;
  cancel: () => void;
};

/** One upload at a time; a newer one takes the place of the older. */
export function upload(): Upload {
  let stage = $state<'reading' | 'sending' | null>(null);
  let name = $state<string | null>(null);
  let error = $state.raw<ErrorView | null>(null);
  let turn = 0;
  let operation = $state('');
  const part = $derived(transferred(operation));
  $effect(watchTransfers);

  function cancel(): void {
    turn++;
    stage = null;
    if (operation) void api.cancel(operation).catch(() => undefined);
    operation = '';
  }

  async function send(file: File, until: string | null): Promise<Uploaded | null> {
    cancel();
    const mine = ++turn;
    error = null;
    name = file.name;
    if (file.size > LARGEST_FILE) {
      error = { code: 'error.transport.files.maxFileSizeExceeded', message: 'The file is too large.' };
      return null;
    }
    const mimetype = file.type || 'application/octet-stream';
    try {
      stage = 'reading';
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (mine !== turn) return null;
      stage = 'sending';
      operation = crypto.randomUUID();
      const sent = await api.uploadFile(bytes, {
        operationId: operation,
        filename: file.name,
        mimetype,
        title: file.name,
        expiresAt: until,
      });
      if (mine !== turn) return null;
      const facts: FileFacts = {
        title: null,
        description: null,
        filename: file.name,
        filesize: file.size,
        mimetype,
        expiresAt: sent.expiresAt,
        tags: [],
      };
      return { id: sent.id, facts };
    } catch (thrown) {
      const view = toErrorView(thrown);
      if (mine === turn && view.code !== 'error.tessera.shell.cancelled') error = view;
      return null;
    } finally {
      if (mine === turn) {
        stage = null;
        operation = '';
      }
    }
  }

  return {
    get stage() {
      return stage;
    },
    get part() {
      return part;
    },
    get name() {
      return name;
    },
    get error() {
      return error;
    },
    send,
    cancel,
  };
}
