// What an error means for the person: what happened, what it means for their data, what to do.

import type { SpokenLanguage } from '../api-types';
import { currentLanguage } from './index.svelte';
import de from './errors.de.json';
import en from './errors.en.json';

export type ErrorText = { title: string; meaning: string; action: string };

export const errorCatalogues: Record<SpokenLanguage, Record<keyof typeof en, ErrorText>> = { en, de };

/** Whether there is a text of its own for this code. */
export function isKnownError(code: string): boolean {
  return code in errorCatalogues.en && code !== 'generic';
}

/** The text for a code; one for all where there is none of its own (the code is shown beside it). */
export function errorText(code: string): ErrorText {
  const catalogue: Record<string, ErrorText> = errorCatalogues[currentLanguage()];
  return (isKnownError(code) ? catalogue[code] : undefined) ?? errorCatalogues[currentLanguage()].generic;
}
