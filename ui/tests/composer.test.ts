import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { EMPTY } from '../src/lib/asking/kept';
import Composer from '../src/lib/components/asking/Composer.svelte';
import { ADDRESS, ENTRY, entered, INSURER, sentRequest, TYPES } from './asking-items';
import { ME, view } from './attribute-view';
import { peer } from './forms';
import { click, draw, find, has, settle, shell, type } from './helpers';

const FROM_INSURER = { peer: INSURER.address, owner: INSURER.address };

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
    const calls = await open({
      search_contacts: () => ({
        contacts: [{ peer }, { peer: INSURER }],
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
    expect(request.items[0]?.query).toMatchObject({ thirdParty: [INSURER.address] });
  });

  test('an entry of another contact says whose it is and who may learn of it', async () => {
    const none = await open({ passable_entries: () => ({ entries: [], hasMore: false }) });
    click(find('ask-add-shareRelationship'));
    await settle();
    expect(none.find((call) => call.command === 'passable_entries')?.args).toMatchObject({
      address: peer.address,
      text: '',
    });
    expect(has('ask-0-attributeId-none')).toBe(true);
    document.body.replaceChildren();

    const technical = view(
      'ATTentry000000000002',
      { '@type': 'ProprietaryString', title: 'Device', value: '9' },
      { key: 'device', confidentiality: 'public', isTechnical: true, ...FROM_INSURER },
    );
    const calls = await open({
      passable_entries: ({ text }: { text: string }) => ({
        entries: [ENTRY, technical]
          .filter(({ key }) => key?.startsWith(text))
          .map((attribute) => ({ attribute, with: INSURER })),
        hasMore: text === '',
      }),
    });
    click(find('ask-add-shareRelationship'));
    await settle();
    expect(find('ask-0-attributeId-0-from').textContent).toContain('Insurer');
    const offered = find('ask-0-attributeId').querySelectorAll('label');
    expect(offered[0]?.textContent).toContain('protected');
    expect(offered[0]?.textContent).toContain('yours');
    expect(offered[1]?.textContent).toContain('theirs');
    expect(offered[1]?.textContent).toContain('for programs');
    expect(has('ask-0-attributeId-protected')).toBe(false);
    click(find('ask-0-attributeId-0'));
    await pass();
    // Who shares what is protected is told to think twice; the other side learns where it is from.
    expect(has('ask-0-attributeId-protected')).toBe(true);
    expect(find('ask-preview').textContent).toContain('K 4711');
    expect(find('ask-preview').textContent).toContain(INSURER.address);
    const { request } = calls.filter((call) => call.command === 'check_request').at(-1)?.args as {
      request: { items: JsonValue[] };
    };
    expect(request.items).toEqual([
      { '@type': 'ShareAttributeRequestItem', attributeId: ENTRY.id, mustBeAccepted: false },
    ]);
    // It stays in sight while another is looked for.
    type(find<HTMLInputElement>('ask-0-attributeId-search'), 'device');
    await pass();
    expect(find<HTMLInputElement>('ask-0-attributeId-0').checked).toBe(true);
    expect(find('ask-0-attributeId').textContent).toContain('Device');
  });

  test('an entry can be made for programs only', async () => {
    const calls = await open({}, { ...EMPTY, items: [entered('create')] });
    click(find('ask-0-isTechnical'));
    await pass();
    const { request } = calls.filter((call) => call.command === 'check_request').at(-1)?.args as {
      request: { items: { attribute: JsonValue }[] };
    };
    expect(request.items[0]?.attribute).toMatchObject({ isTechnical: true });
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
