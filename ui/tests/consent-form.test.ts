import { flushSync } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import ConsentFormView from '../src/lib/components/ConsentFormView.svelte';
import type { ConsentForm } from '../src/lib/bindings/ConsentForm';
import { link } from '../src/lib/state/links.svelte';
import { asNode, authentication, candidate, consent, form, group, item, read, shared } from './forms';
import { click, draw, find, has, shell, type, type Calls } from './helpers';
import { typesByName } from './value-types';

const NO = { accept: false } as const;
const ADA = candidate('ATT1', { '@type': 'GivenName', value: 'Ada' }, { isDefault: true });

const enrolment = (): ConsentForm =>
  form(
    [
      group('Who you are', [item([0, 0], read('GivenName', [ADA])), item([0, 1], read('BirthPlace'))]),
      asNode(
        item(
          [1],
          { ...consent, link: 'https://example.org/terms', linkDisplayText: 'Terms' } as typeof consent,
          { requiresInteraction: true },
        ),
      ),
      asNode(item([2], authentication, { mustBeAccepted: false })),
    ],
    { items: [{ items: [{ accept: true, existingAttributeId: 'ATT1' }, NO] }, NO, NO] },
  );

let decided: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  decided = vi.fn<() => void>();
  Element.prototype.scrollIntoView = vi.fn<() => void>();
});

function open(of: ConsentForm, handlers: Parameters<typeof shell>[0] = {}): Calls {
  const calls = shell({
    check_decision: () => ({ isSuccess: true }),
    accept_request: () => of.summary,
    reject_request: () => of.summary,
    ...handlers,
  });
  draw(ConsentFormView, { form: of, types: typesByName, decided });
  return calls;
}

async function wait(milliseconds = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  flushSync();
}

const asked = (calls: Calls, command: string): unknown[] =>
  calls.filter((call) => call.command === command).map((call) => call.args);

test('accepting with gaps sends nothing, lists them and goes to the first', async () => {
  const calls = open(enrolment());
  click(find('request-accept'));
  await wait();
  expect(asked(calls, 'accept_request')).toEqual([]);
  expect(find('gap-summary').querySelectorAll('li')).toHaveLength(2);
  expect(find('item-0.1').contains(document.activeElement)).toBe(true);
  expect(document.activeElement?.getAttribute('aria-invalid')).toBe('true');
  expect(decided).not.toHaveBeenCalled();
});

test('a filled form is checked by the core and sent as it stands', async () => {
  const calls = open(enrolment());
  type(find<HTMLInputElement>('item-0.1-new-city'), 'London');
  type(find<HTMLInputElement>('item-0.1-new-country'), 'United Kingdom');
  click(find('item-1-tick'));
  click(find('item-2-confirm'));
  expect(find('request-counts').textContent).toContain('3 of 3 required, 1 of 1 optional');
  click(find('request-accept'));
  await wait();
  const decision = {
    items: [
      {
        items: [
          { accept: true, existingAttributeId: 'ATT1' },
          {
            accept: true,
            newAttribute: {
              '@type': 'IdentityAttribute',
              owner: '',
              value: { '@type': 'BirthPlace', city: 'London', country: 'GB' },
            },
          },
        ],
      },
      { accept: true },
      { accept: true },
    ],
  };
  expect(asked(calls, 'check_decision').at(-1)).toEqual({ id: 'REQ1', decision });
  expect(asked(calls, 'accept_request')).toEqual([{ id: 'REQ1', decision }]);
  expect(decided).toHaveBeenCalledOnce();
});

test('what they will see follows each answer', () => {
  open(enrolment());
  expect(find('preview').textContent).toContain('Ada');
  expect(find('preview').textContent).not.toContain('London');
  type(find<HTMLInputElement>('item-0.1-new-city'), 'London');
  type(find<HTMLInputElement>('item-0.1-new-country'), 'United Kingdom');
  expect(find('preview').textContent).toContain('London');
});

describe('what they give', () => {
  const offered = (): ConsentForm =>
    form(
      [
        asNode(item([0], shared({ '@type': 'DisplayName', value: 'City library' }))),
        asNode(
          item([1], shared({ '@type': 'EMailAddress', value: 'desk@example.org' }), {
            mustBeAccepted: false,
          }),
        ),
        asNode(
          item([2], shared({ '@type': 'Surname', value: 'Byron' }, { owner: null }), {
            mustBeAccepted: false,
            canBeAccepted: false,
          }),
        ),
      ],
      { items: [{ accept: true }, NO, NO] },
    );

  test('is shown whole, and as something one gets', () => {
    open(offered());
    expect(find('item-0-got').textContent).toContain('City library');
    expect(find('preview-get').textContent).toContain('City library');
    expect(find('preview-get').textContent).not.toContain('desk@example.org');
    expect(has('preview')).toBe(false);
    expect(has('item-2-tick')).toBe(false);
  });

  test('is kept when it is ticked', async () => {
    const calls = open(offered());
    expect(find('item-1').textContent).toContain('Keep this');
    click(find('item-1-tick'));
    expect(find('preview-get').textContent).toContain('desk@example.org');
    click(find('request-accept'));
    await wait();
    const decision = { items: [{ accept: true }, { accept: true }, NO] };
    expect(asked(calls, 'accept_request')).toEqual([{ id: 'REQ1', decision }]);
  });

  test('names whose contact it comes from', () => {
    const third = 'did:e:localhost:dids:aaaaaaaaaaaaaaaaaaaaaa';
    const value = { '@type': 'ProprietaryString', title: 'Customer number', value: '0471' };
    const ask = shared(value, { key: 'customer', thirdParty: third, alreadyKnown: true });
    open(form([asNode(item([0], ask))], { items: [{ accept: true }] }));
    const text = find('item-0').textContent;
    expect(text).toContain('Customer number');
    expect(text).toContain('0471');
    expect(text).toContain(third);
    expect(text).toContain('You have it already');
  });
});

describe('the core checks along', () => {
  test('once after a pause, not at each key', async () => {
    const calls = open(enrolment());
    await wait(400);
    const before = asked(calls, 'check_decision').length;
    for (const city of ['L', 'Lo', 'Lon']) type(find<HTMLInputElement>('item-0.1-new-city'), city);
    type(find<HTMLInputElement>('item-0.1-new-country'), 'United Kingdom');
    await wait(400);
    expect(asked(calls, 'check_decision').length - before).toBe(1);
  });

  test('and what it finds stands at the item, and keeps the form from being sent', async () => {
    const code = 'error.consumption.attributes.forbiddenCharactersInAttribute';
    const calls = open(enrolment(), {
      check_decision: () => ({
        isSuccess: false,
        code: 'error.consumption.requests.validation.inheritedFromItem',
        items: [
          { isSuccess: false, items: [{ isSuccess: true }, { isSuccess: false, code }] },
          { isSuccess: true },
          { isSuccess: true },
        ],
      }),
    });
    type(find<HTMLInputElement>('item-0.1-new-city'), 'London');
    type(find<HTMLInputElement>('item-0.1-new-country'), 'United Kingdom');
    click(find('item-1-tick'));
    await wait(400);
    expect(find('item-0.1-problem').dataset['code']).toBe(code);
    click(find('request-accept'));
    await wait();
    expect(asked(calls, 'accept_request')).toEqual([]);
    expect(find('gap-summary').textContent).toContain('Place of birth');
  });
});

test('a failing accept is shown, and can be tried again', async () => {
  let fails = true;
  const of = form([asNode(item([0], consent))], { items: [{ accept: true }] });
  open(of, {
    accept_request: () => {
      if (fails) throw { code: 'error.tessera.store.full', message: 'the disk is full' };
      return of.summary;
    },
  });
  click(find('request-accept'));
  await wait();
  expect(find('accept-error').dataset['code']).toBe('error.tessera.store.full');
  fails = false;
  click(find('accept-error-retry'));
  await wait();
  expect(decided).toHaveBeenCalledOnce();
});

test('rejecting asks first, and says what they learn', async () => {
  const calls = open(enrolment());
  click(find('request-reject'));
  expect(asked(calls, 'reject_request')).toEqual([]);
  // Nobody is told of it: a reason would reach nobody.
  expect(has('reject-reason')).toBe(false);
  click(find('reject-confirm'));
  await wait();
  const [rejected] = asked(calls, 'reject_request') as { id: string; decision: Decision }[];
  expect(rejected?.id).toBe('REQ1');
  expect(JSON.stringify(rejected?.decision)).not.toContain('"accept":true');
  expect(decided).toHaveBeenCalledOnce();
});

describe('why', () => {
  const asks = (more: Partial<ConsentForm> = {}): ConsentForm =>
    form(
      [
        asNode(item([0], consent, { mustBeAccepted: false })),
        group('More', [item([1, 0], read('GivenName'), { mustBeAccepted: false })]),
      ],
      { items: [{ accept: false }, { items: [{ accept: false }] }] },
      { createsRelationship: false, ...more },
    );

  test('a whole request is rejected is told with each item', async () => {
    const calls = open(asks());
    click(find('item-1.0-why'));
    type(find<HTMLTextAreaElement>('item-1.0-reason'), 'You know my name');
    click(find('request-reject'));
    type(find<HTMLTextAreaElement>('reject-reason'), ' Not now ');
    click(find('reject-confirm'));
    await wait();
    expect(asked(calls, 'reject_request')).toEqual([
      {
        id: 'REQ1',
        decision: {
          items: [
            { accept: false, message: 'Not now' },
            { items: [{ accept: false, message: 'You know my name' }] },
          ],
        },
      },
    ]);
  });

  test('an item is left out is told with the answer, and shown before', async () => {
    const calls = open(asks());
    click(find('item-0-why'));
    type(find<HTMLTextAreaElement>('item-0-reason'), 'I never agree');
    expect(find('preview-reasons').textContent).toContain('I never agree');
    click(find('request-accept'));
    await wait();
    const [accepted] = asked(calls, 'accept_request') as { decision: Decision }[];
    expect(accepted?.decision.items).toEqual([
      { accept: false, message: 'I never agree' },
      { items: [{ accept: false }] },
    ]);
  });
});

test('a link is not followed but shown first', () => {
  open(enrolment());
  expect(document.querySelectorAll('a[href^="http"]')).toHaveLength(0);
  click(
    [...find('item-1').querySelectorAll('button')].find((button) =>
      button.textContent?.includes('Terms'),
    ) as HTMLElement,
  );
  expect(link.asked).toBe('https://example.org/terms');
  link.done();
});

describe('requests that are odd', () => {
  test('something unknown is shown as it came, and left out', async () => {
    const of = form(
      [
        asNode(
          item(
            [0],
            { kind: 'notUnderstood', raw: { '@type': 'Future', html: '<img src=x>' } },
            { itemType: 'Future', mustBeAccepted: false, canBeAccepted: false },
          ),
        ),
      ],
      { items: [NO] },
    );
    const calls = open(of);
    expect(find('item-0').textContent).toContain('Future');
    expect(find('item-0').textContent).toContain('<img src=x>');
    expect(find('item-0').querySelector('img')).toBeNull();
    click(find('request-accept'));
    await wait();
    expect(asked(calls, 'accept_request')).toEqual([{ id: 'REQ1', decision: { items: [NO] } }]);
  });

  test('no items at all', () => {
    open(form([], { items: [] }));
    expect(document.body.textContent).toContain('asks for nothing');
  });

  test('ten thousand items are drawn in portions, and counted all the same', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      asNode(item([index], consent, { mustBeAccepted: index === 9_000, requiresInteraction: true })),
    );
    open(form(many, { items: many.map(() => NO) }));
    expect(document.querySelectorAll('article')).toHaveLength(60);
    // Drawing all of them is not wanted: the count and the summary work on the data.
    expect(find('request-counts').textContent).toContain('0 of 1 required');
  });

  test('one that can not be decided now says why', () => {
    open(
      form(
        [asNode(item([0], consent))],
        { items: [NO] },
        { isDecidable: false, notDecidableCode: 'error.consumption.requests.wrongRelationshipStatus' },
      ),
    );
    expect(find('not-decidable').dataset['code']).toBe('error.consumption.requests.wrongRelationshipStatus');
  });

  test('a required item that nobody can answer is said at the top', () => {
    open(
      form([asNode(item([0], read('GivenName', [], { newAttribute: null }), { canBeAccepted: false }))], {
        items: [NO],
      }),
    );
    expect(document.body.textContent).toContain('can only be rejected');
    expect(has('item-0-new-form')).toBe(false);
  });
});

test('a group can be folded up; what is missing in it opens it again', async () => {
  open(enrolment());
  const button = find('group-0-fold');
  expect(button.getAttribute('aria-expanded')).toBe('true');
  click(button);
  expect(has('item-0.1')).toBe(false);
  click(find('request-accept'));
  await wait();
  expect(has('item-0.1')).toBe(true);
});
