import { flushSync } from 'svelte';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import type { CodeView } from '../src/lib/bindings/CodeView';
import Code from '../src/lib/screens/Code.svelte';
import { codes, showCode } from '../src/lib/state/codes.svelte';
import { draw, find, has, shell, type } from './helpers';

const template: CodeView = {
  kind: 'RelationshipTemplate',
  id: 'RLT7BeOsn6lpRwG8nKzV',
  backboneHost: 'localhost:8090',
  isOwnBackbone: true,
  password: { pinLength: 6, location: 2 },
  forIdentityTruncated: null,
  isForThisIdentity: true,
};

beforeEach(() => void vi.useFakeTimers());

let next = 0;

function open(code: Partial<CodeView>): string {
  const codeId = `code-${++next}`;
  showCode({ codeId, code: { ...template, id: `RLT${next}`, ...code } });
  draw(Code, { codeId, profile: null });
  return codeId;
}

async function send(text: string): Promise<void> {
  type(find<HTMLInputElement>('pin-input'), text);
  await vi.advanceTimersByTimeAsync(400);
  flushSync();
}

describe('which question is asked', () => {
  test('a PIN gives boxes', () => {
    shell({});
    open({});
    expect(has('pin-input')).toBe(true);
    expect(has('code-password')).toBe(false);
  });

  test('a password gives a password field, also when it may happen to be digits', () => {
    shell({});
    open({ password: { pinLength: null, location: 6 } });
    expect(has('pin-input')).toBe(false);
    type(find<HTMLInputElement>('code-password'), '123456');
    expect(find<HTMLInputElement>('code-password').value).toBe('123456');
  });

  test.each([
    ['a token', { kind: 'Token' as const }],
    ['a file', { kind: 'File' as const }],
    ['a code of another Backbone', { isOwnBackbone: false, backboneHost: 'prod.enmeshed.eu' }],
    ['a code for somebody else', { isForThisIdentity: false, forIdentityTruncated: '8a6a' }],
  ])('%s is explained, and nothing is asked of the server', (_, code) => {
    const calls = shell({});
    open(code);
    expect(find('code-blocked').textContent?.length).toBeGreaterThan(40);
    expect(has('code-open')).toBe(false);
    expect(calls).toEqual([]);
  });
});

describe('a refused PIN', () => {
  const refuse = (): never => {
    throw { code: 'error.tessera.templates.wrongPasswordOrGone', message: 'wrong or gone' };
  };

  test('is counted; from the second time on other causes are named; nothing is tried again by itself', async () => {
    const calls = shell({ open_code: refuse });
    open({});
    await send('111111');
    expect(find('wrong-password').dataset['failures']).toBe('1');
    expect(has('wrong-causes')).toBe(false);
    expect(document.activeElement).toBe(find('pin-input'));
    await send('222222');
    expect(find('wrong-password').dataset['failures']).toBe('2');
    expect(find('wrong-causes').querySelectorAll('li')).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls.filter((call) => call.command === 'open_code')).toHaveLength(2);
  });

  test('is still counted when the same code is read again', async () => {
    shell({ open_code: refuse });
    const codeId = open({});
    await send('111111');
    const id = codes.get(codeId)?.code.id ?? '';
    showCode({ codeId: 'again', code: { ...template, id } });
    expect(codes.failures(id)).toBe(1);
  });

  test('is not what a failing network is called', async () => {
    shell({
      open_code: () => {
        throw { code: 'error.transport.request.network', message: 'no connection' };
      },
    });
    const codeId = open({});
    await send('111111');
    expect(has('wrong-password')).toBe(false);
    expect(find('code-error').dataset['code']).toBe('error.transport.request.network');
    expect(codes.failures(codes.get(codeId)?.code.id ?? '')).toBe(0);
  });
});

test('opening can be cancelled, and then says nothing', async () => {
  let stop: (reason: unknown) => void = () => undefined;
  const calls = shell({
    open_code: () => new Promise((_, reject) => (stop = reject)),
    cancel: () => stop({ code: 'error.tessera.shell.cancelled', message: 'cancelled' }),
  });
  open({ password: null });
  find('code-open').click();
  await vi.advanceTimersByTimeAsync(0);
  flushSync();
  find('code-cancel').click();
  await vi.advanceTimersByTimeAsync(0);
  flushSync();
  const [asked, cancelled] = calls;
  expect((cancelled?.args as { operationId: string }).operationId).toBe(
    (asked?.args as { operationId: string }).operationId,
  );
  expect(has('code-error')).toBe(false);
  expect(has('code-open')).toBe(true);
});

test('a request leads to its form, and the code is forgotten', async () => {
  shell({ open_code: () => ({ kind: 'request', requestId: 'REQ1' }) });
  const codeId = open({});
  await send('482913');
  expect(location.hash).toBe('#/requests/REQ1');
  expect(codes.get(codeId)).toBeUndefined();
});
