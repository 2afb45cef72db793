// Requests as the core hands them to the form.

import type { Ask } from '../src/lib/bindings/Ask';
import type { Candidate } from '../src/lib/bindings/Candidate';
import type { ConsentForm } from '../src/lib/bindings/ConsentForm';
import type { FieldSettings } from '../src/lib/bindings/FieldSettings';
import type { FormItem } from '../src/lib/bindings/FormItem';
import type { FormNode } from '../src/lib/bindings/FormNode';

export const peer = {
  address: 'did:e:localhost:dids:c41f08be77ad9e6012d5',
  name: 'University',
  title: null,
  firstSeenAt: '2026-11-20T10:00:00.000Z',
  relationshipId: null,
};

export function candidate(attributeId: string, value: JsonValue, more: Partial<Candidate> = {}): Candidate {
  return {
    attributeId,
    value,
    tags: [],
    isDefault: false,
    createdAt: '2026-11-01T10:00:00.000Z',
    alreadySharedWithPeer: false,
    sharedWith: 0,
    ...more,
  };
}

export function item(path: number[], ask: Ask, more: Partial<FormItem> = {}): FormItem {
  return {
    path,
    itemType: 'X',
    title: null,
    description: null,
    mustBeAccepted: true,
    requiresInteraction: false,
    ask,
    canBeAccepted: true,
    ...more,
  };
}

export function read(
  valueType: string,
  candidates: Candidate[] = [],
  more: Partial<Extract<Ask, { kind: 'readAttribute' }>> = {},
): Ask {
  return {
    kind: 'readAttribute',
    valueType,
    tags: [],
    condition: null,
    candidates,
    newAttribute: { valueType, relationshipAttribute: null },
    ...more,
  };
}

export function shared(value: JsonValue, more: Partial<Extract<Ask, { kind: 'shareAttribute' }>> = {}): Ask {
  return {
    kind: 'shareAttribute',
    value,
    tags: [],
    owner: peer.address,
    key: null,
    thirdParty: null,
    alreadyKnown: false,
    ...more,
  };
}

export const consent: Ask = {
  kind: 'consent',
  consent: 'I agree to everything.',
  link: null,
  linkDisplayText: null,
};
export const authentication: Ask = { kind: 'authentication' };

export function asNode(one: FormItem): FormNode {
  return { node: 'item', ...one };
}

export function group(title: string | null, items: FormItem[]): FormNode {
  return { node: 'group', title, description: null, items };
}

export function form(
  nodes: FormNode[],
  defaultDecision: Decision,
  more: Partial<ConsentForm> = {},
): ConsentForm {
  return {
    summary: {
      id: 'REQ1',
      peer,
      title: 'Enrolment',
      status: 'ManualDecisionRequired',
      accepted: null,
      held: null,
      createdAt: '2026-11-22T10:00:00.000Z',
      expiresAt: null,
      isDismissible: false,
      isDismissed: false,
      itemCount: nodes.length,
    },
    description: null,
    createsRelationship: true,
    isDecidable: true,
    notDecidableCode: null,
    nodes,
    defaultDecision,
    response: null,
    ...more,
  };
}

export function propose(
  value: JsonValue,
  candidates: Candidate[] = [],
  more: Partial<Extract<Ask, { kind: 'proposeAttribute' }>> = {},
): Ask {
  const valueType = String((value as { '@type': string })['@type']);
  return {
    kind: 'proposeAttribute',
    valueType,
    tags: [],
    condition: null,
    proposal: {
      value,
      tags: [],
      key: null,
      existingAttributeId: null,
      attribute: { '@type': 'IdentityAttribute', owner: '', value },
    },
    candidates,
    newAttribute: { valueType, relationshipAttribute: null },
    ...more,
  };
}

export function created(
  value: JsonValue,
  more: Partial<Extract<Ask, { kind: 'createAttribute' }>> = {},
): Ask {
  return {
    kind: 'createAttribute',
    value,
    tags: [],
    owner: peer.address,
    isOwn: false,
    key: null,
    confidentiality: null,
    alreadyKnown: false,
    ...more,
  };
}

export function deletion(value: JsonValue | null, deletionDate: string | null = null): Ask {
  return {
    kind: 'deleteAttribute',
    attribute:
      value === null
        ? null
        : {
            attributeId: 'ATT7',
            value,
            tags: [],
            key: null,
            receivedAt: '2026-10-01T10:00:00.000Z',
            deletionDate,
          },
  };
}

export function field(settings: FieldSettings): Ask {
  return { kind: 'formField', settings };
}

export const FIELDS = {
  text: { kind: 'string', allowNewlines: false, min: 2, max: 20 },
  prose: { kind: 'string', allowNewlines: true, min: null, max: null },
  integer: { kind: 'integer', unit: 'cm', min: 50, max: 250 },
  double: { kind: 'double', unit: 'kg', min: null, max: null },
  boolean: { kind: 'boolean' },
  date: { kind: 'date' },
  one: { kind: 'selection', options: ['Bus', 'Train', 'Bike'], allowMultipleSelection: false },
  several: { kind: 'selection', options: ['Bus', 'Train', 'Bike'], allowMultipleSelection: true },
  rating: { kind: 'rating', maxRating: 5 },
} satisfies Record<string, FieldSettings>;

export const freeText: Ask = { kind: 'freeText', freeText: 'Why would you like to join?' };

export function file(more: Partial<Extract<Ask, { kind: 'transferFileOwnership' }>> = {}): Ask {
  return {
    kind: 'transferFileOwnership',
    file: {
      title: 'Certificate',
      description: null,
      filename: 'certificate.pdf',
      filesize: 120_345,
      mimetype: 'application/pdf',
      expiresAt: '2027-11-22T10:00:00.000Z',
      tags: [],
    },
    problemCode: null,
    ...more,
  };
}

export const notSupported: Ask = { kind: 'notSupported', raw: { '@type': 'X', url: 'openid://x' } };
export const notUnderstood: Ask = { kind: 'notUnderstood', raw: { '@type': 'Future' } };
