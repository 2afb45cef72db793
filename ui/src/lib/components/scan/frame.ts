// Frames that are drawn on a picture, with the pointer or with keys. All numbers are parts of the
// picture's width and height.

import type { Frame } from '../../state/capture.svelte';

const STEP = 0.02;
/** Smaller is a click, not a frame. */
const LEAST = 0.01;

const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** Where a frame begins that is drawn with keys: in the middle. */
export const MIDDLE: Frame = [0.3, 0.3, 0.4, 0.4];

/** The frame between two points, cut to the picture; null if it is too small to be meant. */
export function between([fromX, fromY]: [number, number], [toX, toY]: [number, number]): Frame | null {
  const left = within(Math.min(fromX, toX), 0, 1);
  const top = within(Math.min(fromY, toY), 0, 1);
  const width = within(Math.max(fromX, toX), 0, 1) - left;
  const height = within(Math.max(fromY, toY), 0, 1) - top;
  return width < LEAST || height < LEAST ? null : [left, top, width, height];
}

/** The frame after an arrow key: moved, or with `grow` made larger or smaller at its end. */
export function moved([left, top, width, height]: Frame, key: string, grow: boolean): Frame | null {
  const across = key === 'ArrowLeft' ? -STEP : key === 'ArrowRight' ? STEP : 0;
  const down = key === 'ArrowUp' ? -STEP : key === 'ArrowDown' ? STEP : 0;
  if (across === 0 && down === 0) return null;
  return grow
    ? [left, top, within(width + across, STEP, 1 - left), within(height + down, STEP, 1 - top)]
    : [within(left + across, 0, 1 - width), within(top + down, 0, 1 - height), width, height];
}
