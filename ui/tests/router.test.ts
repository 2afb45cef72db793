import { describe, expect, test } from 'vitest';

import { links, parseRoute } from '../src/lib/state/router.svelte';

describe('places', () => {
  test.each([
    [links.inbox, { place: 'inbox' }],
    [links.request('REQ/1'), { place: 'request', id: 'REQ/1' }],
    [links.scan, { place: 'scan' }],
    [links.code('a b'), { place: 'code', codeId: 'a b' }],
    [links.contacts, { place: 'contacts', address: null }],
    [links.contact('did:e:localhost:dids:1'), { place: 'contacts', address: 'did:e:localhost:dids:1' }],
    [links.invitations, { place: 'invitations' }],
    [links.newInvitation, { place: 'newInvitation' }],
    [links.invitation('RLT1'), { place: 'invitation', id: 'RLT1' }],
    [links.files, { place: 'files' }],
    [links.file('FIL1'), { place: 'file', id: 'FIL1' }],
    [links.data, { place: 'data', id: null }],
    [links.attribute('ATT1'), { place: 'data', id: 'ATT1' }],
    [links.addData(), { place: 'addData', valueType: null }],
    [links.addData('GivenName'), { place: 'addData', valueType: 'GivenName' }],
    [links.editData('ATT1'), { place: 'editData', id: 'ATT1' }],
    [links.organisations, { place: 'organisations' }],
    [links.settings, { place: 'settings' }],
    ['', { place: 'inbox' }],
    ['#/nowhere', { place: 'inbox' }],
    ['#/requests/%E0%A4%A', { place: 'inbox' }],
  ])('%s', (link, route) => expect(parseRoute(link)).toEqual(route));
});
