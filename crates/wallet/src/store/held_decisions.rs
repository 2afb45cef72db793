//! Decisions that are held before they are carried out.

use rusqlite::{Connection, Row, Transaction, named_params};
use tessera_content::Decision;
use tessera_core_types::{CoreDate, RequestId};

use super::{
    StoreError,
    columns::{Columns, Json, Millis, Name, Text},
    query::{all, change, change_one, first},
};
use crate::{
    model::{HeldDecision, HeldState},
    requests::Verdict,
};

const BY_REQUEST: &str = "SELECT * FROM held_decision WHERE request_id = ?1";
const LIST: &str = "SELECT * FROM held_decision ORDER BY held_at, number";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[BY_REQUEST, LIST];

/// Holds a Decision, in place of one for the same Request that failed; it, with its number.
///
/// # Errors
///
/// [`StoreError::Constraint`] when there is no such Request, or a Decision for it is held.
pub fn insert(
    transaction: &Transaction<'_>,
    request: &RequestId,
    verdict: Verdict,
    decision: &Decision,
    held_at: CoreDate,
    due_at: CoreDate,
) -> Result<HeldDecision, StoreError> {
    change(
        transaction,
        "DELETE FROM held_decision WHERE request_id = ?1 AND state = 'failed'",
        [Text(request)],
    )?;
    change(
        transaction,
        "INSERT INTO held_decision (request_id, verdict, decision, held_at, due_at, state)
            VALUES (:request_id, :verdict, :decision, :held_at, :due_at, 'held')",
        named_params! {
            ":request_id": Text(request),
            ":verdict": Name(verdict),
            ":decision": Json(decision),
            ":held_at": Millis(held_at),
            ":due_at": Millis(due_at),
        },
    )?;
    Ok(HeldDecision {
        number: transaction.last_insert_rowid(),
        request_id: request.clone(),
        verdict,
        decision: decision.clone(),
        held_at,
        due_at,
        state: HeldState::Held,
        error_code: None,
    })
}

/// The Decision for a Request that is held or failed.
///
/// # Errors
///
/// When the database fails.
pub fn by_request(
    connection: &Connection,
    request: &RequestId,
) -> Result<Option<HeldDecision>, StoreError> {
    first(connection, BY_REQUEST, [Text(request)], read)
}

/// All that are held or failed, the oldest first.
///
/// # Errors
///
/// When the database fails.
pub fn list(connection: &Connection) -> Result<Vec<HeldDecision>, StoreError> {
    all(connection, LIST, [], read)
}

/// Remembers why one could not be carried out: it stays held, or has failed.
///
/// # Errors
///
/// [`StoreError::Missing`] when it is not held any more.
pub fn set_error(
    transaction: &Transaction<'_>,
    number: i64,
    state: HeldState,
    code: &str,
) -> Result<(), StoreError> {
    change_one(
        transaction,
        "held Decision",
        "UPDATE held_decision SET state = :state, error_code = :code
            WHERE number = :number AND state = 'held'",
        named_params! { ":number": number, ":state": Name(state), ":code": code },
    )
}

/// Forgets the one for a Request: it was carried out or taken back.
///
/// # Errors
///
/// When the database fails.
pub fn forget(transaction: &Transaction<'_>, request: &RequestId) -> Result<(), StoreError> {
    change(
        transaction,
        "DELETE FROM held_decision WHERE request_id = ?1",
        [Text(request)],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<HeldDecision> {
    Ok(HeldDecision {
        number: row.get("number")?,
        request_id: row.text("request_id")?,
        verdict: row.name("verdict")?,
        decision: row.json("decision")?,
        held_at: row.date("held_at")?,
        due_at: row.date("due_at")?,
        state: row.name("state")?,
        error_code: row.get("error_code")?,
    })
}
