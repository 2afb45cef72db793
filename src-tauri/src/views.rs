//! What only the shell shows: its own state, codes that were read, sample organisations.

mod codes;
mod invitations;

use serde::{Deserialize, Serialize};
use tessera_core_types::{Address, CoreDate, FileId, RelationshipId};
use tessera_wallet::views::ProfileView;
use ts_rs::TS;

pub use codes::{
    CameraMessage, CameraView, CaptureView, FoundCode, OtherCode, OtherKind, PageView, ReadCode,
    ReadingProgress, ScannedCode,
};
pub use invitations::{
    AskedValue, InvitationCode, InvitationView, NewInvitation, NewPassword, PictureKind,
};

/// Where the program stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Phase {
    /// There is no profile yet.
    FirstStart,
    /// There is one; it needs the app password or an unlocked keyring.
    Locked,
    /// A profile is open.
    Ready,
    /// There is one, and it can't be opened; `error` says why.
    Failed,
}

/// The whole state the page starts from.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AppState {
    /// Where the program stands.
    pub phase: Phase,
    /// The open profile.
    pub profile: Option<ProfileView>,
    /// Whether unlocking asks for the app password.
    pub needs_app_password: bool,
    /// The keyring of the operating system.
    pub keyring: KeyringView,
    /// Why the profile is not open.
    pub error: Option<ErrorView>,
    /// The Backbone inside this program.
    pub embedded: EmbeddedView,
    /// What the person set.
    pub settings: Settings,
}

/// Whether the keyring of the operating system can be used.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KeyringView {
    /// It can.
    pub available: bool,
    /// Why not, as a code.
    pub code: Option<String>,
}

/// The Backbone inside this program.
#[derive(Debug, Clone, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct EmbeddedView {
    /// It answers.
    pub running: bool,
    /// Where.
    pub url: Option<String>,
    /// Why it does not.
    pub error: Option<ErrorView>,
}

/// A failure, as the page shows it: the page has the words for each code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ErrorView {
    /// enmeshed's code, or one of this program's (`error.tessera.…`).
    pub code: String,
    /// English, without secrets.
    pub message: String,
    /// The id of what is in the way, where there is something to go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub about: Option<String>,
}

/// The language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Language {
    /// That of the operating system.
    #[default]
    System,
    /// English.
    En,
    /// German.
    De,
}

/// The colours of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Theme {
    /// Those of the operating system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What the person set; needed before a profile is open, so not in its database, and not secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Settings {
    /// The language.
    pub language: Language,
    /// The colours.
    pub theme: Theme,
    /// The name of the camera that was used last; its number changes when others are plugged in.
    pub camera: Option<String>,
    /// Whether a notification says that something waits.
    pub notifications: bool,
    /// Whether the program goes on in the tray when its window is closed.
    pub background: bool,
    /// For how many seconds a decision can be taken back before it is sent; 0 for not at all.
    pub undo_seconds: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::default(),
            theme: Theme::default(),
            camera: None,
            notifications: true,
            background: false,
            undo_seconds: 5,
        }
    }
}

/// Where a new profile connects.
#[derive(Clone, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum BackboneChoice {
    /// To the Backbone inside this program.
    Embedded,
    /// To another one.
    Remote {
        /// Its base URL.
        url: String,
        /// The id of the client that is registered there.
        client_id: String,
        /// That client's secret.
        client_secret: String,
    },
}

/// A file that was given to the Backbone.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UploadedFileView {
    /// What stands for it: its key stays in the shell.
    pub id: FileId,
    /// When the Backbone deletes it.
    pub expires_at: CoreDate,
}

/// A file that was put on this computer's disk.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SavedFileView {
    /// Where.
    pub path: String,
}

/// The code of a file. Whoever has it can read the file: that is what it is for.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FileCode {
    /// What the QR code holds.
    pub url: String,
    /// The QR code as a picture, dark on white.
    pub qr_svg: String,
}

/// How the text in a file begins.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ShownText {
    /// Text of its owner, at most 64 KiB.
    pub text: String,
    /// Whether that is all of it.
    pub is_whole: bool,
}

/// How a sample organisation answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Answers {
    /// It accepts everybody after a moment.
    Automatically,
    /// The person at this computer presses its button.
    ByHand,
}

/// A sample organisation: the same core as the wallet, in the other role.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OrganisationView {
    /// What to call it in commands.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The address of its identity.
    pub address: Address,
    /// What its QR code holds.
    pub code_url: String,
    /// The same in the short form.
    pub truncated_reference: String,
    /// The QR code as a picture.
    pub qr_svg: String,
    /// The PIN that a real organisation would tell in another way.
    pub pin: Option<String>,
    /// How it answers.
    pub answers: Answers,
    /// Who waits for its answer.
    pub waiting: Vec<WaitingView>,
    /// How many Relationships it has.
    pub members: u32,
}

/// Somebody who waits for an organisation's answer.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WaitingView {
    /// The Relationship.
    pub relationship_id: RelationshipId,
    /// Who.
    pub address: Address,
    /// Since when.
    pub since: CoreDate,
}

/// What has changed, so that the page asks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Topic {
    /// The Requests.
    Requests,
    /// The contacts.
    Contacts,
    /// The Messages, and the Mails that are being written.
    Messages,
    /// The own attributes.
    Attributes,
    /// The state of synchronisation.
    Sync,
    /// The sample organisations.
    Organisations,
    /// The own invitations.
    Invitations,
}
