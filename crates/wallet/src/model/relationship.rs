//! Relationships and the people at their other end.

use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};
use tessera_core_types::{
    Address, CoreDate, DeviceId, RelationshipId, RelationshipSecretId, RelationshipTemplateId,
};

use super::RelationshipStatus;
use tessera_content::{CreationContent, ProtocolVersion};
use tessera_crypto::objects::SignaturePublicKey;

/// An identity as it is known in public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Its address.
    pub address: Address,
    /// The public key (Ed25519) that the address was checked against.
    pub public_key: SignaturePublicKey,
}

/// A Relationship between this identity and a peer.
#[derive(Debug, Clone, PartialEq)]
pub struct Relationship {
    /// Its id, made by the Backbone.
    pub id: RelationshipId,
    /// Whether this side asked for it (the *requestor*); else it made the template.
    pub is_own: bool,
    /// Where it stands.
    pub status: RelationshipStatus,
    /// The other side.
    pub peer: Identity,
    /// The template it started with.
    pub template_id: RelationshipTemplateId,
    /// The name of its secrets, see [`super::SecretContainer`].
    pub secret_id: RelationshipSecretId,
    /// What the requestor sent along: the Response, usually.
    pub creation_content: Option<CreationContent>,
    /// Every change of the status, the oldest first; the first one is the creation.
    pub audit_log: Vec<AuditLogEntry>,
    /// That the peer's identity is deleted or will be.
    pub peer_deletion_info: Option<PeerDeletionInfo>,
    /// When it began: the time of the first entry of the audit log.
    pub created_at: CoreDate,
}

impl Relationship {
    /// When the status last changed.
    #[must_use]
    pub fn changed_at(&self) -> CoreDate {
        self.audit_log
            .last()
            .map_or(self.created_at, |entry| entry.created_at)
    }
}

impl Serialize for Relationship {
    /// The wallet's own JSON: `peer` is the address, `peerIdentity` the whole identity. The name
    /// of the secrets stays inside.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Relationship", 10)?;
        object.serialize_field("id", &self.id)?;
        object.serialize_field("isOwn", &self.is_own)?;
        object.serialize_field("status", &self.status)?;
        object.serialize_field("peer", &self.peer.address)?;
        object.serialize_field("peerIdentity", &self.peer)?;
        object.serialize_field("templateId", &self.template_id)?;
        if let Some(content) = &self.creation_content {
            object.serialize_field("creationContent", content)?;
        }
        object.serialize_field("auditLog", &self.audit_log)?;
        if let Some(info) = &self.peer_deletion_info {
            object.serialize_field("peerDeletionInfo", info)?;
        }
        object.serialize_field("createdAt", &self.created_at)?;
        object.end()
    }
}

/// One change of a Relationship's status, as the Backbone recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditLogEntry {
    /// When.
    pub created_at: CoreDate,
    /// By whom.
    pub created_by: Address,
    /// On which of their devices; absent when their identity was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by_device: Option<DeviceId>,
    /// Why.
    pub reason: AuditLogReason,
    /// From; absent for the creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_status: Option<RelationshipStatus>,
    /// To.
    pub new_status: RelationshipStatus,
}

/// Why a Relationship's status changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub enum AuditLogReason {
    /// It was asked for.
    Creation,
    /// The templator accepted.
    AcceptanceOfCreation,
    /// The templator refused.
    RejectionOfCreation,
    /// The requestor took it back.
    RevocationOfCreation,
    /// One side ended it.
    Termination,
    /// One side asked to take it up again.
    ReactivationRequested,
    /// The other side agreed to that.
    AcceptanceOfReactivation,
    /// The other side refused that.
    RejectionOfReactivation,
    /// The asking side took that back.
    RevocationOfReactivation,
    /// One side deleted it.
    Decomposition,
    /// One side's identity was deleted.
    DecompositionDueToIdentityDeletion,
}

/// That a peer's identity is deleted or will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PeerDeletionInfo {
    /// Since when, or when it will be.
    pub deletion_date: CoreDate,
    /// Which of the two.
    pub deletion_status: PeerDeletionStatus,
}

/// Whether a peer's identity is deleted already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PeerDeletionStatus {
    /// It will be at that date, unless they change their mind.
    ToBeDeleted,
    /// It is gone.
    Deleted,
}

/// Somebody this wallet has met: the creator of a template it opened, or who answered one of its
/// own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The address.
    pub address: Address,
    /// When this wallet first met it. Never changes.
    pub first_seen_at: CoreDate,
    /// What it calls itself, unverified: a peer can write anything here.
    pub name: Option<String>,
    /// Which generation of enmeshed it speaks, by the latest sign of it; `None` if there was none.
    pub protocol_version: Option<ProtocolVersion>,
}
