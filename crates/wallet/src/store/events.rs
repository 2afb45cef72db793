//! External events of the Backbone that were processed: it offers some of them again.

use rusqlite::{Connection, Transaction, named_params};
use tessera_core_types::{CoreDate, ExternalEventId};

use super::{
    StoreError,
    columns::{Millis, Text},
    query::{change, first},
};

const BY_ID: &str = "SELECT 1 FROM processed_external_event WHERE id = ?1";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[BY_ID];

/// Remembers having processed an event: in the same transaction as what it changed. Whether it
/// is the first time.
///
/// # Errors
///
/// When the database fails.
pub fn set_processed(
    transaction: &Transaction<'_>,
    id: &ExternalEventId,
    at: CoreDate,
) -> Result<bool, StoreError> {
    let changed = change(
        transaction,
        "INSERT INTO processed_external_event (id, processed_at) VALUES (:id, :at)
            ON CONFLICT (id) DO NOTHING",
        named_params! { ":id": Text(id), ":at": Millis(at) },
    )?;
    Ok(changed == 1)
}

/// Whether an event was processed.
///
/// # Errors
///
/// When the database fails.
pub fn is_processed(connection: &Connection, id: &ExternalEventId) -> Result<bool, StoreError> {
    Ok(first(connection, BY_ID, [Text(id)], |_| Ok(()))?.is_some())
}

/// Forgets events that were processed before `before`: the Backbone no longer offers them.
///
/// # Errors
///
/// When the database fails.
pub fn forget_before(transaction: &Transaction<'_>, before: CoreDate) -> Result<(), StoreError> {
    change(
        transaction,
        "DELETE FROM processed_external_event WHERE processed_at < ?1",
        [Millis(before)],
    )?;
    Ok(())
}
