// What is said about value types beyond what the core describes: how they are grouped and named.

import type { AllowedValue } from '../bindings/AllowedValue';
import type { PartDescription } from '../bindings/PartDescription';
import { displayName } from '../i18n/format';
import { catalogues, t, tOr } from '../i18n/index.svelte';
import { cleanPeerText } from '../peer-text';

export const GROUPS = {
  names: [
    'GivenName',
    'Surname',
    'MiddleName',
    'DisplayName',
    'BirthName',
    'Pseudonym',
    'HonorificPrefix',
    'HonorificSuffix',
    'PersonName',
  ],
  contact: ['EMailAddress', 'PhoneNumber', 'FaxNumber', 'Website', 'CommunicationLanguage'],
  addresses: ['StreetAddress', 'PostOfficeBoxAddress', 'DeliveryBoxAddress'],
  person: ['BirthDate', 'BirthPlace', 'Sex', 'MaritalStatus', 'Nationality', 'Citizenship'],
  work: ['JobTitle', 'Affiliation', 'BankAccount'],
} as const;

export type GroupName = keyof typeof GROUPS | 'other';

export function groupOf(valueType: string): GroupName {
  for (const [group, types] of Object.entries(GROUPS)) {
    if ((types as readonly string[]).includes(valueType)) return group as GroupName;
  }
  return 'other';
}

export const GROUP_ORDER: GroupName[] = ['names', 'contact', 'addresses', 'person', 'work', 'other'];

const NAMED = 'valueType.';

/** All value types that a person's own values can have, those that only older wallets make included. */
export const OWN_TYPES: readonly string[] = Object.keys(catalogues.en)
  .filter((key) => key.startsWith(NAMED))
  .map((key) => key.slice(NAMED.length))
  .filter((type) => !type.startsWith('Proprietary') && type !== 'Consent')
  .sort();

export function typeName(valueType: string): string {
  return tOr(`valueType.${valueType}`, valueType);
}

/** The label of one input. A simple value has one, which carries the name of its type. */
export function partName(valueType: string, part: string): string {
  return part === 'value' ? typeName(valueType) : tOr(`part.${part}`, part);
}

const COUNTRY_PARTS = new Set(['country']);
const COUNTRY_TYPES = new Set([
  'Citizenship',
  'Nationality',
  'Country',
  'BirthCountry',
  'ProprietaryCountry',
]);
const LANGUAGE_TYPES = new Set(['CommunicationLanguage', 'ProprietaryLanguage']);

/** What kind of keys the options of a part are. */
export function optionKind(valueType: string, part: string): 'region' | 'language' | 'word' {
  if (COUNTRY_PARTS.has(part) || COUNTRY_TYPES.has(valueType)) return 'region';
  if (LANGUAGE_TYPES.has(valueType)) return 'language';
  return 'word';
}

/** What a key among the options is called. */
export function optionName(valueType: string, part: string, key: string): string {
  const kind = optionKind(valueType, part);
  if (kind !== 'word') return displayName(kind, key);
  return tOr(`option.${valueType}.${key}`, key);
}

/** What one of the values to choose from is called: in our words, or else in the sender's. */
export function choiceName(valueType: string, part: PartDescription, option: AllowedValue): string {
  if (!option.displayName.startsWith('i18n://')) return cleanPeerText(option.displayName).text;
  const key = String(option.key);
  if (part.dataType === 'Country') return displayName('region', key);
  if (part.dataType === 'Language') return displayName('language', key);
  return optionName(valueType, part.name, key);
}

/** How a yes or no is said. */
export function yesNo(value: boolean): string {
  return t(value ? 'common.yes' : 'common.no');
}
