import { beforeEach, describe, expect, test } from 'vitest';

import type { InvitationView, NewInvitation } from '../src/lib/api-types';
import InvitationState from '../src/lib/components/invite/InvitationState.svelte';
import Invitation from '../src/lib/screens/Invitation.svelte';
import NewInvitationScreen from '../src/lib/screens/NewInvitation.svelte';
import { click, draw, find, has, settle, shell, type, type Calls } from './helpers';

const made: InvitationView = {
  id: 'RLT1',
  title: 'Chess',
  asks: [{ valueType: 'Surname', isRequired: true }],
  shares: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2999-01-01T00:00:00.000Z',
  isExpired: false,
  maxUses: 2,
  answers: 1,
  forIdentity: null,
  lock: 6,
};
const described = (valueType: string) => ({
  valueType,
  kind: 'identity',
  isEditable: true,
  isComplex: false,
  isDate: false,
  parts: [],
});
const name = {
  id: 'ATT1',
  valueType: 'Surname',
  value: { '@type': 'Surname', value: 'Lovelace' },
  peer: null,
  key: null,
};

let calls: Calls;
beforeEach(async () => {
  calls = shell({
    attributes: () => [name, { ...name, id: 'ATT2', peer: 'did:e:x' }],
    value_types: () => [described('Surname'), described('PhoneNumber'), described('JobTitle')],
    create_invitation: () => made,
    invitations: () => [made],
    invitation_code: () => ({
      url: 'https://x/r/RLT1#y',
      truncated: 'UkxU',
      qrSvg: '<svg/>',
      password: '482913',
    }),
  });
});

const sent = (): NewInvitation | undefined =>
  (
    calls.find((call) => call.command === 'create_invitation')?.args as
      { invitation: NewInvitation } | undefined
  )?.invitation;

describe('a new invitation', () => {
  test('asks and shows nothing unless that is chosen, and is for one person', async () => {
    draw(NewInvitationScreen, {});
    await settle();
    expect(has('share-Surname')).toBe(true);
    find('invite-create').click();
    await settle();
    expect(sent()).toMatchObject({
      title: '',
      asks: [],
      shares: [],
      maxUses: 1,
      password: null,
      confirmation: 'Become contacts',
    });
    expect(location.hash).toBe('#/invitations/RLT1');
  });

  test('carries what was chosen', async () => {
    draw(NewInvitationScreen, {});
    await settle();
    type(find<HTMLInputElement>('invite-title'), ' Chess ');
    click(find('ask-Surname'));
    click(find('require-Surname'));
    click(find('ask-JobTitle'));
    click(find('share-Surname'));
    click(find('lock-pin'));
    click(find('invite-pin-suggest'));
    click(find('uses-any'));
    find('invite-create').click();
    await settle();
    expect(sent()).toMatchObject({
      title: 'Chess',
      asks: [
        { valueType: 'Surname', isRequired: true },
        { valueType: 'JobTitle', isRequired: false },
      ],
      shares: ['ATT1'],
      maxUses: null,
      password: { isPin: true, text: expect.stringMatching(/^[0-9]{6}$/) as string },
    });
  });

  test.each([
    ['a PIN of three digits', 'lock-pin', 'invite-pin', '123'],
    ['a PIN with letters', 'lock-pin', 'invite-pin', '12a4'],
    ['no password', 'lock-password', 'invite-password', ''],
    ['for nobody', 'uses-some', 'invite-most', '0'],
  ])('%s is not sent; the focus goes there', async (_, choice, field, text) => {
    draw(NewInvitationScreen, {});
    await settle();
    click(find(choice));
    type(find<HTMLInputElement>(field), text);
    find('invite-create').click();
    await settle();
    expect(sent()).toBeUndefined();
    expect(document.activeElement).toBe(find(field));
  });
});

test('the PIN is shown only when that is asked for', async () => {
  draw(Invitation, { id: 'RLT1' });
  await settle();
  expect(find('invitation-password').textContent).not.toContain('482913');
  click(find('invitation-reveal'));
  expect(find('invitation-password').textContent).toContain('482913');
  expect(find<HTMLImageElement>('invitation-qr').alt).not.toBe('');
});

test.each([
  ['open', {}, /valid until/],
  ['used up', { answers: 2 }, /used up/],
  ['expired', { isExpired: true }, /expired/],
])('an invitation that is %s says so', (_, change, says) => {
  draw(InvitationState, { invitation: { ...made, ...change } });
  expect(find('invitation-state').textContent).toMatch(says);
});
