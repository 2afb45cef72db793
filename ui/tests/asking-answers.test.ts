import { afterEach, describe, expect, test } from 'vitest';

import { nodesOf } from '../src/lib/asking/as-form';
import { KINDS, type AskKind } from '../src/lib/asking/kinds';
import type { SentRequest } from '../src/lib/bindings/SentRequest';
import { itemName } from '../src/lib/consent/names';
import { receiptLines } from '../src/lib/consent/receipt';
import { useLanguage } from '../src/lib/i18n/index.svelte';
import Sent from '../src/lib/screens/Sent.svelte';
import { ADDRESS, build, entered, sentRequest } from './asking-items';
import { draw, find, has, settle, shell } from './helpers';

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
