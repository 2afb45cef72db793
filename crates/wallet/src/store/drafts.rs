//! What a person has entered into the form of a Request and not decided yet. It can hold values of
//! Attributes, so it lies here and nowhere else.

use rusqlite::{Connection, Transaction, named_params};
use serde_json::Value;
use tessera_core_types::{CoreDate, RequestId};

use super::{
    StoreError,
    columns::{Columns, Json, Millis, Text},
    query::{change, first},
};

const BY_REQUEST: &str = "SELECT draft FROM request_draft WHERE request_id = ?1";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[BY_REQUEST];

/// Keeps a draft in place of the earlier one.
///
/// # Errors
///
/// [`StoreError::Constraint`] when there is no such Request.
pub fn put(
    transaction: &Transaction<'_>,
    request: &RequestId,
    draft: &Value,
    now: CoreDate,
) -> Result<(), StoreError> {
    change(
        transaction,
        "INSERT INTO request_draft (request_id, draft, changed_at)
            VALUES (:request_id, :draft, :changed_at)
            ON CONFLICT (request_id)
            DO UPDATE SET draft = excluded.draft, changed_at = excluded.changed_at",
        named_params! {
            ":request_id": Text(request), ":draft": Json(draft), ":changed_at": Millis(now),
        },
    )?;
    Ok(())
}

/// The draft for a Request.
///
/// # Errors
///
/// When the database fails.
pub fn get(connection: &Connection, request: &RequestId) -> Result<Option<Value>, StoreError> {
    first(connection, BY_REQUEST, [Text(request)], |row| {
        row.json("draft")
    })
}

/// Forgets the draft for a Request.
///
/// # Errors
///
/// When the database fails.
pub fn forget(transaction: &Transaction<'_>, request: &RequestId) -> Result<(), StoreError> {
    change(
        transaction,
        "DELETE FROM request_draft WHERE request_id = ?1",
        [Text(request)],
    )?;
    Ok(())
}
