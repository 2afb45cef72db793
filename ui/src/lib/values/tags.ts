// Marks on the person's own values. Those of the Backbone's list are checked by the core.

import type { PartProblem } from './draft';

const MOST = 20;
const LONGEST = 250;

/** The mark that is meant by what was typed: a word alone becomes one of the person's own. */
export function readTag(text: string): string {
  const tag = text.trim().normalize('NFC');
  return tag === '' || /^(x|urn|language|mimetype|bkb):/i.test(tag) ? tag : `x:${tag}`;
}

/** What is wrong with adding this mark to these; null if it can be added. */
export function tagProblem(tag: string, present: readonly string[]): PartProblem | null {
  if (tag === '' || /^(x|urn|language|mimetype|bkb):$/i.test(tag)) return { key: 'tags.empty' };
  if (present.includes(tag)) return { key: 'tags.twice' };
  if (tag.length > LONGEST) return { key: 'value.tooLong', values: { max: LONGEST } };
  if (present.length >= MOST) return { key: 'tags.tooMany', values: { max: MOST } };
  return null;
}

/** A mark as it is shown: without the sign of one's own. */
export function tagName(tag: string): string {
  return tag.replace(/^x:/i, '');
}
