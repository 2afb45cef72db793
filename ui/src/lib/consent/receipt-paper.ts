// A receipt as a document to print and to keep: the same lines as on the page, in the same words.

import type { ConsentForm } from '../bindings/ConsentForm';
import type { Paper } from '../bindings/Paper';
import type { PaperBlock } from '../bindings/PaperBlock';
import type { Receipt } from '../bindings/Receipt';
import { errorText, isKnownError } from '../i18n/errors';
import { formatDay, formatExact } from '../i18n/format';
import { currentLanguage, t } from '../i18n/index.svelte';
import { CLIP, cleanPeerText } from '../peer-text';
import { valueLine } from '../values/show';
import type { Shown } from './answers';
import { itemName } from './names';
import { receiptLines, stateText, type ReceiptLine } from './receipt';

/** What came of a decision, in words; why an answer could not be delivered, too. */
export function outcomeText({ outcome, delivery }: Receipt, receivedAt: string | null = null): string {
  if (outcome) {
    const what = t(`receipts.outcome.${outcome.kind}`, { date: formatExact(outcome.at) });
    if (outcome.kind === 'delivered' && receivedAt !== null)
      return `${what} ${t('receipts.outcome.received', { date: formatExact(receivedAt) })}`;
    if (outcome.kind !== 'failed' || outcome.code === null) return what;
    const { title, meaning } = errorText(outcome.code);
    const why = isKnownError(outcome.code)
      ? t('receipts.outcome.why', { title, meaning })
      : t('receipts.outcome.whyCode', { title, meaning, code: outcome.code });
    return `${what} ${why}`;
  }
  return t(delivery === 'nothing' ? 'receipts.outcome.nothing' : 'receipts.outcome.waiting');
}

const clean = (text: string): string => cleanPeerText(text, CLIP.text).text;

function shownText(shown: Shown): string {
  switch (shown.kind) {
    case 'value':
      return valueLine(shown.value);
    case 'text':
      return shown.text;
    case 'agreed':
      return t('preview.agreed');
    case 'confirmed':
      return t('preview.confirmed');
    case 'deletion': {
      const what = shown.value === null ? '' : `${valueLine(shown.value)}\n`;
      return what + t('preview.deletion', { date: formatDay(shown.date) });
    }
    default:
      return shown.file ? shown.file.filename : t('preview.file');
  }
}

function lineBlock(of: ReceiptLine): PaperBlock {
  const consent =
    of.item.ask.kind === 'consent' && of.outcome === 'accepted' ? clean(of.item.ask.consent) : '';
  const reason = of.message === null ? '' : `${t('answer.reason')} ${clean(of.message)}`;
  const text = [of.shown ? clean(shownText(of.shown)) : '', stateText(of), consent, reason];
  return { kind: 'line', label: clean(itemName(of.item).text), text: text.filter(Boolean).join('\n') };
}

/** The document. */
export function receiptPaper(receipt: Receipt, form: ConsentForm, receivedAt: string | null = null): Paper {
  const { peer, request } = receipt;
  const line = (label: string, text: string): PaperBlock => ({ kind: 'line', label, text: clean(text) });
  const heading = (text: string): PaperBlock => ({ kind: 'heading', text });
  const title = typeof form.summary.title === 'string' ? form.summary.title : '';
  // Whatever became of it since: what was decided stands here.
  const decided = { ...form, summary: { ...form.summary, status: 'Completed' as const } };
  return {
    language: currentLanguage(),
    title: t('receipts.number', { number: receipt.number }),
    blocks: [
      { kind: 'text', text: t('receipts.honest') },
      heading(t(receipt.result === 'Accepted' ? 'receipts.accepted' : 'receipts.rejected')),
      line(t('receipts.decidedAt'), formatExact(receipt.decidedAt)),
      line(t('receipts.outcome'), outcomeText(receipt, receivedAt)),
      ...(title === '' ? [] : [line(t('receipts.what'), title)]),
      heading(t('receipts.asker')),
      line(t('receipts.name'), peer.name ?? t('peer.noName')),
      line(t('receipts.address'), peer.address),
      heading(t('receipts.answers')),
      ...receiptLines(decided).map(lineBlock),
      heading(t('receipt.details')),
      line(t('receipts.identity'), receipt.identity),
      line(t('receipts.server'), receipt.backboneUrl),
      line(t('receipt.request'), request.id),
      line(t('receipt.received'), formatExact(request.receivedAt)),
      ...(request.source
        ? [line(t(`receipts.source.${request.source.type}`), request.source.reference)]
        : []),
      ...(receipt.relationshipId === null ? [] : [line(t('receipt.relationship'), receipt.relationshipId)]),
      line(t('receipts.program'), receipt.program),
    ],
  };
}
