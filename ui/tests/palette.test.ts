import { beforeEach, describe, expect, test, vi } from 'vitest';

import type { Found } from '../src/lib/bindings/Found';
import Palette from '../src/lib/components/palette/Palette.svelte';
import Shortcuts from '../src/lib/components/palette/Shortcuts.svelte';
import { useLanguage } from '../src/lib/i18n/index.svelte';
import { onPaletteKey, palette } from '../src/lib/state/palette.svelte';
import { peer } from './forms';
import { draw, find, has, settle, shell, type, type Calls } from './helpers';

const MAIL: Found = {
  kind: 'message',
  number: 7,
  isOwn: false,
  peer,
  at: '2026-11-20T10:00:00.000Z',
  subject: 'Grüße \u202eevil',
  snippet: [
    { text: '… of ', isHit: false },
    { text: 'Müller', isHit: true },
  ],
};
const CONTACT: Found = {
  kind: 'contact',
  peer: { ...peer, title: 'Uni Köln' },
  status: 'Active',
  snippet: [],
};
const VALUE: Found = {
  kind: 'value',
  id: 'ATTaaaaaaaaaaaaaaaaa',
  valueType: 'GivenName',
  value: { '@type': 'GivenName', value: 'Ada' },
  label: 'pen name',
  peer: null,
};

function press(key: string, more: KeyboardEventInit = {}): void {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  find('palette-field').dispatchEvent(event);
}

/** What the field says is meant. */
function meant(): string | null {
  const id = find('palette-field').getAttribute('aria-activedescendant');
  return document.getElementById(id ?? '')?.dataset['testid'] ?? null;
}

const openPalette = (found: Found[] | ((text: string) => Found[])): Calls => {
  vi.useFakeTimers();
  const calls = shell({
    find: ({ text }: { text: string }) => (typeof found === 'function' ? found(text) : found),
  });
  draw(Palette, { close: palette.close });
  return calls;
};

async function search(text: string): Promise<void> {
  type(find<HTMLInputElement>('palette-field'), text);
  await vi.advanceTimersByTimeAsync(100);
  await settle();
}

beforeEach(() => palette.close());

describe('finding', () => {
  test('groups what was found, people first, and says how many', async () => {
    openPalette([CONTACT, VALUE, MAIL]);
    await search('u');
    const options = [...document.querySelectorAll<HTMLElement>('[role="option"]')];
    expect(options.slice(0, 3).map((option) => option.dataset['testid'])).toEqual([
      `palette-contact-${peer.address}`,
      `palette-value-${VALUE.kind === 'value' ? VALUE.id : ''}`,
      'palette-message-7',
    ]);
    expect(options[0]?.textContent).toContain('Uni Köln');
    expect(options[0]?.textContent).toContain('University');
    expect(find('palette-message-7').querySelector('mark')?.textContent).toBe('Müller');
    expect(find('palette-message-7').textContent).not.toContain('\u202e');
    expect(find('palette-count').textContent).toContain(`${options.length} fit`);
  });

  test('asks once for what was typed at last', async () => {
    const calls = openPalette([]);
    const field = find<HTMLInputElement>('palette-field');
    for (const text of ['m', 'mu', 'mul']) type(field, text);
    await vi.advanceTimersByTimeAsync(100);
    expect(calls.map(({ args }) => args)).toEqual([{ text: 'mul', limit: 6 }]);
  });

  test('nothing typed asks nothing and offers every command', async () => {
    const calls = openPalette([]);
    await search('   ');
    expect(calls).toEqual([]);
    for (const id of ['inbox', 'scan', 'contacts', 'data', 'settings', 'sync', 'shortcuts'])
      expect(has(`palette-${id}`), id).toBe(true);
  });

  test('says that nothing fits', async () => {
    openPalette([]);
    await search('zzzz');
    expect(document.querySelectorAll('[role="option"]')).toHaveLength(0);
    expect(find('palette-count').textContent).toBe('Nothing fits.');
    press('ArrowDown');
    press('Enter');
    expect(find('palette-field').hasAttribute('aria-activedescendant')).toBe(false);
  });

  test('shows why it could not look', async () => {
    vi.useFakeTimers();
    shell({
      find: () => {
        throw { code: 'error.tessera.store.damaged', message: 'damaged' };
      },
    });
    draw(Palette, { close: palette.close });
    await search('x');
    expect(has('palette-error')).toBe(true);
  });

  test('commands are found in the language that is spoken', async () => {
    useLanguage('de');
    openPalette([]);
    await search('einst');
    expect(has('palette-settings')).toBe(true);
    expect(has('palette-scan')).toBe(false);
  });
});

describe('by keyboard', () => {
  test('arrows go round, and Enter goes to what is meant', async () => {
    openPalette([CONTACT, MAIL]);
    await search('uni');
    expect(meant()).toBe(`palette-contact-${peer.address}`);
    press('ArrowDown');
    await settle();
    expect(meant()).toBe('palette-message-7');
    press('ArrowUp');
    press('ArrowUp');
    await settle();
    const options = document.querySelectorAll<HTMLElement>('[role="option"]');
    expect(meant()).toBe(options[options.length - 1]?.dataset['testid']);
    press('ArrowDown');
    await settle();
    palette.show('palette');
    press('Enter');
    await settle();
    expect(palette.open).toBeNull();
    expect(location.hash).toBe(`#/contacts/${encodeURIComponent(peer.address)}`);
  });

  test('an input method keeps its keys', async () => {
    openPalette([CONTACT]);
    await search('uni');
    palette.show('palette');
    press('Enter', { isComposing: true });
    await settle();
    expect(palette.open).toBe('palette');
  });

  test('another answer begins at its first line', async () => {
    openPalette((text) => (text === 'a' ? [CONTACT, VALUE] : [VALUE, MAIL]));
    await search('a');
    press('ArrowDown');
    await settle();
    await search('ad');
    expect(meant()).toBe(`palette-value-${VALUE.kind === 'value' ? VALUE.id : ''}`);
  });
});

describe('the keys', () => {
  const key = (init: KeyboardEventInit, target: HTMLElement = document.body): KeyboardEvent => {
    const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
    target.addEventListener('keydown', onPaletteKey, { once: true });
    target.dispatchEvent(event);
    return event;
  };

  test('Ctrl K opens and closes, also out of a text field', () => {
    const field = document.createElement('input');
    document.body.append(field);
    expect(key({ key: 'k', ctrlKey: true }, field).defaultPrevented).toBe(true);
    expect(palette.open).toBe('palette');
    key({ key: 'K', metaKey: true });
    expect(palette.open).toBeNull();
  });

  test('"?" lists the keys, but is a letter in a text', () => {
    const field = document.createElement('textarea');
    document.body.append(field);
    expect(key({ key: '?', shiftKey: true }, field).defaultPrevented).toBe(false);
    expect(palette.open).toBeNull();
    key({ key: '?', shiftKey: true });
    expect(palette.open).toBe('shortcuts');
  });

  test('neither opens over a question', () => {
    const dialog = document.createElement('dialog');
    dialog.setAttribute('open', '');
    document.body.append(dialog);
    key({ key: 'k', ctrlKey: true });
    key({ key: '?' });
    expect(palette.open).toBeNull();
  });

  test('are listed', () => {
    shell({});
    draw(Shortcuts, { close: () => undefined });
    expect(find('shortcut-list').textContent).toContain('Ctrl');
    expect(find('shortcut-list').querySelectorAll('dt')).toHaveLength(6);
  });
});
