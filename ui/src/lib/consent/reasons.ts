// Why a value is offered, and what sets two values apart.

import type { Candidate } from '../bindings/Candidate';
import { formatRelative } from '../i18n/format';
import { t } from '../i18n/index.svelte';
import { isolate } from '../peer-text';
import { currentTime } from '../state/clock.svelte';
import { valueParts } from '../values/show';

/** What speaks for a candidate, the most telling first. */
export function reasons(candidate: Candidate, isFirst: boolean): string[] {
  const list: string[] = [];
  if (candidate.isDefault) list.push(t(isFirst ? 'candidate.default' : 'candidate.isDefault'));
  if (candidate.thirdParty)
    list.push(t('candidate.thirdParty', { address: isolate(candidate.thirdParty, 200) }));
  if (candidate.alreadySharedWithPeer) list.push(t('candidate.known'));
  else if (candidate.sharedWith > 0) list.push(t('candidate.shared', { count: candidate.sharedWith }));
  list.push(t('candidate.age', { relative: formatRelative(candidate.createdAt, currentTime()) }));
  return list;
}

/** The names of the parts in which two values differ; empty if they are the same or have but one part. */
export function differences(one: JsonValue, other: JsonValue): string[] {
  const [mine, theirs] = [valueParts(one), valueParts(other)];
  if (mine.length < 2 && theirs.length < 2) return [];
  const text = (parts: typeof mine, label: string): string | undefined =>
    parts.find((part) => part.label === label)?.text;
  const labels = new Set([...mine, ...theirs].map((part) => part.label));
  return [...labels].filter((label) => text(mine, label) !== text(theirs, label));
}
