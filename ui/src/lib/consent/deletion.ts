// Until when something is to be deleted.

import { dayFirst, parseDay, type Day } from '../values/dates';
import type { PartProblem, ValueDraft } from '../values/draft';

export const WHEN = ['today', 'in14', 'date'] as const;
export type When = (typeof WHEN)[number];

/** The end of a day in the person's own zone: what is promised for a day may happen until it is over. */
function endOf(day: Day): Date {
  const end = new Date(2000, 0, 1, 23, 59, 59, 999);
  end.setFullYear(day.year, day.month - 1, day.day);
  return end;
}

const dayOf = (date: Date): Day => ({
  day: date.getDate(),
  month: date.getMonth() + 1,
  year: date.getFullYear(),
});

/** The day that is offered, so many days from now. */
export function dayIn(days: number, now: Date): Date {
  return endOf(dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days)));
}

/** The date that was chosen, as a decision carries it; or what is wrong. */
export function readDeletion(
  draft: ValueDraft,
  language: string,
  now: Date,
): { date: string; problem: null } | { date: null; problem: { when?: PartProblem; date?: PartProblem } } {
  const when = draft['when'];
  if (when === 'today') return { date: dayIn(0, now).toISOString(), problem: null };
  if (when === 'in14') return { date: dayIn(14, now).toISOString(), problem: null };
  if (when !== 'date') return { date: null, problem: { when: { key: 'deletion.choose' } } };
  const text = (draft['date'] ?? '').trim();
  if (text === '') return { date: null, problem: { date: { key: 'value.missing' } } };
  const day = parseDay(text, dayFirst(language));
  if (!day) return { date: null, problem: { date: { key: 'value.notADate' } } };
  const end = endOf(day);
  if (end < now) return { date: null, problem: { date: { key: 'deletion.past' } } };
  return { date: end.toISOString(), problem: null };
}
