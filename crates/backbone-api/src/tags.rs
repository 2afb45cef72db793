//! `GET Tags` (with or without login; `ETag` and `If-None-Match`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The tags that a Backbone knows for attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TagCollection {
    /// Two-letter codes.
    pub supported_languages: Vec<String>,
    /// By type of attribute value, then by tag.
    pub tags_for_attribute_value_types: BTreeMap<String, BTreeMap<String, Tag>>,
}

/// A tag and what stands below it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    /// By language.
    #[serde(default)]
    pub display_names: BTreeMap<String, String>,
    /// By tag.
    #[serde(default)]
    pub children: BTreeMap<String, Tag>,
}
