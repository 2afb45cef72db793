//! What must still reach the Backbone.
//!
//! ```text
//!            claim             complete
//! Queued ──────────▶ Sending ──────────▶ Delivered
//!    ▲                  │  └────────────▶ Failed
//!    └───── retry ──────┘       fail
//! ```
//!
//! A claim is committed before anything is sent. An operation that is found in `Sending` when the
//! wallet is opened ([`interrupted`]) may or may not have arrived: ask the Backbone, then
//! [`complete`], [`retry`] or [`fail`] it. An operation is claimed only when all before it are
//! through that concern any of its peers.

use rusqlite::{Connection, Row, Transaction, named_params, params};
use tessera_core_types::{Address, CoreDate};

use super::{
    StoreError,
    columns::{Columns, Millis, Name, Text, unreadable_row},
    query::{all, change, change_one, first},
};
use crate::model::{NewOutboxOperation, OutboxOperation, OutboxState};

const WHAT: &str = "outbox operation";

const BY_ID: &str = "SELECT * FROM outbox WHERE id = ?1";
const DUE: &str = "SELECT * FROM outbox AS operation
    WHERE operation.state = 'queued' AND operation.next_attempt_at <= ?1 AND NOT EXISTS (
        SELECT 1 FROM outbox_peer AS mine
            JOIN outbox_peer AS earlier
                ON earlier.peer = mine.peer AND earlier.operation < mine.operation
            WHERE mine.operation = operation.id)
    ORDER BY operation.next_attempt_at, operation.id LIMIT 1";
const INTERRUPTED: &str = "SELECT * FROM outbox WHERE state = 'sending' ORDER BY id";
const WAITING: &str = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')";
const NEXT: &str = "SELECT min(next_attempt_at) AS at FROM outbox WHERE state = 'queued'";
const BY_SUBJECT: &str = "SELECT * FROM outbox WHERE subject = ?1 ORDER BY id";
const OPEN: &str = "SELECT * FROM outbox WHERE state IN ('queued', 'sending') ORDER BY peer, id";

const NEWEST: &str = "SELECT * FROM outbox WHERE state = ?1 ORDER BY id DESC LIMIT ?2";
/// An operation and all that have to go out before it, because they concern the same peers.
const UP_TO: &str = "WITH RECURSIVE before (operation) AS (
        SELECT ?1
        UNION
        SELECT earlier.operation FROM before
            JOIN outbox_peer AS mine ON mine.operation = before.operation
            JOIN outbox_peer AS earlier
                ON earlier.peer = mine.peer AND earlier.operation < mine.operation
    ) SELECT operation FROM before";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[
    BY_ID,
    DUE,
    INTERRUPTED,
    WAITING,
    NEXT,
    BY_SUBJECT,
    OPEN,
    NEWEST,
    UP_TO,
];

/// Adds an operation, due at once; its number.
///
/// # Errors
///
/// When the database fails.
pub fn add(
    transaction: &Transaction<'_>,
    operation: &NewOutboxOperation,
) -> Result<i64, StoreError> {
    change(
        transaction,
        "INSERT INTO outbox
            (kind, subject, peer, payload, state, attempts, next_attempt_at, created_at)
            VALUES (:kind, :subject, :peer, :payload, 'queued', 0, :created_at, :created_at)",
        named_params! {
            ":kind": Name(operation.kind),
            ":subject": operation.subject,
            ":peer": match operation.peers.as_slice() {
                [peer] => peer.as_str(),
                _ => "",
            },
            ":payload": operation.payload.expose(),
            ":created_at": Millis(operation.created_at),
        },
    )?;
    let id = transaction.last_insert_rowid();
    for peer in &operation.peers {
        change(
            transaction,
            "INSERT INTO outbox_peer (operation, peer) VALUES (:operation, :peer)",
            named_params! { ":operation": id, ":peer": Text(peer) },
        )?;
    }
    Ok(id)
}

/// Takes the next operation that is due, marks it as `Sending` and counts the attempt. Commit
/// before sending it.
///
/// # Errors
///
/// When the database fails.
pub fn claim(
    transaction: &Transaction<'_>,
    now: CoreDate,
) -> Result<Option<OutboxOperation>, StoreError> {
    let Some(mut operation) = first(transaction, DUE, [Millis(now)], read)? else {
        return Ok(None);
    };
    operation.state = OutboxState::Sending;
    operation.attempts = operation.attempts.saturating_add(1);
    change_one(
        transaction,
        WHAT,
        "UPDATE outbox SET state = 'sending', attempts = :attempts WHERE id = :id",
        named_params! { ":id": operation.id, ":attempts": operation.attempts },
    )?;
    Ok(Some(operation))
}

/// The Backbone has it: `Delivered`. What was sent is forgotten.
///
/// # Errors
///
/// [`StoreError::Missing`] when no operation of this number is being sent.
pub fn complete(transaction: &Transaction<'_>, id: i64) -> Result<(), StoreError> {
    change_one(
        transaction,
        WHAT,
        "UPDATE outbox SET state = 'delivered', payload = '{}', last_error_code = NULL
            WHERE id = ?1 AND state = 'sending'",
        [id],
    )
}

/// It did not arrive, for a reason that may pass: `Queued` again, and due at `next_attempt_at`.
///
/// # Errors
///
/// [`StoreError::Missing`] when no operation of this number is being sent.
pub fn retry(
    transaction: &Transaction<'_>,
    id: i64,
    code: &str,
    next_attempt_at: CoreDate,
) -> Result<(), StoreError> {
    change_one(
        transaction,
        WHAT,
        "UPDATE outbox
            SET state = 'queued', last_error_code = :code, next_attempt_at = :next_attempt_at
            WHERE id = :id AND state = 'sending'",
        named_params! { ":id": id, ":code": code, ":next_attempt_at": Millis(next_attempt_at) },
    )
}

/// It was refused for good, or is not wanted any more: `Failed`. What was to be sent is
/// forgotten. An operation that waits may be given up as well.
///
/// # Errors
///
/// [`StoreError::Missing`] when no operation of this number waits or is being sent.
pub fn fail(transaction: &Transaction<'_>, id: i64, code: &str) -> Result<(), StoreError> {
    change_one(
        transaction,
        WHAT,
        "UPDATE outbox SET state = 'failed', payload = '{}', last_error_code = :code
            WHERE id = :id AND state IN ('queued', 'sending')",
        named_params! { ":id": id, ":code": code },
    )
}

/// Gives up everything that still waits to be sent to a peer: there is no way to it any more.
///
/// # Errors
///
/// When the database fails.
pub fn abandon(
    transaction: &Transaction<'_>,
    peer: &Address,
    code: &str,
) -> Result<(), StoreError> {
    change(
        transaction,
        "UPDATE outbox SET state = 'failed', payload = '{}', last_error_code = :code
            WHERE peer = :peer AND state = 'queued'",
        named_params! { ":peer": Text(peer), ":code": code },
    )?;
    Ok(())
}

/// Replaces what an operation that waits or is being sent will send.
///
/// # Errors
///
/// [`StoreError::Missing`] when no operation of this number waits or is being sent.
pub fn set_payload(
    transaction: &Transaction<'_>,
    id: i64,
    payload: &crate::keys::SecretText,
) -> Result<(), StoreError> {
    change_one(
        transaction,
        WHAT,
        "UPDATE outbox SET payload = :payload WHERE id = :id AND state IN ('queued', 'sending')",
        named_params! { ":id": id, ":payload": payload.expose() },
    )
}

/// Makes everything that waits due at once: the Backbone can be reached again.
///
/// # Errors
///
/// When the database fails.
pub fn wake(transaction: &Transaction<'_>, now: CoreDate) -> Result<(), StoreError> {
    change(
        transaction,
        "UPDATE outbox SET next_attempt_at = ?1 WHERE state = 'queued' AND next_attempt_at > ?1",
        [Millis(now)],
    )?;
    Ok(())
}

/// Makes an operation that waits due at once, and all that have to go out before it.
///
/// # Errors
///
/// When the database fails.
pub fn wake_up_to(transaction: &Transaction<'_>, id: i64, now: CoreDate) -> Result<(), StoreError> {
    let operations: Vec<i64> = all(transaction, UP_TO, [id], |row| row.get(0))?;
    for operation in operations {
        change(
            transaction,
            "UPDATE outbox SET next_attempt_at = min(next_attempt_at, :now)
                WHERE id = :id AND state = 'queued'",
            named_params! { ":id": operation, ":now": Millis(now) },
        )?;
    }
    Ok(())
}

/// The operation with this number.
///
/// # Errors
///
/// When the database fails.
pub fn by_id(connection: &Connection, id: i64) -> Result<Option<OutboxOperation>, StoreError> {
    first(connection, BY_ID, [id], read)
}

/// The operations with this subject, the oldest first, whatever became of them.
///
/// # Errors
///
/// When the database fails.
pub fn by_subject(
    connection: &Connection,
    subject: &str,
) -> Result<Vec<OutboxOperation>, StoreError> {
    all(connection, BY_SUBJECT, [subject], read)
}

/// The operations that wait or are being sent, in the order in which they go out to each peer.
///
/// # Errors
///
/// When the database fails.
pub fn open(connection: &Connection) -> Result<Vec<OutboxOperation>, StoreError> {
    all(connection, OPEN, [], read)
}

/// The newest operations in this state, at most `limit`.
///
/// # Errors
///
/// When the database fails.
pub fn newest(
    connection: &Connection,
    state: OutboxState,
    limit: u32,
) -> Result<Vec<OutboxOperation>, StoreError> {
    all(connection, NEWEST, params![Name(state), limit], read)
}

/// The operations that are being sent. Right after opening: those whose outcome is not known.
///
/// # Errors
///
/// When the database fails.
pub fn interrupted(connection: &Connection) -> Result<Vec<OutboxOperation>, StoreError> {
    all(connection, INTERRUPTED, [], read)
}

/// How many operations wait or are being sent.
///
/// # Errors
///
/// When the database fails.
pub fn waiting(connection: &Connection) -> Result<u32, StoreError> {
    let count = first(connection, WAITING, [], |row| row.get(0))?;
    Ok(count.unwrap_or_default())
}

/// When the next operation is due; `None` when none waits.
///
/// # Errors
///
/// When the database fails.
pub fn next_attempt_at(connection: &Connection) -> Result<Option<CoreDate>, StoreError> {
    Ok(first(connection, NEXT, [], |row| row.optional_date("at"))?.flatten())
}

fn read(row: &Row<'_>) -> rusqlite::Result<OutboxOperation> {
    let peer: String = row.get("peer")?;
    let peer = match peer.as_str() {
        "" => None,
        peer => Some(Address::parse(peer).map_err(|_| unreadable_row())?),
    };
    Ok(OutboxOperation {
        id: row.get("id")?,
        kind: row.name("kind")?,
        subject: row.get("subject")?,
        peer,
        payload: row.get::<_, String>("payload")?.into(),
        state: row.name("state")?,
        attempts: row.get("attempts")?,
        next_attempt_at: row.date("next_attempt_at")?,
        last_error_code: row.get("last_error_code")?,
        created_at: row.date("created_at")?,
    })
}
