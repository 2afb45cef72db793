//! The person's own words for contacts. They stay when a Relationship ends.

use rusqlite::{Connection, Transaction, named_params};
use tessera_core_types::{Address, CoreDate};

use super::{
    StoreError,
    columns::{Columns, Millis, Text},
    query::{all, change, first},
};
use crate::views::ContactNote;

const BY_PEER: &str = "SELECT * FROM contact_note WHERE peer = ?1";
const TAGS: &str = "SELECT tag FROM contact_tag WHERE peer = ?1 ORDER BY tag";
const ALL_TAGS: &str = "SELECT DISTINCT tag FROM contact_tag ORDER BY tag";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[BY_PEER, TAGS, ALL_TAGS];

/// What the person wrote about a contact; empty when nothing.
///
/// # Errors
///
/// When the database fails.
pub fn get(connection: &Connection, peer: &Address) -> Result<ContactNote, StoreError> {
    let note = first(connection, BY_PEER, [Text(peer)], |row| {
        Ok(ContactNote {
            title: row.get("title")?,
            notes: row.get("notes")?,
            tags: Vec::new(),
            archived_at: row.optional_date("archived_at")?,
        })
    })?;
    Ok(ContactNote {
        tags: all(connection, TAGS, [Text(peer)], |row| row.get("tag"))?,
        ..note.unwrap_or_default()
    })
}

/// The person's own name for somebody.
///
/// # Errors
///
/// When the database fails.
pub fn title(connection: &Connection, peer: &Address) -> Result<Option<String>, StoreError> {
    let found = first(connection, BY_PEER, [Text(peer)], |row| row.get("title"))?;
    Ok(found.flatten())
}

/// The tags that are in use, sorted.
///
/// # Errors
///
/// When the database fails.
pub fn all_tags(connection: &Connection) -> Result<Vec<String>, StoreError> {
    all(connection, ALL_TAGS, [], |row| row.get("tag"))
}

/// Replaces title, notes and tags of a contact. Whether it is archived stays.
///
/// # Errors
///
/// When the database fails.
pub fn put(
    transaction: &Transaction<'_>,
    peer: &Address,
    title: Option<&str>,
    notes: Option<&str>,
    tags: &[String],
) -> Result<(), StoreError> {
    change(
        transaction,
        "INSERT INTO contact_note (peer, title, notes) VALUES (:peer, :title, :notes)
            ON CONFLICT (peer) DO UPDATE SET title = excluded.title, notes = excluded.notes",
        named_params! { ":peer": Text(peer), ":title": title, ":notes": notes },
    )?;
    change(
        transaction,
        "DELETE FROM contact_tag WHERE peer = ?1",
        [Text(peer)],
    )?;
    for tag in tags {
        change(
            transaction,
            "INSERT INTO contact_tag (tag, peer) VALUES (:tag, :peer) ON CONFLICT DO NOTHING",
            named_params! { ":tag": tag, ":peer": Text(peer) },
        )?;
    }
    Ok(())
}

/// Puts a contact into the archive, or (`None`) takes it out.
///
/// # Errors
///
/// When the database fails.
pub fn set_archived(
    transaction: &Transaction<'_>,
    peer: &Address,
    at: Option<CoreDate>,
) -> Result<(), StoreError> {
    change(
        transaction,
        "INSERT INTO contact_note (peer, archived_at) VALUES (:peer, :at)
            ON CONFLICT (peer) DO UPDATE SET archived_at = excluded.archived_at",
        named_params! { ":peer": Text(peer), ":at": at.map(Millis) },
    )?;
    Ok(())
}
