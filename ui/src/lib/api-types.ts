// What the shell's commands take and give, under one name. The types are generated from Rust.

import type { BackboneChoice } from './bindings/BackboneChoice';
import type { ErrorView as CoreErrorView } from './bindings/ErrorView';
import type { Language } from './bindings/Language';

export type { Answers } from './bindings/Answers';
export type { AppState } from './bindings/AppState';
export type { Attention } from './bindings/Attention';
export type { BackboneChoice } from './bindings/BackboneChoice';
export type { CameraMessage } from './bindings/CameraMessage';
export type { CameraView } from './bindings/CameraView';
export type { CaptureView } from './bindings/CaptureView';
export type { EmbeddedView } from './bindings/EmbeddedView';
export type { FoundCode } from './bindings/FoundCode';
export type { InvitationCode } from './bindings/InvitationCode';
export type { InvitationView } from './bindings/InvitationView';
export type { KeyringView } from './bindings/KeyringView';
export type { Language } from './bindings/Language';
export type { NewInvitation } from './bindings/NewInvitation';
export type { OrganisationView } from './bindings/OrganisationView';
export type { OtherCode } from './bindings/OtherCode';
export type { Phase } from './bindings/Phase';
export type { ReadCode } from './bindings/ReadCode';
export type { SavedFileView } from './bindings/SavedFileView';
export type { ReadingProgress } from './bindings/ReadingProgress';
export type { ScannedCode } from './bindings/ScannedCode';
export type { Settings } from './bindings/Settings';
export type { Theme } from './bindings/Theme';
export type { Topic } from './bindings/Topic';
export type { UploadedFileView } from './bindings/UploadedFileView';
export type { WaitingView } from './bindings/WaitingView';

/** An error as the page shows it; one that the page noticed itself may carry details for a report. */
export type ErrorView = CoreErrorView & { details?: string | null };

/** What is spoken. */
export type SpokenLanguage = Exclude<Language, 'system'>;

/** What a new profile is made of. */
export type NewProfile = { name: string; appPassword: string | null; backbone: BackboneChoice };
