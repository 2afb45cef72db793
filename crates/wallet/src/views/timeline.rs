//! What happened with a contact, as one list.

use serde::{Deserialize, Serialize};
use tessera_content::ResponseResult;
use tessera_core_types::{Address, AttributeId, CoreDate, RelationshipId, RequestId};
use ts_rs::TS;

use super::{HistoryEvent, RelationshipStatus};
use crate::model::{AuditLogReason, MessageKind, MessageState};

/// A kind of things that happen with a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum TimelineKind {
    /// The life of the Relationships.
    Relationships,
    /// Requests both ways, and their answers.
    Requests,
    /// Messages both ways; Requests, answers and notices in Messages are of the other kinds.
    Messages,
    /// Files: attached ones, and Attributes that refer to one.
    Files,
    /// What was given and received, and what became of it.
    Data,
}

/// Which part of a contact's timeline is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TimelineSearch {
    /// With whom.
    pub peer: Address,
    /// Only what is of this kind.
    #[serde(default)]
    pub kind: Option<TimelineKind>,
    /// Where the page before ended; `None` for the first.
    #[serde(default)]
    pub after: Option<TimelinePlace>,
    /// How many at most, up to 200.
    pub limit: u32,
}

/// Where an entry stands in the timeline. Whoever gets one only hands it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TimelinePlace {
    /// When; `None` before everything.
    pub at: Option<CoreDate>,
    /// Which part of what is stored.
    pub part: u8,
    /// What within it.
    pub subject: String,
    /// Which one of that.
    #[ts(type = "number")]
    pub number: i64,
}

impl TimelinePlace {
    /// Before the newest entry.
    pub(crate) fn before_all() -> Self {
        Self {
            at: None,
            part: u8::MAX,
            subject: String::new(),
            number: 0,
        }
    }
}

/// Some of what happened with a contact, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TimelinePage {
    /// The entries of the page.
    pub entries: Vec<TimelineEntry>,
    /// Where the next page goes on; `None` after the last.
    pub next: Option<TimelinePlace>,
}

/// One thing that happened with a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TimelineEntry {
    /// When. What is promised for a day that is still to come stands at that day.
    pub at: CoreDate,
    /// What.
    pub event: TimelineEvent,
}

/// What happened with a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum TimelineEvent {
    /// A Relationship changed, as its audit log says.
    Relationship {
        /// Which.
        relationship_id: RelationshipId,
        /// Why.
        reason: AuditLogReason,
        /// Whether this side did it.
        by_me: bool,
        /// What it was then.
        status: RelationshipStatus,
        /// Whether it is the newest one with the contact.
        is_newest: bool,
    },
    /// A Request came or was sent.
    RequestCame {
        /// Which.
        id: RequestId,
        /// Whether this side asked.
        is_own: bool,
        /// Its title.
        title: Option<String>,
        /// The types of its items (`ReadAttributeRequestItem`, …), each once, in their order.
        item_types: Vec<String>,
    },
    /// A Request was answered.
    RequestAnswered {
        /// Which.
        id: RequestId,
        /// Whether this side asked.
        is_own: bool,
        /// Its title.
        title: Option<String>,
        /// What was decided about it as a whole.
        #[ts(type = "'Accepted' | 'Rejected'")]
        result: ResponseResult,
        /// How many of its items were accepted.
        accepted: u32,
        /// How many items it has.
        items: u32,
        /// The number of the consent receipt; `None` for an own Request.
        #[ts(type = "number | null")]
        receipt: Option<i64>,
    },
    /// The time of a Request was over before it was answered, or before its answer was delivered.
    RequestExpired {
        /// Which.
        id: RequestId,
        /// Whether this side asked.
        is_own: bool,
        /// Its title.
        title: Option<String>,
        /// Why, as a code, where there is one.
        code: Option<String>,
    },
    /// A Message was received or written.
    Message {
        /// This wallet's own number for it.
        #[ts(type = "number")]
        number: i64,
        /// What kind of content it has.
        kind: MessageKind,
        /// Where it stands; says also who wrote it.
        state: MessageState,
        /// Its subject, if it is a Mail.
        subject: Option<String>,
        /// How many Files are attached.
        files: u32,
    },
    /// Something was given or received, or something became of it.
    Data {
        /// The Attribute.
        attribute_id: AttributeId,
        /// Its value type.
        value_type: String,
        /// Its key within the Relationship, if it belongs to one.
        key: Option<String>,
        /// What happened.
        change: DataChange,
    },
    /// What the history alone still knows.
    Recorded {
        /// What.
        event: HistoryEvent,
        /// The code of a failure.
        code: Option<String>,
        /// The Request it belongs to, if it is still stored.
        request_id: Option<RequestId>,
        /// The receipt of that Request's decision; it stays when a contact is deleted.
        #[ts(type = "number | null")]
        receipt: Option<i64>,
    },
}

/// What happened to something that was given or received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum DataChange {
    /// The contact got it.
    Given,
    /// The contact was told a new version.
    NewVersionGiven,
    /// It came from the contact.
    Received,
    /// A new version came from the contact.
    NewVersionReceived,
    /// The contact was asked to delete it.
    DeletionAsked,
    /// The contact refused to.
    DeletionRefused,
    /// The contact promised to, until this day.
    DeletionPromised,
    /// The contact says that it has deleted it.
    DeletedByPeer,
    /// This side promised to delete it, until this day.
    DeletionPromisedByMe,
    /// The contact has deleted its own.
    DeletedByOwner,
}

/// A Relationship that there was or is with a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RelationshipRecord {
    /// Its id.
    pub id: RelationshipId,
    /// Whether this side asked for it.
    pub is_own: bool,
    /// When it began.
    pub began_at: CoreDate,
    /// Where it stands; `None` for one that this side has deleted: only the history knows it.
    pub status: Option<RelationshipStatus>,
    /// Why it stands there: the last entry of its audit log.
    pub reason: AuditLogReason,
    /// Whether this side did that.
    pub by_me: bool,
    /// When that was.
    pub changed_at: CoreDate,
    /// The Request whose answer started it, if it is stored.
    pub request_id: Option<RequestId>,
    /// The receipt of that decision.
    #[ts(type = "number | null")]
    pub receipt: Option<i64>,
}
