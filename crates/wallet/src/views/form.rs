//! The consent form: a Request, drawn for the person who decides.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_core_types::{Address, AttributeId, CoreDate, RelationshipId, RequestId};
use ts_rs::TS;

use super::{Ask, HeldView};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PeerView {
    /// The full address: the only thing about a peer that is certain.
    pub address: Address,
    /// What the peer calls itself, unverified; `None` if it said nothing.
    pub name: Option<String>,
    /// The person's own name for it; never sent.
    #[serde(default)]
    pub title: Option<String>,
    /// When this wallet first met this address.
    pub first_seen_at: CoreDate,
    /// The newest Relationship with it.
    pub relationship_id: Option<RelationshipId>,
}

/// The status of a Request that was received or sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
pub enum LocalRequestStatus {
    /// Made, not sent.
    Draft,
    /// Stored; not (yet) found to be decidable.
    Open,
    /// Decidable.
    DecisionRequired,
    /// Waits for the person.
    ManualDecisionRequired,
    /// Decided; the answer is not delivered yet.
    Decided,
    /// The answer was delivered.
    Completed,
    /// The time to answer is over.
    Expired,
}

/// One line in a list of Requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RequestSummary {
    /// Its id.
    pub id: RequestId,
    /// Who asked.
    pub peer: PeerView,
    /// The Request's title.
    pub title: Option<String>,
    /// Where it stands.
    pub status: LocalRequestStatus,
    /// Whether it was accepted; `None` while undecided.
    pub accepted: Option<bool>,
    /// The Decision that is held and can be taken back, or that could not be carried out.
    pub held: Option<HeldView>,
    /// When it came.
    pub created_at: CoreDate,
    /// When it can no longer be answered.
    pub expires_at: Option<CoreDate>,
    /// Whether the person can put it away, because it can't be answered.
    pub is_dismissible: bool,
    /// Whether the person put it away.
    pub is_dismissed: bool,
    /// How many items it has, those in groups included.
    pub item_count: u32,
}

/// A Request as a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ConsentForm {
    /// The Request's line in the list.
    pub summary: RequestSummary,
    /// The Request's description.
    pub description: Option<String>,
    /// Accepting starts a Relationship.
    pub creates_relationship: bool,
    /// Whether it can be decided now.
    pub is_decidable: bool,
    /// Why not, as a code.
    pub not_decidable_code: Option<String>,
    /// Items and groups in the order of the Request.
    pub nodes: Vec<FormNode>,
    /// The Decision the form starts with: required items accepted with their first candidate,
    /// optional ones left out.
    #[ts(type = "{ items: DecisionNode[] }")]
    pub default_decision: Value,
    /// The Response that was given, once there is one. Where it refers to a File it only says to
    /// which (`FIL…`): the reference itself holds the File's key.
    #[ts(type = "JsonValue | null")]
    pub response: Option<Value>,
    /// What was answered with an Attribute that the other side has already: the Response names
    /// that, and here is what it says. An Attribute that was deleted since is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<AnsweredValue>>")]
    pub answered: Vec<AnsweredValue>,
}

/// What an answer says that only names an Attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AnsweredValue {
    /// The place of the item: index in the Request, then index in the group.
    pub path: Vec<u32>,
    /// The Attribute, as it is known here.
    pub attribute_id: AttributeId,
    /// Its value, `@type` included; of a reference to a File only to which.
    #[ts(type = "JsonValue")]
    pub value: Value,
    /// Its tags.
    pub tags: Vec<String>,
}

/// An item or a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "node",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
#[allow(clippy::large_enum_variant, reason = "most nodes are items")]
pub enum FormNode {
    /// An item by itself.
    Item(FormItem),
    /// Items that belong together.
    Group {
        /// The group's title.
        title: Option<String>,
        /// The group's description.
        description: Option<String>,
        /// Its items.
        items: Vec<FormItem>,
    },
}

/// One thing that is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FormItem {
    /// Its place: index in the Request, then index in the group.
    pub path: Vec<u32>,
    /// The `@type` of the RequestItem.
    pub item_type: String,
    /// The item's title, where its type has one (or an older sender gave one).
    pub title: Option<String>,
    /// The item's description.
    pub description: Option<String>,
    /// The Request can only be accepted with this item accepted.
    pub must_be_accepted: bool,
    /// The person must tick it themselves, even if it is required.
    pub requires_interaction: bool,
    /// What is asked.
    pub ask: Ask,
    /// Whether this wallet can accept it at all.
    pub can_be_accepted: bool,
}

/// The result of a check: a tree of the Request's shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DecisionCheck {
    /// Nothing is wrong here and below.
    pub is_success: bool,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub code: Option<String>,
    /// The cause, where enmeshed's own code hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub root_code: Option<String>,
    /// The same in English, for logs and the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub message: Option<String>,
    /// The results of the items below.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub items: Option<Vec<DecisionCheck>>,
}
