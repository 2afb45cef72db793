//! `GET Version` (anonymous).

use serde::{Deserialize, Serialize};

/// What a Backbone is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// The major version as text: `"7"`. A real Backbone answers its own on whatever prefix it has.
    pub major_version: String,
}
