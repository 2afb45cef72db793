import { describe, expect, test } from 'vitest';

import type { SenderView } from '../src/lib/bindings/SenderView';
import SenderPanel from '../src/lib/components/contact/SenderPanel.svelte';
import { peer } from './forms';
import { draw, find, has, settle, shell } from './helpers';

const SENDER: SenderView = {
  peer,
  host: 'localhost',
  cameBy: 'camera',
  isByMessage: false,
  isContact: false,
  relationships: 0,
  decided: 0,
  lookAlikes: [],
};

async function open(more: Partial<SenderView> = {}): Promise<void> {
  shell({ request_sender: () => ({ ...SENDER, ...more }) });
  draw(SenderPanel, { id: 'REQ', peer });
  await settle();
}

describe('who asks', () => {
  test('has a fingerprint in groups that are the end of the address', async () => {
    await open();
    const groups = [...find('sender-fingerprint').querySelectorAll('span')].map((span) => span.textContent);
    expect(groups.join('')).toBe(peer.address.split(':').at(-1));
    expect(Math.max(...groups.map((group) => group?.length ?? 0))).toBe(4);
  });

  test.each<[string, Partial<SenderView>, string]>([
    ['before the camera', {}, 'Before the camera'],
    ['in a message', { cameBy: null, isByMessage: true }, 'In a message of this contact'],
    ['nobody knows', { cameBy: null }, 'Not recorded'],
  ])('the code came in %s', async (_, more, text) => {
    await open(more);
    expect(find('sender-came-by').textContent).toContain(text);
  });

  test('is linked where it is a contact, with what was before', async () => {
    await open({ isContact: true, relationships: 2, decided: 1 });
    expect(find('sender-earlier').textContent).toContain('2 times');
    expect(find('sender-earlier').querySelector('a')?.getAttribute('href')).toContain('#/contacts/');
    expect(has('look-alikes')).toBe(false);
  });

  test('with the name of another is warned about, before anything is opened', async () => {
    const other = { ...peer, address: 'did:e:localhost:dids:other', name: 'Univ\u202eersity' };
    await open({ lookAlikes: [other] });
    const warning = find('look-alikes');
    expect(warning.getAttribute('role')).toBe('alert');
    expect(warning.textContent).toContain('did:e:localhost:dids:other');
    expect(warning.textContent).not.toContain('\u202e');
    expect(warning.closest('details')).toBeNull();
  });
});
