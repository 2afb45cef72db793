// The letters an attribute may be written with: those of DIN 91379, data type C, with tab and line breaks.
// The core checks them when a value is made; here the one at fault is named while it is typed.

import set from './characters.json';

const point = (hex: string): number => parseInt(hex, 16);
const RANGES = set.ranges.map(([from = '', to = '']) => [point(from), point(to)] as const);
/** Some letters are allowed with an accent only as these sequences, which Unicode has no single sign for. */
const SEQUENCES = new Map<string, string[]>();
for (const sequence of set.sequences) {
  const text = sequence
    .split(' ')
    .map((hex) => String.fromCodePoint(point(hex)))
    .join('');
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  SEQUENCES.set(
    first,
    [...(SEQUENCES.get(first) ?? []), text].sort((a, b) => b.length - a.length),
  );
}

function isAllowed(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return RANGES.some(([from, to]) => code >= from && code <= to);
}

/** The first character that an attribute may not hold; null if all of them may stand there. */
export function forbiddenCharacter(text: string): string | null {
  for (let at = 0; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const sequence = SEQUENCES.get(character)?.find((known) => text.startsWith(known, at));
    if (sequence === undefined && !isAllowed(character)) return character;
    at += (sequence ?? character).length;
  }
  return null;
}
