// Reading codes, from wherever they come: text, pictures, documents, the clipboard, the screens, links.
// One at a time; what is found is shown, chosen from, or explained.

import { api } from '../api';
import type { CaptureView, ErrorView, FoundCode, OtherCode, ScannedCode } from '../api-types';
import { toErrorView } from '../errors';
import { showCode } from './codes.svelte';
import { go, links } from './router.svelte';

/** What the core reads at most; asking it about more would only fill the memory. */
const MOST_BYTES = 32 * 1024 * 1024;

/** What is being looked at. */
export type Reading = {
  what: 'text' | 'picture' | 'screen' | 'region';
  operationId: string;
  page: number;
  of: number;
};
/** A capture to choose from; on pictures of screens one can draw a frame. */
export type Choice = { view: CaptureView; canFrame: boolean };
/** Left, top, width and height as parts of a picture's. */
export type Frame = [number, number, number, number];

let error = $state.raw<ErrorView | null>(null);
let other = $state.raw<OtherCode | null>(null);
let reading = $state.raw<Reading | null>(null);
let choice = $state.raw<Choice | null>(null);
let frameError = $state.raw<ErrorView | null>(null);

function clear(): void {
  error = null;
  other = null;
  frameError = null;
}

export const capture = {
  /** Why the last one gave nothing. */
  get error(): ErrorView | null {
    return error;
  },
  /** A code that is nothing for this program. */
  get other(): OtherCode | null {
    return other;
  },
  get reading(): Reading | null {
    return reading;
  },
  /** What the person chooses from. */
  get choice(): Choice | null {
    return choice;
  },
  /** Why the frame that was drawn gave nothing. */
  get frameError(): ErrorView | null {
    return frameError;
  },
  clear,
  /** Progress of the shell with a document. */
  progress: (operationId: string, page: number, of: number): void => {
    if (reading?.operationId === operationId) reading = { ...reading, page, of };
  },
  cancel: (): void => {
    const running = reading;
    if (!running) return;
    reading = null;
    void api.cancel(running.operationId).catch(() => undefined);
  },
  fail: (failure: ErrorView): void => {
    error = failure;
    go(links.scan);
  },
  choose: (code: FoundCode): void => {
    void capture.close();
    take(code.what);
  },
  /** Offers the codes of a picture to choose from. */
  offer: (view: CaptureView, canFrame = false): void => {
    clear();
    choice = { view, canFrame };
  },
  close: async (): Promise<void> => {
    choice = null;
    frameError = null;
    await api.forgetCapture().catch(() => undefined);
  },
};

/** Shows what came of one code. */
export function take(what: ScannedCode): void {
  clear();
  if (what.kind === 'code') showCode({ codeId: what.codeId, code: what.code });
  else if (what.kind === 'refused') capture.fail(what.error);
  else {
    other = what.other;
    go(links.scan);
  }
}

function takeAll(view: CaptureView): void {
  const [first] = view.codes;
  if (view.codes.length === 1 && first) take(first.what);
  else capture.offer(view);
}

/** Does one reading; what ends after it was cancelled is dropped. */
async function run<T>(
  what: Reading['what'],
  read: (operationId: string) => Promise<T>,
  done: (result: T) => void,
  failed: (failure: ErrorView) => void = capture.fail,
): Promise<void> {
  if (reading) return;
  clear();
  const operationId = crypto.randomUUID();
  reading = { what, operationId, page: 0, of: 0 };
  const isCurrent = (): boolean => reading?.operationId === operationId;
  try {
    const result = await read(operationId);
    if (!isCurrent()) return;
    reading = null;
    done(result);
  } catch (thrown) {
    if (!isCurrent()) return;
    reading = null;
    failed(toErrorView(thrown));
  }
}

/** Text that was typed, pasted or dropped. */
export const captureText = (text: string): Promise<void> => run('text', () => api.readText(text), take);

/** A picture or document that was chosen, pasted or dropped. It is kept in memory only. */
export function captureImage(file: Blob): Promise<void> {
  return run(
    'picture',
    async (operationId) => {
      if (file.size > MOST_BYTES)
        throw { code: 'error.tessera.scanner.tooManyBytes', message: 'The file has more than 32 MiB.' };
      return api.readImage(new Uint8Array(await file.arrayBuffer()), operationId);
    },
    takeAll,
  );
}

/** The picture on the clipboard. */
export const captureClipboard = (): Promise<void> =>
  run('picture', (operationId) => api.readClipboard(operationId), takeAll);

/** All screens, without this window. */
export const captureScreens = (): Promise<void> =>
  run(
    'screen',
    (operationId) => api.captureScreens(operationId),
    (view) => capture.offer(view, true),
  );

/** The frame that was drawn on a page of the capture. */
export function captureRegion(page: number, frame: Frame): Promise<void> {
  const from = choice;
  const captureId = from?.view.captureId;
  if (!from || !captureId) return Promise.resolve();
  return run(
    'region',
    (operationId) => api.readRegion(captureId, page, frame, operationId),
    (view) => {
      const [first] = view.codes;
      if (view.codes.length === 1 && first) capture.choose(first);
      else
        choice = {
          ...from,
          view: { ...from.view, codes: view.codes.map((code) => placed(code, page, frame)) },
        };
    },
    (failure) => (frameError = failure),
  );
}

/** A code of a frame in the picture that the frame was drawn on. */
function placed(code: FoundCode, page: number, [left, top, width, height]: Frame): FoundCode {
  const corners = code.corners.map(([x, y]) => [left + x * width, top + y * height]) as FoundCode['corners'];
  return { ...code, page, corners };
}
