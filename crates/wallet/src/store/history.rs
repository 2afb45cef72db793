//! What happened. Records are only ever added.

use rusqlite::{Connection, Row, Transaction, named_params, params};
use tessera_core_types::{Address, RequestId};

use super::{
    StoreError,
    columns::{Columns, Millis, Name, Text},
    query::{all, change, first},
};
use crate::model::HistoryRecord;

const NEWEST: &str = "SELECT * FROM history WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
const BY_NUMBER: &str = "SELECT * FROM history WHERE id = ?1";
const LAST_OF: &str = "SELECT * FROM history WHERE peer = ?1 ORDER BY id DESC LIMIT 1";
const BY_REQUEST: &str = "SELECT * FROM history WHERE request_id = ?1 ORDER BY id DESC";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[NEWEST, BY_NUMBER, LAST_OF, BY_REQUEST];

/// Adds a record; its number. Numbers grow.
///
/// # Errors
///
/// When the database fails.
pub fn add(transaction: &Transaction<'_>, record: &HistoryRecord) -> Result<i64, StoreError> {
    change(
        transaction,
        "INSERT INTO history
            (at, event, peer, template_id, request_id, relationship_id, attribute_id, code)
            VALUES (:at, :event, :peer, :template_id, :request_id, :relationship_id,
                    :attribute_id, :code)",
        named_params! {
            ":at": Millis(record.at),
            ":event": Name(record.event),
            ":peer": record.peer.as_ref().map(Text),
            ":template_id": record.template_id.as_ref().map(Text),
            ":request_id": record.request_id.as_ref().map(Text),
            ":relationship_id": record.relationship_id.as_ref().map(Text),
            ":attribute_id": record.attribute_id.as_ref().map(Text),
            ":code": record.code,
        },
    )?;
    Ok(transaction.last_insert_rowid())
}

/// At most `limit` records with their numbers, the newest first; with `before` only those with a
/// smaller number, for the next page.
///
/// # Errors
///
/// When the database fails.
pub fn newest(
    connection: &Connection,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<(i64, HistoryRecord)>, StoreError> {
    let params = params![before.unwrap_or(i64::MAX), limit];
    all(connection, NEWEST, params, |row| {
        Ok((row.get("id")?, read(row)?))
    })
}

/// The record with this number.
///
/// # Errors
///
/// When the database fails.
pub fn by_number(
    connection: &Connection,
    number: i64,
) -> Result<Option<HistoryRecord>, StoreError> {
    first(connection, BY_NUMBER, [number], read)
}

/// The newest record that belongs to a peer.
///
/// # Errors
///
/// When the database fails.
pub fn last_of(
    connection: &Connection,
    peer: &Address,
) -> Result<Option<HistoryRecord>, StoreError> {
    first(connection, LAST_OF, [Text(peer)], read)
}

/// The records that belong to a Request, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn by_request(
    connection: &Connection,
    request: &RequestId,
) -> Result<Vec<HistoryRecord>, StoreError> {
    all(connection, BY_REQUEST, [Text(request)], read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<HistoryRecord> {
    Ok(HistoryRecord {
        at: row.date("at")?,
        event: row.name("event")?,
        peer: row.optional_text("peer")?,
        template_id: row.optional_text("template_id")?,
        request_id: row.optional_text("request_id")?,
        relationship_id: row.optional_text("relationship_id")?,
        attribute_id: row.optional_text("attribute_id")?,
        code: row.get("code")?,
    })
}
