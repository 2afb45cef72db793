//! Whether a Relationship can be created, and what is in the way.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::RelationshipStatus;
use crate::WalletError;

/// Whether a Relationship can be created: it can, as far as is known, when nothing is in the way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RelationshipCheck {
    /// Everything that is in the way.
    pub obstacles: Vec<Obstacle>,
    /// Why the Backbone could not be asked, as a code; `None` when it was asked or need not be.
    pub not_asked: Option<String>,
}

/// Something that is in the way of a Relationship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Obstacle {
    /// Its code.
    pub code: String,
    /// Where the Relationship stands that there is already, if that is what is in the way.
    pub status: Option<RelationshipStatus>,
}

impl Obstacle {
    pub(crate) fn of(error: &WalletError) -> Self {
        Self {
            code: error.code().into_owned(),
            status: None,
        }
    }
}
