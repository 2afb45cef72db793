// Filling in every kind of item, and the Decision that comes of it.

import { flushSync } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import type { Ask } from '../src/lib/bindings/Ask';
import ConsentFormView from '../src/lib/components/ConsentFormView.svelte';
import {
  asNode,
  candidate,
  created,
  deletion,
  field,
  FIELDS,
  file,
  form,
  freeText,
  item,
  propose,
  read,
} from './forms';
import { click, draw, find, has, shell, type, type Calls } from './helpers';
import { typesByName } from './value-types';

const NO = { accept: false } as const;
const NAME = { '@type': 'GivenName', value: 'Ada' };
const ADA = candidate('ATT1', NAME, { isDefault: true, sharedWith: 2, tags: ['x:legal'] });
const AUGUSTA = candidate('ATT2', { '@type': 'GivenName', value: 'Augusta' });

beforeEach(() => {
  vi.useFakeTimers();
  Element.prototype.scrollIntoView = vi.fn<() => void>();
});

function open(ask: Ask, mustBeAccepted = true, handlers: Parameters<typeof shell>[0] = {}): Calls {
  const of = form([asNode(item([0], ask, { mustBeAccepted }))], { items: [NO] });
  const calls = shell({
    check_decision: () => ({ isSuccess: true }),
    accept_request: () => of.summary,
    ...handlers,
  });
  draw(ConsentFormView, {
    form: of,
    types: typesByName,
    decided: () => undefined,
    changed: () => Promise.resolve(),
  });
  return calls;
}

async function accept(calls: Calls): Promise<unknown> {
  click(find('request-accept'));
  await vi.advanceTimersByTimeAsync(1);
  flushSync();
  const sent = calls.filter((call) => call.command === 'accept_request').at(-1)?.args as
    { decision: Decision } | undefined;
  return sent?.decision.items[0];
}

const radio = (testid: string): void => click(find<HTMLInputElement>(testid));

describe('a proposal', () => {
  test('is taken as it is unless something else is chosen', async () => {
    const ask = propose(NAME, [AUGUSTA]);
    expect(await accept(open(ask))).toEqual({
      accept: true,
      attribute: { '@type': 'IdentityAttribute', owner: '', value: NAME },
    });
    expect(find('preview').textContent).toContain('Ada');
  });

  test('is overruled by a value of one’s own', async () => {
    const calls = open(propose(NAME, [AUGUSTA]));
    radio('item-0-candidate-0');
    expect(find('preview').textContent).toContain('Augusta');
    expect(await accept(calls)).toEqual({ accept: true, attributeId: 'ATT2' });
  });

  test('can be changed', async () => {
    const calls = open(propose(NAME));
    click(find('item-0-proposal-edit'));
    expect(find<HTMLInputElement>('item-0-new-value').value).toBe('Ada');
    type(find<HTMLInputElement>('item-0-new-value'), 'Ada Augusta');
    expect(await accept(calls)).toEqual({
      accept: true,
      attribute: {
        '@type': 'IdentityAttribute',
        owner: '',
        value: { '@type': 'GivenName', value: 'Ada Augusta' },
      },
    });
  });

  test('says in what it differs from one’s own', () => {
    const address = {
      '@type': 'StreetAddress',
      recipient: 'Ada',
      street: 'Ring',
      houseNo: '1',
      zipCode: '12345',
      city: 'Ulm',
      country: 'DE',
    };
    open(propose({ ...address, street: 'Allee', city: 'Köln' }, [candidate('ATT3', address)]));
    expect(find('item-0').textContent).toContain('differs from yours in: Street and City');
  });

  test('of a condition that nothing new can meet can be taken, but not changed', () => {
    open(propose(NAME, [], { condition: 'GivenName', newAttribute: null }));
    expect(has('item-0-proposal-edit')).toBe(false);
    expect(has('item-0-new')).toBe(false);
  });
});

describe('a value of one’s own, changed while answering', () => {
  const edit = (calls: Calls): Calls => {
    click(find('item-0-candidate-0-edit'));
    type(find<HTMLInputElement>('item-0-new-value'), 'Ada King');
    return calls;
  };
  const KING = { '@type': 'GivenName', value: 'Ada King' };

  test('stays beside the new one', async () => {
    const calls = edit(open(read('GivenName', [ADA, AUGUSTA])));
    expect(await accept(calls)).toEqual({
      accept: true,
      newAttribute: { '@type': 'IdentityAttribute', owner: '', value: KING, tags: ['x:legal'] },
    });
    expect(calls.some((call) => call.command === 'edit_attribute')).toBe(false);
  });

  test('or is replaced: the new version is stored first, and the answer names it', async () => {
    const calls = edit(
      open(read('GivenName', [ADA, AUGUSTA]), true, { edit_attribute: () => ({ id: 'ATT9' }) }),
    );
    radio('item-0-edit-replace');
    expect(find('item-0').textContent).toContain('2 contacts have the earlier version');
    expect(await accept(calls)).toEqual({ accept: true, existingAttributeId: 'ATT9' });
    expect(calls.find((call) => call.command === 'edit_attribute')?.args).toEqual({
      id: 'ATT1',
      value: KING,
      tags: ['x:legal'],
    });
  });

  test('and when it can not be stored, nothing is sent', async () => {
    const calls = edit(
      open(read('GivenName', [ADA]), true, {
        edit_attribute: () => {
          throw { code: 'error.consumption.attributes.successionMustChangeContent', message: 'same' };
        },
      }),
    );
    radio('item-0-edit-replace');
    expect(await accept(calls)).toBeUndefined();
    expect(has('accept-error')).toBe(true);
  });
});

test('tags that a value has to get are named and sent', async () => {
  const calls = open(read('GivenName', [{ ...AUGUSTA, addTags: ['x:a', 'x:b'] }], { tags: ['x:a', 'x:b'] }));
  expect(find('item-0').textContent).toContain('x:a');
  expect(await accept(calls)).toEqual({ accept: true, existingAttributeId: 'ATT2', tags: ['x:a', 'x:b'] });
});

test('what becomes one’s own is accepted whole', async () => {
  const calls = open(created(NAME, { isOwn: true }));
  expect(find('item-0-got').textContent).toContain('Ada');
  expect(find('preview-get').textContent).toContain('Ada');
  expect(await accept(calls)).toEqual({ accept: true });
});

test('a deletion wants a day', async () => {
  vi.setSystemTime(new Date(2026, 10, 22, 12));
  const calls = open(deletion(NAME));
  expect(await accept(calls)).toBeUndefined();
  expect(find('gap-summary').textContent).toContain('choose when');
  radio('item-0-deletion-in14');
  const end = new Date(2026, 11, 6, 23, 59, 59, 999).toISOString();
  expect(await accept(calls)).toEqual({ accept: true, deletionDate: end });
});

describe('fields', () => {
  test('a text, with what is wrong said while it is typed', async () => {
    const calls = open(field(FIELDS.text));
    type(find<HTMLInputElement>('item-0-response'), 'x');
    expect(find('item-0-response-problem').textContent).toContain('At least 2');
    type(find<HTMLInputElement>('item-0-response'), 'Countess');
    expect(has('item-0-response-problem')).toBe(false);
    expect(await accept(calls)).toEqual({ accept: true, response: 'Countess' });
  });

  test('a number with its unit', async () => {
    const calls = open(field(FIELDS.double));
    expect(find('item-0').textContent).toContain('kg');
    type(find<HTMLInputElement>('item-0-response'), '61,5');
    expect(find('preview').textContent).toContain('61.5 kg');
    expect(await accept(calls)).toEqual({ accept: true, response: 61.5 });
  });

  test('no is an answer', async () => {
    const calls = open(field(FIELDS.boolean));
    radio('item-0-response-false');
    expect(await accept(calls)).toEqual({ accept: true, response: false });
  });

  test('several options', async () => {
    const calls = open(field(FIELDS.several));
    radio('item-0-response-2');
    radio('item-0-response-0');
    expect(await accept(calls)).toEqual({ accept: true, response: ['Bus', 'Bike'] });
  });

  test('a long list can be searched, and what is chosen stays in sight', () => {
    const options = Array.from({ length: 500 }, (_, index) => `Option ${index}`);
    open(field({ kind: 'selection', options, allowMultipleSelection: true }));
    expect(find('item-0-response').querySelectorAll('input[type=checkbox]')).toHaveLength(200);
    type(find<HTMLInputElement>('item-0-response-search'), 'option 499');
    radio('item-0-response-499');
    type(find<HTMLInputElement>('item-0-response-search'), 'option 7');
    expect(find('item-0-response').textContent).toContain('Option 499');
  });

  test('stars that were taken back are not sent', async () => {
    const calls = open(field(FIELDS.rating), false);
    radio('item-0-tick');
    radio('item-0-response-4');
    expect(find('preview').textContent).toContain('4 of 5');
    click(find('item-0-response-clear'));
    expect(has('preview')).toBe(false);
    expect(await accept(calls)).toBeUndefined();
    radio('item-0-tick');
    expect(await accept(calls)).toEqual(NO);
  });

  test('free text', async () => {
    const calls = open(freeText);
    expect(find('item-0').textContent).toContain('Why would you like to join?');
    type(find<HTMLInputElement>('item-0-response'), 'I like it');
    expect(await accept(calls)).toEqual({ accept: true, freeText: 'I like it' });
  });
});

test('a file that can run programs is said to', async () => {
  const ask = file();
  if (ask.kind === 'transferFileOwnership' && ask.file) ask.file.filename = 'invoice.pdf.exe';
  const calls = open(ask);
  expect(find('item-0').textContent).toContain('can run programs');
  expect(await accept(calls)).toEqual({ accept: true });
});

describe('choosing one of many', () => {
  const country = (): HTMLInputElement => find<HTMLInputElement>('item-0-new-value');
  const press = (key: string): void => {
    country().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    flushSync();
  };

  test('by its name, its key, or with the keyboard alone', async () => {
    const calls = open(read('Nationality'));
    type(country(), 'osterreich');
    expect(country().dataset['value']).toBe('osterreich');
    expect(find('item-0-new-value-problem')).toBeTruthy();
    type(country(), 'germ');
    press('ArrowDown');
    press('Enter');
    expect(country().value).toBe('Germany');
    expect(country().dataset['value']).toBe('DE');
    type(country(), 'AT');
    expect(await accept(calls)).toMatchObject({
      newAttribute: { value: { '@type': 'Nationality', value: 'AT' } },
    });
  });

  test('Escape closes the list and keeps what is typed', () => {
    open(read('Nationality'));
    type(country(), 'ger');
    expect(country().getAttribute('aria-expanded')).toBe('true');
    press('Escape');
    expect(country().getAttribute('aria-expanded')).toBe('false');
    expect(country().value).toBe('ger');
  });
});
