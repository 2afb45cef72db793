//! Attributes: what is kept about a person, which version it is, and who has it.

use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};
use tessera_core_types::{
    Address, AttributeForwardingDetailsId, AttributeId, CoreDate, NotificationId, RequestId,
};

use tessera_content::Attribute;

/// One version of an Attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalAttribute {
    /// Its id.
    pub id: AttributeId,
    /// Whose it is and where it came from.
    pub kind: AttributeKind,
    /// What it says. The owner is never empty here.
    pub content: Attribute,
    /// When this version was stored.
    pub created_at: CoreDate,
    /// The version before.
    pub succeeds: Option<AttributeId>,
    /// The version after; `None` for the newest.
    pub succeeded_by: Option<AttributeId>,
    /// Whether it is offered first among own identity attributes of its value type. At most one
    /// per value type is.
    pub is_default: bool,
    /// When the person first looked at it.
    pub was_viewed_at: Option<CoreDate>,
    /// Who has it, or from whom it came: one record per act of sharing, the oldest first.
    /// Every kind but [`AttributeKind::OwnIdentityAttribute`] has exactly one that is not
    /// [`ShareDirection::Forwarded`].
    pub share_info: Vec<LocalAttributeShareInfo>,
}

impl LocalAttribute {
    /// The record of how it came, or of the Relationship it belongs to; `None` for an own
    /// identity attribute.
    #[must_use]
    pub fn origin(&self) -> Option<&LocalAttributeShareInfo> {
        self.share_info
            .iter()
            .find(|share| share.direction != ShareDirection::Forwarded)
    }

    /// The record of having given this version to `peer`, unless the peer has deleted it since.
    #[must_use]
    pub fn living_forward_to(&self, peer: &Address) -> Option<&LocalAttributeShareInfo> {
        self.share_info.iter().find(|share| {
            share.direction == ShareDirection::Forwarded
                && share.peer == *peer
                && !share.is_deleted_by_recipient()
        })
    }
}

impl Serialize for LocalAttribute {
    /// The JSON of enmeshed's collection `Attributes`, with the acts of sharing in `shareInfo`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("LocalAttribute", 13)?;
        object.serialize_field("id", &self.id)?;
        object.serialize_field("@type", &self.kind)?;
        object.serialize_field("content", &self.content)?;
        object.serialize_field("createdAt", &self.created_at)?;
        if let Some(id) = &self.succeeds {
            object.serialize_field("succeeds", id)?;
        }
        if let Some(id) = &self.succeeded_by {
            object.serialize_field("succeededBy", id)?;
        }
        if self.is_default {
            object.serialize_field("isDefault", &true)?;
        }
        if let Some(date) = &self.was_viewed_at {
            object.serialize_field("wasViewedAt", date)?;
        }
        if let Some(origin) = self.origin() {
            object.serialize_field("peer", &origin.peer)?;
            object.serialize_field("sourceReference", origin.source_reference.as_str())?;
            if let Some(peer) = &origin.initial_attribute_peer {
                object.serialize_field("initialAttributePeer", peer)?;
            }
            if let Some(info) = &origin.deletion_info {
                object.serialize_field("deletionInfo", info)?;
            }
        }
        object.serialize_field("shareInfo", &self.share_info)?;
        object.end()
    }
}

/// Whose an Attribute is and where it came from: the five types of enmeshed 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AttributeKind {
    /// A fact about this identity.
    OwnIdentityAttribute,
    /// A fact about a peer, given by it.
    PeerIdentityAttribute,
    /// This identity's, within the Relationship to a peer.
    OwnRelationshipAttribute,
    /// The peer's, within the Relationship to it.
    PeerRelationshipAttribute,
    /// Of a peer's Relationship with somebody else, given by the peer.
    ThirdPartyRelationshipAttribute,
}

/// One act of sharing: with which peer, through what, when, and what became of it since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LocalAttributeShareInfo {
    /// The version that was shared.
    #[serde(skip)]
    pub attribute_id: AttributeId,
    /// Which way it went.
    pub direction: ShareDirection,
    /// With whom, or from whom.
    pub peer: Address,
    /// The Request or Notification through which it was shared.
    #[serde(flatten)]
    pub source_reference: ShareReference,
    /// When; known for what was forwarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_at: Option<CoreDate>,
    /// For an Attribute of a third party: the peer of the Relationship it belongs to.
    #[serde(rename = "thirdPartyAddress", skip_serializing_if = "Option::is_none")]
    pub initial_attribute_peer: Option<Address>,
    /// What became of it; `None` while nothing did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_info: Option<DeletionInfo>,
    /// The id under which own devices know this act; only for what was forwarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarding_details_id: Option<AttributeForwardingDetailsId>,
    /// The id under which the peer knows the Attribute. The Attribute's own, except where the
    /// peer's version of the protocol wanted a copy with an id of its own.
    #[serde(skip)]
    pub wire_attribute_id: AttributeId,
}

impl LocalAttributeShareInfo {
    /// Whether the peer has told that it deleted what was given to it.
    #[must_use]
    pub fn is_deleted_by_recipient(&self) -> bool {
        self.deletion_info
            .as_ref()
            .is_some_and(|info| info.deletion_status == DeletionStatus::DeletedByRecipient)
    }
}

/// Which way an Attribute was shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ShareDirection {
    /// This side gave it to the peer. At most one per version and peer that the peer has not
    /// deleted.
    Forwarded,
    /// The peer gave it to this side.
    Received,
    /// It belongs to the Relationship itself, so both have it.
    Relationship,
}

/// Through what an Attribute was shared. For a template it is the Request in it, never the
/// template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum ShareReference {
    /// A Request.
    #[serde(rename = "requestReference")]
    Request(RequestId),
    /// A Notification: a new version was sent to those who had the old one.
    #[serde(rename = "notificationReference")]
    Notification(NotificationId),
}

impl ShareReference {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Request(id) => id.as_str(),
            Self::Notification(id) => id.as_str(),
        }
    }
}

/// What became of something that was shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletionInfo {
    /// What.
    pub deletion_status: DeletionStatus,
    /// When it happened, or when it is promised for.
    pub deletion_date: CoreDate,
}

/// What became of something that was shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub enum DeletionStatus {
    /// Given: the peer was asked to delete it.
    DeletionRequestSent,
    /// Given: the peer refused to delete it.
    DeletionRequestRejected,
    /// Given: the peer promised to delete it at that date.
    ToBeDeletedByRecipient,
    /// Given: the peer deleted it.
    DeletedByRecipient,
    /// Received: this side promised to delete it at that date.
    ToBeDeleted,
    /// Received: the peer deleted its own.
    DeletedByEmitter,
}
