//! Consent receipts: what was asked and what was answered, as it was at the time.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tessera_content::ResponseResult;
use tessera_core_types::{Address, CoreDate, RelationshipId, RequestId};
use ts_rs::TS;

use super::{AnsweredValue, ConsentForm, FileFacts};
use crate::model::LocalRequestSource;

/// The version of [`ReceiptContent`] that is written now. It grows when a property changes its
/// meaning or goes; new properties leave it as it is.
pub const RECEIPT_VERSION: u32 = 1;

/// What every exported receipt says of itself.
const NOTE: &str = "Kept by the wallet of the person who decided, for that person. \
    It is not a signature, and nobody else has confirmed it.";

/// A consent receipt: the wallet's own record of one decision about a received Request. It is
/// written with the decision, never changes, and is no signature.
///
/// Its JSON is what `docs/receipts.md` describes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Receipt {
    /// Its number in this profile. Numbers grow.
    #[ts(type = "number")]
    pub number: i64,
    /// What was written with the decision.
    #[serde(flatten)]
    pub content: ReceiptContent,
    /// What came of the decision afterwards; `None` while its answer waits to be sent, and where
    /// nothing is sent.
    pub outcome: Option<ReceiptOutcome>,
}

impl Receipt {
    /// As it is exported: its JSON, with what kind of document it is, and in words what it is not.
    #[must_use]
    pub fn document(&self) -> Value {
        let mut document = json!({ "@type": "TesseraConsentReceipt", "note": NOTE });
        if let (Value::Object(document), Value::Object(receipt)) = (&mut document, json!(self)) {
            document.extend(receipt);
        }
        document
    }
}

/// What a receipt says, as it was at the decision. Holds no keys: where something refers to a File
/// or another record of a Backbone, it only says to which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReceiptContent {
    /// [`RECEIPT_VERSION`] at the time.
    pub schema_version: u32,
    /// When it was decided.
    pub decided_at: CoreDate,
    /// What was decided about the Request as a whole.
    #[ts(type = "'Accepted' | 'Rejected'")]
    pub result: ResponseResult,
    /// Decided by a rule rather than by the person.
    pub was_automatically_decided: bool,
    /// How the answer is told.
    pub delivery: ReceiptDelivery,
    /// The program that wrote it, with its version.
    pub program: String,
    /// The identity that decided.
    pub identity: Address,
    /// The base URL of its Backbone.
    pub backbone_url: String,
    /// Who asked.
    pub peer: ReceiptPeer,
    /// The newest Relationship with who asked; `None` without one.
    pub relationship_id: Option<RelationshipId>,
    /// What was asked.
    pub request: ReceiptRequest,
    /// What was answered: a Response.
    #[ts(type = "JsonValue")]
    pub response: Value,
    /// What the Attributes say that the answer only names.
    pub named: Vec<AnsweredValue>,
    /// What the Files say about themselves that were taken over.
    pub files: Vec<ReceiptFile>,
}

/// How an answer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ReceiptDelivery {
    /// In a Message.
    Message,
    /// By asking for a Relationship.
    Relationship,
    /// Not at all: who made a template never learns that its Request was rejected.
    Nothing,
}

/// Who asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReceiptPeer {
    /// The full address: the only thing about a peer that is certain.
    pub address: Address,
    /// What it called itself then, as it was shown.
    pub name: Option<String>,
    /// Whether anybody vouches for the name: never.
    pub is_name_verified: bool,
    /// When this wallet first met this address.
    pub first_seen_at: CoreDate,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReceiptRequest {
    /// The Request's id.
    pub id: RequestId,
    /// When it was stored here.
    pub received_at: CoreDate,
    /// The template or Message it came with.
    #[ts(type = "{ type: 'RelationshipTemplate' | 'Message'; reference: string } | null")]
    pub source: Option<LocalRequestSource>,
    /// The Request.
    #[ts(type = "JsonValue")]
    pub content: Value,
}

/// A File that was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReceiptFile {
    /// The place of the item: index in the Request, then index in the group.
    pub path: Vec<u32>,
    /// What it says about itself.
    pub file: FileFacts,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReceiptOutcome {
    /// What.
    pub kind: ReceiptOutcomeKind,
    /// When.
    pub at: CoreDate,
    /// The code of the reason, where there is one.
    pub code: Option<String>,
}

/// What came of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ReceiptOutcomeKind {
    /// The Backbone has the answer.
    Delivered,
    /// The answer was finally not delivered: nothing reached the other side.
    Failed,
    /// The decision was taken back before its answer was sent.
    TakenBack,
}

/// One line in a list of receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReceiptSummary {
    /// Its number.
    #[ts(type = "number")]
    pub number: i64,
    /// When it was decided.
    pub decided_at: CoreDate,
    /// What was decided.
    #[ts(type = "'Accepted' | 'Rejected'")]
    pub result: ResponseResult,
    /// Who asked.
    pub peer: ReceiptPeer,
    /// The Request.
    pub request_id: RequestId,
    /// The Request's title.
    pub title: Option<String>,
    /// How the answer is told.
    pub delivery: ReceiptDelivery,
    /// What came of it.
    pub outcome: Option<ReceiptOutcome>,
}

/// Which receipts are wanted, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct ReceiptSearch {
    /// Only those of this peer.
    pub peer: Option<Address>,
    /// Only those with a smaller number: the smallest of the page before.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
    /// How many are left out before.
    pub offset: u32,
    /// How many at most; never more than 500.
    pub limit: u32,
}

impl Default for ReceiptSearch {
    fn default() -> Self {
        Self {
            peer: None,
            before: None,
            offset: 0,
            limit: 100,
        }
    }
}

/// Some of the receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReceiptPage {
    /// Those of the page.
    pub receipts: Vec<ReceiptSummary>,
    /// How many fit altogether, whatever the page.
    pub total: u32,
}

/// A receipt with what it takes to draw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReceiptView {
    /// The receipt.
    pub receipt: Receipt,
    /// The Message that brought the answer, if one did and is still stored.
    #[ts(type = "number | null")]
    pub message: Option<i64>,
    /// When a device of who asked fetched it, as far as is known.
    pub received_at: Option<CoreDate>,
    /// The Request as the form that it was, made of the receipt alone. Nothing in it can be chosen
    /// any more.
    pub form: ConsentForm,
}
