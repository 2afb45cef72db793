import { flushSync } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import PinField from '../src/lib/components/PinField.svelte';
import { announced } from '../src/lib/state/announce.svelte';
import { draw, find, type } from './helpers';

let submit: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  submit = vi.fn<() => void>();
});

function pin(length: number): HTMLInputElement {
  draw(PinField, { length, submit });
  return find<HTMLInputElement>('pin-input');
}

const boxes = (): Element[] => [...document.querySelectorAll('.box')];
const filled = (): number => document.querySelectorAll('.box.filled').length;

describe('one field under drawn boxes', () => {
  test.each([4, 5, 6, 8, 9, 12, 16])('a PIN of %i digits has as many boxes and one input', (length) => {
    const input = pin(length);
    expect(boxes()).toHaveLength(length);
    expect(document.querySelectorAll('input')).toHaveLength(1);
    expect(input.inputMode).toBe('numeric');
    expect(input.autocomplete).toBe('one-time-code');
    expect(input.dir).toBe('ltr');
    const label = document.querySelector(`label[for="${input.id}"]`);
    expect(label?.textContent).toBe(`PIN, ${length} digits`);
  });

  test('more than eight digits stand in groups of four', () => {
    pin(14);
    expect([...document.querySelectorAll('.group')].map((group) => group.children.length)).toEqual([
      4, 4, 4, 2,
    ]);
  });

  test('eight stand in one', () => {
    pin(8);
    expect(document.querySelectorAll('.group')).toHaveLength(1);
  });
});

describe('what is typed and pasted', () => {
  test('blanks and dashes of a pasted PIN are left out without a word', () => {
    const input = pin(6);
    type(input, ' 482-913 ');
    expect(input.value).toBe('482913');
    expect(filled()).toBe(6);
    expect(find('pin-count').textContent).toContain('6 of 6');
  });

  test('letters are dropped, and it is said', () => {
    const input = pin(6);
    type(input, '48a2');
    expect(input.value).toBe('482');
    expect(announced().trim()).toBe('A PIN has digits only.');
  });

  test('more digits than boxes are cut', () => {
    const input = pin(4);
    type(input, '123456');
    expect(input.value).toBe('1234');
  });

  test('digits of other scripts are not taken for digits', () => {
    const input = pin(4);
    type(input, '١٢٣٤');
    expect(input.value).toBe('');
  });

  test('digits are hidden until they are revealed', () => {
    const input = pin(4);
    type(input, '12');
    expect(input.type).toBe('password');
    expect(boxes()[0]?.textContent?.trim()).toBe('');
    find('pin-reveal').click();
    flushSync();
    expect(input.type).toBe('text');
    expect(boxes()[0]?.textContent?.trim()).toBe('1');
  });
});

describe('sending', () => {
  test('a full PIN goes out after a moment of grace', () => {
    type(pin(4), '1234');
    vi.advanceTimersByTime(299);
    expect(submit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(submit).toHaveBeenCalledOnce();
  });

  test('Backspace within the grace takes it back', () => {
    const input = pin(4);
    type(input, '1234');
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Backspace', bubbles: true }));
    type(input, '123');
    vi.advanceTimersByTime(1000);
    expect(submit).not.toHaveBeenCalled();
  });

  test('Enter sends at once, and only once', () => {
    const input = pin(4);
    type(input, '1234');
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    vi.advanceTimersByTime(1000);
    expect(submit).toHaveBeenCalledOnce();
  });

  test('an unfinished PIN is not sent by itself; its length is spoken at a pause', () => {
    type(pin(6), '12');
    expect(announced()).not.toContain('2 of 6');
    vi.advanceTimersByTime(1000);
    expect(submit).not.toHaveBeenCalled();
    expect(announced()).toContain('2 of 6 entered');
  });
});

test('for another try the digits are selected and the focus is in the field', () => {
  const instance = draw(PinField, { length: 4, submit });
  const input = find<HTMLInputElement>('pin-input');
  type(input, '1234');
  (instance['again'] as () => void)();
  expect(document.activeElement).toBe(input);
  expect([input.selectionStart, input.selectionEnd]).toEqual([0, 4]);
});
