// Where the person is. The hash is the place, so that back and forward work; it never holds wallet data
// beyond ids and addresses.

export type Route =
  | { place: 'inbox' }
  | { place: 'request'; id: string }
  | { place: 'scan' }
  | { place: 'code'; codeId: string }
  | { place: 'contacts'; address: string | null }
  | { place: 'files' }
  | { place: 'file'; id: string }
  | { place: 'ask'; address: string; kind: string | null; about: string | null }
  | { place: 'sent'; id: string }
  | { place: 'messages'; number: number | null; peer: string | null }
  | {
      place: 'write';
      to: string | null;
      draft: number | null;
      answers: number | null;
      how: 'reply' | 'all' | 'again';
    }
  | { place: 'invitations' }
  | { place: 'newInvitation' }
  | { place: 'invitation'; id: string }
  | { place: 'data'; id: string | null }
  | { place: 'addData'; valueType: string | null }
  | { place: 'editData'; id: string }
  | { place: 'given'; peer: string | null; attribute: string | null }
  | { place: 'receipts' }
  | { place: 'receipt'; number: number }
  | { place: 'outbox' }
  | { place: 'organisations' }
  | { place: 'settings' };

export type Place = Route['place'];

export function parseRoute(hash: string): Route {
  const [first = '', second, third, fourth, fifth] = hash
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return '';
      }
    });
  switch (first) {
    case 'requests':
      return second ? { place: 'request', id: second } : { place: 'inbox' };
    case 'scan':
      return { place: 'scan' };
    case 'code':
      return second ? { place: 'code', codeId: second } : { place: 'scan' };
    case 'sent':
      return second ? { place: 'sent', id: second } : { place: 'inbox' };
    case 'files':
      return second ? { place: 'file', id: second } : { place: 'files' };
    case 'contacts':
      if (second && third === 'ask')
        return { place: 'ask', address: second, kind: fourth || null, about: fifth || null };
      return { place: 'contacts', address: second || null };
    case 'messages':
      return messagesRoute(second, third);
    case 'invitations':
      if (second === 'new') return { place: 'newInvitation' };
      return second ? { place: 'invitation', id: second } : { place: 'invitations' };
    case 'data':
      if (second === 'add') return { place: 'addData', valueType: third || null };
      if (second && third === 'edit') return { place: 'editData', id: second };
      return { place: 'data', id: second || null };
    case 'given':
      return {
        place: 'given',
        peer: (second === 'to' && third) || null,
        attribute: (second === 'of' && third) || null,
      };
    case 'receipts':
      return /^[1-9][0-9]{0,14}$/.test(second ?? '')
        ? { place: 'receipt', number: Number(second) }
        : { place: 'receipts' };
    case 'outbox':
      return { place: 'outbox' };
    case 'organisations':
      return { place: 'organisations' };
    case 'settings':
      return { place: 'settings' };
    default:
      return { place: 'inbox' };
  }
}

/** Numbers are those that the wallet gave. */
function asNumber(text: string | undefined): number | null {
  return text && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

function messagesRoute(second: string | undefined, third: string | undefined): Route {
  const write = { place: 'write', to: null, draft: null, answers: null, how: 'reply' } as const;
  const number = asNumber(second);
  if (second === 'new') return { ...write, to: third || null };
  if (second === 'draft') {
    const draft = asNumber(third);
    return draft === null ? { place: 'messages', number: null, peer: null } : { ...write, draft };
  }
  if (second === 'with') return { place: 'messages', number: null, peer: third || null };
  if (number !== null && (third === 'reply' || third === 'all' || third === 'again'))
    return { ...write, answers: number, how: third };
  return { place: 'messages', number, peer: null };
}

const part = encodeURIComponent;

export const links = {
  inbox: '#/requests',
  request: (id: string) => `#/requests/${part(id)}`,
  scan: '#/scan',
  code: (codeId: string) => `#/code/${part(codeId)}`,
  contacts: '#/contacts',
  contact: (address: string) => `#/contacts/${part(address)}`,
  /** Asking a contact for something; with what is asked first, and about what. */
  ask: (address: string, kind?: string, about?: string) =>
    [
      '#/contacts',
      part(address),
      'ask',
      ...(kind ? [kind] : []),
      ...(kind && about ? [part(about)] : []),
    ].join('/'),
  /** An own Request. */
  sent: (id: string) => `#/sent/${part(id)}`,
  messages: '#/messages',
  /** Those from and to a contact. */
  messagesWith: (address: string) => `#/messages/with/${part(address)}`,
  message: (number: number) => `#/messages/${number}`,
  write: (to?: string) => (to ? `#/messages/new/${part(to)}` : '#/messages/new'),
  mailDraft: (id: number) => `#/messages/draft/${id}`,
  /** A new message made of one: the answer to its sender, to all, or the same once more. */
  writeFrom: (number: number, how: 'reply' | 'all' | 'again') => `#/messages/${number}/${how}`,
  /** The files that were given to the server here, and one of them. */
  files: '#/files',
  file: (id: string) => `#/files/${part(id)}`,
  outbox: '#/outbox',
  invitations: '#/invitations',
  newInvitation: '#/invitations/new',
  invitation: (id: string) => `#/invitations/${part(id)}`,
  data: '#/data',
  attribute: (id: string) => `#/data/${part(id)}`,
  addData: (valueType?: string) => (valueType ? `#/data/add/${part(valueType)}` : '#/data/add'),
  editData: (id: string) => `#/data/${part(id)}/edit`,
  /** Who has what: all of it, what a contact has, or who has an Attribute. */
  given: '#/given',
  givenTo: (address: string) => `#/given/to/${part(address)}`,
  givenOf: (id: string) => `#/given/of/${part(id)}`,
  receipts: '#/receipts',
  receipt: (number: number) => `#/receipts/${number}`,
  organisations: '#/organisations',
  settings: '#/settings',
};

let route = $state.raw<Route>(parseRoute(location.hash));
addEventListener('hashchange', () => (route = parseRoute(location.hash)));

export function currentRoute(): Route {
  return route;
}

export function go(link: string): void {
  location.hash = link;
}

/** Goes there without leaving the present place in the history. */
export function replace(link: string): void {
  history.replaceState(null, '', link);
  route = parseRoute(link);
}
