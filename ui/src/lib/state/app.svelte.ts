// Where the program stands: first start, locked, ready; and the settings.

import { api } from '../api';
import type { AppState, ErrorView, NewProfile, Settings } from '../api-types';
import { toErrorView } from '../errors';
import { useLanguage } from '../i18n/index.svelte';

let state = $state.raw<AppState | null>(null);
let loadError = $state.raw<ErrorView | null>(null);

function take(next: AppState): void {
  state = next;
  loadError = null;
  applySettings(next.settings);
}

function applySettings(settings: Settings): void {
  useLanguage(settings.language);
  document.documentElement.dataset['theme'] = settings.theme;
}

export const app = {
  /** What the shell said last; null before its first answer. */
  get state(): AppState | null {
    return state;
  },
  /** Why not even that could be asked. */
  get loadError(): ErrorView | null {
    return loadError;
  },
  load: async (): Promise<void> => {
    try {
      take(await api.appState());
    } catch (thrown) {
      loadError = toErrorView(thrown);
    }
  },
  createProfile: async (profile: NewProfile): Promise<void> => take(await api.createProfile(profile)),
  unlock: async (appPassword: string | null): Promise<void> => take(await api.unlock(appPassword)),
  /** Opens the profile once more, after what was in the way is gone. */
  reopen: async (): Promise<void> => {
    try {
      await app.unlock(null);
    } catch {
      await app.load();
    }
  },
  saveSettings: async (settings: Settings): Promise<void> => {
    await api.setSettings(settings);
    if (state) take({ ...state, settings });
  },
};
