// Each test starts in an empty page that takes itself for Tauri's.
import { afterEach, beforeEach } from 'vitest';

beforeEach(() => {
  (globalThis as { isTauri?: boolean }).isTauri = true;
});

afterEach(() => {
  document.body.replaceChildren();
  location.hash = '';
});
