//! Deleting identities whose grace period is over, and what nobody needs any more.
//!
//! Peers keep what they have of a deleted identity, under the address that stands for all deleted
//! identities.

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, named_params};
use sha2::{Digest, Sha256};
use tessera_backbone_api::external_events::ExternalEventContent;
use tessera_core_types::{Address, CoreDate, ID_LENGTH, random_characters};

use super::{
    Change,
    columns::Columns,
    events::{self, NewEvent},
    messages, relationships,
};
use crate::http::error::ApiError;

/// For how long a relationship that both sides decomposed is kept.
const DECOMPOSED_RELATIONSHIPS_ARE_KEPT: TimeDelta = TimeDelta::days(30);

/// Which relationships both sides decomposed before `:before`.
const LONG_DECOMPOSED: &str = "status = 'ReadyForDeletion'
    AND NOT EXISTS (SELECT 1 FROM relationship_audit_log
        WHERE relationship_id = relationships.id AND created_at > :before)";

fn decomposed_before(now: CoreDate) -> i64 {
    now.plus(-DECOMPOSED_RELATIONSHIPS_ARE_KEPT).millis()
}

/// Whether there is anything to do for the functions below.
pub fn is_due(connection: &Connection, now: CoreDate) -> Result<bool, ApiError> {
    let sql = format!(
        "SELECT 1 FROM identities WHERE grace_period_ends_at <= :now
         UNION ALL SELECT 1 FROM relationships WHERE {LONG_DECOMPOSED}"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .exists(named_params! { ":now": now.millis(), ":before": decomposed_before(now) })?)
}

/// Deletes the next identity whose grace period is over, and says whose it was; `None` when there
/// is no more.
pub fn run_next(change: &Change<'_>) -> Result<Option<Address>, ApiError> {
    let next: Option<Address> = change
        .prepare_cached(
            "SELECT address FROM identities WHERE grace_period_ends_at <= ?1
             ORDER BY grace_period_ends_at LIMIT 1",
        )?
        .query_row([change.now.millis()], |row| row.text("address"))
        .optional()?;
    if let Some(address) = &next {
        delete(change, address)?;
    }
    Ok(next)
}

/// Forgets relationships that both sides decomposed some time ago.
pub fn purge_decomposed_relationships(change: &Change<'_>) -> Result<(), ApiError> {
    change
        .prepare_cached(&format!(
            "DELETE FROM relationships WHERE {LONG_DECOMPOSED}"
        ))?
        .execute(named_params! { ":before": decomposed_before(change.now) })?;
    Ok(())
}

fn delete(change: &Change<'_>, address: &Address) -> Result<(), ApiError> {
    let [_, pseudonym] = Address::of_deleted_identity(address.hostname());
    for (relationship_id, peer) in relationships::open_with_peers(change, address)? {
        let content = ExternalEventContent::PeerDeleted {
            relationship_id,
            deletion_date: Some(change.now),
        };
        events::raise(change, NewEvent::new(peer, content))?;
    }
    relationships::leave_all(change, address, &pseudonym)?;
    messages::leave_all(change, address, &pseudonym)?;
    leave_records(change, address, &pseudonym)?;
    remember_usernames(change, address)?;
    change.hint(address, "DeletionStarts", None);
    delete_own(change, address)
}

/// Templates, tokens and files: the identity's own go, in others' it loses its name.
fn leave_records(
    change: &Change<'_>,
    address: &Address,
    pseudonym: &Address,
) -> Result<(), ApiError> {
    let parameters = named_params! {
        ":address": address.as_str(),
        ":pseudonym": pseudonym.as_str(),
    };
    for sql in [
        "UPDATE relationship_templates SET for_identity = :pseudonym WHERE for_identity = :address",
        "UPDATE tokens SET for_identity = :pseudonym WHERE for_identity = :address",
        "UPDATE files SET created_by = :pseudonym WHERE created_by = :address AND owner <> :address",
    ] {
        change.prepare_cached(sql)?.execute(parameters)?;
    }
    for sql in [
        "DELETE FROM relationship_templates WHERE created_by = ?1",
        "DELETE FROM tokens WHERE created_by = ?1",
        "DELETE FROM token_allocations WHERE address = ?1",
        "DELETE FROM files WHERE owner = ?1",
        "DELETE FROM announcement_recipients WHERE address = ?1",
    ] {
        change.prepare_cached(sql)?.execute([address.as_str()])?;
    }
    // Allocations must go on counting, also when several deleted identities made some: so each
    // gets a name of its own.
    let name = format!(
        "{}#{}",
        pseudonym.as_str(),
        random_characters(ID_LENGTH, change.randomness)
    );
    change
        .prepare_cached(
            "UPDATE relationship_template_allocations SET address = ?2 WHERE address = ?1",
        )?
        .execute((address.as_str(), name))?;
    Ok(())
}

fn remember_usernames(change: &Change<'_>, address: &Address) -> Result<(), ApiError> {
    let usernames: Vec<String> = change
        .prepare_cached("SELECT username FROM devices WHERE address = ?1")?
        .query_map([address.as_str()], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut insert = change.prepare_cached(
        "INSERT OR IGNORE INTO deleted_usernames (username_hash, deleted_at) VALUES (?1, ?2)",
    )?;
    for username in usernames {
        insert.execute((username_hash(&username), change.now.millis()))?;
    }
    Ok(())
}

/// What stays of a user name. Its case does not matter.
pub fn username_hash(username: &str) -> [u8; 32] {
    Sha256::digest(username.to_ascii_lowercase().as_bytes()).into()
}

/// Everything that only the identity itself could see.
fn delete_own(change: &Change<'_>, address: &Address) -> Result<(), ApiError> {
    for sql in [
        "DELETE FROM external_events WHERE owner = ?1",
        "DELETE FROM sync_runs WHERE address = ?1",
        "DELETE FROM datawallet_modifications WHERE address = ?1",
        "DELETE FROM datawallets WHERE address = ?1",
        "DELETE FROM challenges WHERE created_by = ?1",
        "DELETE FROM feature_flags WHERE address = ?1",
        "DELETE FROM deletion_processes WHERE address = ?1",
        "DELETE FROM devices WHERE address = ?1",
        "DELETE FROM identities WHERE address = ?1",
    ] {
        change.prepare_cached(sql)?.execute([address.as_str()])?;
    }
    Ok(())
}
