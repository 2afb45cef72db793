//! Notifications: what a peer tells about Attributes, without waiting for an answer.

use serde_json::Value;
use tessera_core_types::{AttributeId, NotificationId};

use super::{
    item_kinds::{ATTRIBUTE_ID, attribute_id, id_to_json},
    v6::ProtocolVersion,
};
use crate::{
    ContentError, Result,
    attributes::Attribute,
    json::{Fields, json_type, list, object, some},
    limits,
};

/// Something that happened to Attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// Made by the sender.
    pub id: NotificationId,
    /// At least one.
    pub items: Vec<NotificationItem>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum NotificationItem {
    /// The owner has a new version.
    PeerAttributeSucceeded {
        /// The version that is known.
        predecessor_id: AttributeId,
        /// The new one.
        successor_id: AttributeId,
        /// What the new one says.
        successor_content: Attribute,
    },
    /// The owner (or who forwarded it) has deleted it.
    OwnAttributeDeletedByOwner {
        /// Which one.
        attribute_id: AttributeId,
    },
    /// The peer of its Relationship has deleted a RelationshipAttribute.
    PeerRelationshipAttributeDeletedByPeer {
        /// Which one.
        attribute_id: AttributeId,
    },
    /// Somebody it was forwarded to has deleted it.
    ForwardedAttributeDeletedByPeer {
        /// Which one.
        attribute_id: AttributeId,
    },
    /// v6: a peer has deleted what it had received. Which of the v7 items it means is said by the
    /// local Attribute.
    PeerSharedAttributeDeletedByPeer {
        /// Which one.
        attribute_id: AttributeId,
    },
    /// v6: a third-party Attribute was deleted. Which of the v7 items it means is said by the
    /// local Attribute.
    ThirdPartyRelationshipAttributeDeletedByPeer {
        /// Which one.
        attribute_id: AttributeId,
    },
    /// Not understood by this version: as it came.
    Unknown(UnknownNotificationItem),
}

/// A notification item of an unknown type, as it came.
#[derive(Clone, PartialEq)]
pub struct UnknownNotificationItem(pub Value);

impl std::fmt::Debug for UnknownNotificationItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UnknownNotificationItem(…)")
    }
}

impl Notification {
    /// Reads one; `@type` may be missing.
    ///
    /// # Errors
    ///
    /// When something that is known is wrong. Items of an unknown type are kept whole.
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, "Notification")?;
        Ok(Self {
            id: fields.parsed("id", "must be the id of a Notification", |id| {
                NotificationId::parse(id).ok()
            })?,
            items: fields.list("items", 1, limits::ITEMS, NotificationItem::parse)?,
        })
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.to_json_in(ProtocolVersion::V7)
    }

    /// As JSON with `@type`, in the words of this generation: a Notification with a word that is
    /// foreign to its reader can't be read at all.
    #[must_use]
    pub fn to_json_in(&self, version: ProtocolVersion) -> Value {
        object([
            ("@type", some("Notification")),
            ("id", some(self.id.as_str())),
            ("items", list(&self.items, |item| item.written(version))),
        ])
    }
}

impl NotificationItem {
    /// Reads one by its `@type`, in the words of v7 or v6.
    ///
    /// # Errors
    ///
    /// When something that is known is wrong. An unknown type is kept whole.
    pub fn parse(json: &Value) -> Result<Self> {
        match Self::parse_known(Fields::of(json)?) {
            Err(ContentError::UnknownType { .. }) => {
                Ok(Self::Unknown(UnknownNotificationItem(json.clone())))
            }
            read => read,
        }
    }

    fn parse_known(fields: Fields<'_>) -> Result<Self> {
        let id = |name| fields.parsed(name, ATTRIBUTE_ID, attribute_id);
        let name = fields.required_type()?;
        if matches!(
            name,
            "PeerAttributeSucceededNotificationItem"
                | "PeerSharedAttributeSucceededNotificationItem"
        ) {
            return Ok(Self::PeerAttributeSucceeded {
                predecessor_id: id("predecessorId")?,
                successor_id: id("successorId")?,
                successor_content: fields.nested("successorContent", Attribute::parse)?,
            });
        }
        let make: fn(AttributeId) -> Self = match name {
            "OwnAttributeDeletedByOwnerNotificationItem"
            | "OwnSharedAttributeDeletedByOwnerNotificationItem" => {
                |attribute_id| Self::OwnAttributeDeletedByOwner { attribute_id }
            }
            "PeerRelationshipAttributeDeletedByPeerNotificationItem" => {
                |attribute_id| Self::PeerRelationshipAttributeDeletedByPeer { attribute_id }
            }
            "ForwardedAttributeDeletedByPeerNotificationItem" => {
                |attribute_id| Self::ForwardedAttributeDeletedByPeer { attribute_id }
            }
            "PeerSharedAttributeDeletedByPeerNotificationItem" => {
                |attribute_id| Self::PeerSharedAttributeDeletedByPeer { attribute_id }
            }
            "ThirdPartyRelationshipAttributeDeletedByPeerNotificationItem"
            | "ThirdPartyOwnedRelationshipAttributeDeletedByPeerNotificationItem" => {
                |attribute_id| Self::ThirdPartyRelationshipAttributeDeletedByPeer { attribute_id }
            }
            _ => return Err(ContentError::unknown_type()),
        };
        id("attributeId").map(make)
    }

    /// As JSON with `@type`, in the words of v7 where it has some.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.written(ProtocolVersion::V7)
    }

    fn written(&self, version: ProtocolVersion) -> Value {
        let is_v6 = version == ProtocolVersion::V6;
        let deleted = |name: &str, id: &AttributeId| {
            object([("@type", some(name)), ("attributeId", id_to_json(Some(id)))])
        };
        let word = |v7, v6| if is_v6 { v6 } else { v7 };
        match self {
            Self::PeerAttributeSucceeded {
                predecessor_id,
                successor_id,
                successor_content,
            } => object([
                (
                    "@type",
                    some(word(
                        "PeerAttributeSucceededNotificationItem",
                        "PeerSharedAttributeSucceededNotificationItem",
                    )),
                ),
                ("predecessorId", id_to_json(Some(predecessor_id))),
                ("successorId", id_to_json(Some(successor_id))),
                ("successorContent", Some(successor_content.to_json())),
            ]),
            Self::OwnAttributeDeletedByOwner { attribute_id } => deleted(
                word(
                    "OwnAttributeDeletedByOwnerNotificationItem",
                    "OwnSharedAttributeDeletedByOwnerNotificationItem",
                ),
                attribute_id,
            ),
            Self::PeerRelationshipAttributeDeletedByPeer { attribute_id } => deleted(
                word(
                    "PeerRelationshipAttributeDeletedByPeerNotificationItem",
                    "PeerSharedAttributeDeletedByPeerNotificationItem",
                ),
                attribute_id,
            ),
            Self::ForwardedAttributeDeletedByPeer { attribute_id } => deleted(
                word(
                    "ForwardedAttributeDeletedByPeerNotificationItem",
                    "PeerSharedAttributeDeletedByPeerNotificationItem",
                ),
                attribute_id,
            ),
            Self::PeerSharedAttributeDeletedByPeer { attribute_id } => deleted(
                "PeerSharedAttributeDeletedByPeerNotificationItem",
                attribute_id,
            ),
            Self::ThirdPartyRelationshipAttributeDeletedByPeer { attribute_id } => deleted(
                "ThirdPartyRelationshipAttributeDeletedByPeerNotificationItem",
                attribute_id,
            ),
            Self::Unknown(item) => item.0.clone(),
        }
    }
}

json_type!(Notification, NotificationItem);
