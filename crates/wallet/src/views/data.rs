//! Attributes: what the person keeps, and who has it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_core_types::{Address, AttributeId, CoreDate, RelationshipId};
use ts_rs::TS;

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
    /// Who has this version.
    pub shared_with: Vec<ShareView>,
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
