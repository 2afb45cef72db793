import { untrack } from 'svelte';

import { api } from '../api';
import type { FormDraft } from './draft';
import { isBegun, pack } from './kept';

/** Long enough not to write at every key, short enough to lose no more than a word. */
const KEEP_AFTER = 600;

export type Keeper = {
  /** Whether what is on screen is kept: `null` while there is nothing to keep yet. */
  readonly isKept: boolean | null;
  /** The form was decided: nothing is kept any more. */
  end: () => void;
};

/** Keeps a form that is being filled in, soon after each change and when the person leaves it. */
export function keeper(id: string, draft: () => FormDraft): Keeper {
  let isKept = $state<boolean | null>(null);
  let ended = false;
  let before = untrack(draft);

  async function keep(now: FormDraft): Promise<void> {
    if (ended || now === before) return;
    before = now;
    try {
      await api.saveDraft(id, pack(now));
      isKept = true;
    } catch {
      // Said on screen; the next change tries again.
      isKept = false;
    }
  }

  $effect(() => {
    const now = draft();
    if (now === before || !isBegun(now)) return;
    const timer = setTimeout(() => void keep(now), KEEP_AFTER);
    return () => clearTimeout(timer);
  });
  $effect(() => () => void keep(untrack(draft)));

  return {
    get isKept() {
      return isKept;
    },
    end: () => (ended = true),
  };
}
