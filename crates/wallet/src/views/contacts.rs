//! Contacts: a Relationship and what happened in it.

use serde::{Deserialize, Serialize};
use tessera_core_types::{AttributeId, CoreDate, RelationshipId, RequestId};
use ts_rs::TS;

use super::{AttributeView, PeerView};

/// The status of a Relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
pub enum RelationshipStatus {
    /// One side waits for the other to accept.
    Pending,
    /// Both agreed.
    Active,
    /// The other side refused.
    Rejected,
    /// The side that asked took it back.
    Revoked,
    /// One side ended it; it can be taken up again.
    Terminated,
    /// The other side deleted it.
    DeletionProposed,
    /// Both sides deleted it.
    ReadyForDeletion,
}

/// One line in the list of contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ContactView {
    /// The Relationship; `None` while it is only waiting to be sent.
    pub relationship_id: Option<RelationshipId>,
    /// The Request whose answer starts it, if this side answered.
    pub request_id: Option<RequestId>,
    /// The other side.
    pub peer: PeerView,
    /// Where it stands; `None` while it is only waiting to be sent.
    pub status: Option<RelationshipStatus>,
    /// Whether this side asked for it (and may revoke it); else the other side did (and this
    /// side may accept or reject it).
    pub is_own: bool,
    /// When it began.
    pub created_at: CoreDate,
    /// When its status last changed.
    pub changed_at: CoreDate,
    /// The person's own tags for it, sorted; never sent.
    pub tags: Vec<String>,
    /// Whether the person put it away.
    pub is_archived: bool,
}

/// Which contacts are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ContactFilter {
    /// Those that are not archived.
    #[default]
    All,
    /// Of these, the ones that are not decided: Pending, or waiting to be sent.
    Waiting,
    /// Active ones.
    Active,
    /// Those that ended or never came about.
    Ended,
    /// The archived ones.
    Archived,
}

/// How contacts are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ContactOrder {
    /// Who waits for the person first, then by name: the own one, else the peer's, else the address.
    #[default]
    ByName,
    /// What changed last first.
    NewestFirst,
}

/// Which of the contacts are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct ContactSearch {
    /// Every word must be the beginning of a word of a name, a tag, the notes or the address,
    /// whatever the case and the marks on letters. Without any letter or digit everything fits.
    pub text: String,
    /// Where they stand.
    pub filter: ContactFilter,
    /// Only with this tag.
    pub tag: Option<String>,
    /// How they are sorted.
    pub order: ContactOrder,
    /// How many are left out before.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

impl Default for ContactSearch {
    fn default() -> Self {
        Self {
            text: String::new(),
            filter: ContactFilter::default(),
            tag: None,
            order: ContactOrder::default(),
            offset: 0,
            limit: 100,
        }
    }
}

/// Some of the contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ContactPage {
    /// Those of the page.
    pub contacts: Vec<ContactView>,
    /// How many fit altogether.
    pub total: u32,
    /// The tags that are in use, sorted.
    pub tags: Vec<String>,
}

/// What the person wrote about a contact. It is never sent, and stays when the Relationship ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ContactNote {
    /// The own name for it.
    pub title: Option<String>,
    /// Notes.
    pub notes: Option<String>,
    /// Tags, sorted.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Since when it is put away.
    pub archived_at: Option<CoreDate>,
}

/// A contact with everything known about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ContactDetail {
    /// Its line in the list.
    pub contact: ContactView,
    /// What the person wrote about it.
    pub note: ContactNote,
    /// What the other side has of me.
    pub given: Vec<AttributeView>,
    /// What I have of the other side.
    pub received: Vec<AttributeView>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct HistoryEntry {
    /// When.
    pub at: CoreDate,
    /// What.
    pub event: HistoryEvent,
    /// The Relationship it belongs to.
    pub relationship_id: Option<RelationshipId>,
    /// The Request it belongs to.
    pub request_id: Option<RequestId>,
    /// The Attribute it belongs to.
    pub attribute_id: Option<AttributeId>,
    /// The code of a failure.
    pub code: Option<String>,
}

/// The kinds of things that happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum HistoryEvent {
    /// The profile was made.
    ProfileCreated,
    /// A template of a peer was opened and verified.
    TemplateLoaded,
    /// An own template was made.
    TemplateCreated,
    /// A Request came.
    RequestReceived,
    /// A Decision was made and is held, so that it can be taken back.
    DecisionHeld,
    /// It was taken back.
    DecisionTakenBack,
    /// It could not be carried out: the Request waits again, or its time is over.
    DecisionFailed,
    /// A Request was accepted.
    RequestAccepted,
    /// A Request was rejected.
    RequestRejected,
    /// A Request expired.
    RequestExpired,
    /// An answer was queued for sending.
    AnswerQueued,
    /// An answer was sent along a Relationship.
    AnswerSent,
    /// An own Request was sent.
    RequestSent,
    /// A Message was sent.
    MessageSent,
    /// A Message came.
    MessageReceived,
    /// The Relationship was sent to the Backbone: Pending.
    RelationshipSent,
    /// A peer asks for a Relationship: Pending.
    RelationshipReceived,
    /// The Relationship became Active.
    RelationshipActivated,
    /// The Relationship was rejected.
    RelationshipRejected,
    /// The Relationship was revoked.
    RelationshipRevoked,
    /// The Relationship changed in another way (terminated, reactivated, deleted by the peer).
    RelationshipChanged,
    /// This side has deleted the ended Relationship.
    RelationshipDecomposed,
    /// An answer could finally not be delivered.
    DeliveryFailed,
    /// Something that arrived was refused, because it was not what it says it is.
    SuspiciousRefused,
}
