import { describe, expect, test } from 'vitest';

import { useLanguage } from '../src/lib/i18n/index.svelte';
import { attention } from '../src/lib/state/attention';

describe('what is seen beside the window', () => {
  test('the tray says how much waits', () => {
    useLanguage('en');
    expect(attention(0, null, true)).toEqual({
      count: 0,
      label: 'Nothing waits for you',
      open: 'Open Tessera',
      quit: 'Quit',
      notice: null,
    });
    expect(attention(3, 3, true).label).toBe('3 things wait for you');
    useLanguage('de');
    expect(attention(1, 1, true).label).toBe('1 Sache wartet auf Sie');
  });

  test('a notification is for news only, and only if it is wanted', () => {
    useLanguage('en');
    expect(attention(2, 1, true).notice).toEqual({
      title: 'Tessera',
      body: '2 things wait for your answer.',
    });
    expect(attention(2, 1, false).notice).toBeNull();
    expect(attention(2, null, true).notice, 'it waited before the program started').toBeNull();
    expect(attention(1, 2, true).notice, 'something was answered').toBeNull();
    expect(attention(2, 2, true).notice).toBeNull();
  });
});
