//! Attributes: what the person keeps, and who has it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_content::Confidentiality;
use tessera_core_types::{
    Address, AttributeId, CoreDate, NotificationId, RelationshipId, RequestId,
};
use ts_rs::TS;

use super::PeerView;
use crate::model::DeletionStatus;

/// An Attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AttributeView {
    /// Its id.
    pub id: AttributeId,
    /// Whose it is.
    pub owner: Address,
    /// Its value type.
    pub value_type: String,
    /// Its value, `@type` included.
    #[ts(type = "JsonValue")]
    pub value: Value,
    /// Its tags.
    pub tags: Vec<String>,
    /// The key, for a RelationshipAttribute.
    pub key: Option<String>,
    /// The person's default of its type.
    pub is_default: bool,
    /// When this version was made.
    pub created_at: CoreDate,
    /// Which version this is, from 1.
    pub version: u32,
    /// Who has this version, at most ten of them, where it is looked at by itself; lists name nobody.
    pub shared_with: Vec<ShareView>,
    /// How many have this version.
    pub shared_count: u32,
    /// The person's own word for it; never sent.
    pub label: Option<String>,
    /// From whom it came, or with whom the Relationship is that it belongs to; `None` for an own
    /// IdentityAttribute.
    pub peer: Option<Address>,
    /// For a RelationshipAttribute of a Relationship of `peer` with somebody else: with whom.
    pub third_party: Option<Address>,
    /// Who else may learn of it, for a RelationshipAttribute.
    #[ts(type = "'public' | 'private' | 'protected' | null")]
    pub confidentiality: Option<Confidentiality>,
    /// Whether a RelationshipAttribute is for programs rather than for people.
    pub is_technical: bool,
    /// What became of what came from `peer` or belongs to the Relationship with it.
    pub deletion: Option<DeletionView>,
}

/// What became of something that was shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DeletionView {
    /// What.
    pub status: DeletionStatus,
    /// When it happened, or when it is promised for.
    pub date: CoreDate,
    /// Whether it is promised for a date that has passed.
    pub is_overdue: bool,
}

/// Somebody who has a version of an Attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct HolderView {
    /// Who.
    pub peer: Address,
    /// What the peer calls itself.
    pub peer_name: Option<String>,
    /// The Relationship.
    pub relationship_id: Option<RelationshipId>,
    /// The newest version that the peer has, or had.
    pub attribute_id: AttributeId,
    /// Which version that is, from 1.
    pub version: u32,
    /// Since when.
    pub since: CoreDate,
    /// The Request by which the peer got it.
    pub request_id: Option<RequestId>,
    /// The Notification by which the peer got it.
    pub notification_id: Option<NotificationId>,
    /// Whether there is a newer version that the peer does not have.
    pub is_stale: bool,
    /// Whether the peer can be told of a newer version now.
    pub can_be_told: bool,
    /// What became of it.
    pub deletion: Option<DeletionView>,
}

/// Who has an Attribute, whatever the version. Where there are many, the whole list is that of who has
/// what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct HoldersView {
    /// Those to whom it was given last, the last first; at most fifty.
    pub newest: Vec<HolderView>,
    /// How many there are altogether.
    pub total: u32,
    /// Of those who do not have the newest version, the ones who can be told of it now; at most
    /// fifty.
    pub tellable: Vec<HolderView>,
    /// Whether there are more of these.
    pub are_more_tellable: bool,
}

/// How own Attributes are sorted. What is alike stays in the order in which it was stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum AttributeOrder {
    /// By value type, the default of each first, then the newest first.
    #[default]
    ByType,
    /// The newest first.
    NewestFirst,
    /// The oldest first.
    OldestFirst,
    /// By what they say.
    ByValue,
}

/// Which of the own IdentityAttributes are wanted: newest versions only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct AttributeSearch {
    /// Every word must be the beginning of a word of the value, a tag or the label, whatever the
    /// case and the marks on letters. Without any letter or digit everything fits.
    pub text: String,
    /// Only these value types; empty for all.
    pub value_types: Vec<String>,
    /// Only with one of these tags; empty for all.
    pub tags: Vec<String>,
    /// How they are sorted.
    pub order: AttributeOrder,
    /// How many are left out before.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

impl Default for AttributeSearch {
    fn default() -> Self {
        Self {
            text: String::new(),
            value_types: Vec::new(),
            tags: Vec::new(),
            order: AttributeOrder::default(),
            offset: 0,
            limit: 100,
        }
    }
}

/// Some of the own IdentityAttributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AttributePage {
    /// Those of the page.
    pub attributes: Vec<AttributeView>,
    /// How many fit altogether.
    pub total: u32,
}

/// Something of one Relationship that can be shared with the contact of another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PassableEntry {
    /// It.
    pub attribute: AttributeView,
    /// With whom the Relationship is that it belongs to.
    pub with: PeerView,
}

/// Some of what can be shared with a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PassableEntries {
    /// By whose they are, value type and date; found by words, the newest first.
    pub entries: Vec<PassableEntry>,
    /// Whether there may be more, to be found by other words.
    pub has_more: bool,
}

/// An act of sharing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ShareView {
    /// With whom.
    pub peer: Address,
    /// What the peer calls itself.
    pub peer_name: Option<String>,
    /// The Relationship.
    pub relationship_id: Option<RelationshipId>,
    /// Since when.
    pub shared_at: CoreDate,
}
