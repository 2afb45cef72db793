import { api } from '../api';
import type { ErrorView } from '../api-types';
import type { Found } from '../bindings/Found';
import { toErrorView } from '../errors';

/** A pause in typing that is long enough to ask. */
const AFTER = 60;
/** So many of each kind. */
const MOST = 6;

export type Finding = {
  readonly found: Found[];
  /** What was asked last and is answered. */
  readonly answered: string;
  readonly error: ErrorView | null;
};

/** What the wallet finds for what is typed; an answer that was overtaken is dropped. */
export function finding(typed: () => string): Finding {
  let found = $state.raw<Found[]>([]);
  let answered = $state('');
  let error = $state.raw<ErrorView | null>(null);

  $effect(() => {
    const text = typed().trim();
    if (text === '') {
      found = [];
      answered = '';
      error = null;
      return;
    }
    let isOvertaken = false;
    const timer = setTimeout(async () => {
      try {
        const next = await api.find(text, MOST);
        if (isOvertaken) return;
        found = next;
        error = null;
      } catch (thrown) {
        if (isOvertaken) return;
        found = [];
        error = toErrorView(thrown);
      }
      answered = text;
    }, AFTER);
    return () => {
      isOvertaken = true;
      clearTimeout(timer);
    };
  });

  return {
    get found() {
      return found;
    },
    get answered() {
      return answered;
    },
    get error() {
      return error;
    },
  };
}
