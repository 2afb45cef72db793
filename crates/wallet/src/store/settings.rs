//! Small things that are looked up by a name: language, theme, where synchronisation stands.

use rusqlite::{Connection, Transaction, named_params};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    StoreError,
    columns::{Columns, Json},
    query::{change, first},
};

const BY_KEY: &str = "SELECT value FROM setting WHERE key = ?1";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[BY_KEY];

/// What is set under this name; `None` when nothing is.
///
/// # Errors
///
/// [`StoreError::Unreadable`] when it is not a `T`.
pub fn get<T: DeserializeOwned>(
    connection: &Connection,
    key: &str,
) -> Result<Option<T>, StoreError> {
    first(connection, BY_KEY, [key], |row| row.json("value"))
}

/// Sets something, in place of what was there.
///
/// # Errors
///
/// When the database fails.
pub fn set<T: Serialize>(
    transaction: &Transaction<'_>,
    key: &str,
    value: &T,
) -> Result<(), StoreError> {
    change(
        transaction,
        "INSERT INTO setting (key, value) VALUES (:key, :value)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        named_params! { ":key": key, ":value": Json(value) },
    )?;
    Ok(())
}

/// Forgets what is set under this name.
///
/// # Errors
///
/// When the database fails.
pub fn remove(transaction: &Transaction<'_>, key: &str) -> Result<(), StoreError> {
    change(transaction, "DELETE FROM setting WHERE key = ?1", [key])?;
    Ok(())
}
