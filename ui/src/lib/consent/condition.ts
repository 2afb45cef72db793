// A condition (IQL, "Identity Query Language") in words. The core took it apart; this only reads it aloud.

import type { IqlCondition } from '../bindings/IqlCondition';
import type { IqlTest } from '../bindings/IqlTest';
import { t } from '../i18n/index.svelte';
import { isolate } from '../peer-text';
import { optionName, partName, typeName } from '../values/kinds';

/** Deeper conditions are not read aloud: nobody could follow. */
const DEEPEST = 50;

function pathName(type: string, path: readonly string[]): string {
  const inner = path[0] === 'value' ? path.slice(1) : path;
  const [first] = inner;
  if (first === undefined) return t('condition.value');
  if (first === 'tags' && inner.length === 1) return t('condition.tags');
  if (first === 'owner' && inner.length === 1) return t('condition.owner');
  return inner.map((part) => isolate(partName(type, part), 60)).join(' – ');
}

function partInWords(valueType: string | null, path: readonly string[], test: IqlTest): string {
  const type = valueType === null ? t('condition.any') : isolate(typeName(valueType), 60);
  const last = path.at(-1) ?? 'value';
  const text = test.kind === 'isFilled' ? '' : isolate(optionName(valueType ?? '', last, test.text), 200);
  const isOwnValue = valueType !== null && path.length <= 1 && last === 'value';
  if (isOwnValue) return t(`condition.value.${test.kind}`, { type, text });
  return t(`condition.part.${test.kind}`, { type, part: pathName(valueType ?? '', path), text });
}

function say(condition: IqlCondition, depth: number): string | null {
  if (depth > DEEPEST) return null;
  switch (condition.kind) {
    case 'valueType':
      return isolate(typeName(condition.valueType), 60);
    case 'value':
      return partInWords(condition.valueType, condition.path, condition.test);
    case 'attribute':
      return partInWords(null, condition.path, condition.test);
    case 'tag':
      return t('condition.tagged', { tag: isolate(condition.tag, 120) });
    case 'not': {
      const part = say(condition.condition, depth + 1);
      return part === null ? null : t('condition.not', { part });
    }
    case 'all':
    case 'any': {
      const parts = condition.of.map((part) => say(part, depth + 1));
      if (parts.includes(null)) return null;
      const joined = parts.join(` ${t(condition.kind === 'all' ? 'condition.and' : 'condition.or')} `);
      return depth > 0 ? `(${joined})` : joined;
    }
  }
}

/** The condition as a phrase that completes "a value of yours that fits: …"; null if it is too deep. */
export function inWords(condition: IqlCondition): string | null {
  return say(condition, 0);
}
