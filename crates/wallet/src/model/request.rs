//! Requests: what was asked, what was answered, and where that stands.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_core_types::{
    Address, CoreDate, MessageId, RelationshipId, RelationshipTemplateId, RequestId,
};

use super::LocalRequestStatus;
use tessera_content::{Request, Response};

/// A Request that was received or sent, with its answer and its history.
///
/// The JSON is that of enmeshed's collection `Requests`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub struct LocalRequest {
    /// Its id: for a Request of a template the receiving side makes it.
    pub id: RequestId,
    /// Whether this identity asked.
    pub is_own: bool,
    /// The other side, whoever asked.
    pub peer: Address,
    /// When it was stored here.
    pub created_at: CoreDate,
    /// What is asked. For a template's Request the expiry is already limited by the template's.
    pub content: Request,
    /// What it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<LocalRequestSource>,
    /// The answer, from the decision on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<LocalResponse>,
    /// Where it stands.
    pub status: LocalRequestStatus,
    /// Every change of the status, the oldest first.
    #[serde(default)]
    pub status_log: Vec<StatusLogEntry>,
    /// Decided by a rule rather than by the person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_automatically_decided: bool,
}

impl LocalRequest {
    /// Whether the time to answer is over: *later than* the expiry, and not completed.
    #[must_use]
    pub fn is_expired_at(&self, now: CoreDate) -> bool {
        let is_final = matches!(
            self.status,
            LocalRequestStatus::Completed | LocalRequestStatus::Expired
        );
        !is_final && self.content.expires_at.is_some_and(|end| now > end)
    }

    /// Whether it waits for the person.
    #[must_use]
    pub fn is_decidable(&self) -> bool {
        matches!(
            self.status,
            LocalRequestStatus::DecisionRequired | LocalRequestStatus::ManualDecisionRequired
        )
    }

    /// Changes the status and writes it down. The same status again changes nothing.
    pub fn change_status(&mut self, status: LocalRequestStatus, now: CoreDate) {
        if self.status == status {
            return;
        }
        self.status_log.push(StatusLogEntry {
            created_at: now,
            old_status: self.status,
            new_status: status,
            data: None,
            code: None,
        });
        self.status = status;
    }
}

/// What a Request came with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum LocalRequestSource {
    /// A Message.
    Message {
        /// Its id.
        reference: MessageId,
    },
    /// A RelationshipTemplate.
    RelationshipTemplate {
        /// Its id.
        reference: RelationshipTemplateId,
    },
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LocalResponse {
    /// When it was given.
    pub created_at: CoreDate,
    /// What it says.
    pub content: Response,
    /// What it was delivered with; `None` until it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<LocalResponseSource>,
}

/// What an answer was delivered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum LocalResponseSource {
    /// A Message.
    Message {
        /// Its id.
        reference: MessageId,
    },
    /// The Relationship that it started.
    Relationship {
        /// Its id.
        reference: RelationshipId,
    },
}

/// One change of a Request's status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusLogEntry {
    /// When.
    pub created_at: CoreDate,
    /// From.
    pub old_status: LocalRequestStatus,
    /// To.
    pub new_status: LocalRequestStatus,
    /// Anything that belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// The code of the reason, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}
