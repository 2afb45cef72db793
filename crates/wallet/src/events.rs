//! What a wallet tells whoever watches it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that a watcher may want to look at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum WalletEvent {
    /// Something that is stored changed.
    Changed {
        /// What.
        what: Changed,
    },
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Changed {
    /// The profile or how it reaches the Backbone.
    Profile,
    /// Templates.
    Templates,
    /// Requests, their status or their answers.
    Requests,
    /// Relationships: the list of contacts.
    Relationships,
    /// Messages.
    Messages,
    /// Attributes, or who has them.
    Attributes,
    /// A setting.
    Settings,
    /// How synchronisation is doing.
    Sync,
}
