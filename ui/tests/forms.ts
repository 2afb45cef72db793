// Requests as the core hands them to the form.

import type { Ask } from '../src/lib/bindings/Ask';
import type { Candidate } from '../src/lib/bindings/Candidate';
import type { ConsentForm } from '../src/lib/bindings/ConsentForm';
import type { FormItem } from '../src/lib/bindings/FormItem';
import type { FormNode } from '../src/lib/bindings/FormNode';

export const peer = {
  address: 'did:e:localhost:dids:c41f08be77ad9e6012d5',
  name: 'University',
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
      createdAt: '2026-11-22T10:00:00.000Z',
      expiresAt: null,
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
