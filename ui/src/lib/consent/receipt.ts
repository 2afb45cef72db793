// What was answered, read from the Response: the receipt shows what was sent, not what was meant.

import type { ConsentForm } from '../bindings/ConsentForm';
import type { FormItem } from '../bindings/FormItem';

export type ReceiptLine = {
  item: FormItem;
  outcome: 'accepted' | 'rejected' | 'error';
  /** The value that was given to the other side or, where the item gives one, got from it. */
  value: JsonValue | null;
  /** The other side had it already; nothing new was sent. Of what was got: this side had it. */
  alreadyShared: boolean;
  /** Got from the other side, not given to it. */
  isGot: boolean;
};

function asRecord(value: JsonValue | undefined): { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function asList(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function line(item: FormItem, response: JsonValue | undefined): ReceiptLine {
  const record = asRecord(response);
  const result = record['result'];
  const attribute = asRecord(record['attribute'] ?? record['successorContent']);
  const type = typeof record['@type'] === 'string' ? record['@type'] : '';
  let value = attribute['value'] ?? null;
  const alreadyShared = type === 'AttributeAlreadySharedAcceptResponseItem';
  if (alreadyShared && item.ask.kind === 'readAttribute') {
    const given = item.ask.candidates.find((candidate) => candidate.attributeId === record['attributeId']);
    value = given?.value ?? null;
  }
  const isGot = item.ask.kind === 'shareAttribute';
  if (item.ask.kind === 'shareAttribute' && result === 'Accepted') value = item.ask.value;
  return {
    item,
    isGot,
    outcome: result === 'Accepted' ? 'accepted' : result === 'Error' ? 'error' : 'rejected',
    value,
    alreadyShared,
  };
}

/** The lines of a receipt, in the order of the Request; empty while there is no Response. */
export function receiptLines(form: ConsentForm): ReceiptLine[] {
  const answers = asList(asRecord(form.response ?? undefined)['items']);
  if (answers.length === 0) return [];
  return form.nodes.flatMap((node, index) => {
    if (node.node === 'item') return [line(node, answers[index])];
    const inner = asList(asRecord(answers[index])['items']);
    return node.items.map((item, innerIndex) => line(item, inner[innerIndex]));
  });
}
