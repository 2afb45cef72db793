// Types that only the window and its shell know; everything about the wallet is in ./bindings.

import type { Address } from './bindings/Address';
import type { CodeView } from './bindings/CodeView';
import type { CoreDate } from './bindings/CoreDate';
import type { ProfileView } from './bindings/ProfileView';
import type { RelationshipId } from './bindings/RelationshipId';

/** An error as the shell sends it: a stable code and an English message; perhaps details for a report. */
export type ErrorView = { code: string; message: string; details?: string | null };

/** What is set; `system` follows the operating system. */
export type Language = 'system' | 'en' | 'de';
/** What is spoken. */
export type SpokenLanguage = Exclude<Language, 'system'>;
export type Theme = 'system' | 'light' | 'dark';
export type Settings = { language: Language; theme: Theme };

export type Phase = 'firstStart' | 'locked' | 'ready' | 'failed';
export type KeyringView = { available: boolean; code: string | null };
export type EmbeddedView = { running: boolean; url: string | null; error: ErrorView | null };

/** Where the program stands; decides which screen is shown. */
export type AppState = {
  phase: Phase;
  profile: ProfileView | null;
  needsAppPassword: boolean;
  keyring: KeyringView;
  error: ErrorView | null;
  embedded: EmbeddedView;
  settings: Settings;
};

export type BackboneChoice =
  { kind: 'embedded' } | { kind: 'remote'; url: string; clientId: string; clientSecret: string };

export type NewProfile = { name: string; appPassword: string | null; backbone: BackboneChoice };

/** A code that was read. Its secrets stay in the shell; the page only holds `codeId`. */
export type ReadCode = { codeId: string; code: CodeView };
export type ReadCodes = { codes: ReadCode[] };

export type CameraView = { id: string; name: string };

export type CameraMessage =
  | { kind: 'preview'; width: number; height: number; luma: string }
  | ({ kind: 'code' } & ReadCode)
  | { kind: 'notACode'; error: ErrorView }
  | { kind: 'ended'; error: ErrorView | null };

export type Answers = 'automatically' | 'byHand';
export type WaitingView = { relationshipId: RelationshipId; address: Address; since: CoreDate };

/** A sample organisation that runs on this computer. */
export type OrganisationView = {
  id: string;
  name: string;
  address: Address;
  codeUrl: string;
  truncatedReference: string;
  qrSvg: string;
  pin: string | null;
  answers: Answers;
  waiting: WaitingView[];
  members: number;
};

export type Topic = 'requests' | 'contacts' | 'attributes' | 'sync' | 'organisations';
