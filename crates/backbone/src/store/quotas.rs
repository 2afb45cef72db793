//! Quotas. The only ones are those of an identity that is to be deleted: it may not have more of
//! anything.

use rusqlite::Connection;
use tessera_backbone_api::{
    identities::IdentityStatus,
    quotas::{Quota, QuotaGroup},
};
use tessera_core_types::Address;

use super::identities;
use crate::http::error::ApiError;

/// What is counted, and how.
const METRICS: &[(&str, &str)] = &[
    (
        "NumberOfSentMessages",
        "SELECT count(*) FROM messages WHERE created_by = ?1",
    ),
    (
        "NumberOfRelationships",
        "SELECT count(*) FROM relationships WHERE from_address = ?1 OR to_address = ?1",
    ),
    (
        "NumberOfRelationshipTemplates",
        "SELECT count(*) FROM relationship_templates WHERE created_by = ?1",
    ),
    (
        "NumberOfFiles",
        "SELECT count(*) FROM files WHERE created_by = ?1",
    ),
    (
        "NumberOfTokens",
        "SELECT count(*) FROM tokens WHERE created_by = ?1",
    ),
    (
        "UsedFileStorageSpace",
        "SELECT coalesce(sum(cipher_size), 0) FROM files WHERE created_by = ?1",
    ),
];

/// The quotas of an identity.
pub fn list(connection: &Connection, address: &Address) -> Result<Vec<QuotaGroup>, ApiError> {
    if identities::status(connection, address)? == Some(IdentityStatus::Active) {
        return Ok(Vec::new());
    }
    let group = |(metric, sql): &(&str, &str)| -> Result<QuotaGroup, ApiError> {
        let usage: i64 = connection
            .prepare_cached(sql)?
            .query_row([address.as_str()], |row| row.get(0))?;
        Ok(QuotaGroup {
            metric_key: (*metric).to_owned(),
            quotas: vec![Quota {
                source: "Tier".to_owned(),
                metric_key: (*metric).to_owned(),
                max: 0,
                usage: u64::try_from(usage).unwrap_or_default(),
                period: "Total".to_owned(),
            }],
        })
    };
    METRICS.iter().map(group).collect()
}
