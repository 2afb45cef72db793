// What the palette can do besides finding: every place, and what is done from everywhere.

import { api } from '../api';
import type { AppState } from '../api-types';
import { t, type MessageKey } from '../i18n/index.svelte';
import { announce } from '../state/announce.svelte';
import { app } from '../state/app.svelte';
import { captureScreens } from '../state/capture.svelte';
import { palette } from '../state/palette.svelte';
import { links } from '../state/router.svelte';
import { found } from '../values/show';

/** Something that is done, or somewhere to go to. */
export type Command = { id: string; label: MessageKey; keys?: string } & (
  { href: string } | { run: () => void | Promise<void> }
);

const PLACES: Command[] = [
  { id: 'inbox', label: 'nav.inbox', href: links.inbox },
  { id: 'scan', label: 'nav.scan', href: links.scan },
  { id: 'contacts', label: 'nav.contacts', href: links.contacts },
  { id: 'data', label: 'nav.data', href: links.data },
  { id: 'files', label: 'files.title', href: links.files },
  { id: 'invitations', label: 'invite.title', href: links.invitations },
  { id: 'organisations', label: 'nav.organisations', href: links.organisations },
  { id: 'settings', label: 'nav.settings', href: links.settings },
  { id: 'addData', label: 'data.add', href: links.addData() },
  { id: 'newInvitation', label: 'invite.do', href: links.newInvitation },
];

async function sync(): Promise<void> {
  await api.sync();
  announce(t('sync.idle'));
}

function settings(state: AppState): Command[] {
  const save = (change: Partial<AppState['settings']>) => () =>
    app.saveSettings({ ...state.settings, ...change });
  return [
    { id: 'theme-light', label: 'palette.theme.light', run: save({ theme: 'light' }) },
    { id: 'theme-dark', label: 'palette.theme.dark', run: save({ theme: 'dark' }) },
    { id: 'theme-system', label: 'palette.theme.system', run: save({ theme: 'system' }) },
    { id: 'language-en', label: 'palette.language.en', run: save({ language: 'en' }) },
    { id: 'language-de', label: 'palette.language.de', run: save({ language: 'de' }) },
  ];
}

/** All commands; those for settings once they are known. */
export function commands(state: AppState | null): Command[] {
  return [
    ...PLACES,
    { id: 'captureScreens', label: 'settings.keys.scan', keys: 'Ctrl Shift S', run: captureScreens },
    { id: 'sync', label: 'sync.now', run: sync },
    ...(state ? settings(state) : []),
    { id: 'shortcuts', label: 'settings.keys.list', keys: '?', run: () => palette.show('shortcuts') },
  ];
}

/** Those whose name has what was typed, in the language that is spoken. */
export function fitting(all: Command[], typed: string): Command[] {
  return all.filter((command) => found(typed, t(command.label)));
}
