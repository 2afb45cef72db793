// Every code that the core or the shell can answer with has words of its own in both languages.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { isKnownError } from '../src/lib/i18n/errors';

const ROOT = join(import.meta.dirname, '../..');
/** The command line shows its errors itself; nobody meets them in the window. */
const ELSEWHERE = /^error\.tessera\.cli\./;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.rs'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => file.includes('/src/') && !/\/tests?(\/|\.rs$)/.test(file.slice(ROOT.length)));
}

function codesIn(file: string): string[] {
  const [program = ''] = readFileSync(file, 'utf8').split('#[cfg(test)]');
  const code = program.replace(/\/\/.*$/gm, '');
  return [...code.matchAll(/"(error\.[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"/g)].map((match) => match[1] ?? '');
}

/** The Backbone's codes stand in a list without their common beginning. */
function codesOfTheBackbone(): string[] {
  const list = readFileSync(join(ROOT, 'crates/backbone-api/src/error_codes.rs'), 'utf8');
  return [...list.matchAll(/= "([A-Za-z.]+)";/g)].map((match) => `error.platform.${match[1] ?? ''}`);
}

const codes = [
  ...new Set(
    [...sources(join(ROOT, 'crates')), ...sources(join(ROOT, 'src-tauri'))]
      .flatMap(codesIn)
      .concat(codesOfTheBackbone()),
  ),
]
  .filter((code) => !ELSEWHERE.test(code))
  .sort();

test('codes were found at all', () => expect(codes.length).toBeGreaterThan(100));

test.each(codes)('%s', (code) => expect(isKnownError(code)).toBe(true));
