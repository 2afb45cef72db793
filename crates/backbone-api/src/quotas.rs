//! `GET Quotas`: how much of what the own identity may have.

use serde::{Deserialize, Serialize};

/// The quotas of one metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct QuotaGroup {
    /// What is counted, such as `NumberOfTokens`.
    pub metric_key: String,
    /// The limits on it.
    pub quotas: Vec<Quota>,
}

/// A limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Quota {
    /// `Individual` or `Tier`: whose limit it is.
    pub source: String,
    /// What is counted.
    pub metric_key: String,
    /// The most there may be in a period.
    pub max: u64,
    /// What there is in this period.
    pub usage: u64,
    /// `Hour`, `Day`, `Week`, `Month`, `Year` or `Total`.
    pub period: String,
}
