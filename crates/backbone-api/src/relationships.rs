//! `GET Relationships/CanCreate?peer=`, `POST Relationships`, `GET Relationships/{id}`,
//! `GET Relationships?ids=`, and the actions `PUT Relationships/{id}/…`, see [`RelationshipAction`].

use serde::{Deserialize, Serialize};
use tessera_core_types::{Address, CoreDate, DeviceId, RelationshipId, RelationshipTemplateId};

use crate::Bytes;

/// Answer of `GET Relationships/CanCreate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CanCreateRelationshipResponse {
    /// Whether `POST Relationships` with a template of that peer would do.
    pub can_create: bool,
    /// Why not: [`crate::error_codes::RELATIONSHIP_TO_TARGET_ALREADY_EXISTS`] or
    /// [`crate::error_codes::PEER_IS_TO_BE_DELETED`].
    #[serde(default)]
    pub code: Option<String>,
}

/// Body of `POST Relationships`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateRelationshipRequest {
    /// A template that the caller can load without a password, or has loaded with it.
    pub relationship_template_id: RelationshipTemplateId,
    /// The cipher, at most [`crate::limits::MAX_CONTENT_BYTES`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_content: Option<Bytes>,
}

/// Body of accepting, rejecting and revoking. The server wants at least `{}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreationResponseRequest {
    /// The cipher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_response_content: Option<Bytes>,
}

/// Answer of `POST Relationships` (201) and of every action (200).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RelationshipMetadata {
    /// Its id.
    pub id: RelationshipId,
    /// What it was made from; `None` when that was deleted.
    #[serde(default)]
    pub relationship_template_id: Option<RelationshipTemplateId>,
    /// Who created the relationship.
    pub from: Address,
    /// Who created the template.
    pub to: Address,
    /// When.
    pub created_at: CoreDate,
    /// Its state.
    pub status: RelationshipStatus,
    /// What happened to it, oldest first.
    pub audit_log: Vec<RelationshipAuditLogEntry>,
}

/// Answer of `GET Relationships/{id}`, and what `GET Relationships` lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Relationship {
    /// Its id.
    pub id: RelationshipId,
    /// What it was made from; `None` when that was deleted.
    #[serde(default)]
    pub relationship_template_id: Option<RelationshipTemplateId>,
    /// Who created the relationship.
    pub from: Address,
    /// Who created the template.
    pub to: Address,
    /// When.
    pub created_at: CoreDate,
    /// Its state.
    pub status: RelationshipStatus,
    /// What happened to it, oldest first.
    pub audit_log: Vec<RelationshipAuditLogEntry>,
    /// The cipher with which it was created.
    #[serde(default)]
    pub creation_content: Option<Bytes>,
    /// The cipher with which the other side answered.
    #[serde(default)]
    pub creation_response_content: Option<Bytes>,
}

/// One thing that happened to a relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RelationshipAuditLogEntry {
    /// When.
    pub created_at: CoreDate,
    /// Who did it.
    pub created_by: Address,
    /// With which device; `None` when a deletion did it.
    #[serde(default)]
    pub created_by_device: Option<DeviceId>,
    /// What was done.
    pub reason: RelationshipAuditLogReason,
    /// The state before; `None` for the creation.
    #[serde(default)]
    pub old_status: Option<RelationshipStatus>,
    /// The state after.
    pub new_status: RelationshipStatus,
}

/// The state of a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum RelationshipStatus {
    /// Created, not answered.
    Pending,
    /// Accepted.
    Active,
    /// The template's creator declined.
    Rejected,
    /// Who created it withdrew it.
    Revoked,
    /// Ended by one side; can be reactivated.
    Terminated,
    /// One side decomposed it.
    DeletionProposed,
    /// Both sides decomposed it.
    ReadyForDeletion,
}

/// What was done to a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum RelationshipAuditLogReason {
    /// `POST Relationships`.
    Creation,
    /// [`RelationshipAction::Accept`].
    AcceptanceOfCreation,
    /// [`RelationshipAction::Reject`].
    RejectionOfCreation,
    /// [`RelationshipAction::Revoke`].
    RevocationOfCreation,
    /// [`RelationshipAction::Terminate`].
    Termination,
    /// [`RelationshipAction::RequestReactivation`].
    ReactivationRequested,
    /// [`RelationshipAction::AcceptReactivation`].
    AcceptanceOfReactivation,
    /// [`RelationshipAction::RejectReactivation`].
    RejectionOfReactivation,
    /// [`RelationshipAction::RevokeReactivation`].
    RevocationOfReactivation,
    /// [`RelationshipAction::Decompose`].
    Decomposition,
    /// The deletion of one of the two identities.
    DecompositionDueToIdentityDeletion,
}

/// What a participant can do to a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationshipAction {
    /// Pending → Active, by the template's creator.
    Accept,
    /// Pending → Rejected, by the template's creator.
    Reject,
    /// Pending → Revoked, by who created the relationship.
    Revoke,
    /// Active → Terminated.
    Terminate,
    /// Asks the other side to go back from Terminated to Active.
    RequestReactivation,
    /// Terminated → Active, by who was asked.
    AcceptReactivation,
    /// Stays Terminated, by who was asked.
    RejectReactivation,
    /// Stays Terminated, by who asked.
    RevokeReactivation,
    /// Rejected, Revoked or Terminated → DeletionProposed → ReadyForDeletion.
    Decompose,
}

impl RelationshipAction {
    /// Every action.
    pub const ALL: [Self; 9] = [
        Self::Accept,
        Self::Reject,
        Self::Revoke,
        Self::Terminate,
        Self::RequestReactivation,
        Self::AcceptReactivation,
        Self::RejectReactivation,
        Self::RevokeReactivation,
        Self::Decompose,
    ];

    /// What follows `Relationships/{id}/` in the path of the `PUT`.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Accept => "Accept",
            Self::Reject => "Reject",
            Self::Revoke => "Revoke",
            Self::Terminate => "Terminate",
            Self::RequestReactivation => "Reactivate",
            Self::AcceptReactivation => "Reactivate/Accept",
            Self::RejectReactivation => "Reactivate/Reject",
            Self::RevokeReactivation => "Reactivate/Revoke",
            Self::Decompose => "Decompose",
        }
    }

    /// Whether the `PUT` has a body, a [`CreationResponseRequest`].
    #[must_use]
    pub fn has_body(self) -> bool {
        matches!(self, Self::Accept | Self::Reject | Self::Revoke)
    }
}
