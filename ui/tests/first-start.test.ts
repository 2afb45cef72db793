import { describe, expect, test, vi } from 'vitest';

import App from '../src/App.svelte';
import type { AppState } from '../src/lib/api-types';
import { click, draw, find, has, settle, shell, type, type Calls } from './helpers';

const first: AppState = {
  phase: 'firstStart',
  profile: null,
  needsAppPassword: false,
  keyring: { available: true, code: null },
  error: null,
  embedded: { running: true, url: 'http://localhost:8090', error: null },
  settings: {
    language: 'en',
    theme: 'system',
    camera: null,
    notifications: true,
    background: false,
    undoSeconds: 5,
  },
};
const profile = {
  name: 'Ada',
  address: 'did:e:localhost:dids:8a6a51f3c2d47be09f11',
  backboneUrl: 'http://localhost:8090',
  createdAt: '2026-11-22T10:00:00.000Z',
  hasAppPassword: false,
};
const ready: AppState = { ...first, phase: 'ready', profile };
const lists = {
  requests: () => [],
  contacts: () => [],
  attributes: () => [],
  sync_status: () => ({ state: 'idle', lastSuccessAt: null, errorCode: null, waiting: 0, isLive: true }),
};

async function open(state: AppState, handlers: Parameters<typeof shell>[0] = {}): Promise<Calls> {
  const calls = shell({ app_state: () => state, set_settings: () => null, ...lists, ...handlers });
  draw(App, {});
  await settle();
  return calls;
}

const args = (calls: Calls, command: string): unknown => calls.find((call) => call.command === command)?.args;

describe('the first start', () => {
  test('needs a name and nothing else', async () => {
    const calls = await open(first, { create_profile: () => ready });
    expect(find<HTMLInputElement>('first-embedded').checked).toBe(true);
    click(find('first-create'));
    await settle();
    expect(args(calls, 'create_profile')).toBeUndefined();
    expect(find('first-name').getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(find('first-name'));
    type(find<HTMLInputElement>('first-name'), ' Ada ');
    click(find('first-create'));
    await settle();
    expect(args(calls, 'create_profile')).toEqual({
      name: 'Ada',
      appPassword: null,
      backbone: { kind: 'embedded' },
    });
    expect(has('status-bar')).toBe(true);
  });

  test('without a keyring says so and asks for an app password, twice and not too short', async () => {
    const calls = await open(
      { ...first, keyring: { available: false, code: 'error.tessera.keyring.missing' } },
      { create_profile: () => ready },
    );
    expect(find('first-keyring').textContent).toContain('No system keyring');
    type(find<HTMLInputElement>('first-name'), 'Ada');
    type(find<HTMLInputElement>('first-password'), 'short');
    type(find<HTMLInputElement>('first-password-repeat'), 'other');
    click(find('first-create'));
    await settle();
    expect(args(calls, 'create_profile')).toBeUndefined();
    expect(find('first-password').getAttribute('aria-invalid')).toBe('true');
    type(find<HTMLInputElement>('first-password'), 'correct horse battery');
    type(find<HTMLInputElement>('first-password-repeat'), 'correct horse battery');
    click(find('first-create'));
    await settle();
    expect(args(calls, 'create_profile')).toMatchObject({ appPassword: 'correct horse battery' });
  });

  test('with a server elsewhere asks for its address and client', async () => {
    const calls = await open(first, { create_profile: () => ready });
    type(find<HTMLInputElement>('first-name'), 'Ada');
    click(find('first-remote'));
    click(find('first-create'));
    await settle();
    expect(args(calls, 'create_profile')).toBeUndefined();
    type(find<HTMLInputElement>('first-url'), 'https://backbone.example.org');
    type(find<HTMLInputElement>('first-client-id'), 'test');
    type(find<HTMLInputElement>('first-client-secret'), 'secret');
    click(find('first-create'));
    await settle();
    expect(args(calls, 'create_profile')).toEqual({
      name: 'Ada',
      appPassword: null,
      backbone: {
        kind: 'remote',
        url: 'https://backbone.example.org',
        clientId: 'test',
        clientSecret: 'secret',
      },
    });
  });

  test('that fails keeps what was typed and can be tried again', async () => {
    const create = vi.fn<() => AppState>(() => {
      throw { code: 'error.transport.request.network', message: 'no connection' };
    });
    await open(first, { create_profile: create });
    type(find<HTMLInputElement>('first-name'), 'Ada');
    click(find('first-create'));
    await settle();
    expect(find('first-error').dataset['code']).toBe('error.transport.request.network');
    expect(find<HTMLInputElement>('first-name').value).toBe('Ada');
    create.mockImplementation(() => ready);
    click(find('first-error-retry'));
    await settle();
    expect(has('status-bar')).toBe(true);
  });
});

describe('a locked wallet', () => {
  const locked: AppState = { ...first, phase: 'locked' };

  test('with an app password asks for it, and says when it is wrong', async () => {
    const calls = await open(
      { ...locked, needsAppPassword: true },
      {
        unlock: ({ appPassword }: { appPassword: string }) => {
          if (appPassword !== 'right') throw { code: 'error.tessera.keys.wrongPassword', message: 'wrong' };
          return ready;
        },
      },
    );
    type(find<HTMLInputElement>('unlock-password'), 'wrong');
    click(find('unlock'));
    await settle();
    expect(find('locked-error').dataset['code']).toBe('error.tessera.keys.wrongPassword');
    type(find<HTMLInputElement>('unlock-password'), 'right');
    click(find('unlock'));
    await settle();
    expect(has('status-bar')).toBe(true);
    expect(calls.filter((call) => call.command === 'unlock')).toHaveLength(2);
  });

  test('by its keyring says so and tries again', async () => {
    const calls = await open(
      { ...locked, error: { code: 'error.tessera.keyring.locked', message: 'locked' } },
      { unlock: () => ready },
    );
    expect(has('unlock-password')).toBe(false);
    click(find('locked-error-retry'));
    await settle();
    expect(args(calls, 'unlock')).toEqual({ appPassword: null });
    expect(has('status-bar')).toBe(true);
  });
});

test('a shell that does not answer is an error with another try, not an empty page', async () => {
  let fails = true;
  shell({
    app_state: () => {
      if (fails) throw 'app_state not allowed';
      return first;
    },
  });
  draw(App, {});
  await settle();
  expect(has('error')).toBe(true);
  fails = false;
  click(find('error-retry'));
  await settle();
  expect(has('first-create')).toBe(true);
});

test('a wallet that can not be opened says why', async () => {
  await open({
    ...first,
    phase: 'failed',
    error: { code: 'error.tessera.store.newerVersion', message: 'newer' },
  });
  expect(find('error').dataset['code']).toBe('error.tessera.store.newerVersion');
});

test('the theme and the language are those of the settings', async () => {
  await open({
    ...first,
    settings: {
      language: 'de',
      theme: 'dark',
      camera: null,
      notifications: true,
      background: false,
      undoSeconds: 5,
    },
  });
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(document.querySelector('h1')?.textContent).toBe('Richten Sie Ihre Wallet ein');
});
