// The only place that talks to the shell. Each function is one command; each failure is an ApiError.

import { Channel, invoke, type InvokeArgs, type InvokeOptions } from '@tauri-apps/api/core';
import { listen, type UnlistenFn } from '@tauri-apps/api/event';

import type {
  AppState,
  Attention,
  CameraMessage,
  CameraView,
  CaptureView,
  InvitationCode,
  InvitationView,
  NewInvitation,
  NewProfile,
  OrganisationView,
  ReadCode,
  ReadingProgress,
  SavedFileView,
  ScannedCode,
  Settings,
  Topic,
  UploadedFileView,
} from './api-types';
import type { AttachmentView } from './bindings/AttachmentView';
import type { AttributePage } from './bindings/AttributePage';
import type { AttributeSearch } from './bindings/AttributeSearch';
import type { AttributeView } from './bindings/AttributeView';
import type { ConsentForm } from './bindings/ConsentForm';
import type { ContactDetail } from './bindings/ContactDetail';
import type { ContactNote } from './bindings/ContactNote';
import type { ContactPage } from './bindings/ContactPage';
import type { ContactSearch } from './bindings/ContactSearch';
import type { ContactStanding } from './bindings/ContactStanding';
import type { ContactView } from './bindings/ContactView';
import type { DecisionCheck } from './bindings/DecisionCheck';
import type { DerivationView } from './bindings/DerivationView';
import type { FileCode } from './bindings/FileCode';
import type { FileFacts } from './bindings/FileFacts';
import type { Found } from './bindings/Found';
import type { GivenAttribute } from './bindings/GivenAttribute';
import type { GivenPage } from './bindings/GivenPage';
import type { GivenSearch } from './bindings/GivenSearch';
import type { HoldersView } from './bindings/HoldersView';
import type { KeptDraft } from './bindings/KeptDraft';
import type { ListedFile } from './bindings/ListedFile';
import type { LoadOutcome } from './bindings/LoadOutcome';
import type { MailDraft } from './bindings/MailDraft';
import type { MessageDetail } from './bindings/MessageDetail';
import type { MessagePage } from './bindings/MessagePage';
import type { MessageSearch } from './bindings/MessageSearch';
import type { OutboxEntry } from './bindings/OutboxEntry';
import type { Paper } from './bindings/Paper';
import type { PassableEntries } from './bindings/PassableEntries';
import type { PeerView } from './bindings/PeerView';
import type { ReceiptPage } from './bindings/ReceiptPage';
import type { ReceiptSearch } from './bindings/ReceiptSearch';
import type { ReceiptView } from './bindings/ReceiptView';
import type { RecipientsCheck } from './bindings/RecipientsCheck';
import type { RelationshipCheck } from './bindings/RelationshipCheck';
import type { RelationshipRecord } from './bindings/RelationshipRecord';
import type { RelationshipStep } from './bindings/RelationshipStep';
import type { RequestPage } from './bindings/RequestPage';
import type { RequestSearch } from './bindings/RequestSearch';
import type { RequestSummary } from './bindings/RequestSummary';
import type { SenderView } from './bindings/SenderView';
import type { SentRequest } from './bindings/SentRequest';
import type { SentPage } from './bindings/SentPage';
import type { SentSearch } from './bindings/SentSearch';
import type { SentSummary } from './bindings/SentSummary';
import type { ShownText } from './bindings/ShownText';
import type { SyncReport } from './bindings/SyncReport';
import type { SyncStatus } from './bindings/SyncStatus';
import type { TimelinePage } from './bindings/TimelinePage';
import type { TimelineSearch } from './bindings/TimelineSearch';
import type { ValueTypeDescription } from './bindings/ValueTypeDescription';
import { ApiError, toErrorView } from './errors';

async function call<T>(command: string, args?: InvokeArgs, options?: InvokeOptions): Promise<T> {
  try {
    return await invoke<T>(command, args, options);
  } catch (thrown) {
    throw new ApiError(toErrorView(thrown));
  }
}

function base64Url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export const api = {
  appState: () => call<AppState>('app_state'),
  createProfile: (profile: NewProfile) => call<AppState>('create_profile', { ...profile }),
  unlock: (appPassword: string | null) => call<AppState>('unlock', { appPassword }),
  setSettings: (settings: Settings) => call<Settings>('set_settings', { settings }),

  readText: (text: string) => call<ScannedCode>('read_text', { text }),
  /** What a code is that was read before a profile was open. */
  readCode: (codeId: string) => call<ReadCode>('read_code', { codeId }),
  /** Links from other programs, each once. */
  arrivedLinks: () => call<ScannedCode[]>('arrived_links'),
  /** The bytes go as they are, not as JSON: a photo can have many megabytes. */
  readImage: (bytes: Uint8Array, operationId: string) =>
    call<CaptureView>('read_image', bytes, { headers: { 'operation-id': operationId } }),
  readClipboard: (operationId: string) => call<CaptureView>('read_clipboard', { operationId }),
  captureScreens: (operationId: string) => call<CaptureView>('capture_screens', { operationId }),
  /** A page of the newest capture as PNG. */
  capturedPicture: (captureId: string, page: number) =>
    call<ArrayBuffer>('captured_picture', { captureId, page }),
  /** The frame is left, top, width and height as parts of the picture's. */
  readRegion: (captureId: string, page: number, frame: number[], operationId: string) =>
    call<CaptureView>('read_region', { captureId, page, frame, operationId }),
  forgetCapture: () => call<void>('forget_capture'),
  openCode: (codeId: string, password: string | null, operationId: string) =>
    call<LoadOutcome>('open_code', { codeId, password, operationId }),
  cancel: (operationId: string) => call<void>('cancel', { operationId }),

  cameras: () => call<CameraView[]>('cameras'),
  startCamera: (id: string, onMessage: (message: CameraMessage) => void) => {
    const channel = new Channel<CameraMessage>();
    channel.onmessage = onMessage;
    return call<void>('start_camera', { id, channel });
  },
  stopCamera: () => call<void>('stop_camera'),

  requests: (search: RequestSearch) => call<RequestPage>('requests', { search }),
  requestForm: (id: string) => call<ConsentForm>('request_form', { id }),
  requestSender: (id: string) => call<SenderView>('request_sender', { id }),
  checkDecision: (id: string, decision: Decision) => call<DecisionCheck>('check_decision', { id, decision }),
  acceptRequest: (id: string, decision: Decision) => call<RequestSummary>('accept_request', { id, decision }),
  /** The Decision accepts nothing; it can say why. */
  rejectRequest: (id: string, decision: Decision) => call<RequestSummary>('reject_request', { id, decision }),
  /** Takes back a Decision that is not sent yet. */
  takeBackDecision: (id: string) => call<RequestSummary>('take_back_decision', { id }),
  /** Puts a Request away that can't be answered, or takes it up again. */
  dismissRequest: (id: string, dismissed: boolean) =>
    call<RequestSummary>('dismiss_request', { id, dismissed }),
  /** What was entered into a form that is not decided; it is forgotten once it is. */
  draft: (id: string) => call<JsonValue | null>('draft', { id }),
  saveDraft: (id: string, draft: JsonValue) => call<void>('save_draft', { id, draft }),

  /** What is wrong with a Request that is being written, as a tree of its shape. */
  /** What of other contacts' entries can be shared with this contact. */
  passableEntries: (address: string, text: string, limit: number) =>
    call<PassableEntries>('passable_entries', { address, text, limit }),
  checkRequest: (address: string, request: JsonValue) =>
    call<DecisionCheck>('check_request', { address, request }),
  sendRequest: (address: string, request: JsonValue) =>
    call<SentSummary>('send_request', { address, request }),
  sentRequests: (search: SentSearch) => call<SentPage>('sent_requests', { search }),
  sentRequest: (id: string) => call<SentRequest>('sent_request', { id }),
  /** What was being written to a contact and not sent. */
  askDraft: (address: string) => call<JsonValue | null>('ask_draft', { address }),
  saveAskDraft: (address: string, draft: JsonValue | null) =>
    call<void>('save_ask_draft', { address, draft }),

  /** The bytes go as they are; what they are stands in a header, which holds only plain letters. */
  uploadFile: (
    bytes: Uint8Array,
    file: {
      operationId: string;
      filename: string;
      mimetype: string;
      title: string;
      /** Null for ever. */
      expiresAt: string | null;
    },
  ) =>
    call<UploadedFileView>('upload_file', bytes, { headers: { 'x-file': base64Url(JSON.stringify(file)) } }),
  /** Files are named by their ids: a reference would hold their keys. */
  fileFacts: (id: string) => call<FileFacts>('file_facts', { id }),
  /** Those that were given to the server here, or are passed on; the newest first. */
  files: () => call<ListedFile[]>('files'),
  /** As PNG, made small. */
  filePicture: (id: string, operationId: string) => call<ArrayBuffer>('file_picture', { id, operationId }),
  fileText: (id: string, operationId: string) => call<ShownText>('file_text', { id, operationId }),
  /** Puts a file into the folder for downloads. */
  saveFile: (id: string, operationId: string) => call<SavedFileView>('save_file', { id, operationId }),

  mailbox: (search: MessageSearch) => call<MessagePage>('mailbox', { search }),
  unreadMessages: () => call<number>('unread_messages'),
  message: (number: number) => call<MessageDetail>('message', { number }),
  /** The number of the message in which a Request came or went. */
  messageOfRequest: (id: string) => call<number | null>('message_of_request', { id }),
  setMessageRead: (number: number, isRead: boolean) => call<void>('set_message_read', { number, isRead }),
  mailDrafts: () => call<KeptDraft[]>('mail_drafts'),
  mailDraft: (id: number) => call<KeptDraft>('mail_draft', { id }),
  /** Says under which id it is kept. */
  keepMailDraft: (id: number | null, draft: MailDraft) => call<number>('keep_mail_draft', { id, draft }),
  discardMailDraft: (id: number) => call<void>('discard_mail_draft', { id }),
  /** The draft goes with it. Says which message it became. */
  /** The same to the same readers once more, after it could not be sent; once only. */
  sendMailAgain: (number: number) => call<number>('send_mail_again', { number }),
  /** Asks who has fetched an own message by now; null for the newest ones that are awaited. */
  lookForReceived: (number: number | null) => call<number>('look_for_received', { number }),
  /** What is known to be in the way of a message to these readers. */
  checkRecipients: (recipients: string[]) => call<RecipientsCheck>('check_recipients', { recipients }),
  /** The code of a file that was given to the server here: whoever has it can read the file. */
  fileCode: (fileId: string) => call<FileCode>('file_code', { fileId }),
  sendMail: (mail: MailDraft, draft: number | null) => call<number>('send_mail', { mail, draft }),

  /** Attached files have no reference here: that would hold their keys. */
  attachFile: (
    bytes: Uint8Array,
    file: { operationId: string; filename: string; mimetype: string; title: string | null },
  ) => call<AttachmentView>('attach_file', bytes, { headers: { 'x-file': base64Url(JSON.stringify(file)) } }),
  attachableFile: (fileId: string) => call<FileFacts>('attachable_file', { fileId }),
  attachmentFacts: (number: number, fileId: string) =>
    call<FileFacts>('attachment_facts', { number, fileId }),
  /** From now on it can be attached to an own message. */
  passOnAttachment: (number: number, fileId: string) =>
    call<FileFacts>('pass_on_attachment', { number, fileId }),
  saveAttachment: (number: number, fileId: string, operationId: string) =>
    call<SavedFileView>('save_attachment', { number, fileId, operationId }),
  /** As PNG, made small. */
  attachmentPicture: (number: number, fileId: string, operationId: string) =>
    call<ArrayBuffer>('attachment_picture', { number, fileId, operationId }),
  attachmentText: (number: number, fileId: string, operationId: string) =>
    call<ShownText>('attachment_text', { number, fileId, operationId }),

  contacts: () => call<ContactView[]>('contacts'),
  searchContacts: (search: ContactSearch) => call<ContactPage>('search_contacts', { search }),
  /** What the person writes about a contact; it is never sent. */
  setContactNote: (address: string, note: { title: string | null; notes: string | null; tags: string[] }) =>
    call<ContactNote>('set_contact_note', { address, ...note }),
  setContactArchived: (address: string, archived: boolean) =>
    call<ContactNote>('set_contact_archived', { address, archived }),
  contact: (address: string) => call<ContactDetail>('contact', { address }),
  /** What happened with somebody, a page at a time. */
  contactTimeline: (search: TimelineSearch) => call<TimelinePage>('contact_timeline', { search }),
  /** Every Relationship that there was or is with somebody. */
  contactRelationships: (address: string) => call<RelationshipRecord[]>('contact_relationships', { address }),
  /** Whether a Relationship with somebody can be created, and what is in the way. */
  checkRelationship: (address: string) => call<RelationshipCheck>('check_relationship', { address }),
  /** The same for the one that accepting a Request starts. */
  checkRelationshipOf: (id: string) => call<RelationshipCheck>('check_relationship_of', { id }),
  contactStanding: (id: string) => call<ContactStanding>('contact_standing', { id }),
  relationshipStep: (id: string, step: RelationshipStep) => call<void>('relationship_step', { id, step }),
  /** What a contact has of the person, or had. */
  givenTo: (address: string) => call<GivenAttribute[]>('given_to', { address }),
  /** Who has what of the person's, a page at a time. */
  given: (search: GivenSearch) => call<GivenPage>('given', { search }),
  /** Puts all of it that is looked for into the folder for downloads. */
  saveGiven: (search: GivenSearch, format: 'csv' | 'json', filename: string) =>
    call<SavedFileView>('save_given', { search, format, filename }),

  receipts: (search: ReceiptSearch) => call<ReceiptPage>('receipts', { search }),
  receipt: (number: number) => call<ReceiptView>('receipt', { number }),
  /** The newest receipt of a Request, if it has one. */
  receiptOf: (id: string) => call<ReceiptView | null>('receipt_of', { id }),
  saveReceipt: (number: number, filename: string) =>
    call<SavedFileView>('save_receipt', { number, filename }),
  /** Puts a document in our words into the folder for downloads, as PDF. */
  savePaper: (paper: Paper, filename: string) => call<SavedFileView>('save_paper', { paper, filename }),

  attributes: () => call<AttributeView[]>('attributes'),
  searchAttributes: (search: AttributeSearch) => call<AttributePage>('search_attributes', { search }),
  attribute: (id: string) => call<AttributeView>('attribute', { id }),
  attributeTags: () => call<string[]>('attribute_tags'),
  /** All versions, the newest first. */
  attributeHistory: (id: string) => call<AttributeView[]>('attribute_history', { id }),
  holders: (id: string) => call<HoldersView>('holders', { id }),
  /** What a value was made from, and what was made from it. */
  derivation: (id: string) => call<DerivationView>('derivation', { id }),
  toldOfDeletion: (id: string) => call<PeerView[]>('told_of_deletion', { id }),
  deleteAttribute: (id: string) => call<void>('delete_attribute', { id }),
  setDefaultAttribute: (id: string) => call<AttributeView>('set_default_attribute', { id }),
  notifyAboutSuccession: (id: string, peers: string[]) =>
    call<HoldersView>('notify_about_succession', { id, peers }),
  setAttributeLabel: (id: string, label: string | null) =>
    call<AttributeView>('set_attribute_label', { id, label }),
  valueTypes: () => call<ValueTypeDescription[]>('value_types'),
  addAttribute: (value: JsonValue, tags: string[]) => call<AttributeView>('add_attribute', { value, tags }),
  editAttribute: (id: string, value: JsonValue, tags: string[]) =>
    call<AttributeView>('edit_attribute', { id, value, tags }),

  /** Whatever has all these words, at most so many of each kind. */
  find: (text: string, limit: number) => call<Found[]>('find', { text, limit }),

  sync: () => call<SyncReport>('sync'),
  showAttention: (attention: Attention) => call<null>('show_attention', { attention }),
  /** What is held, waits or is being sent; then the newest of what failed and of what was sent. */
  outboxEntries: () => call<OutboxEntry[]>('outbox_entries'),
  /** Tries to send something now, with all that has to go out before it. */
  retryNow: (number: number) => call<void>('retry_now', { number }),
  syncStatus: () => call<SyncStatus>('sync_status'),

  organisations: () => call<OrganisationView[]>('organisations'),
  answerOrganisation: (organisation: string, relationshipId: string, accept: boolean) =>
    call<void>('answer_organisation', { organisation, relationshipId, accept }),

  invitations: () => call<InvitationView[]>('invitations'),
  createInvitation: (invitation: NewInvitation) => call<InvitationView>('create_invitation', { invitation }),
  invitationCode: (id: string) => call<InvitationCode>('invitation_code', { id }),
  /** Says where the picture was saved. */
  saveInvitation: (id: string, kind: 'png' | 'svg') => call<string>('save_invitation', { id, kind }),
  deleteInvitation: (id: string) => call<void>('delete_invitation', { id }),

  openLink: (url: string) => call<void>('open_link', { url }),

  /** Calls back when something in the wallet changed. */
  onWalletChanged: (changed: (what: Topic) => void): Promise<UnlistenFn> =>
    listen<{ what: Topic }>('wallet-changed', (event) => changed(event.payload.what)),

  /** Calls back when another program handed over a link. */
  onLinkArrived: (arrived: () => void): Promise<UnlistenFn> => listen('link-arrived', () => arrived()),
  /** Calls back with how far an attached file is on its way. */
  onTransferProgress: (
    at: (progress: { operationId: string; bytes: number; of: number }) => void,
  ): Promise<UnlistenFn> =>
    listen<{ operationId: string; bytes: number; of: number }>('transfer-progress', (event) =>
      at(event.payload),
    ),
  /** Calls back with the page of a document that is looked at. */
  onReadingProgress: (at: (progress: ReadingProgress) => void): Promise<UnlistenFn> =>
    listen<ReadingProgress>('reading-progress', (event) => at(event.payload)),
};
