//! Running a statement and reading what it gives.

use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::StoreError;

/// The rows of a query.
pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The first row of a query, if there is one.
pub(super) fn first<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params, read).optional()?)
}

/// Runs a statement that changes something; how many rows it changed.
pub(super) fn change(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<usize, StoreError> {
    Ok(connection.prepare_cached(sql)?.execute(params)?)
}

/// Runs a statement that must change exactly one row.
pub(super) fn change_one(
    connection: &Connection,
    what: &'static str,
    sql: &str,
    params: impl Params,
) -> Result<(), StoreError> {
    match change(connection, sql, params)? {
        1 => Ok(()),
        _ => Err(StoreError::Missing(what)),
    }
}
