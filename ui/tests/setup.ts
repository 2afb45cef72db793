// Each test starts in an empty page that takes itself for Tauri's, and speaks English.
import { clearMocks } from '@tauri-apps/api/mocks';
import { afterEach, beforeEach, vi } from 'vitest';

import { useLanguage } from '../src/lib/i18n/index.svelte';
import { clear } from './helpers';

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
