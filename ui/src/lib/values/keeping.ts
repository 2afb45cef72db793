// How long the server keeps a file that is given to it.

/** The choices, the one that is chosen at first before the others. */
export const KEEPINGS = ['always', 'days7', 'days30', 'year'] as const;

export type Keeping = (typeof KEEPINGS)[number];

/** Until when that is, from a day on: the end of a day where the person is; null for ever. */
export function keptUntil(keeping: Keeping, now: Date): string | null {
  const days = { always: null, days7: 7, days30: 30, year: 365 }[keeping];
  if (days === null) return null;
  // The same for a whole day, so that a file that is sent again is the same file.
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 23, 59, 59, 999).toISOString();
}
