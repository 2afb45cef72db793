// Every kind of item in every state it can be in, in both languages: each has a name and says in words
// where it stands, and nothing of the machinery shows.

import { beforeEach, describe, expect, test, vi } from 'vitest';

import type { Ask } from '../src/lib/bindings/Ask';
import type { ConsentForm } from '../src/lib/bindings/ConsentForm';
import type { FormItem } from '../src/lib/bindings/FormItem';
import ConsentFormView from '../src/lib/components/ConsentFormView.svelte';
import Receipt from '../src/lib/components/Receipt.svelte';
import { useLanguage } from '../src/lib/i18n/index.svelte';
import { en } from './catalogues';
import {
  asNode,
  authentication,
  candidate,
  consent,
  created,
  deletion,
  field,
  FIELDS,
  file,
  form,
  freeText,
  item,
  notSupported,
  notUnderstood,
  propose,
  read,
  shared,
} from './forms';
import { draw, find, shell } from './helpers';
import { typesByName } from './value-types';

type Json = { [key: string]: JsonValue };

const NAME = { '@type': 'GivenName', value: 'Ada' };
const OTHER = { '@type': 'GivenName', value: 'Augusta' };
const ADDRESS = {
  '@type': 'StreetAddress',
  recipient: 'Ada',
  street: 'Ufergasse',
  houseNo: '12a',
  zipCode: '12345',
  city: 'Köln',
  country: 'DE',
};
const NUMBER = { '@type': 'ProprietaryString', title: 'Customer number', value: '0471' };
const ADA = candidate('ATT1', NAME, { isDefault: true, sharedWith: 2, tags: ['x:legal'] });
const KNOWN = candidate('ATT2', OTHER, { alreadySharedWithPeer: true });
const FRAME = {
  '@type': 'RelationshipAttribute',
  owner: '',
  key: 'customerNumber',
  confidentiality: 'protected',
  isTechnical: false,
  value: { '@type': 'ProprietaryString', title: 'Customer number', description: 'As on the card' },
};

const attribute = (value: JsonValue): Json => ({ '@type': 'IdentityAttribute', owner: 'me', value });
const accept = (type: string, more: Json = {}): Json => ({ '@type': type, result: 'Accepted', ...more });
const KNOWN_THERE = accept('AttributeAlreadySharedAcceptResponseItem', { attributeId: 'ATT1' });
const SUCCESSION = accept('AttributeSuccessionAcceptResponseItem', {
  predecessorId: 'ATT0',
  successorId: 'ATT1',
  successorContent: attribute(NAME),
});
const YES = accept('AcceptResponseItem');
const gave = (value: JsonValue): Json =>
  accept('ReadAttributeAcceptResponseItem', { attributeId: 'ATT1', attribute: attribute(value) });
const proposed = (value: JsonValue): Json =>
  accept('ProposeAttributeAcceptResponseItem', { attributeId: 'ATT1', attribute: attribute(value) });
const answered = (response: JsonValue): Json => accept('FormFieldAcceptResponseItem', { response });
const DELETED = accept('DeleteAttributeAcceptResponseItem', { deletionDate: '2026-12-06T22:59:59.999Z' });

/** Every kind of item: what is asked, and each form in which it can be accepted, with words it has to show. */
const ITEMS: Record<
  string,
  { ask: Ask; more?: Partial<FormItem>; accepted: Record<string, [Json, string]> }
> = {
  'read, with candidates': {
    ask: read('GivenName', [ADA, KNOWN], { tags: ['x:legal'] }),
    accepted: {
      'a value': [gave(NAME), 'Ada'],
      'known already': [KNOWN_THERE, 'Ada'],
      'a new version': [SUCCESSION, 'Ada'],
    },
  },
  'read, new': { ask: read('StreetAddress'), accepted: { 'a value': [gave(ADDRESS), 'Ufergasse'] } },
  'read, by condition': {
    ask: read('GivenName', [ADA], {
      condition: 'GivenName && !#x:old',
      conditionTree: {
        kind: 'all',
        of: [
          { kind: 'valueType', valueType: 'GivenName' },
          { kind: 'tag', tag: 'x:old' },
        ],
      },
    }),
    accepted: { 'a value': [gave(NAME), 'Ada'] },
  },
  'read, of the relationship': {
    ask: read('ProprietaryString', [], {
      newAttribute: { valueType: 'ProprietaryString', relationshipAttribute: FRAME },
    }),
    accepted: { 'a value': [gave(NUMBER), '0471'] },
  },
  'read, of a third party': {
    ask: read('ProprietaryString', [
      candidate('ATT3', NUMBER, { thirdParty: 'did:e:localhost:dids:aaaa', isProtected: true }),
    ]),
    accepted: { 'a value': [gave(NUMBER), '0471'] },
  },
  propose: {
    ask: propose(NAME, [KNOWN]),
    accepted: {
      'as proposed': [proposed({ value: 'Ada', '@type': 'GivenName' }), 'Ada'],
      overruled: [proposed(OTHER), 'Augusta'],
      'known already': [
        accept('AttributeAlreadySharedAcceptResponseItem', { attributeId: 'ATT2' }),
        'Augusta',
      ],
      'a new version': [SUCCESSION, 'Ada'],
    },
  },
  'create, own': {
    ask: created(NAME, { isOwn: true }),
    accepted: {
      created: [accept('CreateAttributeAcceptResponseItem', { attributeId: 'ATT9' }), 'Ada'],
      'known already': [accept('AttributeAlreadySharedAcceptResponseItem', { attributeId: 'ATT9' }), 'Ada'],
      'a new version': [SUCCESSION, 'Ada'],
    },
  },
  'create, theirs': {
    ask: created(NUMBER, { key: 'customerNumber', confidentiality: 'private' }),
    accepted: {
      created: [accept('CreateAttributeAcceptResponseItem', { attributeId: 'ATT9' }), '0471'],
    },
  },
  share: {
    ask: shared(NAME),
    accepted: {
      kept: [YES, 'Ada'],
      'of version 6': [accept('ShareAttributeAcceptResponseItem', { attributeId: 'ATT9' }), 'Ada'],
      'known already': [KNOWN_THERE, 'Ada'],
    },
  },
  delete: {
    ask: deletion(ADDRESS, '2026-12-01T10:00:00.000Z'),
    accepted: { 'on a day': [DELETED, 'Ufergasse'], 'not here': [YES, ''] },
  },
  'delete, gone': { ask: deletion(null), accepted: { 'on a day': [DELETED, ''], 'not here': [YES, ''] } },
  consent: { ask: consent, accepted: { agreed: [YES, ''] } },
  authentication: { ask: authentication, accepted: { confirmed: [YES, ''] } },
  'field: text': {
    ask: field(FIELDS.text),
    more: { title: 'Nickname' },
    accepted: { text: [answered('Countess'), 'Countess'] },
  },
  'field: prose': { ask: field(FIELDS.prose), accepted: { text: [answered('One\nTwo'), 'Two'] } },
  'field: integer': { ask: field(FIELDS.integer), accepted: { number: [answered(172), '172 cm'] } },
  'field: double': { ask: field(FIELDS.double), accepted: { number: [answered(61), '61 kg'] } },
  'field: boolean': { ask: field(FIELDS.boolean), accepted: { no: [answered(false), ''] } },
  'field: date': { ask: field(FIELDS.date), accepted: { day: [answered('2026-12-24'), '2026'] } },
  'field: one of': { ask: field(FIELDS.one), accepted: { one: [answered('Train'), 'Train'] } },
  'field: several of': {
    ask: field(FIELDS.several),
    accepted: { two: [answered(['Bus', 'Bike']), 'Bike'] },
  },
  'field: rating': { ask: field(FIELDS.rating), accepted: { four: [answered(4), '4'] } },
  'free text': {
    ask: freeText,
    accepted: { text: [accept('FreeTextAcceptResponseItem', { freeText: 'I like it' }), 'I like it'] },
  },
  file: {
    ask: file(),
    accepted: {
      taken: [
        accept('TransferFileOwnershipAcceptResponseItem', {
          attributeId: 'ATT9',
          attribute: { owner: 'me', value: { '@type': 'IdentityFileReference', value: 'RklM' } },
        }),
        'certificate.pdf',
      ],
    },
  },
  'file, not loaded': { ask: file({ file: null }), accepted: {} },
  'file, not to be had': {
    ask: file({ file: null, problemCode: 'error.consumption.requests.invalidRequestItem' }),
    more: { canBeAccepted: false },
    accepted: {},
  },
  ...Object.fromEntries(
    [
      'RegisterAttributeListenerRequestItem',
      'ShareCredentialOfferRequestItem',
      'ShareAuthorizationRequestRequestItem',
    ].map((itemType) => [
      itemType,
      {
        ask: notSupported,
        more: { itemType, canBeAccepted: false },
        accepted: {
          elsewhere: [accept('RegisterAttributeListenerAcceptResponseItem', { listenerId: 'RAL1' }), ''] as [
            Json,
            string,
          ],
        },
      },
    ]),
  ),
  'not understood': {
    ask: notUnderstood,
    more: { itemType: 'FutureRequestItem', canBeAccepted: false },
    accepted: {},
  },
};

const REJECTED: Record<string, Json> = {
  'without a reason': { '@type': 'RejectResponseItem', result: 'Rejected' },
  'with a reason': {
    '@type': 'RejectResponseItem',
    result: 'Rejected',
    code: 'x.y',
    message: 'Not today',
  },
  'with a code we know': {
    '@type': 'RejectResponseItem',
    result: 'Rejected',
    code: 'error.consumption.requests.attributeQueryMismatch',
    message: 'the attribute does not match',
  },
};
const ERROR = { '@type': 'ErrorResponseItem', result: 'Error', code: 'x.y', message: 'It broke' };

beforeEach(() => {
  shell({ contacts: () => [], check_decision: () => ({ isSuccess: true }) });
  Element.prototype.scrollIntoView = vi.fn<() => void>();
});

function one(ask: Ask, more: Partial<FormItem> = {}, whole: Partial<ConsentForm> = {}): ConsentForm {
  return form([asNode(item([0], ask, more))], { items: [{ accept: false }] }, whole);
}

/** What a reader sees of an element, without what has to be unfolded. */
function seen(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  for (const hidden of copy.querySelectorAll('details')) hidden.remove();
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
}

const KEYS = Object.keys(en).filter((key) => key.includes('.'));

function saysOnlyWords(text: string): void {
  for (const key of KEYS) expect(text.includes(`${key} `) || text.endsWith(key), key).toBe(false);
  expect(text).not.toMatch(/@type|\{"|\[object|undefined|\bNaN\b|\bnull\b|error\.[a-z]+\.|Invalid Date/);
}

function drawReceipt(of: ConsentForm): { line: HTMLElement; state: string } {
  draw(Receipt, { form: of });
  return { line: find('receipt-line-0'), state: seen(find('receipt-state-0')) };
}

const answeredForm = (ask: Ask, more: Partial<FormItem> | undefined, response: Json | null): ConsentForm => {
  const of = one(ask, more, {
    response: response && { '@type': 'Response', result: 'Accepted', items: [response] },
  });
  return { ...of, summary: { ...of.summary, status: 'Completed', accepted: true } };
};

describe.each(['en', 'de'] as const)('in %s', (language) => {
  beforeEach(() => useLanguage(language));

  describe.each(Object.entries(ITEMS))('%s', (_, { ask, more, accepted }) => {
    test.each([
      ['open, required', { mustBeAccepted: true }],
      ['open, optional', { mustBeAccepted: false }],
      ['open, to be ticked', { requiresInteraction: true }],
    ])('%s', (_state, frame) => {
      draw(ConsentFormView, {
        form: one(ask, { ...frame, ...more }),
        types: typesByName,
        decided: () => undefined,
      });
      const article = find('item-0');
      expect(seen(article.querySelector('h2') as HTMLElement)).not.toBe('');
      expect(article.querySelector('.tag')?.textContent?.trim()).not.toBe('');
      saysOnlyWords(seen(document.body));
    });

    test('not to be decided now', () => {
      const code = 'error.consumption.requests.wrongRelationshipStatus';
      draw(ConsentFormView, {
        form: one(ask, more, { isDecidable: false, notDecidableCode: code }),
        types: typesByName,
        decided: () => undefined,
      });
      expect(seen(find('item-0').querySelector('h2') as HTMLElement)).not.toBe('');
      expect(seen(find('item-0-state'))).not.toBe('');
      expect(find('item-0').querySelectorAll('input, textarea, select')).toHaveLength(0);
      saysOnlyWords(seen(document.body));
    });

    test('not acceptable', () => {
      draw(ConsentFormView, {
        form: one(ask, { ...more, canBeAccepted: false }),
        types: typesByName,
        decided: () => undefined,
      });
      expect(seen(find('item-0-state')).length).toBeGreaterThan(10);
      expect(find('item-0').querySelectorAll('input, textarea, select')).toHaveLength(0);
      saysOnlyWords(seen(document.body));
    });

    for (const [how, [response, words]] of Object.entries(accepted)) {
      test(`accepted: ${how}`, () => {
        const { line, state } = drawReceipt(answeredForm(ask, more, response));
        expect(line.dataset['outcome']).toBe('accepted');
        expect(state.length).toBeGreaterThan(5);
        expect(seen(line)).toContain(words);
        expect(seen(line.querySelector('p') as HTMLElement)).not.toBe('');
        saysOnlyWords(seen(document.body));
      });
    }

    test.each(Object.entries(REJECTED))('rejected %s', (_state, response) => {
      const { line, state } = drawReceipt(answeredForm(ask, more, response));
      expect(line.dataset['outcome']).toBe('rejected');
      expect(state.length).toBeGreaterThan(5);
      saysOnlyWords(seen(document.body));
    });

    test('failed', () => {
      const { line, state } = drawReceipt(answeredForm(ask, more, ERROR));
      expect(line.dataset['outcome']).toBe('error');
      expect(state.length).toBeGreaterThan(5);
      expect(seen(line)).toContain('It broke');
      saysOnlyWords(seen(document.body));
    });

    test.each([
      ['expired', null, null],
      ['decided, and not delivered in time', true, YES],
    ])('%s', (_state, decision, response) => {
      const of = answeredForm(ask, more, response);
      const { line, state } = drawReceipt({
        ...of,
        summary: { ...of.summary, status: 'Expired', accepted: decision },
      });
      expect(line.dataset['outcome']).toBe('unanswered');
      expect(state.length).toBeGreaterThan(5);
      saysOnlyWords(seen(document.body));
    });
  });
});
