//! What every answer is wrapped in.

use serde::{Deserialize, Serialize};

/// A successful answer with a body. 204 and 304 have none.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Envelope<T> {
    /// The answer itself; never `null`.
    pub result: T,
    /// Present only when a list has more than one page; absent means "this is all".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
}

/// Where in a list of several pages an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    /// This page, from 1.
    pub page_number: u64,
    /// The most records a page has.
    pub page_size: u64,
    /// Pages in all, at least 2.
    pub total_pages: u64,
    /// Records in all.
    pub total_records: u64,
}

/// Query of every paged list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PageQuery {
    /// From 1; default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_number: Option<u64>,
    /// At most [`crate::limits::MAX_PAGE_SIZE`]; default [`crate::limits::DEFAULT_PAGE_SIZE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<u64>,
}

/// A failed answer. 401 has no body; `/connect/token` answers with
/// [`crate::authentication::OAuthError`] instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ErrorEnvelope {
    /// The error.
    pub error: ErrorBody,
}

/// One error of the Backbone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ErrorBody {
    /// Names this one occurrence: `ERR` and 17 characters.
    #[serde(default)]
    pub id: String,
    /// One of [`crate::error_codes`], or one not known here. Decide on this only.
    pub code: String,
    /// English text for a log.
    #[serde(default)]
    pub message: String,
    /// Always empty.
    #[serde(default)]
    pub docs: String,
    /// When it happened, ISO 8601 with up to seven decimals.
    #[serde(default)]
    pub time: String,
    /// For [`crate::error_codes::QUOTA_EXHAUSTED`] a list of the exhausted metrics, else `null`.
    #[serde(default)]
    pub data: serde_json::Value,
}
