import { describe, expect, test } from 'vitest';

import type { ConsentForm } from '../src/lib/bindings/ConsentForm';
import { buildDecision, missingTag } from '../src/lib/consent/answers';
import { itemsOf, pathKey, startDraft, type FormDraft } from '../src/lib/consent/draft';
import { checkCodes, checkGaps, count, gaps } from '../src/lib/consent/progress';
import { receiptLines, type ReceiptLine } from '../src/lib/consent/receipt';
import { asNode, authentication, candidate, consent, form, group, item, read, shared } from './forms';
import { typesByName } from './value-types';

const ADA = candidate('ATT1', { '@type': 'GivenName', value: 'Ada' }, { isDefault: true });
const AUGUSTA = candidate('ATT2', { '@type': 'GivenName', value: 'Augusta' });
const NO = { accept: false } as const;

const start = (of: ConsentForm): FormDraft => startDraft(of, typesByName, 'de');
const decide = (of: ConsentForm, draft: FormDraft): Decision => buildDecision(of, draft, typesByName, 'de');
const missing = (of: ConsentForm, draft: FormDraft): string[] =>
  gaps(itemsOf(of), draft, typesByName, 'de').map((gap) => gap.path);

function change(draft: FormDraft, path: number[], more: Partial<FormDraft[string]>): FormDraft {
  const before = draft[pathKey(path)];
  if (!before) throw new Error('no such item');
  return { ...draft, [pathKey(path)]: { ...before, ...more } };
}

describe('what the form starts with', () => {
  test('says the same as the default Decision of the core', () => {
    const preset: Decision = {
      items: [{ items: [{ accept: true, existingAttributeId: 'ATT1' }, NO] }, NO, NO, { accept: true }],
    };
    const of = form(
      [
        group('You', [
          item([0, 0], read('GivenName', [ADA, AUGUSTA])),
          item([0, 1], read('Surname', []), { mustBeAccepted: false }),
        ]),
        asNode(item([1], consent, { requiresInteraction: true })),
        asNode(
          item([2], { kind: 'notUnderstood', raw: {} }, { mustBeAccepted: false, canBeAccepted: false }),
        ),
        asNode(item([3], consent)),
      ],
      preset,
    );
    expect(decide(of, start(of))).toEqual(preset);
  });

  test('what they give is kept without a tick when it is required, else only if one says so', () => {
    const name = shared({ '@type': 'DisplayName', value: 'City library' });
    const preset: Decision = { items: [{ accept: true }, NO] };
    const of = form([asNode(item([0], name)), asNode(item([1], name, { mustBeAccepted: false }))], preset);
    expect(decide(of, start(of))).toEqual(preset);
    expect(decide(of, change(start(of), [1], { accepted: true }))).toEqual({
      items: [{ accept: true }, { accept: true }],
    });
  });

  test('optional items are never ticked beforehand', () => {
    const of = form([asNode(item([0], read('GivenName', [ADA]), { mustBeAccepted: false }))], {
      items: [NO],
    });
    expect(decide(of, start(of))).toEqual({ items: [NO] });
    expect(missing(of, start(of))).toEqual([]);
  });
});

describe('answers', () => {
  const of = form([asNode(item([0], read('GivenName', [ADA, AUGUSTA])))], {
    items: [{ accept: true, existingAttributeId: 'ATT1' }],
  });

  test('another value of one’s own', () => {
    const draft = change(start(of), [0], { choice: { kind: 'existing', attributeId: 'ATT2' } });
    expect(decide(of, draft)).toEqual({ items: [{ accept: true, existingAttributeId: 'ATT2' }] });
  });

  test('a new value becomes an own IdentityAttribute', () => {
    const draft = change(start(of), [0], { choice: { kind: 'new' }, value: { value: ' Countess ' } });
    expect(decide(of, draft)).toEqual({
      items: [
        {
          accept: true,
          newAttribute: {
            '@type': 'IdentityAttribute',
            owner: '',
            value: { '@type': 'GivenName', value: 'Countess' },
          },
        },
      ],
    });
  });

  test('a new value that is not complete is a gap and is not sent', () => {
    const draft = change(start(of), [0], { choice: { kind: 'new' }, value: { value: '  ' } });
    expect(decide(of, draft)).toEqual({ items: [NO] });
    expect(missing(of, draft)).toEqual(['0']);
  });

  test('a RelationshipAttribute is the one that was asked for, with the value filled in', () => {
    const whole = {
      '@type': 'RelationshipAttribute',
      owner: '',
      key: 'customerNumber',
      confidentiality: 'protected',
      isTechnical: false,
      value: { '@type': 'ProprietaryString', title: 'Customer number', description: 'As on the card' },
    };
    const asks = read('ProprietaryString', [], {
      newAttribute: { valueType: 'ProprietaryString', relationshipAttribute: whole },
    });
    const relationship = form([asNode(item([0], asks))], { items: [NO] });
    const draft = change(start(relationship), [0], { value: { value: '0471' } });
    expect(decide(relationship, draft)).toEqual({
      items: [{ accept: true, newAttribute: { ...whole, value: { ...whole.value, value: '0471' } } }],
    });
  });

  test('an item that can not be accepted is not, whatever the draft says', () => {
    const unknown = form([asNode(item([0], { kind: 'notUnderstood', raw: {} }, { canBeAccepted: false }))], {
      items: [NO],
    });
    expect(decide(unknown, change(start(unknown), [0], { accepted: true }))).toEqual({ items: [NO] });
    expect(missing(unknown, start(unknown))).toEqual(['0']);
  });
});

describe('tags', () => {
  test.each([
    [[], ['a'], null],
    [['a', 'b'], ['b'], null],
    [['a', 'b'], ['c'], 'a'],
    [['a'], [], 'a'],
  ])('asked for %j, own %j: %s is added', (asked, own, tag) => expect(missingTag(asked, own)).toBe(tag));

  test('go with an existing value that lacks them, and with a new one', () => {
    const of = form([asNode(item([0], read('GivenName', [ADA, AUGUSTA], { tags: ['x:legal'] })))], {
      items: [NO],
    });
    const existing = change(start(of), [0], { choice: { kind: 'existing', attributeId: 'ATT2' } });
    expect(decide(of, existing)).toEqual({
      items: [{ accept: true, existingAttributeId: 'ATT2', tags: ['x:legal'] }],
    });
    const fresh = change(start(of), [0], { choice: { kind: 'new' }, value: { value: 'Ada' } });
    expect(decide(of, fresh)).toMatchObject({ items: [{ newAttribute: { tags: ['x:legal'] } }] });
  });
});

describe('how far one is', () => {
  const of = form(
    [
      group(null, [
        item([0, 0], read('GivenName', [ADA])),
        item([0, 1], read('Surname')),
        item([0, 2], read('EMailAddress'), { mustBeAccepted: false }),
      ]),
      asNode(item([1], consent, { requiresInteraction: true })),
      asNode(item([2], authentication)),
    ],
    { items: [{ items: [{ accept: true, existingAttributeId: 'ATT1' }, NO, NO] }, NO, NO] },
  );

  test('required and optional are counted apart, and gaps come in order', () => {
    const draft = start(of);
    expect(count(itemsOf(of), draft, typesByName, 'de')).toEqual({
      required: 4,
      requiredDone: 1,
      optional: 1,
      optionalDone: 0,
    });
    expect(missing(of, draft)).toEqual(['0.1', '1', '2']);
  });

  test('an optional item that was chosen and not filled is a gap', () => {
    expect(missing(of, change(start(of), [0, 2], { accepted: true }))).toContain('0.2');
  });

  test('the tree of a check is read along the paths', () => {
    const inherited = 'error.consumption.requests.validation.inheritedFromItem';
    const check = {
      isSuccess: false,
      code: inherited,
      items: [
        {
          isSuccess: false,
          code: inherited,
          items: [{ isSuccess: true }, { isSuccess: false, code: 'error.a' }, { isSuccess: true }],
        },
        { isSuccess: false, code: 'error.b' },
        { isSuccess: true },
      ],
    };
    expect([...checkCodes(check)]).toEqual([
      ['0.1', 'error.a'],
      ['1', 'error.b'],
    ]);
    expect(checkGaps(itemsOf(of), check).map((gap) => gap.path)).toEqual(['0.1', '1']);
    expect([...checkCodes({ isSuccess: false, code: 'error.whole' })]).toEqual([['', 'error.whole']]);
  });
});

describe('the receipt', () => {
  const valueOf = (line: ReceiptLine): JsonValue | null =>
    line.shown?.kind === 'value' ? line.shown.value : null;

  const of = (response: JsonValue): ConsentForm =>
    form(
      [
        group(null, [item([0, 0], read('GivenName', [ADA])), item([0, 1], read('Surname'))]),
        asNode(item([1], consent)),
        asNode(item([2], authentication)),
      ],
      { items: [] },
      { response },
    );

  test('shows what the Response says, not what was meant', () => {
    const lines = receiptLines(
      of({
        '@type': 'Response',
        result: 'Accepted',
        items: [
          {
            '@type': 'ResponseItemGroup',
            items: [
              {
                '@type': 'AttributeAlreadySharedAcceptResponseItem',
                result: 'Accepted',
                attributeId: 'ATT1',
              },
              {
                '@type': 'AttributeSuccessionAcceptResponseItem',
                result: 'Accepted',
                predecessorId: 'A',
                successorId: 'B',
                successorContent: { value: { '@type': 'Surname', value: 'Lovelace' } },
              },
            ],
          },
          { '@type': 'RejectResponseItem', result: 'Rejected' },
          { '@type': 'ErrorResponseItem', result: 'Error', code: 'x', message: 'y' },
        ],
      }),
    );
    expect(lines.map((line) => [line.outcome, line.state.key, valueOf(line)])).toEqual([
      ['accepted', 'answer.alreadyThere', ADA.value],
      ['accepted', 'answer.newVersion', { '@type': 'Surname', value: 'Lovelace' }],
      ['rejected', 'answer.rejected', null],
      ['error', 'answer.failed', null],
    ]);
  });

  test('what was got is told apart from what was given', () => {
    const name = { '@type': 'DisplayName', value: 'City library' };
    const lines = receiptLines(
      form(
        [asNode(item([0], shared(name))), asNode(item([1], shared(name))), asNode(item([2], shared(name)))],
        { items: [] },
        {
          response: {
            items: [
              { '@type': 'AcceptResponseItem', result: 'Accepted' },
              {
                '@type': 'AttributeAlreadySharedAcceptResponseItem',
                result: 'Accepted',
                attributeId: 'ATT9',
              },
              { '@type': 'RejectResponseItem', result: 'Rejected' },
            ],
          },
        },
      ),
    );
    expect(lines.map((line) => [line.isGot, line.outcome, line.state.key, valueOf(line)])).toEqual([
      [true, 'accepted', 'answer.kept', name],
      [true, 'accepted', 'answer.alreadyHere', name],
      [true, 'rejected', 'answer.rejected', null],
    ]);
  });

  test.each([null, 'text', {}, { items: 'none' }, { items: [null, 3] }])(
    'survives a Response that is none: %j',
    (odd) => {
      expect(() => receiptLines(of(odd as JsonValue))).not.toThrow();
    },
  );
});
