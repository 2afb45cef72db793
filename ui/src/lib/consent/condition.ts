// A condition (IQL, "Identity Query Language") in words. The core decides what fits; this only reads it
// aloud. The grammar is the published one: the first alternative that fits, blanks only where they must be.

import { t } from '../i18n/index.svelte';
import { isolate } from '../peer-text';
import { optionName, partName, typeName } from '../values/kinds';

type Sign = '=' | '>' | '<' | '~' | '?';
type Term = { kind: 'term'; type: string | null; path: string[]; sign: Sign | null; text: string };
type Tag = { kind: 'tag'; text: string };
type Several = { kind: 'all' | 'any'; parts: Condition[] };
type Not = { kind: 'not'; part: Condition };

export type Condition = Term | Tag | Several | Not;

/** Deeper conditions are not read aloud: nobody could follow. */
const DEEPEST = 50;

/** Takes a condition apart; null if it is none, or one that is too deep. */
export function parseCondition(query: string): Condition | null {
  let at = 0;

  function match(pattern: RegExp): string | null {
    pattern.lastIndex = at;
    const found = pattern.exec(query);
    if (!found) return null;
    at += found[0].length;
    return found[0];
  }

  function text(): string | null {
    const quoted = match(/'(?:\\\\|\\'|[^'\\])*'/y);
    if (quoted !== null) return quoted.slice(1, -1).replace(/\\([\\'])/g, '$1');
    const bare = match(/(?:\\\\|\\'|[^ '\\])*/y);
    return bare === null ? null : bare.replace(/\\([\\'])/g, '$1');
  }

  function predicate(): { sign: Sign; text: string } | null {
    const start = at;
    const sign = match(/[=><~?]/y) as Sign | null;
    if (sign === null) return null;
    if (sign === '?') return { sign, text: '' };
    const compared = text();
    if (compared !== null) return { sign, text: compared };
    at = start;
    return null;
  }

  function term(): Condition | null {
    const start = at;
    if (match(/#/y) !== null) {
      const tag = text();
      if (tag !== null) return { kind: 'tag', text: tag };
      at = start;
      return null;
    }
    const type = match(/[A-Z][A-Za-z0-9]*/y);
    if (type !== null) {
      const afterType = at;
      const path = match(/(?:\.[a-z][A-Za-z0-9]+)+/y);
      const found = predicate();
      if (found) return { kind: 'term', type, path: path ? path.slice(1).split('.') : [], ...found };
      at = afterType;
      return { kind: 'term', type, path: [], sign: null, text: '' };
    }
    const path = match(/[a-z][A-Za-z0-9]+(?:\.[a-z][A-Za-z0-9]+)*/y);
    const found = path === null ? null : predicate();
    if (path !== null && found) return { kind: 'term', type: null, path: path.split('.'), ...found };
    at = start;
    return null;
  }

  function group(depth: number): Condition | null {
    const start = at;
    if (match(/\([ \t\r\n]+/y) !== null) {
      const inner = several('any', depth + 1);
      if (inner && match(/[ \t\r\n]+\)/y) !== null) return inner;
      at = start;
    }
    return term();
  }

  function not(depth: number): Condition | null {
    const start = at;
    if (match(/!/y) === null) return group(depth);
    const part = depth > DEEPEST ? null : not(depth + 1);
    if (part) return { kind: 'not', part };
    at = start;
    return null;
  }

  function several(kind: 'any' | 'all', depth: number): Condition | null {
    if (depth > DEEPEST) return null;
    const one = (): Condition | null => (kind === 'any' ? several('all', depth) : not(depth));
    const first = one();
    if (!first) return null;
    const parts = [first];
    for (;;) {
      const before = at;
      const sign = match(kind === 'any' ? /[ \t\r\n]+\|\|[ \t\r\n]+/y : /[ \t\r\n]+&&[ \t\r\n]+/y);
      const next = sign === null ? null : one();
      if (!next) {
        at = before;
        return parts.length === 1 ? first : { kind, parts };
      }
      parts.push(next);
    }
  }

  const whole = several('any', 0);
  return whole && at === query.length ? whole : null;
}

const SIGNS = { '=': 'is', '>': 'from', '<': 'to', '~': 'contains', '?': 'filled' } as const;

function pathName(type: string, path: readonly string[]): string {
  const inner = path[0] === 'value' ? path.slice(1) : path;
  const [first] = inner;
  if (first === undefined) return t('condition.value');
  if (first === 'tags' && inner.length === 1) return t('condition.tags');
  if (first === 'owner' && inner.length === 1) return t('condition.owner');
  return inner.map((part) => isolate(partName(type, part), 60)).join(' – ');
}

function termInWords(term: Term): string {
  const type = term.type === null ? t('condition.any') : isolate(typeName(term.type), 60);
  if (term.sign === null) return type;
  const last = term.path.at(-1) ?? 'value';
  const text = isolate(optionName(term.type ?? '', last, term.text), 200);
  const isOwnValue = term.path.length === 0 || (term.path.length === 1 && last === 'value');
  if (isOwnValue && term.type !== null) return t(`condition.value.${SIGNS[term.sign]}`, { type, text });
  return t(`condition.part.${SIGNS[term.sign]}`, { type, part: pathName(term.type ?? '', term.path), text });
}

/** The condition as a phrase that completes "a value of yours that fits: …". */
export function inWords(condition: Condition, isInner = false): string {
  switch (condition.kind) {
    case 'term':
      return termInWords(condition);
    case 'tag':
      return t('condition.tagged', { tag: isolate(condition.text, 120) });
    case 'not':
      return t('condition.not', { part: inWords(condition.part, true) });
    case 'all':
    case 'any': {
      const joined = condition.parts
        .map((part) => inWords(part, true))
        .join(` ${t(condition.kind === 'all' ? 'condition.and' : 'condition.or')} `);
      return isInner ? `(${joined})` : joined;
    }
  }
}
