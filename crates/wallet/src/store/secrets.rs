//! Secrets with a name.

use rusqlite::{Connection, Transaction, named_params};

use super::{
    StoreError,
    columns::{Columns, Millis, Text},
    query::{change, first},
};
use crate::model::{SecretContainer, SecretKind};

const ACTIVE: &str = "SELECT * FROM secret_container WHERE name = ?1 AND valid_to IS NULL";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[ACTIVE];

/// Stores a secret. The one that was active under its name stays behind, inactive.
///
/// # Errors
///
/// [`StoreError::Constraint`] when the id exists.
pub fn put(transaction: &Transaction<'_>, container: &SecretContainer) -> Result<(), StoreError> {
    if container.valid_to.is_none() {
        change(
            transaction,
            "UPDATE secret_container SET valid_to = :valid_to
                WHERE name = :name AND valid_to IS NULL",
            named_params! {
                ":valid_to": Millis(container.valid_from),
                ":name": container.name,
            },
        )?;
    }
    change(
        transaction,
        "INSERT INTO secret_container (id, name, kind, secret, valid_from, valid_to)
            VALUES (:id, :name, :kind, :secret, :valid_from, :valid_to)",
        named_params! {
            ":id": Text(&container.id),
            ":name": container.name,
            ":kind": container.kind.as_str(),
            ":secret": container.secret.expose(),
            ":valid_from": Millis(container.valid_from),
            ":valid_to": container.valid_to.map(Millis),
        },
    )?;
    Ok(())
}

/// Forgets the secrets of this name, the inactive ones, too.
///
/// # Errors
///
/// When the database fails.
pub fn forget(transaction: &Transaction<'_>, name: &str) -> Result<(), StoreError> {
    change(
        transaction,
        "DELETE FROM secret_container WHERE name = ?1",
        [name],
    )?;
    Ok(())
}

/// The active secret of this name.
///
/// # Errors
///
/// When the database fails.
pub fn active(connection: &Connection, name: &str) -> Result<Option<SecretContainer>, StoreError> {
    first(connection, ACTIVE, [name], |row| {
        let kind: String = row.get("kind")?;
        Ok(SecretContainer {
            id: row.text("id")?,
            name: row.get("name")?,
            kind: SecretKind::parse(&kind).ok_or_else(super::columns::unreadable_row)?,
            secret: row.get::<_, String>("secret")?.into(),
            valid_from: row.date("valid_from")?,
            valid_to: row.optional_date("valid_to")?,
        })
    })
}
