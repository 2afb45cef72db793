//! What became of own Messages at their readers'.

use serde::{Deserialize, Serialize};
use tessera_core_types::CoreDate;
use ts_rs::TS;

use super::PeerView;

/// A reader of an own Message. *Sent* means that the Backbone has it; *delivered* that a device of
/// the reader has fetched it from there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Delivery {
    /// Who.
    pub peer: PeerView,
    /// When the first device of theirs fetched it; `None` when none did as far as is known.
    pub received_at: Option<CoreDate>,
}

/// What is in the way of a Message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RecipientsCheck {
    /// Who can't be written to.
    pub problems: Vec<RecipientProblem>,
    /// So many recipients the Backbone takes at most, by what it refused before; `None` while
    /// nothing of that kind is known to be in the way.
    pub most: Option<u32>,
}

/// Somebody who can't be written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RecipientProblem {
    /// Who.
    pub peer: PeerView,
    /// Why, as a code.
    pub code: String,
}
