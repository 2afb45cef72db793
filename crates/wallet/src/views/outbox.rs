//! What waits to be sent, what was sent, and what could not be.

use serde::{Deserialize, Serialize};
use tessera_core_types::{CoreDate, RelationshipId, RequestId};
use ts_rs::TS;

use super::{PeerView, RelationshipStep};
use crate::requests::Verdict;

/// Something that leaves this wallet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OutboxEntry {
    /// Its number, to try it again by; `None` while it is held.
    #[ts(type = "number | null")]
    pub number: Option<i64>,
    /// What it is.
    pub about: OutboxAbout,
    /// The title of the Request, or the subject of the Mail.
    pub title: Option<String>,
    /// Whom it goes to.
    pub peers: Vec<PeerView>,
    /// The Message it is or was, if it is one and is still stored.
    #[ts(type = "number | null")]
    pub message: Option<i64>,
    /// How many of those whom it goes to have fetched it, as far as is known; only of a Message.
    pub received: u32,
    /// Where it stands.
    pub state: OutboxEntryState,
    /// When it was decided.
    pub since: CoreDate,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next; while it is held, when it is carried out. `None` when it is not.
    pub next_attempt_at: Option<CoreDate>,
    /// Why the last try failed, as a code.
    pub error_code: Option<String>,
}

/// What leaves the wallet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum OutboxAbout {
    /// The answer to a received Request.
    Answer {
        /// Which.
        request_id: RequestId,
        /// Whether it is accepted or rejected.
        verdict: Verdict,
    },
    /// An own Request.
    Request {
        /// Which.
        request_id: RequestId,
    },
    /// A step in the life of a Relationship.
    Step {
        /// Of which.
        relationship_id: RelationshipId,
        /// Which step.
        step: RelationshipStep,
    },
    /// What contacts have to be told about Attributes.
    Notification,
    /// A Mail, or another Message.
    Message,
}

/// Where something stands on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum OutboxEntryState {
    /// It is decided and can be taken back.
    Held,
    /// It waits for its next try.
    Queued,
    /// It is being sent, or was and nobody knows yet whether it arrived.
    Sending,
    /// The Backbone has it.
    Sent,
    /// It was finally refused: it will not be sent.
    Failed,
}
