import { describe, expect, test, vi } from 'vitest';

import type { ContactPage as Page } from '../src/lib/bindings/ContactPage';
import type { ContactSearch } from '../src/lib/bindings/ContactSearch';
import type { ContactView } from '../src/lib/bindings/ContactView';
import ContactNotes from '../src/lib/components/contact/ContactNotes.svelte';
import Contacts from '../src/lib/screens/Contacts.svelte';
import { peer } from './forms';
import { click, draw, find, has, settle, shell, type, type Calls } from './helpers';

function contact(number: number, more: Partial<ContactView> = {}): ContactView {
  return {
    relationshipId: `REL${number}`,
    requestId: null,
    peer: { ...peer, address: `did:e:localhost:dids:${number}`, name: `Contact ${number}` },
    status: 'Active',
    isOwn: true,
    createdAt: '2026-11-20T10:00:00.000Z',
    changedAt: '2026-11-20T10:00:00.000Z',
    tags: [],
    isArchived: false,
    ...more,
  };
}

/** Answers like the core, a page at a time. */
function searched(all: ContactView[]): (args: { search: ContactSearch }) => Page {
  return ({ search: { text, filter, offset, limit } }) => {
    const fitting = all.filter(
      (one) => (filter === 'archived') === one.isArchived && (one.peer.name ?? '').includes(text),
    );
    return { contacts: fitting.slice(offset, offset + limit), total: fitting.length, tags: ['town'] };
  };
}

async function open(all: ContactView[]): Promise<Calls> {
  const calls = shell({ search_contacts: searched(all) });
  draw(Contacts, { address: null });
  await settle();
  return calls;
}

const shown = (): number => document.querySelectorAll('[data-testid="contacts"] li > a').length;

describe('the list', () => {
  test('draws those in view of many', async () => {
    await open(Array.from({ length: 10_000 }, (_, number) => contact(number)));
    expect(shown()).toBeGreaterThanOrEqual(100);
    expect(shown()).toBeLessThan(120);
    expect(find('contacts-count').dataset['count']).toBe('10000');
  });

  test('asks the core for what is typed, once', async () => {
    vi.useFakeTimers();
    const calls = await open([contact(1), contact(2)]);
    const before = calls.length;
    for (const text of ['C', 'Contact 2']) type(find<HTMLInputElement>('contacts-search'), text);
    await vi.advanceTimersByTimeAsync(200);
    await settle();
    expect(calls).toHaveLength(before + 1);
    expect(shown()).toBe(1);
  });

  test('filters, and says how to show all again', async () => {
    await open([contact(1), contact(2, { isArchived: true })]);
    expect(shown()).toBe(1);
    click(find('contacts-filter-archived'));
    await settle();
    expect(has('contact-did:e:localhost:dids:2')).toBe(true);
    expect(has('contact-did:e:localhost:dids:1')).toBe(false);
    click(find('contacts-filters-clear'));
    await settle();
    expect(has('contact-did:e:localhost:dids:1')).toBe(true);
  });

  test('is empty only for who has nobody, not even archived', async () => {
    await open([contact(1, { isArchived: true })]);
    expect(has('contacts-empty')).toBe(false);
    document.body.replaceChildren();
    await open([]);
    expect(has('contacts-empty')).toBe(true);
  });

  test('shows the own name first, and what the contact calls itself beside it', async () => {
    const called = contact(1, { tags: ['town'] });
    await open([{ ...called, peer: { ...called.peer, title: 'My library' } }]);
    const line = find('contact-did:e:localhost:dids:1');
    expect(line.querySelector('strong')?.textContent).toBe('My library');
    expect(line.textContent).toContain('Contact 1');
    expect(line.textContent).toContain('town');
  });
});

describe('the own words', () => {
  const NOTE = { title: 'Library', notes: null, tags: ['a', 'b'], archivedAt: null };

  test('are kept as they were written, tags apart', async () => {
    const calls = shell({ set_contact_note: () => ({ ...NOTE, tags: ['town', 'x'] }) });
    const changed = vi.fn();
    draw(ContactNotes, { address: peer.address, note: NOTE, changed });
    expect(find<HTMLButtonElement>('contact-note-save').disabled).toBe(true);
    type(find<HTMLTextAreaElement>('contact-notes'), ' Opens at nine. ');
    type(find<HTMLInputElement>('contact-tags'), 'x, , town');
    click(find('contact-note-save'));
    await settle();
    expect(calls.map(({ args }) => args)).toEqual([
      { address: peer.address, title: 'Library', notes: 'Opens at nine.', tags: ['x', 'town'] },
    ]);
    expect(find<HTMLInputElement>('contact-tags').value).toBe('town, x');
    expect(changed).toHaveBeenCalledOnce();
  });

  test('what is too long is said', async () => {
    shell({
      set_contact_note: () => {
        throw { code: 'error.tessera.contacts.tagTooLong', message: 'too long' };
      },
    });
    draw(ContactNotes, { address: peer.address, note: NOTE, changed: () => undefined });
    type(find<HTMLInputElement>('contact-tags'), 'x'.repeat(51));
    click(find('contact-note-save'));
    await settle();
    expect(find('contact-note-error').textContent).toContain('This tag is too long');
  });

  test('a contact is put away and taken out again', async () => {
    const calls = shell({ set_contact_archived: () => NOTE });
    draw(ContactNotes, { address: peer.address, note: NOTE, changed: () => undefined });
    click(find('contact-archive'));
    await settle();
    expect(calls[0]?.args).toEqual({ address: peer.address, archived: true });
  });
});
