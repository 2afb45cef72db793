import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { nodesOf } from '../src/lib/asking/as-form';
import { buildItem, readExpiry } from '../src/lib/asking/build';
import { EMPTY, pack, unpack } from '../src/lib/asking/kept';
import { KINDS, newItem, type AskItem, type AskKind } from '../src/lib/asking/kinds';
import { arranged, assemble, codesOf, outline } from '../src/lib/asking/outline';
import type { SentRequest } from '../src/lib/bindings/SentRequest';
import Composer from '../src/lib/components/asking/Composer.svelte';
import { itemName } from '../src/lib/consent/names';
import { receiptLines } from '../src/lib/consent/receipt';
import Sent from '../src/lib/screens/Sent.svelte';
import { useLanguage } from '../src/lib/i18n/index.svelte';
import { peer } from './forms';
import { ME, view } from './attribute-view';
import { click, draw, find, has, settle, shell, type } from './helpers';
import { valueTypes } from './value-types';

const TYPES = new Map(valueTypes.map((one) => [one.valueType, one]));

const ADDRESS = view('ATTaddress00000000001', { '@type': 'EMailAddress', value: 'old@example.org' });

/** What is entered for each kind, and the item that it becomes. */
const ENTERED: Record<
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

function entered(kind: AskKind): AskItem {
  const { fields, value } = ENTERED[kind];
  const item = newItem(kind, 0, fields);
  return { ...item, value: value ?? {} };
}

const build = (item: AskItem) => buildItem(item, TYPES, ME, 'en');

describe('what is entered', () => {
  test.each(KINDS)('becomes an item: %s', (kind) => {
    const { item, problems } = build(entered(kind));
    expect(problems).toBeNull();
    expect(item).toEqual({ ...ENTERED[kind].becomes, mustBeAccepted: false });
  });

  test.each(KINDS)('is missed while it is not there: %s', (kind) => {
    expect(build(newItem(kind, 0)).item).toBeNull();
  });

  test.each<[string, Record<string, string>, object]>([
    [
      'text',
      { minLength: '2', maxLength: '5', allowNewlines: 'true' },
      { '@type': 'StringFormFieldSettings', min: 2, max: 5, allowNewlines: true },
    ],
    ['integer', { unit: 'cm', min: '-1' }, { '@type': 'IntegerFormFieldSettings', unit: 'cm', min: -1 }],
    ['double', { max: '1,5' }, { '@type': 'DoubleFormFieldSettings', max: 1.5 }],
    ['boolean', {}, { '@type': 'BooleanFormFieldSettings' }],
    ['date', {}, { '@type': 'DateFormFieldSettings' }],
    ['rating', { maxRating: '7' }, { '@type': 'RatingFormFieldSettings', maxRating: 7 }],
  ])('a question is answered with %s', (settings, fields, becomes) => {
    const { item } = build(newItem('field', 0, { question: 'What?', settings, ...fields }));
    expect(item?.['settings']).toEqual(becomes);
  });

  test.each<[AskKind, Record<string, string>, string]>([
    ['field', { question: 'x', settings: 'rating', maxRating: '11' }, 'maxRating'],
    ['field', { question: 'x', settings: 'selection', options: ' \n ' }, 'options'],
    ['field', { question: 'x'.repeat(201), settings: 'boolean' }, 'question'],
    ['consent', { consent: 'x', linkDisplayText: 'Terms' }, 'link'],
    ['readIdentity', { valueType: 'ProprietaryString' }, 'valueType'],
    ['readIdentity', { valueType: 'GivenName', tags: 'a\na' }, 'tags'],
    ['authentication', { title: 'x', note: 'x'.repeat(501) }, 'note'],
  ])('%s with %o is wrong at %s', (kind, fields, at) => {
    expect(Object.keys(build(newItem(kind, 0, fields)).problems ?? {})).toEqual([at]);
  });

  test('an entry is asked for from contacts that are named', () => {
    const fields = { key: 'insuranceNumber', thirdParty: 'did:e:one\ndid:e:two' };
    const { item } = build(newItem('readThirdParty', 0, fields));
    expect(item?.['query']).toMatchObject({ owner: '', thirdParty: ['did:e:one', 'did:e:two'] });
  });

  test('an end is the end of a day', () => {
    const now = new Date(2026, 10, 22, 12);
    expect(readExpiry('never', '', 'en', now)).toEqual({ date: null, problem: null });
    const date = new Date(readExpiry('in7', '', 'en', now).date ?? '');
    expect([date.getDate(), date.getHours()]).toEqual([29, 23]);
    expect(readExpiry('date', '', 'en', now).problem?.key).toBe('value.missing');
    expect(readExpiry('date', '1/1/2020', 'en', now).problem?.key).toBe('deletion.past');
    expect(readExpiry('date', '31.12.2026', 'de', now).problem).toBeNull();
  });

  test('is kept and comes back as it was', () => {
    const draft = {
      ...EMPTY,
      title: 'A',
      when: 'in7',
      groups: [
        { key: 0, title: 'G', description: '' },
        { key: 2, title: '', description: 'D' },
      ],
      items: KINDS.map((kind, key) => ({ ...entered(kind), key, group: key === 1 ? 2 : null })),
    };
    expect(unpack(JSON.parse(JSON.stringify(pack(draft))) as JsonValue)).toEqual(draft);
    for (const odd of [null, 1, {}, { format: 1, items: [{ kind: 'evil' }, 3] }, { format: 2 }]) {
      expect(unpack(odd as JsonValue).items).toEqual([]);
    }
    const lost = { format: 1, items: [{ kind: 'consent', group: 7 }], groups: [{ key: 'x' }, 3] };
    expect(unpack(lost)).toMatchObject({ groups: [], items: [{ group: null }] });
  });
});

describe('groups', () => {
  const GROUPS = [
    { key: 5, title: ' About you ', description: 'Why' },
    { key: 6, title: '', description: '' },
  ];
  const at = (key: number, group: number | null): AskItem => ({ ...entered('consent'), key, group });
  const items = [at(0, null), at(1, 5), at(2, null), at(3, 5), at(4, 99)];

  test('stand where their first item does, the empty ones last', () => {
    const parts = outline(items, GROUPS).map(({ group, items: of }) => [
      group?.key ?? null,
      of.map(({ key }) => key),
    ]);
    expect(parts).toEqual([
      [null, [0]],
      [5, [1, 3]],
      [null, [2]],
      [null, [4]],
      [6, []],
    ]);
    expect(arranged(items, GROUPS).map(({ key }) => key)).toEqual([0, 1, 3, 2, 4]);
  });

  test('hold what is complete; what is empty is left out', () => {
    const { nodes, keys } = assemble(outline(items, GROUPS), (item) =>
      item.key === 1 ? { item: null, problems: {} } : build(item),
    );
    expect(keys).toEqual([0, [3], 2, 4]);
    expect(nodes[1]).toEqual({
      '@type': 'RequestItemGroup',
      title: 'About you',
      description: 'Why',
      items: [build(at(3, 5)).item],
    });
    expect(nodes.map((node) => node['@type'])).toEqual([
      'ConsentRequestItem',
      'RequestItemGroup',
      'ConsentRequestItem',
      'ConsentRequestItem',
    ]);
  });

  test('what is wrong is found at its item, also inside of a group', () => {
    const check = {
      isSuccess: false,
      items: [
        { isSuccess: true },
        {
          isSuccess: false,
          code: 'inherited',
          items: [{ isSuccess: true }, { isSuccess: false, code: 'x' }],
        },
        { isSuccess: false, code: 'y', rootCode: 'z' },
      ],
    } as unknown as Parameters<typeof codesOf>[0];
    expect([...codesOf(check, [0, [1, 3], 2])]).toEqual([
      [3, 'x'],
      [2, 'z'],
    ]);
    expect(codesOf(null, []).size).toBe(0);
  });
});

describe('the other side', () => {
  test.each(KINDS)('sees an item with a name: %s', (kind) => {
    const { item } = build(entered(kind));
    const [node] = nodesOf({ items: [item as JsonValue] }, { attributes: [ADDRESS] });
    expect(node?.node).toBe('item');
    if (node?.node !== 'item') return;
    expect(node.ask.kind).not.toBe('notSupported');
    expect(itemName(node).text).not.toBe('');
  });

  test('sees groups, and what nobody knows does not break the page', () => {
    const nodes = nodesOf(
      { items: [{ '@type': 'RequestItemGroup', title: 'G', items: [{ '@type': 'Future' }] }, 3, null] },
      { attributes: [] },
    );
    expect(nodes.map((node) => node.node)).toEqual(['group', 'item', 'item']);
    expect(nodesOf(null, { attributes: [] })).toEqual([]);
  });
});

/** What may come back for each kind, and how it is said to who asked. */
const ANSWERS: [AskKind, JsonValue, string][] = [
  [
    'readIdentity',
    {
      '@type': 'ReadAttributeAcceptResponseItem',
      result: 'Accepted',
      attributeId: 'A',
      attribute: { value: { '@type': 'EMailAddress', value: 'new@example.org' } },
    },
    'They gave you this',
  ],
  [
    'readIdentity',
    { '@type': 'AttributeAlreadySharedAcceptResponseItem', result: 'Accepted', attributeId: ADDRESS.id },
    'You had it already',
  ],
  [
    'readIdentity',
    {
      '@type': 'AttributeSuccessionAcceptResponseItem',
      result: 'Accepted',
      predecessorId: 'A',
      successorId: 'B',
      successorContent: { value: { '@type': 'EMailAddress', value: 'newer@example.org' } },
    },
    'This is the new one',
  ],
  [
    'propose',
    {
      '@type': 'ProposeAttributeAcceptResponseItem',
      result: 'Accepted',
      attributeId: 'A',
      attribute: { value: { '@type': 'GivenName', value: 'Theo' } },
    },
    'took your suggestion',
  ],
  [
    'propose',
    {
      '@type': 'ProposeAttributeAcceptResponseItem',
      result: 'Accepted',
      attributeId: 'A',
      attribute: { value: { '@type': 'GivenName', value: 'Theodor' } },
    },
    'another value',
  ],
  [
    'create',
    { '@type': 'CreateAttributeAcceptResponseItem', result: 'Accepted', attributeId: 'A' },
    'They keep it',
  ],
  ['share', { '@type': 'AcceptResponseItem', result: 'Accepted' }, 'They keep it'],
  [
    'share',
    { '@type': 'ShareAttributeAcceptResponseItem', result: 'Accepted', attributeId: 'A' },
    'They keep it',
  ],
  [
    'share',
    { '@type': 'AttributeAlreadySharedAcceptResponseItem', result: 'Accepted', attributeId: 'A' },
    'They had it already',
  ],
  [
    'delete',
    {
      '@type': 'DeleteAttributeAcceptResponseItem',
      result: 'Accepted',
      deletionDate: '2026-12-31T10:00:00.000Z',
    },
    'promised to delete',
  ],
  ['delete', { '@type': 'AcceptResponseItem', result: 'Accepted' }, 'do not have it'],
  ['consent', { '@type': 'AcceptResponseItem', result: 'Accepted' }, 'They agreed'],
  ['authentication', { '@type': 'AcceptResponseItem', result: 'Accepted' }, 'They confirmed'],
  [
    'field',
    { '@type': 'FormFieldAcceptResponseItem', result: 'Accepted', response: ['Bus'] },
    'They answered',
  ],
  [
    'file',
    {
      '@type': 'TransferFileOwnershipAcceptResponseItem',
      result: 'Accepted',
      attributeId: 'A',
      attribute: {},
    },
    'belongs to them',
  ],
  [
    'readIdentity',
    { '@type': 'RejectResponseItem', result: 'Rejected', message: 'None of your business' },
    'declined',
  ],
  [
    'consent',
    { '@type': 'ErrorResponseItem', result: 'Error', code: 'x', message: 'y' },
    'failed on their side',
  ],
];

function sentRequest(
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

describe('an own request', () => {
  afterEach(() => useLanguage('en'));

  async function open(sent: SentRequest): Promise<void> {
    shell({ sent_request: () => sent });
    draw(Sent, { id: 'REQ1' });
    await settle();
  }

  test.each(ANSWERS)('that asked %s shows the answer %o', async (kind, response, words) => {
    await open(sentRequest(kind, response));
    expect(find('sent-answer-0').textContent).toContain(words);
  });

  test('shows a value that they gave, and why they declined', async () => {
    const [given] = ANSWERS;
    await open(sentRequest('readIdentity', given?.[1] ?? null));
    expect(find('sent-line-0').textContent).toContain('new@example.org');
    document.body.replaceChildren();
    await open(sentRequest('readIdentity', ANSWERS.at(-2)?.[1] ?? null));
    expect(find('sent-reason-0').textContent).toContain('None of your business');
  });

  test.each(['toBeSent', 'waiting', 'expired', 'failed'] as const)('that is %s says so', async (state) => {
    useLanguage('de');
    await open(
      sentRequest('consent', null, {
        state,
        failureCode: state === 'failed' ? 'error.consumption.requests.peerIsDeleted' : null,
      }),
    );
    expect(find('sent-page').dataset['state']).toBe(state);
    expect(has('sent-answer-0')).toBe(false);
    expect(has('sent-failure')).toBe(state === 'failed');
  });

  test('every answer is a line of the same Request', () => {
    for (const [kind, response] of ANSWERS) {
      const sent = sentRequest(kind, response);
      const lines = receiptLines({
        nodes: nodesOf(sent.request, sent),
        response: sent.response,
        summary: { status: 'Completed' },
      });
      expect(lines).toHaveLength(1);
    }
  });
});

describe('the composer', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  const OK = { isSuccess: true, items: [{ isSuccess: true }] };

  async function open(handlers: Parameters<typeof shell>[0] = {}, start = EMPTY) {
    const calls = shell({
      check_request: () => OK,
      save_ask_draft: () => null,
      attribute: () => ADDRESS,
      ...handlers,
    });
    draw(Composer, { peer, types: TYPES, given: [], start, wasKept: start !== EMPTY, me: ME });
    await settle();
    return calls;
  }
  const pass = async (): Promise<void> => {
    vi.advanceTimersByTime(700);
    await settle();
  };

  test('sends what is written, and forgets the draft', async () => {
    const calls = await open({
      send_request: () => sentRequest('consent', null).summary,
    });
    click(find('ask-add-consent'));
    await settle();
    type(find<HTMLTextAreaElement>('ask-0-consent'), 'I will bring the books back.');
    click(find('ask-0-required'));
    type(find<HTMLInputElement>('ask-frame-title'), 'Rules');
    await pass();
    expect(find('ask-state').dataset['ready']).toBe('true');
    expect(find('ask-preview').textContent).toContain('I will bring the books back.');
    expect(find('ask-kept').dataset['kept']).toBe('true');
    click(find('ask-send'));
    await pass();
    const sent = calls.find((call) => call.command === 'send_request')?.args as { request: JsonValue };
    expect(sent.request).toEqual({
      '@type': 'Request',
      title: 'Rules',
      items: [
        { '@type': 'ConsentRequestItem', consent: 'I will bring the books back.', mustBeAccepted: true },
      ],
    });
    expect(calls.filter((call) => call.command === 'save_ask_draft').at(-1)?.args).toEqual({
      address: peer.address,
      draft: null,
    });
    expect(location.hash).toBe('#/sent/REQ1');
  });

  test('nothing is sent while something is missing, and the focus goes there', async () => {
    const calls = await open();
    click(find('ask-send'));
    await settle();
    expect(has('ask-nothing')).toBe(true);
    click(find('ask-add-authentication'));
    await settle();
    click(find('ask-send'));
    await settle();
    expect(has('ask-0-title-problem')).toBe(true);
    expect(document.activeElement).toBe(find('ask-0-title'));
    expect(calls.some((call) => call.command === 'send_request')).toBe(false);
  });

  test('what the core finds wrong stands at its item', async () => {
    const calls = await open(
      {
        check_request: () => ({
          isSuccess: false,
          code: 'error.consumption.requests.validation.inheritedFromItem',
          items: [
            { isSuccess: true },
            {
              isSuccess: false,
              code: 'error.consumption.requests.invalidRequestItem',
              rootCode: 'error.tessera.ownRequest.alreadyThere',
            },
          ],
        }),
      },
      {
        ...EMPTY,
        items: [
          { ...entered('consent'), key: 0 },
          { ...entered('share'), key: 1 },
        ],
      },
    );
    await pass();
    expect(find('ask-1-code').dataset['code']).toBe('error.tessera.ownRequest.alreadyThere');
    click(find('ask-send'));
    await pass();
    expect(calls.some((call) => call.command === 'send_request')).toBe(false);
  });

  test('a failure is shown and can be tried again', async () => {
    await open(
      {
        send_request: () => {
          throw { code: 'error.transport.messages.hasNeitherActiveNorTerminatedRelationship', message: '' };
        },
      },
      { ...EMPTY, items: [entered('authentication')] },
    );
    click(find('ask-send'));
    await pass();
    expect(has('ask-error')).toBe(true);
    expect(has('ask-send')).toBe(true);
  });

  test('questions stand in a group, move out of it, and stay when it goes', async () => {
    const calls = await open({ send_request: () => sentRequest('consent', null).summary });
    click(find('ask-add-group'));
    await settle();
    expect(document.activeElement).toBe(find('ask-group-0-title'));
    expect(has('ask-group-0-empty')).toBe(true);
    type(find<HTMLInputElement>('ask-group-0-title'), 'House rules');
    click(find('ask-add-consent'));
    await settle();
    type(find<HTMLTextAreaElement>('ask-0-consent'), 'I am quiet.');
    click(find('ask-target-none'));
    click(find('ask-add-authentication'));
    await settle();
    type(find<HTMLInputElement>('ask-1-title'), 'It is me');
    expect(find('ask-group-0').querySelectorAll('article')).toHaveLength(1);
    await pass();
    expect(find('ask-preview').textContent).toContain('House rules');
    const asked = (): JsonValue =>
      (calls.filter((call) => call.command === 'check_request').at(-1)?.args as { request: JsonValue })
        .request;
    const consent = { '@type': 'ConsentRequestItem', consent: 'I am quiet.', mustBeAccepted: false };
    const me = { '@type': 'AuthenticationRequestItem', title: 'It is me', mustBeAccepted: false };
    expect(asked()).toEqual({
      '@type': 'Request',
      items: [{ '@type': 'RequestItemGroup', title: 'House rules', items: [consent] }, me],
    });
    click(find('ask-1-group-0'));
    await pass();
    expect(find('ask-group-0').querySelectorAll('article')).toHaveLength(2);
    click(find('ask-0-group-none'));
    await pass();
    expect(asked()).toEqual({
      '@type': 'Request',
      items: [consent, { '@type': 'RequestItemGroup', title: 'House rules', items: [me] }],
    });
    click(find('ask-group-0-dissolve'));
    await pass();
    expect(has('ask-group-0')).toBe(false);
    expect(asked()).toEqual({ '@type': 'Request', items: [consent, me] });
  });

  test('contacts are named from whom an entry may be', async () => {
    const other = { ...peer, address: 'did:e:localhost:dids:0000000000000000000002', name: 'Insurer' };
    const calls = await open({
      search_contacts: () => ({
        contacts: [{ peer }, { peer: other }],
        total: 2,
        tags: [],
      }),
    });
    click(find('ask-add-readThirdParty'));
    await settle();
    type(find<HTMLInputElement>('ask-0-key'), 'number');
    // Who is asked is no third party.
    expect(find('ask-0-thirdParty').querySelectorAll('input')).toHaveLength(1);
    click(find('ask-0-thirdParty-0'));
    await pass();
    const { request } = calls.filter((call) => call.command === 'check_request').at(-1)?.args as {
      request: { items: { query: JsonValue }[] };
    };
    expect(request.items[0]?.query).toMatchObject({ thirdParty: [other.address] });
  });

  test('items can be taken out, and all of it be begun anew', async () => {
    await open(
      {},
      {
        ...EMPTY,
        items: [
          { ...entered('consent'), key: 0 },
          { ...entered('authentication'), key: 1 },
        ],
      },
    );
    expect(has('ask-restored')).toBe(true);
    click(find('ask-0-remove'));
    await settle();
    expect(find('ask-0').dataset['kind']).toBe('authentication');
    click(find('ask-discard'));
    await settle();
    expect(has('ask-0')).toBe(false);
  });
});
