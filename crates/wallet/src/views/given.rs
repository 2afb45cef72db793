//! Who has what of the person's.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_core_types::{Address, AttributeId, CoreDate, NotificationId, RequestId};
use ts_rs::TS;

use super::DeletionView;

/// A contact and something of the person's that it has, or had: one for each contact and Attribute,
/// whatever its versions. It says what was given, never what was kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GivenEntry {
    /// Where it stands in the list: what the next page goes on from.
    pub place: GivenPlace,
    /// Who has it.
    pub peer: Address,
    /// What the contact calls itself, unverified.
    pub peer_name: Option<String>,
    /// The newest version that the contact has; if it has deleted all of them, the newest it had.
    pub attribute_id: AttributeId,
    /// The newest version there is.
    pub newest_id: AttributeId,
    /// Which version the contact has, from 1.
    pub version: u32,
    /// Its value type.
    pub value_type: String,
    /// What that version says, `@type` included; of a File only which.
    #[ts(type = "JsonValue")]
    pub value: Value,
    /// Its key, for a RelationshipAttribute.
    pub key: Option<String>,
    /// The person's own word for it; never sent.
    pub label: Option<String>,
    /// Since when.
    pub since: CoreDate,
    /// The Request by which the contact got it.
    pub request_id: Option<RequestId>,
    /// The Notification by which the contact got it.
    pub notification_id: Option<NotificationId>,
    /// The receipt of the decision by which the contact got it.
    #[ts(type = "number | null")]
    pub receipt: Option<i64>,
    /// Whether there is a newer version that the contact does not have.
    pub is_stale: bool,
    /// Whether the contact can be told of the newest version now.
    pub can_be_told: bool,
    /// Whether the contact can be asked to delete it now.
    pub can_be_asked_back: bool,
    /// What became of it: that it was to be deleted, and what came of that.
    pub deletion: Option<DeletionView>,
}

/// A place in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GivenPlace {
    /// Since when the contact has it.
    pub since: CoreDate,
    /// What it says, as it is sorted.
    pub value_text: String,
    /// What tells it from others that are alike.
    #[ts(type = "number")]
    pub id: i64,
}

/// How the list is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum GivenOrder {
    /// What was given last first.
    #[default]
    NewestFirst,
    /// What was given first first.
    OldestFirst,
    /// By what it says.
    ByValue,
    /// By what it says, from the end.
    ByValueDescending,
}

/// What is wanted of the list. Filters narrow it together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct GivenSearch {
    /// Every word must be the beginning of a word of the value, a tag or the label, whatever the
    /// case and the marks on letters. Without any letter or digit everything fits.
    pub text: String,
    /// These value types fit as well as what `text` finds; without `text` only these.
    pub value_types: Vec<String>,
    /// Only what this contact has.
    pub peer: Option<Address>,
    /// Only who has this Attribute: any of its versions.
    pub attribute: Option<AttributeId>,
    /// Only where there is a newer version that the contact does not have.
    pub stale_only: bool,
    /// Only where something became of it: the contact was asked to delete it, or has deleted it.
    pub asked_back_only: bool,
    /// How it is sorted.
    pub order: GivenOrder,
    /// Only what comes after this place; from the beginning without it.
    pub after: Option<GivenPlace>,
    /// How many of these are left out before.
    pub offset: u32,
    /// How many at most; never more than 500.
    pub limit: u32,
}

impl Default for GivenSearch {
    fn default() -> Self {
        Self {
            text: String::new(),
            value_types: Vec::new(),
            peer: None,
            attribute: None,
            stale_only: false,
            asked_back_only: false,
            order: GivenOrder::default(),
            after: None,
            offset: 0,
            limit: 100,
        }
    }
}

/// Some of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GivenPage {
    /// Those of the page.
    pub entries: Vec<GivenEntry>,
    /// How many fit altogether, whatever the page.
    pub total: u32,
}
