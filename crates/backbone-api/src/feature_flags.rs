//! `PATCH Identities/Self/FeatureFlags` and `GET Identities/{address}/FeatureFlags`: what the apps
//! of an identity support, for its peers to know.

use std::collections::BTreeMap;

/// Body of the one and answer of the other call: whether the app supports what the name says. Names
/// have 1 to [`crate::limits::MAX_FEATURE_FLAG_NAME_CHARS`] characters and come back with a small
/// first letter.
pub type FeatureFlags = BTreeMap<String, bool>;
