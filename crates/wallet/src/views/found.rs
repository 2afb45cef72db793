//! What is found by its words.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_content::ResponseResult;
use tessera_core_types::{AttributeId, CoreDate, FileId, RequestId};
use ts_rs::TS;

use super::{FileFacts, PeerView, RelationshipStatus};

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum Found {
    /// A contact.
    Contact {
        /// Who.
        peer: PeerView,
        /// Where it stands; `None` while it is only waiting to be sent.
        status: Option<RelationshipStatus>,
        /// Where the words stand in the notes, the tags or the address; else empty.
        snippet: Vec<SnippetPart>,
    },
    /// A value, own or received, in its newest version.
    Value {
        /// The Attribute.
        id: AttributeId,
        /// Its value type.
        value_type: String,
        /// What it says, `@type` included. Where it refers to a File it only says to which.
        #[ts(type = "JsonValue")]
        value: Value,
        /// The person's own word for it.
        label: Option<String>,
        /// From whom it came, or with whom the Relationship is that it belongs to; `None` for an own
        /// one.
        peer: Option<PeerView>,
    },
    /// A Mail, received or own.
    Message {
        /// This wallet's own number for it.
        #[ts(type = "number")]
        number: i64,
        /// Whether this identity wrote it.
        is_own: bool,
        /// Who wrote it, or the first whom it is for.
        peer: PeerView,
        /// When the Backbone got it, or it was written here.
        at: CoreDate,
        /// Its subject.
        subject: String,
        /// Where the words stand in its text; empty when they stand only in the subject.
        snippet: Vec<SnippetPart>,
    },
    /// A File.
    File {
        /// Its id.
        id: FileId,
        /// The Message it is attached to; `None` for one that was given to the Backbone here, or is
        /// to be passed on.
        #[ts(type = "number | null")]
        message: Option<i64>,
        /// What it says about itself.
        facts: FileFacts,
        /// Where the words stand in its name, its description or a tag; else empty.
        snippet: Vec<SnippetPart>,
    },
    /// A consent receipt.
    Receipt {
        /// Its number in this profile.
        #[ts(type = "number")]
        number: i64,
        /// The Request that was decided.
        request_id: RequestId,
        /// Who asked.
        peer: PeerView,
        /// When it was decided.
        at: CoreDate,
        /// What was decided about the Request as a whole.
        #[ts(type = "'Accepted' | 'Rejected'")]
        result: ResponseResult,
        /// The Request's title.
        title: Option<String>,
        /// Where the words stand in the name or in what was asked; else empty.
        snippet: Vec<SnippetPart>,
    },
}

/// A piece of a text in which something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SnippetPart {
    /// The piece, without control characters.
    pub text: String,
    /// Whether it is what was looked for.
    pub is_hit: bool,
}
