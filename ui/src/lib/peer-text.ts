// Text that somebody else wrote. It is shown as text, with nothing in it that could steer the page,
// the reading direction around it, or the reader.

// C0 and C1 controls but tab and line feed; bidi embeddings, overrides and isolates; invisible fillers.
const STEERING =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
// Marks that only order neighbouring characters; the isolation around the text does that already.
const MARKS = /[\u061c\u200e\u200f]/gu;

/** How much of a peer's text is drawn; the rest is counted. */
export const CLIP = { name: 300, title: 500, text: 12_000, json: 20_000 } as const;

export type CleanText = { text: string; omitted: number };

/** Makes control characters visible as U+FFFD and clips what no screen could show. */
export function cleanPeerText(raw: string, limit: number = CLIP.title): CleanText {
  // Clip first: a peer may send megabytes, and the replacement below should not walk them.
  const clipped = raw.length > limit ? raw.slice(0, limit).replace(/[\ud800-\udbff]$/u, '') : raw;
  const text = clipped.replace(/\r\n?/g, '\n').replace(MARKS, '').replace(STEERING, '\ufffd');
  return { text, omitted: raw.length - clipped.length };
}

/** Peer text for use inside a sentence of ours: cleaned, on one line, isolated in direction. */
export function isolate(raw: string, limit: number = CLIP.name): string {
  const { text, omitted } = cleanPeerText(raw, limit);
  return `\u2068${text.replace(/\s+/g, ' ')}${omitted > 0 ? '…' : ''}\u2069`;
}

/** The host a link leads to, if it is one that may be opened: http or https only. */
export function openableHost(link: string): string | null {
  try {
    const url = new URL(link);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.host : null;
  } catch {
    return null;
  }
}
