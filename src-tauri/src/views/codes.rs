//! Codes: what was read, where it stands in its picture, and what the camera tells.

use serde::Serialize;
use tessera_wallet::views::CodeView;
use ts_rs::TS;

use super::ErrorView;

/// A code that was read. The page holds its number; the code, which has a key in it, stays here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReadCode {
    /// The number under which it is kept until it is opened or the program ends.
    pub code_id: String,
    /// What it says. Before a profile is open nothing is known of whose Backbone and identity it is
    /// for; then it is taken for the person's own.
    pub code: CodeView,
}

/// What kind of thing a code is that is nothing for this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum OtherKind {
    /// A web address.
    Web,
    /// Access to a Wi-Fi network.
    Wifi,
    /// A bank transfer or another payment.
    Payment,
    /// A business card.
    Contact,
    /// An entry for a calendar.
    Event,
    /// An e-mail that is prepared.
    Email,
    /// A phone number, or a text message that is prepared.
    Phone,
    /// A place on the map.
    Place,
    /// The secret of one-time passwords.
    OneTimePasswords,
    /// For wallets of another network.
    OtherWallet,
    /// Some text.
    Text,
    /// No text at all.
    Bytes,
}

/// A code that is nothing for this program. It is named and never opened by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OtherCode {
    /// What it is.
    pub kind: OtherKind,
    /// What it is called: the host of a web address, the network, the payee, the person, the event.
    pub name: Option<String>,
    /// The beginning of what it says; `None` if that is a secret or no text.
    pub text: Option<String>,
}

/// What came of one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[ts(export)]
pub enum ScannedCode {
    /// It can be opened.
    Code(ReadCode),
    /// It is something else.
    Other {
        /// What.
        other: OtherCode,
    },
    /// It should be one of this network, and is not in order.
    Refused {
        /// Why.
        error: ErrorView,
    },
}

/// A code in a picture.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FoundCode {
    /// In which of the capture's pages, from 0.
    pub page: u32,
    /// Its corners as it is meant to be looked at: top left, top right, bottom right, bottom left.
    /// Each as the part of the picture's width and height that lies left of and above it.
    pub corners: [[f64; 2]; 4],
    /// What it is.
    pub what: ScannedCode,
}

/// A picture that was looked at: of a page, of a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PageView {
    /// The number of the page or screen, from 1.
    pub number: u32,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// What was found in pictures.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CaptureView {
    /// The number of its pictures; `None` if none had to be kept.
    pub capture_id: Option<String>,
    /// The pictures.
    pub pages: Vec<PageView>,
    /// The codes, page by page, from the top down.
    pub codes: Vec<FoundCode>,
    /// How many pages were looked at.
    pub looked_at: u32,
    /// How many there are.
    pub of: u32,
}

/// How far reading a document is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReadingProgress {
    /// Which work.
    pub operation_id: String,
    /// The page that is looked at, from 1.
    pub page: u32,
    /// How many there are.
    pub of: u32,
}

/// A camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CameraView {
    /// What to start it with.
    pub id: String,
    /// What it calls itself.
    pub name: String,
}

/// What a running camera tells.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum CameraMessage {
    /// A small grey picture of what it sees.
    Preview {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// One byte a pixel, row by row, as base64.
        luma: String,
        /// Whether there is too little light.
        is_dark: bool,
    },
    /// The codes that it sees now.
    Found(CaptureView),
    /// It has stopped.
    Ended {
        /// Why, if nobody stopped it.
        error: Option<ErrorView>,
    },
}
