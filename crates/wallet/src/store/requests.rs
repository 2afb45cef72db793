//! Requests.

use rusqlite::{Connection, Params, Row, Transaction, named_params};
use tessera_core_types::{Address, CoreDate, RequestId};

use super::{
    StoreError,
    columns::{Columns, Json, Millis, Name, Text, unreadable_row},
    query::{all, change, change_one, first},
};
use crate::model::{LocalRequest, LocalRequestSource, LocalRequestStatus, StatusLogEntry};

const BY_ID: &str = "SELECT * FROM request WHERE id = ?1";
const LIST: &str = "SELECT * FROM request ORDER BY created_at DESC";
const BY_STATUS: &str = "SELECT * FROM request WHERE status = ?1 ORDER BY created_at DESC";
const BY_PEER: &str = "SELECT * FROM request WHERE peer = ?1 ORDER BY created_at DESC";
const BY_SOURCE: &str =
    "SELECT * FROM request WHERE source_reference = ?1 ORDER BY created_at DESC";
const EXPIRED: &str = "SELECT * FROM request
    WHERE expires_at < ?1 AND expires_at IS NOT NULL AND status NOT IN ('Completed', 'Expired')";
const NEXT_EXPIRY: &str = "SELECT expires_at FROM request
    WHERE expires_at IS NOT NULL AND status NOT IN ('Completed', 'Expired')
    ORDER BY expires_at LIMIT 1";
const DISMISSED_AT: &str = "SELECT dismissed_at FROM request WHERE id = ?1";
const COUNT_DECIDED: &str = "SELECT count(*) FROM request
    WHERE peer = ?1 AND is_own = 0 AND response IS NOT NULL AND id <> ?2";
const STATUS_LOG: &str = "SELECT * FROM request_status_log WHERE request_id = ?1 ORDER BY position";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[
    BY_ID,
    LIST,
    BY_STATUS,
    BY_PEER,
    BY_SOURCE,
    EXPIRED,
    NEXT_EXPIRY,
    DISMISSED_AT,
    COUNT_DECIDED,
    STATUS_LOG,
];

/// Stores a Request, in place of what was known about it. Entries of its log stay as they were
/// written first. When it can no longer be decided, a draft of its answer and a Decision that is held
/// are forgotten.
///
/// # Errors
///
/// When the database fails.
pub fn put(transaction: &Transaction<'_>, request: &LocalRequest) -> Result<(), StoreError> {
    let (source_type, source_reference) = match &request.source {
        None => (None, None),
        Some(LocalRequestSource::Message { reference }) => {
            (Some("Message"), Some(reference.as_str()))
        }
        Some(LocalRequestSource::RelationshipTemplate { reference }) => {
            (Some("RelationshipTemplate"), Some(reference.as_str()))
        }
    };
    change(
        transaction,
        "INSERT INTO request (
            id, is_own, peer, created_at, content, expires_at, source_type, source_reference,
            status, response, was_automatically_decided
        ) VALUES (
            :id, :is_own, :peer, :created_at, :content, :expires_at, :source_type,
            :source_reference, :status, :response, :was_automatically_decided
        ) ON CONFLICT (id) DO UPDATE SET
            is_own = excluded.is_own, peer = excluded.peer, created_at = excluded.created_at,
            content = excluded.content, expires_at = excluded.expires_at,
            source_type = excluded.source_type, source_reference = excluded.source_reference,
            status = excluded.status, response = excluded.response,
            was_automatically_decided = excluded.was_automatically_decided",
        named_params! {
            ":id": Text(&request.id),
            ":is_own": request.is_own,
            ":peer": Text(&request.peer),
            ":created_at": Millis(request.created_at),
            ":content": Json(&request.content),
            ":expires_at": request.content.expires_at.map(Millis),
            ":source_type": source_type,
            ":source_reference": source_reference,
            ":status": Name(request.status),
            ":response": request.response.as_ref().map(Json),
            ":was_automatically_decided": request.was_automatically_decided,
        },
    )?;
    if !request.is_decidable() {
        super::drafts::forget(transaction, &request.id)?;
        super::held_decisions::forget(transaction, &request.id)?;
    }
    for (position, entry) in (0_i64..).zip(&request.status_log) {
        change(
            transaction,
            "INSERT INTO request_status_log (
                request_id, position, created_at, old_status, new_status, data, code
            ) VALUES (
                :request_id, :position, :created_at, :old_status, :new_status, :data, :code
            ) ON CONFLICT (request_id, position) DO NOTHING",
            named_params! {
                ":request_id": Text(&request.id),
                ":position": position,
                ":created_at": Millis(entry.created_at),
                ":old_status": Name(entry.old_status),
                ":new_status": Name(entry.new_status),
                ":data": entry.data.as_ref().map(Json),
                ":code": entry.code,
            },
        )?;
    }
    Ok(())
}

/// Puts a Request away, or (`None`) takes it up again.
///
/// # Errors
///
/// [`StoreError::Missing`] when there is no such Request.
pub fn set_dismissed(
    transaction: &Transaction<'_>,
    id: &RequestId,
    at: Option<CoreDate>,
) -> Result<(), StoreError> {
    change_one(
        transaction,
        "Request",
        "UPDATE request SET dismissed_at = :at WHERE id = :id",
        named_params! { ":id": Text(id), ":at": at.map(Millis) },
    )
}

/// When the person put a Request away; `None` when it was not put away.
///
/// # Errors
///
/// When the database fails.
pub fn dismissed_at(
    connection: &Connection,
    id: &RequestId,
) -> Result<Option<CoreDate>, StoreError> {
    let found = first(connection, DISMISSED_AT, [Text(id)], |row| {
        row.optional_date("dismissed_at")
    })?;
    Ok(found.flatten())
}

/// How many Requests of a peer were decided, without this one.
///
/// # Errors
///
/// When the database fails.
pub fn count_decided_of(
    connection: &Connection,
    peer: &Address,
    but: &RequestId,
) -> Result<u32, StoreError> {
    let params = rusqlite::params![Text(peer), Text(but)];
    let count = first(connection, COUNT_DECIDED, params, |row| row.get(0))?;
    Ok(count.unwrap_or_default())
}

/// Forgets the Requests from and to a peer.
///
/// # Errors
///
/// When the database fails.
pub fn forget_peer(transaction: &Transaction<'_>, peer: &Address) -> Result<(), StoreError> {
    change(
        transaction,
        "DELETE FROM request WHERE peer = ?1",
        [Text(peer)],
    )?;
    Ok(())
}

/// The Request with this id.
///
/// # Errors
///
/// When the database fails.
pub fn by_id(connection: &Connection, id: &RequestId) -> Result<Option<LocalRequest>, StoreError> {
    let found = first(connection, BY_ID, [Text(id)], read)?;
    found
        .map(|request| with_log(connection, request))
        .transpose()
}

/// All Requests, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn list(connection: &Connection) -> Result<Vec<LocalRequest>, StoreError> {
    several(connection, LIST, [])
}

/// The Requests with this status, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn by_status(
    connection: &Connection,
    status: LocalRequestStatus,
) -> Result<Vec<LocalRequest>, StoreError> {
    several(connection, BY_STATUS, [Name(status)])
}

/// The Requests from or to a peer, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn by_peer(connection: &Connection, peer: &Address) -> Result<Vec<LocalRequest>, StoreError> {
    several(connection, BY_PEER, [Text(peer)])
}

/// The Requests that came with a template or a Message of this id, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn by_source(
    connection: &Connection,
    reference: &str,
) -> Result<Vec<LocalRequest>, StoreError> {
    several(connection, BY_SOURCE, [reference])
}

/// The Requests whose time was over before `now`, and which are neither completed nor marked as
/// expired yet.
///
/// # Errors
///
/// When the database fails.
pub fn expired_at(connection: &Connection, now: CoreDate) -> Result<Vec<LocalRequest>, StoreError> {
    several(connection, EXPIRED, [Millis(now)])
}

/// When the time of a Request is over that is neither completed nor marked as expired yet: of the first.
///
/// # Errors
///
/// When the database fails.
pub fn next_expiry(connection: &Connection) -> Result<Option<CoreDate>, StoreError> {
    first(connection, NEXT_EXPIRY, [], |row| row.date("expires_at"))
}

fn several(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<LocalRequest>, StoreError> {
    all(connection, sql, params, read)?
        .into_iter()
        .map(|request| with_log(connection, request))
        .collect()
}

fn with_log(
    connection: &Connection,
    mut request: LocalRequest,
) -> Result<LocalRequest, StoreError> {
    request.status_log = all(connection, STATUS_LOG, [Text(&request.id)], |row| {
        Ok(StatusLogEntry {
            created_at: row.date("created_at")?,
            old_status: row.name("old_status")?,
            new_status: row.name("new_status")?,
            data: row.optional_json("data")?,
            code: row.get("code")?,
        })
    })?;
    Ok(request)
}

fn read(row: &Row<'_>) -> rusqlite::Result<LocalRequest> {
    let source_type: Option<String> = row.get("source_type")?;
    let source = match source_type.as_deref() {
        None => None,
        Some("Message") => Some(LocalRequestSource::Message {
            reference: row.text("source_reference")?,
        }),
        Some("RelationshipTemplate") => Some(LocalRequestSource::RelationshipTemplate {
            reference: row.text("source_reference")?,
        }),
        Some(_) => return Err(unreadable_row()),
    };
    Ok(LocalRequest {
        id: row.text("id")?,
        is_own: row.get("is_own")?,
        peer: row.text("peer")?,
        created_at: row.date("created_at")?,
        content: row.json("content")?,
        source,
        response: row.optional_json("response")?,
        status: row.name("status")?,
        status_log: Vec::new(),
        was_automatically_decided: row.get("was_automatically_decided")?,
    })
}
