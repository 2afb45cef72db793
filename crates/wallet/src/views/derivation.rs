//! What an own Attribute was made of, and what was made of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::AttributeView;

/// What an Attribute was made of and what was made of it, whatever the version: a part that was given
/// by itself, or several that were put together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DerivationView {
    /// What it was made of, by value type; at most fifty.
    pub sources: Vec<DerivationEntry>,
    /// Whether there are more of these.
    pub are_more_sources: bool,
    /// What was made of it, by value type; at most fifty.
    pub derived: Vec<DerivationEntry>,
    /// Whether there are more of these.
    pub are_more_derived: bool,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DerivationEntry {
    /// It, in the version that was used or made, with the first ten who have that version.
    pub attribute: AttributeView,
    /// Whether what it was made of has a newer version by now.
    pub is_of_older_version: bool,
}
