// A form that was begun: kept while it is filled in, there again after a crash, gone once decided.

import { flushSync } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { itemsOf, startDraft, type FormDraft } from '../src/lib/consent/draft';
import { pack, unpack } from '../src/lib/consent/kept';
import Request from '../src/lib/screens/Request.svelte';
import { asNode, candidate, consent, field, FIELDS, form, item, propose, read } from './forms';
import { clear, click, draw, find, has, settle, shell, type, type Calls } from './helpers';
import { typesByName, valueTypes } from './value-types';

const NO = { accept: false } as const;
const ADA = candidate('ATT1', { '@type': 'GivenName', value: 'Ada' });
const BEA = candidate('ATT2', { '@type': 'GivenName', value: 'Bea' });

const request = (): ReturnType<typeof form> =>
  form(
    [
      asNode(item([0], read('GivenName', [ADA, BEA]))),
      asNode(item([1], field(FIELDS.several), { mustBeAccepted: false })),
      asNode(item([2], consent, { requiresInteraction: true })),
      asNode(item([3], propose({ '@type': 'Surname', value: 'King' }), { mustBeAccepted: false })),
    ],
    { items: [{ accept: true, existingAttributeId: 'ATT1' }, NO, NO, NO] },
  );

/** A shell that keeps drafts as the real one does. */
function keeping(
  of = request(),
  handlers: Parameters<typeof shell>[0] = {},
): { calls: Calls; kept: () => JsonValue } {
  let kept: JsonValue = null;
  const calls = shell({
    request_form: () => of,
    value_types: () => valueTypes,
    draft: () => kept,
    save_draft: ({ draft }: { draft: JsonValue }) => {
      kept = JSON.parse(JSON.stringify(draft)) as JsonValue;
    },
    check_decision: () => ({ isSuccess: true }),
    accept_request: () => of.summary,
    contacts: () => [],
    ...handlers,
  });
  return { calls, kept: () => kept };
}

async function open(): Promise<void> {
  draw(Request, { id: 'REQ1' });
  await settle();
}

const pass = async (milliseconds: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(milliseconds);
  flushSync();
};

beforeEach(() => {
  vi.useFakeTimers();
  Element.prototype.scrollIntoView = vi.fn<() => void>();
});

test('what was entered is there again after the window was gone', async () => {
  keeping();
  await open();
  expect(has('draft-restored')).toBe(false);
  click(find('item-0-candidate-1'));
  click(find('item-1-tick'));
  click(find('item-1-response-2'));
  click(find('item-2-tick'));
  await pass(700);
  expect(find('draft-kept').dataset['kept']).toBe('true');
  clear();
  document.body.replaceChildren();

  await open();
  expect(has('draft-restored')).toBe(true);
  expect(find<HTMLInputElement>('item-0-candidate-1').checked).toBe(true);
  expect(find<HTMLInputElement>('item-1-response-2').checked).toBe(true);
  expect(find<HTMLInputElement>('item-2-tick').checked).toBe(true);
  expect(find('preview').textContent).toContain('Bea');
});

test('leaving before the pause is over keeps it too', async () => {
  const { kept } = keeping();
  await open();
  click(find('item-1-tick'));
  clear();
  await pass(0);
  expect(kept()).not.toBeNull();
});

test('a form that nobody touched is not kept', async () => {
  const { calls } = keeping();
  await open();
  await pass(2000);
  clear();
  await pass(0);
  expect(calls.some((call) => call.command === 'save_draft')).toBe(false);
});

test('one can start afresh', async () => {
  const { kept } = keeping();
  await open();
  click(find('item-1-tick'));
  await pass(700);
  clear();
  await open();
  click(find('draft-discard'));
  await pass(0);
  expect(find<HTMLInputElement>('item-1-tick').checked).toBe(false);
  expect(kept()).toEqual({ format: 1, items: {} });
});

test('nothing is kept of a form that was decided', async () => {
  const { calls } = keeping(form([asNode(item([0], consent))], { items: [NO] }));
  await open();
  click(find('request-accept'));
  await pass(1);
  const before = calls.filter((call) => call.command === 'save_draft').length;
  clear();
  await pass(1000);
  expect(calls.filter((call) => call.command === 'save_draft')).toHaveLength(before);
});

test('that it can not be kept is said', async () => {
  keeping(request(), {
    save_draft: () => {
      throw { code: 'error.tessera.store.full', message: 'the disk is full' };
    },
  });
  await open();
  click(find('item-1-tick'));
  await pass(700);
  expect(find('draft-kept').dataset['kept']).toBe('false');
});

test('a draft that can not be read does not hide the form', async () => {
  keeping(request(), {
    draft: () => {
      throw { code: 'error.tessera.store.damaged', message: 'damaged' };
    },
  });
  await open();
  expect(has('item-0')).toBe(true);
});

describe('what comes back has to fit the form', () => {
  const of = request();
  const start = startDraft(of, typesByName, 'en');
  const begun: FormDraft = {
    ...start,
    '0': {
      accepted: true,
      choice: { kind: 'new', basedOn: 'ATT2', mode: 'replace' },
      value: { value: 'Beatrice' },
      chosen: [],
      touched: true,
    },
    '1': { accepted: true, choice: null, value: {}, chosen: ['Bus'], touched: true },
  };
  const stored = JSON.parse(JSON.stringify(pack(begun))) as JsonValue;

  test('it does', () => expect(unpack(of, start, stored)).toEqual(begun));

  test('a value that is gone is not chosen any more', () => {
    const gone = form(
      itemsOf(of).map((one) =>
        asNode(one.ask.kind === 'readAttribute' ? { ...one, ask: read('GivenName', [ADA]) } : one),
      ),
      of.defaultDecision,
    );
    const chosen = pack({
      ...start,
      '0': { ...begun['0']!, choice: { kind: 'existing', attributeId: 'ATT2' } },
    });
    expect(unpack(gone, startDraft(gone, typesByName, 'en'), chosen)['0']?.choice).toEqual({
      kind: 'existing',
      attributeId: 'ATT1',
    });
    expect(unpack(gone, startDraft(gone, typesByName, 'en'), stored)['0']?.choice).toEqual({ kind: 'new' });
  });

  test('what can not be accepted is not', () => {
    const locked = form(
      itemsOf(of).map((one) => asNode({ ...one, canBeAccepted: false })),
      of.defaultDecision,
    );
    const nothing = startDraft(locked, typesByName, 'en');
    expect(unpack(locked, nothing, stored)).toEqual(nothing);
  });

  test.each<[JsonValue]>([
    [null],
    ['text'],
    [[]],
    [{}],
    [{ format: 2, items: stored }],
    [{ format: 1, items: [1] }],
  ])('rubbish changes nothing: %j', (odd) => expect(unpack(of, start, odd)).toEqual(start));

  test.each<[JsonValue]>([
    [null],
    ['x'],
    [{ accepted: 'yes', choice: 5, value: { value: 7 }, chosen: 'Bus' }],
  ])('rubbish in an item is not believed: %j', (odd) => {
    const read = unpack(of, start, { format: 1, items: { '1': odd } })['1'];
    expect(read).toMatchObject({ accepted: false, choice: null, chosen: [] });
  });
});

test('a request that nobody can answer is put away, and taken up again', async () => {
  let isDismissed = false;
  const of = (): ReturnType<typeof form> => {
    const whole = request();
    return { ...whole, isDecidable: false, summary: { ...whole.summary, isDismissible: true, isDismissed } };
  };
  keeping(undefined, {
    request_form: of,
    dismiss_request: ({ dismissed }: { dismissed: boolean }) => {
      isDismissed = dismissed;
      return of().summary;
    },
  });
  await open();
  click(find('dismiss'));
  await settle();
  expect(isDismissed).toBe(true);
  expect(find('dismiss-note').textContent).toContain('You put this request away');
  click(find('dismiss'));
  await settle();
  expect(isDismissed).toBe(false);
});

test('text in a field is kept as it is typed', async () => {
  const { kept } = keeping(form([asNode(item([0], field(FIELDS.text)))], { items: [NO] }));
  await open();
  type(find<HTMLInputElement>('item-0-response'), 'C');
  await pass(700);
  expect(JSON.stringify(kept())).toContain('"response":"C"');
});
