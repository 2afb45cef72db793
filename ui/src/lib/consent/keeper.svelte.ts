import { untrack } from 'svelte';

/** Long enough not to write at every key, short enough to lose no more than a word. */
const KEEP_AFTER = 600;

export type Keeper = {
  /** Whether what is on screen is kept: `null` while there is nothing to keep yet. */
  readonly isKept: boolean | null;
  /** Keeps what is on screen now, if there is anything to keep. */
  now: () => Promise<void>;
  /** The form was sent: nothing is kept any more. */
  end: () => void;
};

/**
 * Keeps a form that is being filled in, soon after each change and when the person leaves it. `draft` is
 * replaced, never changed; `isBegun` says whether there is anything to keep.
 */
export function keeper<T>(of: {
  draft: () => T;
  isBegun: (draft: T) => boolean;
  save: (draft: T) => Promise<void>;
}): Keeper {
  let isKept = $state<boolean | null>(null);
  let ended = false;
  let before = untrack(of.draft);

  async function keep(now: T): Promise<void> {
    if (ended || now === before) return;
    before = now;
    try {
      await of.save(now);
      isKept = true;
    } catch {
      // Said on screen; the next change tries again.
      isKept = false;
    }
  }

  $effect(() => {
    const now = of.draft();
    if (now === before || !of.isBegun(now)) return;
    const timer = setTimeout(() => void keep(now), KEEP_AFTER);
    return () => clearTimeout(timer);
  });
  $effect(() => () => void keep(untrack(of.draft)));

  return {
    get isKept() {
      return isKept;
    },
    now: async () => {
      const now = untrack(of.draft);
      if (of.isBegun(now)) await keep(now);
    },
    end: () => (ended = true),
  };
}
