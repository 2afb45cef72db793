// What an own Request is called.

import type { SentSummary } from '../bindings/SentSummary';
import { t, tOr } from '../i18n/index.svelte';

/** Its title; without one, what it asks. */
export function sentName(summary: SentSummary): { text: string; isTitle: boolean } {
  if (summary.title) return { text: summary.title, isTitle: true };
  const text = summary.itemType ? tOr(`sent.asked.${summary.itemType}`, '') : '';
  return { text: text || t('request.untitled'), isTitle: false };
}
