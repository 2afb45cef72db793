//! Tags of IdentityAttributes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Pattern, table::languages};
use crate::{ContentError, Result};

/// The Backbone's list of tags, as `GET Tags` answers it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "camelCase")]
pub struct TagCollection {
    /// Languages in which the tags have names.
    #[serde(default)]
    pub supported_languages: Vec<String>,
    /// For each value type the tags by their keys.
    #[serde(default)]
    pub tags_for_attribute_value_types: BTreeMap<String, BTreeMap<String, Tag>>,
}

/// One tag of the Backbone's list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    /// Its name in each language.
    #[serde(default)]
    pub display_names: BTreeMap<String, String>,
    /// Finer tags below it. A tag that has some cannot be used itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub children: BTreeMap<String, Tag>,
}

/// Checks tags of an Attribute with this value type. Without a collection (offline, never loaded)
/// every `bkb:` tag is invalid.
///
/// # Errors
///
/// [`ContentError::InvalidTags`].
pub fn check_tags(
    tags: &[String],
    value_type: &str,
    collection: Option<&TagCollection>,
) -> Result<()> {
    if tags.iter().all(|tag| is_valid(tag, value_type, collection)) {
        Ok(())
    } else {
        Err(ContentError::InvalidTags)
    }
}

fn is_valid(tag: &str, value_type: &str, collection: Option<&TagCollection>) -> bool {
    let Some((prefix, rest)) = tag.split_once(':') else {
        return false;
    };
    if prefix.eq_ignore_ascii_case("x") || prefix == "urn" {
        return true;
    }
    if prefix.eq_ignore_ascii_case("bkb") {
        return collection
            .and_then(|collection| collection.tags_for_attribute_value_types.get(value_type))
            .is_some_and(|tags| is_leaf(rest, tags));
    }
    match prefix {
        "language" => languages().iter().any(|code| code == rest),
        "mimetype" => Pattern::mime_type().matches(rest),
        _ => false,
    }
}

fn is_leaf(path: &str, tags: &BTreeMap<String, Tag>) -> bool {
    let mut level = tags;
    let mut leaf = false;
    for key in path.split(':') {
        let Some(tag) = level.get(key) else {
            return false;
        };
        leaf = tag.children.is_empty();
        level = &tag.children;
    }
    leaf
}
