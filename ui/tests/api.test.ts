import { describe, expect, test } from 'vitest';

import { api } from '../src/lib/api';
import Problem from '../src/lib/components/Problem.svelte';
import { ApiError, toErrorView, UNEXPECTED } from '../src/lib/errors';
import { click, draw, find, shell } from './helpers';

describe('whatever a command throws becomes an error with a code', () => {
  test.each([
    [
      { code: 'error.a', message: 'no', details: 'why' },
      { code: 'error.a', message: 'no', details: 'why' },
    ],
    [
      { code: 'error.a', message: 'no' },
      { code: 'error.a', message: 'no', details: null },
    ],
    [
      'sync not allowed. Command not found',
      { code: UNEXPECTED, message: 'sync not allowed. Command not found', details: null },
    ],
    [new TypeError('broken'), { code: UNEXPECTED, message: 'broken', details: null }],
    [{ code: 5 }, { code: UNEXPECTED }],
    [null, { code: UNEXPECTED }],
    [undefined, { code: UNEXPECTED }],
  ])('%j', (thrown, view) => expect(toErrorView(thrown)).toMatchObject(view));

  test('and the caller gets an ApiError', async () => {
    shell({
      sync: () => {
        throw { code: 'error.transport.request.network', message: 'no connection' };
      },
    });
    const failure = await api.sync().catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ code: 'error.transport.request.network', message: 'no connection' });
  });
});

describe('commands carry what the shell expects', () => {
  test.each<[string, () => Promise<unknown>, unknown]>([
    [
      'create_profile',
      () => api.createProfile({ name: 'Ada', appPassword: null, backbone: { kind: 'embedded' } }),
      { name: 'Ada', appPassword: null, backbone: { kind: 'embedded' } },
    ],
    [
      'open_code',
      () => api.openCode('c', '123456', 'op'),
      { codeId: 'c', password: '123456', operationId: 'op' },
    ],
    [
      'answer_organisation',
      () => api.answerOrganisation('town-hall', 'REL1', true),
      { organisation: 'town-hall', relationshipId: 'REL1', accept: true },
    ],
    [
      'edit_attribute',
      () => api.editAttribute('ATT1', { '@type': 'X' }, ['x:a']),
      { id: 'ATT1', value: { '@type': 'X' }, tags: ['x:a'] },
    ],
    [
      'set_settings',
      () =>
        api.setSettings({
          language: 'de',
          theme: 'dark',
          camera: null,
          notifications: true,
          background: false,
          undoSeconds: 5,
        }),
      {
        settings: {
          language: 'de',
          theme: 'dark',
          camera: null,
          notifications: true,
          background: false,
          undoSeconds: 5,
        },
      },
    ],
  ])('%s', async (command, ask, args) => {
    const calls = shell({ [command]: () => null });
    await ask();
    expect(calls).toEqual([{ command, args }]);
  });

  test('a picture goes as bytes', async () => {
    const calls = shell({ read_image: () => ({ codes: [] }) });
    await api.readImage(new Uint8Array([1, 2, 3]), 'work');
    expect(calls[0]?.args).toEqual(new Uint8Array([1, 2, 3]));
  });
});

describe('an error on screen', () => {
  test('says what happened, what it means, what to do; and offers another try', () => {
    let tries = 0;
    draw(Problem, {
      error: { code: 'error.tessera.store.full', message: 'disk full', details: 'SQLITE_FULL' },
      retry: () => void tries++,
    });
    const text = find('error').textContent ?? '';
    expect(text).toContain('The disk is full');
    expect(text).toContain('Everything before is safe');
    expect(text).toContain('Free some space');
    expect(text).toContain('SQLITE_FULL');
    expect(find('error').getAttribute('role')).toBe('alert');
    click(find('error-retry'));
    expect(tries).toBe(1);
  });

  test('with a code that nobody knows still names the code', () => {
    draw(Problem, { error: { code: 'error.from.the.future', message: '<b>x</b>' } });
    expect(find('error').textContent).toContain('error.from.the.future');
    expect(find('error').querySelector('b')).toBeNull();
  });
});
