// What is entered for each kind of item of a Request, for the tests of asking.

import { buildItem } from '../src/lib/asking/build';
import { newItem, type AskItem, type AskKind } from '../src/lib/asking/kinds';
import type { SentRequest } from '../src/lib/bindings/SentRequest';
import { peer } from './forms';
import { ME, view } from './attribute-view';
import { valueTypes } from './value-types';

export /** Another contact of the person. */
const INSURER = { ...peer, address: 'did:e:localhost:dids:0000000000000000000002', name: 'Insurer' };

export const TYPES = new Map(valueTypes.map((one) => [one.valueType, one]));

export const ADDRESS = view('ATTaddress00000000001', { '@type': 'EMailAddress', value: 'old@example.org' });

/** An entry of another contact. */
export const ENTRY = view(
  'ATTentry000000000001',
  { '@type': 'ProprietaryString', title: 'Insurance number', value: 'K 4711' },
  { key: 'insuranceNumber', confidentiality: 'protected', peer: INSURER.address },
);

/** What is entered for each kind, and the item that it becomes. */
export const ENTERED: Record<
  AskKind,
  { fields: Record<string, string>; value?: Record<string, string>; becomes: object }
> = {
  readIdentity: {
    fields: { valueType: 'EMailAddress', tags: 'work\nx:private' },
    becomes: {
      '@type': 'ReadAttributeRequestItem',
      query: { '@type': 'IdentityAttributeQuery', valueType: 'EMailAddress', tags: ['x:work', 'x:private'] },
    },
  },
  readRelationship: {
    fields: {
      valueType: 'ProprietaryString',
      title: 'Customer number',
      key: 'customerNumber',
      owner: 'mine',
    },
    becomes: {
      '@type': 'ReadAttributeRequestItem',
      query: {
        '@type': 'RelationshipAttributeQuery',
        key: 'customerNumber',
        owner: ME,
        attributeCreationHints: {
          '@type': 'RelationshipAttributeCreationHints',
          title: 'Customer number',
          valueType: 'ProprietaryString',
          confidentiality: 'private',
        },
      },
    },
  },
  readCondition: {
    fields: { condition: 'EMailAddress && #x:work', valueType: 'EMailAddress' },
    becomes: {
      '@type': 'ReadAttributeRequestItem',
      query: {
        '@type': 'IQLQuery',
        queryString: 'EMailAddress && #x:work',
        attributeCreationHints: { '@type': 'IQLQueryCreationHints', valueType: 'EMailAddress' },
      },
    },
  },
  readThirdParty: {
    fields: { key: 'insuranceNumber', whose: 'recipient' },
    becomes: {
      '@type': 'ReadAttributeRequestItem',
      query: {
        '@type': 'ThirdPartyRelationshipAttributeQuery',
        key: 'insuranceNumber',
        owner: 'recipient',
        thirdParty: [''],
      },
    },
  },
  share: {
    fields: { attributeId: ADDRESS.id },
    becomes: { '@type': 'ShareAttributeRequestItem', attributeId: ADDRESS.id },
  },
  shareRelationship: {
    fields: { attributeId: ENTRY.id },
    becomes: { '@type': 'ShareAttributeRequestItem', attributeId: ENTRY.id },
  },
  propose: {
    fields: { valueType: 'GivenName' },
    value: { value: 'Theo' },
    becomes: {
      '@type': 'ProposeAttributeRequestItem',
      query: { '@type': 'IdentityAttributeQuery', valueType: 'GivenName' },
      attribute: { '@type': 'IdentityAttribute', owner: '', value: { '@type': 'GivenName', value: 'Theo' } },
    },
  },
  proposeRelationship: {
    fields: { valueType: 'ProprietaryInteger', title: 'Seat', key: 'seat', explanation: 'In the boat' },
    value: { value: '4' },
    becomes: {
      '@type': 'ProposeAttributeRequestItem',
      query: {
        '@type': 'RelationshipAttributeQuery',
        key: 'seat',
        owner: '',
        attributeCreationHints: {
          '@type': 'RelationshipAttributeCreationHints',
          title: 'Seat',
          description: 'In the boat',
          valueType: 'ProprietaryInteger',
          confidentiality: 'private',
        },
      },
      attribute: {
        '@type': 'RelationshipAttribute',
        owner: '',
        key: 'seat',
        confidentiality: 'private',
        isTechnical: false,
        value: { '@type': 'ProprietaryInteger', title: 'Seat', description: 'In the boat', value: 4 },
      },
    },
  },
  create: {
    fields: {
      valueType: 'ProprietaryString',
      title: 'Case',
      key: 'case',
      owner: 'mine',
      confidentiality: 'public',
    },
    value: { value: '4711' },
    becomes: {
      '@type': 'CreateAttributeRequestItem',
      attribute: {
        '@type': 'RelationshipAttribute',
        owner: ME,
        key: 'case',
        confidentiality: 'public',
        isTechnical: false,
        value: { '@type': 'ProprietaryString', title: 'Case', value: '4711' },
      },
    },
  },
  createIdentity: {
    fields: { valueType: 'JobTitle' },
    value: { value: 'Cox' },
    becomes: {
      '@type': 'CreateAttributeRequestItem',
      attribute: { '@type': 'IdentityAttribute', owner: '', value: { '@type': 'JobTitle', value: 'Cox' } },
    },
  },
  file: {
    fields: { file: 'FILabcdefghijklmnopq' },
    becomes: {
      '@type': 'TransferFileOwnershipRequestItem',
      fileReference: 'FILabcdefghijklmnopq',
    },
  },
  delete: {
    fields: { attributeId: ADDRESS.id },
    becomes: { '@type': 'DeleteAttributeRequestItem', attributeId: ADDRESS.id },
  },
  field: {
    fields: {
      question: 'How do you come?',
      settings: 'selection',
      options: 'Bus\n\n Train ',
      allowMultipleSelection: 'true',
    },
    becomes: {
      '@type': 'FormFieldRequestItem',
      title: 'How do you come?',
      settings: {
        '@type': 'SelectionFormFieldSettings',
        options: ['Bus', 'Train'],
        allowMultipleSelection: true,
      },
    },
  },
  consent: {
    fields: {
      consent: 'I agree.',
      link: 'https://example.org',
      linkDisplayText: 'Terms',
      requiresInteraction: 'true',
    },
    becomes: {
      '@type': 'ConsentRequestItem',
      consent: 'I agree.',
      link: 'https://example.org',
      linkDisplayText: 'Terms',
      requiresInteraction: true,
    },
  },
  authentication: {
    fields: { title: 'Open the door' },
    becomes: { '@type': 'AuthenticationRequestItem', title: 'Open the door' },
  },
};

export function entered(kind: AskKind): AskItem {
  const { fields, value } = ENTERED[kind];
  const item = newItem(kind, 0, fields);
  return { ...item, value: value ?? {} };
}

export const build = (item: AskItem) => buildItem(item, TYPES, ME, 'en');

/** A Request of one item that was sent, as it stands. */
export function sentRequest(
  kind: AskKind,
  response: JsonValue | null,
  more: Partial<SentRequest['summary']> = {},
): SentRequest {
  const { item } = build(entered(kind));
  return {
    summary: {
      id: 'REQ1',
      peer,
      title: null,
      itemType: String(item?.['@type']),
      state: response === null ? 'waiting' : 'answered',
      failureCode: null,
      accepted: response === null ? null : true,
      createdAt: '2026-11-22T10:00:00.000Z',
      answeredAt: response === null ? null : '2026-11-22T11:00:00.000Z',
      expiresAt: null,
      itemCount: 1,
      ...more,
    },
    request: { '@type': 'Request', items: [item as JsonValue] },
    response: response === null ? null : { '@type': 'Response', result: 'Accepted', items: [response] },
    attributes: [ADDRESS],
  };
}
