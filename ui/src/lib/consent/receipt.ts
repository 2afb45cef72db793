// What was answered, read from the Response: the receipt shows what was sent, not what was meant.

import type { ConsentForm } from '../bindings/ConsentForm';
import type { FormItem } from '../bindings/FormItem';
import type { RequestSummary } from '../bindings/RequestSummary';
import { formatDay } from '../i18n/format';
import { t, type MessageKey, type Values } from '../i18n/index.svelte';
import type { Shown } from './answers';
import { brings, candidateOf, isAttributeAsk } from './draft';
import { fieldText } from './fields';

export type ReceiptLine = {
  item: FormItem;
  outcome: 'accepted' | 'rejected' | 'error' | 'unanswered';
  /** Where it stands, in words. */
  state: { key: MessageKey; values?: Values };
  /** What was given to the other side or, where the item brings something, got from it. */
  shown: Shown | null;
  /** Got from the other side, not given to it. */
  isGot: boolean;
  /** Why it was refused or failed, in the words of the answer. */
  code: string | null;
  message: string | null;
};

type Json = { [key: string]: JsonValue };

function asRecord(value: JsonValue | undefined): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function asList(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

const value = (of: JsonValue | undefined): Shown | null =>
  of === undefined || of === null ? null : { kind: 'value', value: of };

/** The value behind an id that the answer names without its content: as it was kept, else as it is known. */
function valueById(item: FormItem, id: JsonValue | undefined, named: Named): JsonValue | undefined {
  const { ask } = item;
  const kept = namedAt(item, named);
  if (kept !== undefined) return kept;
  if (ask.kind === 'createAttribute' || ask.kind === 'shareAttribute') return ask.value;
  if (!isAttributeAsk(ask) || typeof id !== 'string') return undefined;
  const candidate = candidateOf(ask, id);
  if (candidate) return candidate.value;
  return ask.kind === 'proposeAttribute' && ask.proposal.existingAttributeId === id
    ? ask.proposal.value
    : undefined;
}

/** Whether two values are the same, whatever the order of their parts. */
function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  const sorted = (_: string, inner: unknown): unknown =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  return JSON.stringify(one, sorted) === JSON.stringify(other, sorted);
}

/** What an answer only names, with what it says. */
type Named = NonNullable<ConsentForm['answered']>;

function namedAt(item: FormItem, named: Named): JsonValue | undefined {
  return named.find(({ path }) => path.join('.') === item.path.join('.'))?.value;
}

type Accepted = { state: ReceiptLine['state']; shown: Shown | null };

/** An AcceptResponseItem says no more than yes: to what, the question tells. */
function plainYes(item: FormItem): Accepted {
  const { ask } = item;
  switch (ask.kind) {
    case 'shareAttribute':
      return { state: { key: 'answer.kept' }, shown: value(ask.value) };
    case 'createAttribute':
      return { state: { key: 'answer.created' }, shown: value(ask.value) };
    case 'consent':
      return { state: { key: 'answer.agreed' }, shown: { kind: 'agreed' } };
    case 'authentication':
      return { state: { key: 'answer.confirmed' }, shown: { kind: 'confirmed' } };
    case 'deleteAttribute':
      return { state: { key: 'answer.notHere' }, shown: null };
    default:
      return { state: { key: 'answer.accepted' }, shown: null };
  }
}

function accepted(item: FormItem, record: Json, named: Named): Accepted {
  const { ask } = item;
  const content = asRecord(record['attribute'])['value'];
  switch (record['@type']) {
    case 'ReadAttributeAcceptResponseItem':
      return { state: { key: 'answer.given' }, shown: value(content) };
    case 'ProposeAttributeAcceptResponseItem': {
      const overruled = ask.kind === 'proposeAttribute' && !isSame(ask.proposal.value, content);
      return {
        state: { key: overruled ? 'answer.overruled' : 'answer.asProposed' },
        shown: value(content),
      };
    }
    case 'CreateAttributeAcceptResponseItem':
      return {
        state: { key: 'answer.created' },
        shown: value(ask.kind === 'createAttribute' ? ask.value : undefined),
      };
    case 'ShareAttributeAcceptResponseItem':
      return {
        state: { key: 'answer.kept' },
        shown: value(ask.kind === 'shareAttribute' ? ask.value : undefined),
      };
    case 'AttributeAlreadySharedAcceptResponseItem':
      return {
        state: { key: brings(ask) ? 'answer.alreadyHere' : 'answer.alreadyThere' },
        shown: value(valueById(item, record['attributeId'], named)),
      };
    case 'AttributeSuccessionAcceptResponseItem':
      return {
        state: { key: 'answer.newVersion' },
        shown: value(asRecord(record['successorContent'])['value']),
      };
    case 'DeleteAttributeAcceptResponseItem': {
      const date = asText(record['deletionDate']) ?? '';
      const known = ask.kind === 'deleteAttribute' ? ask.attribute?.value : undefined;
      const of = namedAt(item, named) ?? known ?? null;
      return {
        state: { key: 'answer.willDelete', values: { date: formatDay(date) } },
        shown: { kind: 'deletion', date, value: of },
      };
    }
    case 'FormFieldAcceptResponseItem': {
      const settings = ask.kind === 'formField' ? ask.settings : null;
      return {
        state: { key: 'answer.answered' },
        shown: { kind: 'text', text: fieldText(settings, record['response'] ?? null) },
      };
    }
    case 'FreeTextAcceptResponseItem':
      return {
        state: { key: 'answer.answered' },
        shown: { kind: 'text', text: asText(record['freeText']) ?? '' },
      };
    case 'TransferFileOwnershipAcceptResponseItem':
      return {
        state: { key: 'answer.fileTaken' },
        shown: { kind: 'file', file: ask.kind === 'transferFileOwnership' ? ask.file : null },
      };
    case 'RegisterAttributeListenerAcceptResponseItem':
      return { state: { key: 'answer.accepted' }, shown: null };
    default:
      return plainYes(item);
  }
}

function line(item: FormItem, response: JsonValue | undefined, named: Named): ReceiptLine {
  const record = asRecord(response);
  const base = {
    item,
    isGot: brings(item.ask),
    shown: null,
    code: asText(record['code']),
    message: asText(record['message']),
  };
  switch (record['result']) {
    case 'Accepted':
      return { ...base, ...accepted(item, record, named), outcome: 'accepted', code: null, message: null };
    case 'Error':
      return { ...base, outcome: 'error', state: { key: 'answer.failed' } };
    case 'Rejected':
      return { ...base, outcome: 'rejected', state: { key: 'answer.rejected' } };
    default:
      return { ...base, outcome: 'unanswered', state: { key: 'answer.none' } };
  }
}

/** A Request, where it stands, and its answer. */
export type Answered = Pick<ConsentForm, 'nodes' | 'response' | 'answered'> & {
  summary: Pick<RequestSummary, 'status'>;
};

/** The lines of a receipt, in the order of the Request; without a Response, nothing in it is answered. */
export function receiptLines(form: Answered): ReceiptLine[] {
  // What was decided but not delivered in time was never answered.
  const isLate = form.summary.status === 'Expired';
  const answers = isLate ? [] : asList(asRecord(form.response ?? undefined)['items']);
  const named = form.answered ?? [];
  return form.nodes.flatMap((node, index) => {
    if (node.node === 'item') return [line(node, answers[index], named)];
    const inner = asList(asRecord(answers[index])['items']);
    return node.items.map((item, innerIndex) => line(item, inner[innerIndex], named));
  });
}

/** Where a line stands, in the language that is spoken. */
export function stateText(of: ReceiptLine): string {
  return t(of.state.key, of.state.values);
}
