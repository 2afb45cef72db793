//! Own templates as the page shows them: invitations to become contacts.

use serde::{Deserialize, Serialize};
use tessera_core_types::{AttributeId, CoreDate, RelationshipTemplateId};
use ts_rs::TS;

/// What a new invitation is made of.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NewInvitation {
    /// The heading that the other side sees.
    pub title: String,
    /// What is asked of whoever answers.
    pub asks: Vec<AskedValue>,
    /// Own data that whoever opens it is shown.
    pub shares: Vec<AttributeId>,
    /// What is to be confirmed if nothing is asked and nothing shared: a Request has at least one
    /// item.
    pub confirmation: String,
    /// Until when it can be opened and answered.
    pub expires_at: CoreDate,
    /// How many may open it, from 1; `None` for any number.
    pub max_uses: Option<u32>,
    /// What must be typed to open it.
    pub password: Option<NewPassword>,
}

/// A value that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AskedValue {
    /// The value type.
    pub value_type: String,
    /// Whether the invitation can only be accepted with it.
    pub is_required: bool,
}

/// What must be typed to open a new invitation. The text is wiped once it was used.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NewPassword {
    /// Whether it is a PIN: 4 to 16 digits.
    pub is_pin: bool,
    /// The PIN or password.
    pub text: String,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct InvitationView {
    /// The id of its template.
    pub id: RelationshipTemplateId,
    /// The heading that the other side sees.
    pub title: Option<String>,
    /// What is asked of whoever answers.
    pub asks: Vec<AskedValue>,
    /// The value types of what whoever opens it is shown.
    pub shares: Vec<String>,
    /// When it was made.
    pub created_at: CoreDate,
    /// Until when it can be opened and answered.
    pub expires_at: CoreDate,
    /// Whether that is over.
    pub is_expired: bool,
    /// How many may open it; `None` for any number.
    pub max_uses: Option<u32>,
    /// How many answered it. Whoever opened it and did not answer is not known here.
    pub answers: u32,
    /// Who alone may open it.
    pub for_identity: Option<String>,
    /// The number of digits of its PIN, 0 for a password; `None` for neither.
    pub lock: Option<u8>,
}

/// An invitation's code. Whoever has it can open the invitation: that is what it is for.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct InvitationCode {
    /// What the QR code holds.
    pub url: String,
    /// The short form, which older apps read too.
    pub truncated: String,
    /// The QR code as a picture, dark on white.
    pub qr_svg: String,
    /// The PIN or password, to be told in another way.
    pub password: Option<String>,
}

/// As what kind of picture a code is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum PictureKind {
    /// Pixels.
    Png,
    /// A drawing, sharp in any size.
    Svg,
}
