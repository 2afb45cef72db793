//! What went to a contact, and what can be done about the Relationship with it.

use serde::{Deserialize, Serialize};
use tessera_core_types::{AttributeId, CoreDate};
use ts_rs::TS;

use super::{AttributeView, HolderView};

/// Something of the person's that a contact has, or had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GivenAttribute {
    /// The newest version that the contact has; if it has deleted all of them, the newest it had.
    pub attribute: AttributeView,
    /// Since when, by what, and what became of it there.
    pub holder: HolderView,
    /// The newest version there is.
    pub newest_id: AttributeId,
    /// Whether the contact can be asked to delete it.
    pub can_be_asked_back: bool,
}

/// A step in the life of a Relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum RelationshipStep {
    /// Accept who asks for it.
    Accept,
    /// Reject who asks for it.
    Reject,
    /// Take back having asked for it.
    Revoke,
    /// End it.
    Terminate,
    /// Ask to take it up again.
    RequestReactivation,
    /// Agree to take it up again.
    AcceptReactivation,
    /// Refuse to take it up again.
    RejectReactivation,
    /// Take back having asked to take it up again.
    RevokeReactivation,
    /// Delete it for this side.
    Decompose,
}

/// What becomes of a contact's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PeerDeletionView {
    /// Whether it is gone already; else it will be.
    pub is_deleted: bool,
    /// Since when, or when it will be.
    pub date: CoreDate,
}

/// Where a Relationship stands, and what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ContactStanding {
    /// The steps that this side can take now.
    pub steps: Vec<RelationshipStep>,
    /// The step that was taken and waits to be sent.
    pub waiting: Option<RelationshipStep>,
    /// Whether this side ended it; `None` while it was not ended.
    pub ended_by_me: Option<bool>,
    /// Whether this side asked to take it up again; `None` when nobody asks.
    pub reactivation_asked_by_me: Option<bool>,
    /// That the contact's identity is deleted or will be.
    pub peer_deletion: Option<PeerDeletionView>,
}
