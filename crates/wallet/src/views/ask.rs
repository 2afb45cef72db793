//! What the items of a Request ask: the parts of a consent form.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_content::IqlCondition;
use tessera_core_types::{Address, AttributeId, CoreDate};
use ts_rs::TS;

/// What an item asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
#[allow(
    clippy::large_enum_variant,
    reason = "one per item, and few are alive at once"
)]
pub enum Ask {
    /// To give an attribute.
    ReadAttribute {
        /// The value type asked for, where the query names one.
        value_type: Option<String>,
        /// The tags asked for, as far as an attribute may have them.
        tags: Vec<String>,
        /// The condition, where the query is one (IQL).
        condition: Option<String>,
        /// The same as a tree, to be said in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        condition_tree: Option<IqlCondition>,
        /// Only so many own attributes were looked through for the condition, the newest first: there
        /// may be more that answer it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        looked_through: Option<u32>,
        /// Own attributes that answer it, the best first.
        candidates: Vec<Candidate>,
        /// What a new one would be made of; `None` if only an existing one may be given.
        new_attribute: Option<NewAttribute>,
    },
    /// To give an attribute for which the other side proposes a value. Taking the proposal as it
    /// is sends [`Proposal::attribute`] back as `attribute`; an own attribute is named as
    /// `attributeId` (with `tags`), a new one given as `attribute`.
    ProposeAttribute {
        /// The value type asked for, where the query names one.
        value_type: Option<String>,
        /// The tags asked for, as far as an attribute may have them.
        tags: Vec<String>,
        /// The condition, where the query is one (IQL).
        condition: Option<String>,
        /// The same as a tree, to be said in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        condition_tree: Option<IqlCondition>,
        /// Only so many own attributes were looked through for the condition, the newest first: there
        /// may be more that answer it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        looked_through: Option<u32>,
        /// What is proposed.
        proposal: Proposal,
        /// Own attributes that answer it as well, the best first.
        candidates: Vec<Candidate>,
        /// What another new one would be made of; `None` if none can be entered.
        new_attribute: Option<NewAttribute>,
    },
    /// To keep an attribute that the other side made up: the person's own fact, or one of the
    /// Relationship. It can only be taken as it is.
    CreateAttribute {
        /// Its value, `@type` included.
        #[ts(type = "JsonValue")]
        value: Value,
        /// Its tags.
        tags: Vec<String>,
        /// Whom it is about: the person or the other side. (Somebody else's can't be accepted.)
        owner: Address,
        /// It becomes the person's own data: the owner is the person.
        is_own: bool,
        /// Its key, for a RelationshipAttribute.
        key: Option<String>,
        /// Who may learn of a RelationshipAttribute besides the two sides: `public`, `private` or
        /// `protected`.
        confidentiality: Option<String>,
        /// The person has it already; then that one is shared.
        already_known: bool,
    },
    /// To keep an attribute that the other side gives. Nothing of the person's own leaves.
    ShareAttribute {
        /// Its value, `@type` included.
        #[ts(type = "JsonValue")]
        value: Value,
        /// Its tags.
        tags: Vec<String>,
        /// Whom it is about; `None` if the sender left that out (then it can't be accepted).
        owner: Option<Address>,
        /// Its key, for a RelationshipAttribute.
        key: Option<String>,
        /// For an attribute of another Relationship of the sender: with whom that is.
        third_party: Option<Address>,
        /// The person has it already.
        already_known: bool,
    },
    /// To delete an attribute that the other side gave. The Decision names the date as
    /// `deletionDate`.
    DeleteAttribute {
        /// What is to be deleted; `None` if it is not here any more (accepting says so).
        attribute: Option<HeldAttribute>,
    },
    /// To agree to something.
    Consent {
        /// The text, up to 10,000 characters.
        consent: String,
        /// Where more can be read.
        link: Option<String>,
        /// What to call that place.
        link_display_text: Option<String>,
    },
    /// To confirm that it is oneself.
    Authentication,
    /// To answer a question: the item's title. The Decision holds the answer as `response`.
    FormField {
        /// What kind of answer is wanted.
        settings: FieldSettings,
    },
    /// To take over a file of the other side.
    TransferFileOwnership {
        /// What the file says about itself, unverified; `None` while it is not loaded, or if it
        /// can't be.
        file: Option<FileFacts>,
        /// Why it can't be taken over, as a code.
        problem_code: Option<String>,
    },
    /// To answer in words of one's own (of older senders). The Decision holds the answer as
    /// `freeText`.
    FreeText {
        /// The question.
        free_text: String,
    },
    /// Something that this wallet understands but never does: it can be rejected.
    NotSupported {
        /// The item as it came.
        #[ts(type = "JsonValue")]
        raw: Value,
    },
    /// Something this version does not understand: shown whole. Its Request can't be answered.
    NotUnderstood {
        /// The item as it came.
        #[ts(type = "JsonValue")]
        raw: Value,
    },
}

/// A value that the other side proposes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Proposal {
    /// The value, `@type` included.
    #[ts(type = "JsonValue")]
    pub value: Value,
    /// The tags that come with it.
    pub tags: Vec<String>,
    /// The key, for a RelationshipAttribute.
    pub key: Option<String>,
    /// The own attribute of the same value: nothing new is made then.
    pub existing_attribute_id: Option<AttributeId>,
    /// The whole attribute; it is sent back as `attribute` to take the proposal as it is.
    #[ts(type = "JsonValue")]
    pub attribute: Value,
}

/// An own attribute that answers a query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Candidate {
    /// Its id.
    pub attribute_id: AttributeId,
    /// Its value, `@type` included.
    #[ts(type = "JsonValue")]
    pub value: Value,
    /// Its tags: they are given with it.
    pub tags: Vec<String>,
    /// The person's default of its type.
    pub is_default: bool,
    /// When this version was made.
    pub created_at: CoreDate,
    /// The peer who asks has it already.
    pub already_shared_with_peer: bool,
    /// How many contacts have it.
    pub shared_with: u32,
    /// Tags it has to get so that it answers: a new version is made then. They belong into the
    /// Decision as `tags`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub add_tags: Option<Vec<String>>,
    /// For an attribute of another Relationship: with whom that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub third_party: Option<Address>,
    /// `true` for an attribute of another Relationship that the person should think twice about
    /// before showing it to others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub is_protected: Option<bool>,
}

/// What a new attribute for an item is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NewAttribute {
    /// The value type; the person gives the value.
    pub value_type: String,
    /// For a RelationshipAttribute everything but the value is fixed: the whole attribute, whose
    /// `value.value` is left to fill in. `None` for an IdentityAttribute.
    #[ts(type = "JsonValue | null")]
    pub relationship_attribute: Option<Value>,
}

/// An attribute that the other side gave and wants deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct HeldAttribute {
    /// Its id.
    pub attribute_id: AttributeId,
    /// Its value, `@type` included.
    #[ts(type = "JsonValue")]
    pub value: Value,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its key, for a RelationshipAttribute.
    pub key: Option<String>,
    /// When it was stored here.
    pub received_at: CoreDate,
    /// When it will be deleted, if that was promised before; that date stays.
    pub deletion_date: Option<CoreDate>,
}

/// What kind of answer a form field wants. Bounds are included in what they allow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum FieldSettings {
    /// A text of 1 to 4096 UTF-16 code units.
    String {
        /// Whether there is room for several lines.
        allow_newlines: bool,
        /// Fewest UTF-16 code units.
        min: Option<u32>,
        /// Most UTF-16 code units.
        max: Option<u32>,
    },
    /// A whole number.
    Integer {
        /// What it counts.
        unit: Option<String>,
        /// Smallest.
        min: Option<i64>,
        /// Largest.
        max: Option<i64>,
    },
    /// A number.
    Double {
        /// What it counts.
        unit: Option<String>,
        /// Smallest.
        min: Option<f64>,
        /// Largest.
        max: Option<f64>,
    },
    /// Yes or no.
    Boolean,
    /// A date (`YYYY-MM-DD`), or a date and time.
    Date,
    /// One of these texts or, as a list, one or more different ones.
    Selection {
        /// What to choose from.
        options: Vec<String>,
        /// The answer is a list.
        allow_multiple_selection: bool,
    },
    /// A whole number from 1 to this.
    Rating {
        /// 5 to 10.
        max_rating: u8,
    },
}

/// What a file says about itself. Nobody vouches for it but its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FileFacts {
    /// A title.
    pub title: Option<String>,
    /// A description.
    pub description: Option<String>,
    /// Its name.
    pub filename: String,
    /// The size of its content in bytes.
    pub filesize: u64,
    /// Its media type.
    pub mimetype: String,
    /// When it is deleted from the Backbone.
    pub expires_at: CoreDate,
    /// Its tags; they become those of the attribute that refers to it.
    pub tags: Vec<String>,
}
