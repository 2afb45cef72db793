// A date as a person types it. Birthdays have no time and no zone.

export type Day = { day: number; month: number; year: number };

/** Whether the date exists in the calendar. */
export function exists({ day, month, year }: Day): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (lengths[month - 1] ?? 0);
}

/** The order in which a language writes day and month. */
export function dayFirst(language: string): boolean {
  const parts = new Intl.DateTimeFormat(language).formatToParts(new Date(2001, 11, 31));
  const order = parts.filter((part) => part.type === 'day' || part.type === 'month').map((part) => part.type);
  return order[0] === 'day';
}

/**
 * Reads 31.12.1990, 31/12/1990, 1990-12-31 and 12/31/1990; day or month first as `isDayFirst` says.
 * Null if it is not a date. The year is written with four digits: 90 could be two centuries.
 */
export function parseDay(text: string, isDayFirst: boolean): Day | null {
  const iso = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(text);
  if (iso) return checked(Number(iso[3]), Number(iso[2]), Number(iso[1]));
  const dotted = /^\s*(\d{1,2})\s*([./ -])\s*(\d{1,2})\s*[./ -]\s*(\d{4})\s*$/.exec(text);
  if (!dotted) return null;
  const [first, second, year] = [Number(dotted[1]), Number(dotted[3]), Number(dotted[4])];
  // Dots are written day first in every language.
  return dotted[2] === '.' || isDayFirst ? checked(first, second, year) : checked(second, first, year);
}

function checked(day: number, month: number, year: number): Day | null {
  const candidate = { day, month, year };
  return exists(candidate) ? candidate : null;
}

/** A date in the form in which it can be typed again. */
export function typedDay({ day, month, year }: Day, isDayFirst: boolean): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const four = String(year).padStart(4, '0');
  return isDayFirst ? `${two(day)}.${two(month)}.${four}` : `${two(month)}/${two(day)}/${four}`;
}

/** A date as it is stored: 1990-12-31. */
export function isoDay({ day, month, year }: Day): string {
  const pad = (n: number, length: number): string => String(n).padStart(length, '0');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** A date in words. */
export function dayInWords(value: Day, language: string): string {
  const date = new Date(0);
  date.setUTCFullYear(value.year, value.month - 1, value.day);
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(date);
}
