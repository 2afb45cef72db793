//! Mails that are being written. They hold what nobody has sent yet, so they lie here and nowhere
//! else.

use rusqlite::{Connection, Row, Transaction, named_params};
use tessera_core_types::CoreDate;

use super::{
    StoreError,
    columns::{Columns, Json, Millis},
    query::{all, change, change_one, first},
};
use crate::views::{KeptDraft, MailDraft};

const WHAT: &str = "draft";

const BY_ID: &str = "SELECT * FROM mail_draft WHERE id = ?1";
const LIST: &str = "SELECT * FROM mail_draft ORDER BY changed_at DESC";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[BY_ID, LIST];

/// Begins a draft; its id.
///
/// # Errors
///
/// When the database fails.
pub fn add(
    transaction: &Transaction<'_>,
    draft: &MailDraft,
    now: CoreDate,
) -> Result<i64, StoreError> {
    change(
        transaction,
        "INSERT INTO mail_draft (draft, changed_at) VALUES (:draft, :now)",
        named_params! { ":draft": Json(draft), ":now": Millis(now) },
    )?;
    Ok(transaction.last_insert_rowid())
}

/// Keeps what a draft says now.
///
/// # Errors
///
/// [`StoreError::Missing`] when it was sent or thrown away.
pub fn set(
    transaction: &Transaction<'_>,
    id: i64,
    draft: &MailDraft,
    now: CoreDate,
) -> Result<(), StoreError> {
    change_one(
        transaction,
        WHAT,
        "UPDATE mail_draft SET draft = :draft, changed_at = :now WHERE id = :id",
        named_params! { ":id": id, ":draft": Json(draft), ":now": Millis(now) },
    )
}

/// Throws a draft away; a second time changes nothing.
///
/// # Errors
///
/// When the database fails.
pub fn remove(transaction: &Transaction<'_>, id: i64) -> Result<(), StoreError> {
    change(transaction, "DELETE FROM mail_draft WHERE id = ?1", [id])?;
    Ok(())
}

/// A draft.
///
/// # Errors
///
/// When the database fails.
pub fn by_id(connection: &Connection, id: i64) -> Result<Option<KeptDraft>, StoreError> {
    first(connection, BY_ID, [id], read)
}

/// All drafts, what was changed last first.
///
/// # Errors
///
/// When the database fails.
pub fn list(connection: &Connection) -> Result<Vec<KeptDraft>, StoreError> {
    all(connection, LIST, [], read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<KeptDraft> {
    Ok(KeptDraft {
        id: row.get("id")?,
        draft: row.json("draft")?,
        changed_at: row.date("changed_at")?,
    })
}
