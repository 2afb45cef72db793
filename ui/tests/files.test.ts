// Files at the server: the list of the person's own, and looking at one without saving it.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { api } from '../src/lib/api';
import type { FileFacts } from '../src/lib/bindings/FileFacts';
import type { ListedFile } from '../src/lib/bindings/ListedFile';
import FileField from '../src/lib/components/inputs/FileField.svelte';
import ValueInput from '../src/lib/components/inputs/ValueInput.svelte';
import Attachment from '../src/lib/components/mail/Attachment.svelte';
import StoredFile from '../src/lib/components/StoredFile.svelte';
import FilePage from '../src/lib/screens/FilePage.svelte';
import Files from '../src/lib/screens/Files.svelte';
import { keptUntil } from '../src/lib/values/keeping';
import { clear, click, draw, find, has, settle, shell } from './helpers';

const facts: FileFacts = {
  title: 'Overdue books',
  description: null,
  filename: 'list.txt',
  filesize: 6,
  mimetype: 'text/plain',
  expiresAt: '9999-12-31T00:00:00.000Z',
  tags: [],
};

const listed = (id: string, more: Partial<FileFacts> = {}): ListedFile => ({
  id,
  facts: { ...facts, ...more },
  addedAt: '2026-11-20T10:00:00.000Z',
});

beforeEach(() => {
  URL.createObjectURL = () => 'blob:picture';
  URL.revokeObjectURL = vi.fn();
});
afterEach(clear);

/** Chooses a file, as the person does. */
async function give(testid: string): Promise<void> {
  const field = find<HTMLInputElement>(testid);
  const file = new File(['A card'], 'card.txt', { type: 'text/plain' });
  Object.defineProperty(file, 'arrayBuffer', { value: () => Promise.resolve(new ArrayBuffer(6)) });
  Object.defineProperty(field, 'files', { value: [file], configurable: true });
  field.dispatchEvent(new Event('change', { bubbles: true }));
  await settle();
  await settle();
}

const REFERENCE = {
  name: 'value',
  input: 'file',
  isRequired: true,
  technicalType: 'String',
  isDate: false,
} as const;
const LOST = { code: 'error.transport.request.aborted', message: 'The connection broke.' };

describe('the list of files', () => {
  test('says what each is and until when, marks what has expired, and leads to it', async () => {
    const files = [
      listed('FIL2', { title: null, expiresAt: '2999-01-01T00:00:00.000Z' }),
      { ...listed('FIL1', { expiresAt: '2020-01-01T00:00:00.000Z' }), addedAt: null },
    ];
    shell({ files: () => files });
    draw(Files, {});
    await settle();
    const rows = [...find('files').querySelectorAll('a')];
    expect(rows.map((row) => row.getAttribute('href'))).toEqual(['#/files/FIL2', '#/files/FIL1']);
    expect(rows.map((row) => row.dataset['expired'])).toEqual(['false', 'true']);
    expect(rows[0]?.querySelector('strong')?.textContent).toBe('list.txt');
    expect(rows[0]?.textContent).toMatch(/added .*2026.*can be had until .*2999/s);
    expect(rows[1]?.querySelector('strong')?.textContent).toBe('Overdue books');
    expect(rows[1]?.textContent).toMatch(/list\.txt.*Expired on .*2020/s);
    expect(rows[1]?.textContent).not.toContain('added');
  });

  test('draws only what is seen of many', async () => {
    shell({ files: () => Array.from({ length: 250 }, (_, at) => listed(`FIL${at}`)) });
    draw(Files, {});
    await settle();
    const shown = find('files').querySelectorAll('li').length;
    expect(shown).toBeGreaterThanOrEqual(100);
    expect(shown).toBeLessThan(120);
  });

  test('has a file in it as soon as it was uploaded', async () => {
    let files: ListedFile[] = [];
    const calls = shell({
      files: () => files,
      upload_file: () => {
        files = [listed('FIL1', { filename: 'card.txt', title: 'card.txt' })];
        return { id: 'FIL1', expiresAt: facts.expiresAt };
      },
    });
    draw(Files, {});
    await settle();
    expect(has('files-empty')).toBe(true);
    expect(find<HTMLInputElement>('files-upload').labels?.[0]?.textContent).toContain('Upload a file');
    await give('files-upload');
    expect(calls.filter((call) => call.command === 'upload_file')).toHaveLength(1);
    expect(find('file-FIL1').textContent).toContain('card.txt');
  });
});

describe('giving a file', () => {
  test('can be tried again when it failed', async () => {
    let isBroken = true;
    const taken = vi.fn();
    const calls = shell({
      upload_file: () => {
        if (isBroken) throw LOST;
        return { id: 'FIL1', expiresAt: facts.expiresAt };
      },
    });
    draw(FileField, { taken, testid: 'given' });
    await give('given');
    expect(find('given-error').textContent).toMatch(/\w/);
    expect(taken).not.toHaveBeenCalled();
    isBroken = false;
    click(find('given-error-retry'));
    await settle();
    await settle();
    expect(has('given-error')).toBe(false);
    expect(taken).toHaveBeenCalledOnce();
    expect(calls.filter((call) => call.command === 'upload_file')).toHaveLength(2);
  });

  test('says how long the server keeps it, without an end unless another time is chosen', async () => {
    const until = vi.spyOn(api, 'uploadFile').mockResolvedValue({ id: 'FIL1', expiresAt: facts.expiresAt });
    draw(FileField, { taken: () => undefined, testid: 'given' });
    await settle();
    expect(find('given-keeping').textContent).toContain('Kept by the server: without an end');
    await give('given');
    expect(until.mock.calls[0]?.[1].expiresAt).toBeNull();
    click(find('given-keeping-days30'));
    expect(find('given-keeping').querySelector('summary')?.textContent).toContain('for 30 days');
    await give('given');
    expect(until.mock.calls[1]?.[1].expiresAt).toBe(keptUntil('days30', new Date()));
    clear();
    until.mockRestore();
  });

  test.each([
    ['always', null],
    ['days7', 7],
    ['days30', 30],
    ['year', 365],
  ] as const)('%s ends after so many days: %s', (keeping, days) => {
    const now = new Date(2026, 10, 22, 12);
    const until = keptUntil(keeping, now);
    if (days === null) return expect(until).toBeNull();
    const end = new Date(until ?? '');
    expect(end).toEqual(new Date(2026, 10, 22 + days, 23, 59, 59, 999));
    // Whatever time it is: what is sent again is the same file.
    expect(keptUntil(keeping, new Date(2026, 10, 22, 18))).toBe(until);
  });

  test('one that a value names is known by its name, not by its id', async () => {
    const id = 'FILabcdefghijklmnopq';
    shell({ file_facts: () => facts });
    draw(ValueInput, { valueType: 'IdentityFileReference', part: REFERENCE, value: id, testid: 'value' });
    await settle();
    expect(find('value-file-drop').textContent).toContain('list.txt');
    expect(find<HTMLInputElement>('value').value).toBe('');
    clear();
    // Offline nobody knows what it is called; that there is one is said all the same.
    shell({
      file_facts: () => {
        throw LOST;
      },
    });
    draw(ValueInput, { valueType: 'IdentityFileReference', part: REFERENCE, value: id, testid: 'value' });
    await settle();
    expect(find('value-file-drop').textContent).toContain('A file at the server');
    expect(document.body.textContent).not.toContain(id);
  });
});

describe('looking at a file', () => {
  test('fetching it can be tried again', async () => {
    let isBroken = true;
    shell({
      attachable_file: () => facts,
      save_file: () => {
        if (isBroken) throw LOST;
        return { path: '/home/ada/Downloads/list.txt' };
      },
    });
    draw(FilePage, { id: 'FIL1' });
    await settle();
    click(find('file-save'));
    await settle();
    isBroken = false;
    click(find('file-problem-retry'));
    await settle();
    expect(find('file-saved').textContent).toContain('list.txt');
    expect(has('file-problem')).toBe(false);
  });

  test('a text is text, and says where it goes on', async () => {
    const calls = shell({
      attachable_file: () => facts,
      file_text: () => ({ text: '<b>Two</b> books', isWhole: false }),
    });
    draw(FilePage, { id: 'FIL1' });
    await settle();
    expect(calls.map((call) => call.command)).toEqual(['attachable_file']);
    click(find('file-show'));
    await settle();
    expect(find('file-text').textContent).toContain('<b>Two</b> books');
    expect(find('file-text').textContent).toContain('goes on');
    expect(has('file-show')).toBe(false);
    expect(calls.at(-1)?.args).toMatchObject({ id: 'FIL1' });
  });

  test('a picture comes drawn anew, wherever the file is met', async () => {
    const picture = { ...facts, mimetype: 'image/png' };
    const calls = shell({
      file_facts: () => picture,
      file_picture: () => new ArrayBuffer(4),
      attachment_picture: () => new ArrayBuffer(4),
    });
    draw(StoredFile, { id: 'FIL1' });
    draw(Attachment, { number: 7, attachment: { fileId: 'FIL2', facts: picture } });
    await settle();
    click(find('file-show'));
    click(find('attachment-FIL2-show'));
    await settle();
    for (const name of ['file-picture', 'attachment-FIL2-picture']) {
      expect(find(name).getAttribute('src')).toBe('blob:picture');
      expect(find(name).getAttribute('alt')).not.toBe('');
    }
    expect(calls.at(-1)?.args).toMatchObject({ number: 7, fileId: 'FIL2' });
  });

  test.each([
    ['image/svg+xml', 6],
    ['application/pdf', 6],
    ['application/xhtml+xml', 6],
    ['image/png', 6 * 1024 * 1024],
  ])('%s of %d bytes is not offered', async (mimetype, filesize) => {
    shell({ attachable_file: () => ({ ...facts, mimetype, filesize }) });
    draw(FilePage, { id: 'FIL1' });
    await settle();
    expect(has('file-save')).toBe(true);
    expect(has('file-show')).toBe(false);
  });

  test('says why it can’t be shown', async () => {
    const error = { code: 'error.tessera.shell.fileNotShown', message: 'too large' };
    shell({ attachable_file: () => facts, file_text: () => Promise.reject(error) });
    draw(FilePage, { id: 'FIL1' });
    await settle();
    click(find('file-show'));
    await settle();
    expect(find('file-problem').dataset['code']).toBe(error.code);
    expect(has('file-show')).toBe(true);
  });
});
