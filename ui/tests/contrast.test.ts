import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../src/lib/styles/tokens.css'), 'utf8');

type Theme = 'light' | 'dark';

function tokens(theme: Theme): Map<string, string> {
  const found = new Map<string, string>();
  const root = css.slice(css.indexOf(':root'), css.indexOf("[data-theme='light']"));
  for (const [, name, light, dark] of root.matchAll(
    /--([a-z0-9-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g,
  )) {
    found.set(name ?? '', (theme === 'light' ? light : dark) ?? '');
  }
  return found;
}

function luminance(hex: string): number {
  const channel = (from: number): number => {
    const value = parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ['background', 'surface', 'sunken'];
const TEXT = ['text', 'text-2', 'text-3', 'accent', 'danger', 'warn', 'safe'];
const PAIRS: [string, string, number][] = [
  ...TEXT.flatMap((text) => GROUNDS.map((ground): [string, string, number] => [text, ground, 4.5])),
  ...['control-line', 'focus'].flatMap((line) =>
    GROUNDS.map((ground): [string, string, number] => [line, ground, 3]),
  ),
  ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((n) =>
    GROUNDS.map((ground): [string, string, number] => [`identity-${n}`, ground, 3]),
  ),
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-strong', 4.5],
  ['accent', 'accent-soft', 4.5],
  ['text', 'accent-soft', 4.5],
  ['text-2', 'accent-soft', 4.5],
  ['danger', 'danger-soft', 4.5],
  ['warn', 'warn-soft', 4.5],
  ['safe', 'safe-soft', 4.5],
];

describe.each<Theme>(['light', 'dark'])('%s', (theme) => {
  const colours = tokens(theme);

  test.each(PAIRS)('%s on %s has at least %f : 1', (front, back, least) => {
    const [a, b] = [colours.get(front), colours.get(back)];
    if (!a || !b) throw new Error(`no token ${a ? back : front}`);
    expect(contrast(a, b)).toBeGreaterThanOrEqual(least);
  });
});
