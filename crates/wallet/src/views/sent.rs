//! Own Requests: what was asked of contacts, and what they answered.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_core_types::{CoreDate, RequestId};
use ts_rs::TS;

use super::{AttributeView, PeerView};

/// Where an own Request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum SentState {
    /// It waits to be sent.
    ToBeSent,
    /// It was sent and is not answered.
    Waiting,
    /// It was answered.
    Answered,
    /// Its time was over before an answer came.
    Expired,
    /// It could finally not be sent.
    Failed,
}

/// One line in a list of own Requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SentSummary {
    /// Its id.
    pub id: RequestId,
    /// Who was asked.
    pub peer: PeerView,
    /// The Request's title.
    pub title: Option<String>,
    /// The `@type` of its only item, to have a name for it without a title; `None` with several.
    pub item_type: Option<String>,
    /// Where it stands.
    pub state: SentState,
    /// Why it was not sent, as a code.
    pub failure_code: Option<String>,
    /// Whether it was accepted; `None` until an answer comes.
    pub accepted: Option<bool>,
    /// When it was asked.
    pub created_at: CoreDate,
    /// When the answer came.
    pub answered_at: Option<CoreDate>,
    /// When it can no longer be answered.
    pub expires_at: Option<CoreDate>,
    /// How many items it has, those in groups included.
    pub item_count: u32,
}

/// An own Request with everything known about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SentRequest {
    /// Its line in the list.
    pub summary: SentSummary,
    /// The Request as it was sent, without the tokens that Files are taken over with.
    #[ts(type = "JsonValue")]
    pub request: Value,
    /// The Response, item by item in the order of the Request; `None` until it comes.
    #[ts(type = "JsonValue | null")]
    pub response: Option<Value>,
    /// The Attributes that Request and Response name by their ids alone, as far as they are here.
    pub attributes: Vec<AttributeView>,
}
