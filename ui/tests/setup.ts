// Each test starts in an empty page that takes itself for Tauri's, and speaks English.
import { clearMocks } from '@tauri-apps/api/mocks';
import { afterEach, beforeEach, vi } from 'vitest';

import { useLanguage } from '../src/lib/i18n/index.svelte';
import { clear } from './helpers';

// happy-dom lays nothing out: a window of a hundred rows.
const ROW = 40;
const WINDOW = 100 * ROW;

class Measured implements ResizeObserver {
  constructor(private readonly tell: ResizeObserverCallback) {}
  observe(target: Element): void {
    const height = target.matches('[data-row]') ? ROW : WINDOW;
    const contentRect = { width: 1000, height } as DOMRectReadOnly;
    queueMicrotask(() => this.tell([{ target, contentRect } as ResizeObserverEntry], this));
  }
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver = Measured;
// A library asks the window of an element.
Object.assign(document.defaultView ?? {}, { ResizeObserver: Measured });
Object.defineProperty(HTMLElement.prototype, 'offsetParent', { get: () => document.body });
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { get: () => WINDOW });

beforeEach(() => {
  (globalThis as { isTauri?: boolean }).isTauri = true;
  useLanguage('en');
});

afterEach(() => {
  clear();
  clearMocks();
  vi.useRealTimers();
  document.body.replaceChildren();
  location.hash = '';
});
