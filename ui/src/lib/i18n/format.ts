import { currentLanguage } from './index.svelte';

function parse(date: string): Date | null {
  const parsed = new Date(date);
  return Number.isNaN(parsed.getTime()) ? null : parsed;
}

/** A moment with its date and time, in the person's own zone. */
export function formatDateTime(date: string): string {
  const parsed = parse(date);
  if (!parsed) return date;
  return new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'medium', timeStyle: 'short' }).format(
    parsed,
  );
}

/** Only the day of a moment. */
export function formatDay(date: string): string {
  const parsed = parse(date);
  if (!parsed) return date;
  return new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'medium' }).format(parsed);
}

/** Only the time of the day. */
export function formatTime(date: string): string {
  const parsed = parse(date);
  if (!parsed) return date;
  return new Intl.DateTimeFormat(currentLanguage(), { timeStyle: 'short' }).format(parsed);
}

/** The same with the name of the time zone, for receipts. */
export function formatExact(date: string): string {
  const parsed = parse(date);
  if (!parsed) return date;
  return new Intl.DateTimeFormat(currentLanguage(), {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(parsed);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago or ahead a moment is, in words. */
export function formatRelative(date: string, now: number): string {
  const parsed = parse(date);
  if (!parsed) return date;
  const seconds = Math.round((parsed.getTime() - now) / 1000);
  const format = new Intl.RelativeTimeFormat(currentLanguage(), { numeric: 'auto' });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(0, 'second');
}

/** The name of a country or language in the person's language; the code itself if it has none. */
export function displayName(kind: 'region' | 'language', code: string): string {
  try {
    return new Intl.DisplayNames(currentLanguage(), { type: kind }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** Names in a row, joined as the language joins them. */
export function formatList(items: string[]): string {
  return new Intl.ListFormat(currentLanguage(), { type: 'conjunction' }).format(items);
}

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A number of bytes in the unit that fits. */
export function formatSize(bytes: number): string {
  const step = bytes > 0 ? Math.min(Math.floor(Math.log10(bytes) / 3), SIZES.length - 1) : 0;
  const unit = SIZES[Math.max(step, 0)] ?? 'byte';
  return new Intl.NumberFormat(currentLanguage(), {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: unit === 'byte' ? 0 : 1,
  }).format(bytes / 1000 ** Math.max(step, 0));
}

/** A part of a whole, 0 to 1, in percent. */
export function formatPercent(part: number): string {
  return new Intl.NumberFormat(currentLanguage(), { style: 'percent' }).format(part);
}
