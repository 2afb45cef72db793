//! Which own Attributes were made of which: a city of an address, a name of names.

use rusqlite::{Connection, Row, Transaction};
use tessera_core_types::AttributeId;

use super::{
    StoreError,
    columns::{Columns, Text},
    query::{all, change},
};

/// Of each source the newest version that any version of the Attribute was made of.
const SOURCES: &str = "SELECT attribute_id, is_of_older_version FROM (
    SELECT source.attribute_id, attribute.value_type, attribute.created_at,
           source.rank < (SELECT max(newest.rank) FROM attribute_version AS newest
               WHERE newest.chain = source.chain) AS is_of_older_version,
           row_number() OVER (PARTITION BY source.chain ORDER BY source.rank DESC) AS place
        FROM attribute_version AS shown
        JOIN attribute_version AS version ON version.chain = shown.chain
        JOIN attribute_source AS made ON made.attribute_id = version.attribute_id
        JOIN attribute_version AS source ON source.attribute_id = made.source_id
        JOIN local_attribute AS attribute ON attribute.id = source.attribute_id
        WHERE shown.attribute_id = ?1
    ) WHERE place = 1 ORDER BY value_type, created_at DESC, attribute_id LIMIT ?2";
/// Of each thing made the newest version, by the newest version of the Attribute it was made of.
const DERIVED: &str = "SELECT attribute_id, is_of_older_version FROM (
    SELECT derived.attribute_id, attribute.value_type, attribute.created_at,
           version.rank < (SELECT max(newest.rank) FROM attribute_version AS newest
               WHERE newest.chain = version.chain) AS is_of_older_version,
           row_number() OVER (PARTITION BY derived.chain
               ORDER BY derived.rank DESC, version.rank DESC) AS place
        FROM attribute_version AS shown
        JOIN attribute_version AS version ON version.chain = shown.chain
        JOIN attribute_source AS made ON made.source_id = version.attribute_id
        JOIN attribute_version AS derived ON derived.attribute_id = made.attribute_id
        JOIN local_attribute AS attribute ON attribute.id = derived.attribute_id
        WHERE shown.attribute_id = ?1
    ) WHERE place = 1 ORDER BY value_type, created_at DESC, attribute_id LIMIT ?2";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[SOURCES, DERIVED];

/// Another Attribute that something was made of, or that was made of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// It, in the version it was.
    pub attribute: AttributeId,
    /// Whether the source has a newer version than the one that was used.
    pub is_of_older_version: bool,
}

/// Remembers that an Attribute was made of another one; that it is remembered already changes
/// nothing. It is forgotten when either of the two versions is deleted.
///
/// # Errors
///
/// [`StoreError::Constraint`] when one of them is not there, or they are the same.
pub fn add(
    transaction: &Transaction<'_>,
    attribute: &AttributeId,
    source: &AttributeId,
) -> Result<(), StoreError> {
    change(
        transaction,
        "INSERT INTO attribute_source (attribute_id, source_id) VALUES (?1, ?2)
            ON CONFLICT (attribute_id, source_id) DO NOTHING",
        [Text(attribute), Text(source)],
    )?;
    Ok(())
}

/// What an Attribute, in any of its versions, was made of, by value type; `most` at most.
///
/// # Errors
///
/// When the database fails.
pub fn of(
    connection: &Connection,
    attribute: &AttributeId,
    most: u32,
) -> Result<Vec<Tie>, StoreError> {
    let params = rusqlite::params![Text(attribute), most];
    all(connection, SOURCES, params, read)
}

/// What was made of an Attribute, in any of its versions, by value type; `most` at most.
///
/// # Errors
///
/// When the database fails.
pub fn derived(
    connection: &Connection,
    source: &AttributeId,
    most: u32,
) -> Result<Vec<Tie>, StoreError> {
    let params = rusqlite::params![Text(source), most];
    all(connection, DERIVED, params, read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Tie> {
    Ok(Tie {
        attribute: row.text("attribute_id")?,
        is_of_older_version: row.get("is_of_older_version")?,
    })
}
