import { flushSync } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import type { CaptureView, FoundCode, ScannedCode } from '../src/lib/api-types';
import ChooseCode from '../src/lib/components/scan/ChooseCode.svelte';
import { between, moved } from '../src/lib/components/scan/frame';
import { typedNumbers } from '../src/lib/components/scan/numbers';
import Scan from '../src/lib/screens/Scan.svelte';
import { capture, captureImage, captureScreens, captureText } from '../src/lib/state/capture.svelte';
import { onPaste } from '../src/lib/state/handover';
import { draw, find, has, settle, shell } from './helpers';

const reference = (number: number): ScannedCode => ({
  kind: 'code',
  codeId: `code-${number}`,
  code: {
    kind: 'RelationshipTemplate',
    id: `RLT${number}`,
    backboneHost: 'localhost:8090',
    isOwnBackbone: true,
    password: null,
    forIdentityTruncated: null,
    isForThisIdentity: true,
  },
});
const WIFI: ScannedCode = { kind: 'other', other: { kind: 'wifi', name: 'Home', text: null } };

const at = (left: number, what: ScannedCode): FoundCode => ({
  page: 0,
  corners: [
    [left, 0],
    [left + 0.1, 0],
    [left + 0.1, 0.1],
    [left, 0.1],
  ],
  what,
});
const view = (...all: ScannedCode[]): CaptureView => ({
  captureId: 'capture',
  pages: [{ number: 1, width: 640, height: 480 }],
  codes: all.map((what, index) => at(index / 100, what)),
  lookedAt: 1,
  of: 1,
});

const quiet = { cameras: () => [], forget_capture: () => null, captured_picture: () => new ArrayBuffer(0) };
const picture = (): File => new File([new Uint8Array([1])], 'code.png', { type: 'image/png' });

beforeEach(async () => {
  shell(quiet);
  capture.cancel();
  capture.clear();
  await capture.close();
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
});

describe('what comes of a picture', () => {
  test('one code is shown', async () => {
    shell({ ...quiet, read_image: () => view(reference(1)) });
    await captureImage(picture());
    expect(location.hash).toBe('#/code/code-1');
    expect(capture.choice).toBeNull();
  });

  test('several codes are a choice, and nothing is opened', async () => {
    shell({ ...quiet, read_image: () => view(reference(1), WIFI) });
    await captureImage(picture());
    expect(location.hash).toBe('');
    expect(capture.choice?.view.codes).toHaveLength(2);
  });

  test('a code of another kind is named and not opened', async () => {
    const calls = shell({ ...quiet, read_image: () => view(WIFI) });
    await captureImage(picture());
    draw(Scan, {});
    expect(find('scan-other').dataset['kind']).toBe('wifi');
    expect(find('scan-other').textContent).toContain('Home');
    expect(calls.map((call) => call.command)).not.toContain('open_link');
  });

  test('a file that is too large is not even read', async () => {
    const calls = shell(quiet);
    const large = picture();
    Object.defineProperty(large, 'size', { value: 33 * 1024 * 1024 });
    await captureImage(large);
    expect(capture.error?.code).toBe('error.tessera.scanner.tooManyBytes');
    expect(calls).toEqual([]);
  });

  test('what ends after it was cancelled is dropped', async () => {
    let answer: (found: CaptureView) => void = () => undefined;
    const calls = shell({
      ...quiet,
      read_image: () => new Promise((done) => (answer = done)),
      cancel: () => null,
    });
    const reading = captureImage(picture());
    await settle();
    expect(capture.reading?.what).toBe('picture');
    capture.progress(capture.reading?.operationId ?? '', 3, 20);
    draw(Scan, {});
    expect(find('scan-progress').textContent).toContain('page 3 of 20');
    capture.cancel();
    answer(view(reference(1)));
    await reading;
    expect(location.hash).toBe('');
    expect(capture.reading).toBeNull();
    expect(calls.some((call) => call.command === 'cancel')).toBe(true);
  });
});

describe('choosing', () => {
  async function choose(found: CaptureView, canFrame = false): Promise<void> {
    capture.offer(found, canFrame);
    const choice = capture.choice;
    if (!choice) throw new Error('there is no choice');
    draw(ChooseCode, { choice });
    await settle();
  }

  test('each code is numbered in the picture and in a list that a screen reader hears', async () => {
    await choose(view(reference(1), WIFI));
    expect(find('choose-1').textContent).toContain('Number 1');
    expect(find('choose-2').textContent).toContain('Wi-Fi');
    expect(find('choose-badge-2').getAttribute('aria-hidden')).toBe('true');
    expect(document.activeElement).toBe(find('choose-1'));
  });

  test('a number takes its code, and the picture is forgotten', async () => {
    const calls = shell(quiet);
    await choose(view(reference(1), reference(2)));
    find('choose-code').dispatchEvent(new KeyboardEvent('keydown', { key: '2', bubbles: true }));
    flushSync();
    expect(location.hash).toBe('#/code/code-2');
    expect(calls.some((call) => call.command === 'forget_capture')).toBe(true);
  });

  test('a frame is read with keys alone, and says when there is no code in it', async () => {
    const calls = shell({
      ...quiet,
      read_region: () => {
        throw { code: 'error.tessera.scanner.noCode', message: 'no code' };
      },
    });
    await choose(view(), true);
    const stage = find('choose-stage');
    expect(document.activeElement).toBe(stage);
    const press = (key: string, shiftKey = false): boolean =>
      stage.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }));
    press('ArrowRight');
    press('ArrowLeft');
    press('ArrowDown', true);
    press('Enter');
    await settle();
    const { frame } = calls.find((call) => call.command === 'read_region')?.args as { frame: number[] };
    expect(frame.map((part) => Math.round(part * 100))).toEqual([28, 30, 40, 42]);
    expect(find('choose-frame-error').dataset['code']).toBe('error.tessera.scanner.noCode');
    expect(capture.choice).not.toBeNull();
  });

  test('the screens are shown even if nothing was found, to draw a frame', async () => {
    shell({ ...quiet, capture_screens: () => view() });
    await captureScreens();
    expect(capture.choice?.canFrame).toBe(true);
    expect(capture.error).toBeNull();
  });
});

test('numbers wait for another digit only where one could follow', () => {
  vi.useFakeTimers();
  const taken: number[] = [];
  let count = 9;
  const key = typedNumbers(
    () => count,
    (number) => taken.push(number),
  );
  expect(key('x')).toBe(false);
  key('9');
  expect(taken).toEqual([9]);
  count = 50;
  key('1');
  key('2');
  expect(taken).toEqual([9, 12]);
  key('3');
  expect(taken).toEqual([9, 12]);
  vi.advanceTimersByTime(1000);
  expect(taken).toEqual([9, 12, 3]);
  key('0');
  key('7');
  expect(taken).toEqual([9, 12, 3, 7]);
  key('5');
  key('9');
  expect(taken).toEqual([9, 12, 3, 7]);
});

test('frames stay inside of the picture', () => {
  expect(between([0.2, 0.9], [1.5, -1])).toEqual([0.2, 0, 0.8, 0.9]);
  expect(between([0.2, 0.2], [0.201, 0.9])).toBeNull();
  expect(moved([0, 0, 0.5, 0.5], 'ArrowLeft', false)).toEqual([0, 0, 0.5, 0.5]);
  expect(moved([0.5, 0.5, 0.5, 0.5], 'ArrowRight', true)).toEqual([0.5, 0.5, 0.5, 0.5]);
  expect(moved([0, 0, 0.02, 0.5], 'ArrowLeft', true)?.[2]).toBe(0.02);
  expect(moved([0, 0, 1, 1], 'a', false)).toBeNull();
});

describe('pasting', () => {
  function paste(target: EventTarget, text: string, file?: File): ClipboardEvent {
    const event = new Event('paste', { bubbles: true, cancelable: true }) as ClipboardEvent;
    Object.defineProperty(event, 'clipboardData', {
      value: { files: file ? [file] : [], getData: () => text },
    });
    Object.defineProperty(event, 'target', { value: target });
    onPaste(event);
    return event;
  }
  const commands = async (calls: { command: string }[]): Promise<string[]> => {
    await settle();
    return calls.map((call) => call.command);
  };
  const field = (): HTMLElement => document.body.appendChild(document.createElement('input'));

  test('text into a field stays text, also where a picture of it comes along', async () => {
    const calls = shell(quiet);
    expect(paste(field(), 'Ada').defaultPrevented).toBe(false);
    expect(paste(field(), 'Ada', picture()).defaultPrevented).toBe(false);
    expect(paste(field(), '').defaultPrevented).toBe(false);
    expect(await commands(calls)).toEqual([]);
  });

  test.each([
    ['text anywhere else', 'nmshd://tr#x', undefined, 'read_text'],
    ['a picture anywhere else', '', picture(), 'read_image'],
    ['a picture that only the system has', '', undefined, 'read_clipboard'],
  ])('%s is read as a code', async (_, text, file, command) => {
    const calls = shell({ ...quiet, [command]: () => (command === 'read_text' ? WIFI : view(WIFI)) });
    expect(paste(document.body, text, file).defaultPrevented).toBe(true);
    expect(await commands(calls)).toEqual([command]);
  });

  test('a picture is read even where a field has the focus', async () => {
    const calls = shell({ ...quiet, read_image: () => view(WIFI) });
    paste(field(), '', picture());
    expect(await commands(calls)).toEqual(['read_image']);
  });
});

test('text that is refused says why', async () => {
  shell({
    ...quiet,
    read_text: () => {
      throw { code: 'error.appruntime.appStringProcessor.invalidReference', message: 'no' };
    },
  });
  await captureText('Come to the town hall');
  expect(capture.error?.code).toBe('error.appruntime.appStringProcessor.invalidReference');
  draw(Scan, {});
  expect(has('scan-error')).toBe(true);
});
