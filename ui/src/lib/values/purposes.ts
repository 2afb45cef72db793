import type { FullAutoFill } from 'svelte/elements';

const BY_TYPE: Record<string, FullAutoFill> = {
  GivenName: 'given-name',
  Surname: 'family-name',
  MiddleName: 'additional-name',
  HonorificPrefix: 'honorific-prefix',
  HonorificSuffix: 'honorific-suffix',
  Pseudonym: 'nickname',
  EMailAddress: 'email',
  PhoneNumber: 'tel',
  BirthDate: 'bday',
  JobTitle: 'organization-title',
  Website: 'url',
};

const BY_PART: Record<string, FullAutoFill> = {
  recipient: 'name',
  zipCode: 'postal-code',
  city: 'address-level2',
  state: 'address-level1',
  country: 'country',
};

/** What an input of the person's own data is for, so that helpers of the system can fill it in. */
export function inputPurpose(valueType: string, part: string): FullAutoFill {
  return BY_TYPE[valueType] ?? (valueType.endsWith('Address') ? BY_PART[part] : undefined) ?? 'off';
}
