//! Files that can be attached to a Message, and what is known of those that were.

use rusqlite::{Connection, Transaction, named_params};
use serde::{Deserialize, Serialize};
use tessera_content::{Reference, ReferenceKind};
use tessera_core_types::{CoreDate, FileId};

use super::{
    StoreError,
    columns::{Columns, Json, Text, unreadable_row},
    query::{all, change, first},
};
use crate::{
    keys::SecretText,
    views::{FileFacts, ListedFile},
};

const BY_ID: &str = "SELECT reference, facts, ownership_token FROM file WHERE id = ?1";
/// A person has some hundreds at most, so they are sorted when they are asked for. Those of older
/// versions have no date, and come last.
const LIST: &str =
    "SELECT id, facts FROM file ORDER BY json_extract(facts, '$.addedAt') DESC, id DESC";
const FACTS: &str = "SELECT facts FROM attachment_facts WHERE message = ?1 AND file_id = ?2";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[BY_ID, LIST, FACTS];

/// A File that can be attached.
#[derive(Debug, Clone)]
pub struct KnownFile {
    /// Where it is and what opens it.
    pub reference: Reference,
    /// What it says about itself.
    pub facts: FileFacts,
    /// Who has it may take the File over; known of those that were given to the Backbone here.
    pub ownership_token: Option<SecretText>,
}

/// What stands in the column `facts`: the facts themselves, and since when they do.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptFacts {
    #[serde(flatten)]
    facts: FileFacts,
    added_at: Option<CoreDate>,
}

/// Remembers a File, in place of what was known of it.
///
/// # Errors
///
/// When the database fails.
pub fn put(
    transaction: &Transaction<'_>,
    id: &FileId,
    file: &KnownFile,
    now: CoreDate,
) -> Result<(), StoreError> {
    let facts = KeptFacts {
        facts: file.facts.clone(),
        added_at: Some(now),
    };
    change(
        transaction,
        "INSERT INTO file (id, reference, facts, ownership_token)
            VALUES (:id, :reference, :facts, :token)
            ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, facts = excluded.facts,
                ownership_token = coalesce(excluded.ownership_token, ownership_token)",
        named_params! {
            ":id": Text(id),
            ":reference": file.reference.truncated().as_str(),
            ":facts": Json(facts),
            ":token": file.ownership_token.as_ref().map(SecretText::expose),
        },
    )?;
    Ok(())
}

/// A File that can be attached.
///
/// # Errors
///
/// When the database fails.
pub fn by_id(connection: &Connection, id: &FileId) -> Result<Option<KnownFile>, StoreError> {
    first(connection, BY_ID, [Text(id)], |row| {
        let text = zeroize::Zeroizing::new(row.get::<_, String>("reference")?);
        Ok(KnownFile {
            reference: Reference::parse_as(ReferenceKind::File, &text)
                .map_err(|_| unreadable_row())?,
            facts: row.json("facts")?,
            ownership_token: row
                .get::<_, Option<String>>("ownership_token")?
                .map(SecretText::from),
        })
    })
}

/// All Files that can be attached, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn list(connection: &Connection) -> Result<Vec<ListedFile>, StoreError> {
    all(connection, LIST, [], |row| {
        let kept: KeptFacts = row.json("facts")?;
        Ok(ListedFile {
            id: row.text("id")?,
            facts: kept.facts,
            added_at: kept.added_at,
        })
    })
}

/// Remembers what an attached File says about itself.
///
/// # Errors
///
/// When there is no such Message, and when the database fails.
pub fn put_facts(
    transaction: &Transaction<'_>,
    message: i64,
    id: &FileId,
    facts: &FileFacts,
) -> Result<(), StoreError> {
    change(
        transaction,
        "INSERT INTO attachment_facts (message, file_id, facts) VALUES (:message, :id, :facts)
            ON CONFLICT (message, file_id) DO UPDATE SET facts = excluded.facts",
        named_params! { ":message": message, ":id": Text(id), ":facts": Json(facts) },
    )?;
    Ok(())
}

/// What an attached File says about itself, as far as it was looked at.
///
/// # Errors
///
/// When the database fails.
pub fn facts(
    connection: &Connection,
    message: i64,
    id: &FileId,
) -> Result<Option<FileFacts>, StoreError> {
    first(
        connection,
        FACTS,
        rusqlite::params![message, Text(id)],
        |row| row.json("facts"),
    )
}
