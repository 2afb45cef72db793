import { describe, expect, test } from 'vitest';

import PeerStrip from '../src/lib/components/PeerStrip.svelte';
import PeerText from '../src/lib/components/PeerText.svelte';
import OrganisationCard from '../src/lib/components/OrganisationCard.svelte';
import ValueText from '../src/lib/components/ValueText.svelte';
import { cleanPeerText, isolate, openableHost } from '../src/lib/peer-text';
import { peer } from './forms';
import { draw, find } from './helpers';

describe('what could steer the page or its reader', () => {
  test.each([
    ['a right-to-left override', 'evil\u202Egpj.exe', 'evil\ufffdgpj.exe'],
    ['isolates', 'a\u2066b\u2069c', 'a\ufffdb\ufffdc'],
    ['control characters', 'a\u0000b\u0007c\u001b[31m', 'a\ufffdb\ufffdc\ufffd[31m'],
    ['invisible characters', 'pay\u200bpal\ufeff', 'pay\ufffdpal\ufffd'],
    ['tag characters', 'a\u{E0041}b', 'a\ufffdb'],
    ['direction marks', 'a\u200eb\u200f', 'ab'],
    ['line ends of other systems', 'a\r\nb\rc', 'a\nb\nc'],
    ['ordinary text of any script', 'Ådå עברית عربي 漢字 👩\u200d🚀', 'Ådå עברית عربي 漢字 👩\u200d🚀'],
  ])('%s', (_, raw, clean) => expect(cleanPeerText(raw).text).toBe(clean));

  test('megabytes are clipped, and it is said how much is left out', () => {
    const { text, omitted } = cleanPeerText('x'.repeat(5_000_000), 500);
    expect(text).toHaveLength(500);
    expect(omitted).toBe(4_999_500);
  });

  test('clipping does not cut a character in half', () => {
    expect(cleanPeerText('a😀', 2)).toEqual({ text: 'a', omitted: 2 });
  });

  test('inside our sentences it is isolated and on one line', () => {
    expect(isolate('a\nb\u202e')).toBe('\u2068a b\ufffd\u2069');
  });
});

describe('drawn', () => {
  const HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>\u202e';

  test.each([
    ['a text', () => draw(PeerText, { text: HOSTILE })],
    ['a value', () => draw(ValueText, { value: { '@type': 'DisplayName', value: HOSTILE } })],
    [
      'an unknown value',
      () => draw(ValueText, { value: { '@type': HOSTILE, [HOSTILE]: HOSTILE }, parts: true }),
    ],
    ['a name', () => draw(PeerStrip, { peer: { ...peer, name: HOSTILE } })],
  ])('%s stays text', (_, drawIt) => {
    drawIt();
    expect(document.querySelector('script, img')).toBeNull();
    expect(document.body.textContent).toContain('<script>alert(1)</script>');
    expect(document.body.textContent).not.toContain('\u202e');
    for (const bdi of document.querySelectorAll('bdi')) expect(bdi.getAttribute('dir')).toBe('auto');
  });

  test('a name is always marked as unverified, and the address always stands beside it', () => {
    draw(PeerStrip, { peer: { ...peer, name: 'Your bank' } });
    expect(find('peer').textContent).toContain('unverified name');
    expect(find('peer').textContent).toContain(peer.address);
  });

  test('the drawing of a QR code is a picture, not markup', () => {
    draw(OrganisationCard, {
      organisation: {
        id: 'x',
        name: HOSTILE,
        address: peer.address,
        codeUrl: 'http://localhost/r/RLT#x',
        truncatedReference: 'x',
        qrSvg: '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        pin: '1234',
        answers: 'byHand',
        waiting: [],
        members: 0,
      },
      changed: () => undefined,
    });
    expect(find<HTMLImageElement>('organisation-qr').src).toMatch(/^data:image\/svg\+xml/);
    expect(document.querySelector('[onload], script')).toBeNull();
  });
});

test.each([
  ['https://example.org/a?b', 'example.org'],
  ['http://example.org:8080', 'example.org:8080'],
  ['javascript:alert(1)', null],
  ['file:///etc/passwd', null],
  ['data:text/html,x', null],
  ['example.org', null],
  ['', null],
])('the link %s leads to %s', (link, host) => expect(openableHost(link)).toBe(host));
