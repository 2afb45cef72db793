// Types that only the window and its shell know; everything about the wallet is in ./bindings.

import type { CodeView } from './bindings/CodeView';
import type { ProfileView } from './bindings/ProfileView';

/** An error as the shell sends it: a stable code, an English message, perhaps details for a report. */
export type ErrorView = { code: string; message: string; details?: string | null };

export type Language = 'en' | 'de';
export type LanguageSetting = Language | 'system';
export type ThemeSetting = 'light' | 'dark' | 'system';
export type Settings = { language: LanguageSetting; theme: ThemeSetting };

export type Phase = 'firstStart' | 'locked' | 'ready' | 'failed';

/** Where the program stands; decides which screen is shown. */
export type AppState = {
  phase: Phase;
  profile: ProfileView | null;
  keyring: { available: boolean; code: string | null };
  error: ErrorView | null;
  embedded: { running: boolean; url: string | null; error: ErrorView | null };
  settings: Settings;
};

export type BackboneChoice =
  | { kind: 'embedded' }
  | { kind: 'remote'; url: string; clientId: string; clientSecret: string };

export type NewProfile = { name: string; appPassword: string | null; backbone: BackboneChoice };

/** A code that was read. Its secrets stay in the shell; the page only holds `codeId`. */
export type ReadCode = { codeId: string; code: CodeView };

export type CameraView = { id: string; name: string };

export type CameraMessage =
  | { kind: 'preview'; width: number; height: number; luma: string }
  | { kind: 'code'; codeId: string; code: CodeView }
  | { kind: 'notACode'; code: string }
  | { kind: 'ended'; error: ErrorView | null };

export type WaitingRelationship = { relationshipId: string; address: string; since: string };

/** A sample organisation that runs on this computer. */
export type OrganisationView = {
  id: string;
  name: string;
  description: string;
  codeUrl: string;
  truncatedReference: string;
  qrSvg: string;
  pin: string | null;
  asks: string;
  answers: 'automatically' | 'byHand';
  waiting: WaitingRelationship[];
  members: number;
};

export type WalletTopic = 'requests' | 'contacts' | 'attributes' | 'sync' | 'organisations';
