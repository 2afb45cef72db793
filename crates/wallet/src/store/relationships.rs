//! Relationships.

use rusqlite::{Connection, Params, Row, Transaction, named_params};
use tessera_core_types::{Address, RelationshipId, RelationshipTemplateId};

use super::{
    StoreError,
    columns::{Columns, Json, Millis, Name, Text},
    query::{all, change, first},
};
use crate::model::{AuditLogEntry, Relationship};

const BY_ID: &str = "SELECT * FROM relationship WHERE id = ?1";
const LIST: &str = "SELECT * FROM relationship ORDER BY created_at DESC";
const BY_PEER: &str = "SELECT * FROM relationship WHERE peer = ?1 ORDER BY created_at DESC";
const ESTABLISHED: &str = "SELECT EXISTS (SELECT 1 FROM relationship
    WHERE peer = ?1 AND status IN ('Active', 'Terminated', 'DeletionProposed'))";
const BY_TEMPLATE: &str =
    "SELECT * FROM relationship WHERE template_id = ?1 ORDER BY created_at DESC";
const COUNT_WITH: &str = "SELECT count(*) FROM relationship WHERE peer = ?1";
const AUDIT_LOG: &str =
    "SELECT * FROM relationship_audit_log WHERE relationship_id = ?1 ORDER BY position";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[
    BY_ID,
    LIST,
    BY_PEER,
    ESTABLISHED,
    BY_TEMPLATE,
    COUNT_WITH,
    AUDIT_LOG,
];

/// Stores a Relationship, in place of what was known about it.
///
/// # Errors
///
/// When the database fails.
pub fn put(transaction: &Transaction<'_>, relationship: &Relationship) -> Result<(), StoreError> {
    change(
        transaction,
        "INSERT INTO relationship (
            id, is_own, status, peer, peer_identity, template_id, secret_id, creation_content,
            peer_deletion_info, created_at
        ) VALUES (
            :id, :is_own, :status, :peer, :peer_identity, :template_id, :secret_id,
            :creation_content, :peer_deletion_info, :created_at
        ) ON CONFLICT (id) DO UPDATE SET
            is_own = excluded.is_own, status = excluded.status, peer = excluded.peer,
            peer_identity = excluded.peer_identity, template_id = excluded.template_id,
            secret_id = excluded.secret_id, creation_content = excluded.creation_content,
            peer_deletion_info = excluded.peer_deletion_info, created_at = excluded.created_at",
        named_params! {
            ":id": Text(&relationship.id),
            ":is_own": relationship.is_own,
            ":status": Name(relationship.status),
            ":peer": Text(&relationship.peer.address),
            ":peer_identity": Json(&relationship.peer),
            ":template_id": Text(&relationship.template_id),
            ":secret_id": Text(&relationship.secret_id),
            ":creation_content": relationship.creation_content.as_ref().map(Json),
            ":peer_deletion_info": relationship.peer_deletion_info.map(Json),
            ":created_at": Millis(relationship.created_at),
        },
    )?;
    // The Backbone tells the whole log each time.
    change(
        transaction,
        "DELETE FROM relationship_audit_log WHERE relationship_id = ?1",
        [Text(&relationship.id)],
    )?;
    for (position, entry) in (0_i64..).zip(&relationship.audit_log) {
        change(
            transaction,
            "INSERT INTO relationship_audit_log (
                relationship_id, position, created_at, created_by, created_by_device, reason,
                old_status, new_status
            ) VALUES (
                :relationship_id, :position, :created_at, :created_by, :created_by_device,
                :reason, :old_status, :new_status
            )",
            named_params! {
                ":relationship_id": Text(&relationship.id),
                ":position": position,
                ":created_at": Millis(entry.created_at),
                ":created_by": Text(&entry.created_by),
                ":created_by_device": entry.created_by_device.as_ref().map(Text),
                ":reason": Name(entry.reason),
                ":old_status": entry.old_status.map(Name),
                ":new_status": Name(entry.new_status),
            },
        )?;
    }
    Ok(())
}

/// Forgets a Relationship.
///
/// # Errors
///
/// When the database fails.
pub fn forget(transaction: &Transaction<'_>, id: &RelationshipId) -> Result<(), StoreError> {
    change(
        transaction,
        "DELETE FROM relationship WHERE id = ?1",
        [Text(id)],
    )?;
    Ok(())
}

/// The Relationship with this id.
///
/// # Errors
///
/// When the database fails.
pub fn by_id(
    connection: &Connection,
    id: &RelationshipId,
) -> Result<Option<Relationship>, StoreError> {
    let found = first(connection, BY_ID, [Text(id)], read)?;
    found
        .map(|relationship| with_log(connection, relationship))
        .transpose()
}

/// All Relationships, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn list(connection: &Connection) -> Result<Vec<Relationship>, StoreError> {
    several(connection, LIST, [])
}

/// The Relationships with a peer, the newest first: old ones that were rejected or revoked stay.
///
/// # Errors
///
/// When the database fails.
pub fn by_peer(connection: &Connection, peer: &Address) -> Result<Vec<Relationship>, StoreError> {
    several(connection, BY_PEER, [Text(peer)])
}

/// How many Relationships there were or are with a peer.
///
/// # Errors
///
/// When the database fails.
pub fn count_with(connection: &Connection, peer: &Address) -> Result<u32, StoreError> {
    let count = first(connection, COUNT_WITH, [Text(peer)], |row| row.get(0))?;
    Ok(count.unwrap_or_default())
}

/// The newest Relationship with a peer, which is the one that counts.
///
/// # Errors
///
/// When the database fails.
pub fn newest_with(
    connection: &Connection,
    peer: &Address,
) -> Result<Option<Relationship>, StoreError> {
    let found = first(connection, BY_PEER, [Text(peer)], read)?;
    found
        .map(|relationship| with_log(connection, relationship))
        .transpose()
}

/// Whether there is a Relationship with a peer that is Active, Terminated or DeletionProposed.
///
/// # Errors
///
/// When the database fails.
pub fn is_established_with(connection: &Connection, peer: &Address) -> Result<bool, StoreError> {
    let found = first(connection, ESTABLISHED, [Text(peer)], |row| row.get(0))?;
    Ok(found.unwrap_or_default())
}

/// The Relationships that started with this template, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn by_template(
    connection: &Connection,
    template: &RelationshipTemplateId,
) -> Result<Vec<Relationship>, StoreError> {
    several(connection, BY_TEMPLATE, [Text(template)])
}

fn several(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<Relationship>, StoreError> {
    all(connection, sql, params, read)?
        .into_iter()
        .map(|relationship| with_log(connection, relationship))
        .collect()
}

fn with_log(
    connection: &Connection,
    mut relationship: Relationship,
) -> Result<Relationship, StoreError> {
    relationship.audit_log = all(connection, AUDIT_LOG, [Text(&relationship.id)], |row| {
        Ok(AuditLogEntry {
            created_at: row.date("created_at")?,
            created_by: row.text("created_by")?,
            created_by_device: row.optional_text("created_by_device")?,
            reason: row.name("reason")?,
            old_status: row.optional_name("old_status")?,
            new_status: row.name("new_status")?,
        })
    })?;
    Ok(relationship)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Relationship> {
    Ok(Relationship {
        id: row.text("id")?,
        is_own: row.get("is_own")?,
        status: row.name("status")?,
        peer: row.json("peer_identity")?,
        template_id: row.text("template_id")?,
        secret_id: row.text("secret_id")?,
        creation_content: row.optional_json("creation_content")?,
        audit_log: Vec::new(),
        peer_deletion_info: row.optional_json("peer_deletion_info")?,
        created_at: row.date("created_at")?,
    })
}
