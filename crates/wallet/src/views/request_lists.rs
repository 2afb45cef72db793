//! Requests as lists, page by page.

use serde::{Deserialize, Serialize};
use tessera_core_types::Address;
use ts_rs::TS;

use super::{RequestSummary, SentSummary};

/// Which of the received Requests are wanted. They come the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct RequestSearch {
    /// Those that were decided and those whose time is over; else those that are not decided: that
    /// wait, whose Decision is held, or that were put away.
    pub is_closed: bool,
    /// Only those from this contact.
    pub peer: Option<Address>,
    /// How many are left out before.
    pub offset: u32,
    /// How many at most; never more than 500.
    pub limit: u32,
}

impl Default for RequestSearch {
    fn default() -> Self {
        Self {
            is_closed: false,
            peer: None,
            offset: 0,
            limit: 100,
        }
    }
}

/// Which of the own Requests are wanted. They come the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct SentSearch {
    /// Only those to this contact.
    pub peer: Option<Address>,
    /// How many are left out before.
    pub offset: u32,
    /// How many at most; never more than 500.
    pub limit: u32,
}

impl Default for SentSearch {
    fn default() -> Self {
        Self {
            peer: None,
            offset: 0,
            limit: 100,
        }
    }
}

/// Some of the received Requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RequestPage {
    /// Those of the page.
    pub requests: Vec<RequestSummary>,
    /// How many fit altogether.
    pub total: u32,
    /// How many received Requests wait for the person, whatever was looked for: decidable ones
    /// without a Decision that is held.
    pub waiting: u32,
}

/// Some of the own Requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SentPage {
    /// Those of the page.
    pub requests: Vec<SentSummary>,
    /// How many fit altogether.
    pub total: u32,
}
