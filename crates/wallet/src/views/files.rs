//! Files, as a list shows them.

use serde::Serialize;
use tessera_core_types::{CoreDate, FileId};
use ts_rs::TS;

use super::FileFacts;

/// A File that was given to the Backbone here, that was taken over, or that the person passes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ListedFile {
    /// Its id.
    pub id: FileId,
    /// What it says about itself.
    pub facts: FileFacts,
    /// When it was given to the Backbone, taken over, or last passed on; unknown of those that an older version
    /// kept.
    pub added_at: Option<CoreDate>,
}
