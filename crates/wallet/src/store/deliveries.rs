//! What became of own Messages: who has fetched which, and which was sent again as another one.

use rusqlite::{Connection, Transaction, named_params, params};
use tessera_core_types::{Address, CoreDate, MessageId};

use super::{
    StoreError,
    columns::{Columns, Millis, Text},
    query::{all, change, first},
};

const AWAITED: &str = "SELECT message.number, message.id
    FROM awaited_message JOIN message ON message.number = awaited_message.message
    WHERE awaited_message.message < ?1 AND message.id IS NOT NULL
    ORDER BY awaited_message.message DESC LIMIT ?2";
const FETCHED: &str = "SELECT address, at FROM fetched_message WHERE message = ?1";
const NOT_YET: &str = "SELECT count(*) FROM message_recipient AS recipient
    WHERE recipient.message = ?1 AND recipient.relationship_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM fetched_message AS fetched
          WHERE fetched.message = recipient.message AND fetched.address = recipient.address)";
const SENT_AGAIN: &str = "SELECT successor FROM message_sent_again WHERE message = ?1";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[AWAITED, FETCHED, NOT_YET, SENT_AGAIN];

/// The newest own Messages that the Backbone has and that not everybody has fetched, as far as is
/// known; at most `limit`, `number` alone if it is given.
///
/// # Errors
///
/// When the database fails.
pub fn awaited(
    connection: &Connection,
    number: Option<i64>,
    limit: u32,
) -> Result<Vec<(i64, MessageId)>, StoreError> {
    let (below, limit) = match number {
        Some(number) => (number.saturating_add(1), 1),
        None => (i64::MAX, limit),
    };
    let mut found = all(connection, AWAITED, params![below, limit], |row| {
        Ok((row.get("number")?, row.text("id")?))
    })?;
    found.retain(|(found, _)| number.is_none_or(|number| number == *found));
    Ok(found)
}

/// Remembers that a recipient has fetched an own Message; what was written down first stays. When
/// everybody has, it is awaited no more.
///
/// # Errors
///
/// When the database fails.
pub fn set_fetched(
    transaction: &Transaction<'_>,
    number: i64,
    address: &Address,
    at: CoreDate,
) -> Result<(), StoreError> {
    change(
        transaction,
        "INSERT INTO fetched_message (message, address, at) VALUES (:message, :address, :at)
            ON CONFLICT (message, address) DO NOTHING",
        named_params! { ":message": number, ":address": Text(address), ":at": Millis(at) },
    )?;
    let left: Option<i64> = first(transaction, NOT_YET, [number], |row| row.get(0))?;
    if left == Some(0) {
        change(
            transaction,
            "DELETE FROM awaited_message WHERE message = ?1",
            [number],
        )?;
    }
    Ok(())
}

/// Who has fetched an own Message, and when.
///
/// # Errors
///
/// When the database fails.
pub fn fetched(
    connection: &Connection,
    number: i64,
) -> Result<Vec<(Address, CoreDate)>, StoreError> {
    all(connection, FETCHED, [number], |row| {
        Ok((row.text("address")?, row.date("at")?))
    })
}

/// As which Message one was sent again; `None` when it was not.
///
/// # Errors
///
/// When the database fails.
pub fn sent_again(connection: &Connection, number: i64) -> Result<Option<i64>, StoreError> {
    first(connection, SENT_AGAIN, [number], |row| row.get("successor"))
}

/// Remembers as which Message one was sent again.
///
/// # Errors
///
/// [`StoreError::Constraint`] when it was already.
pub fn set_sent_again(
    transaction: &Transaction<'_>,
    number: i64,
    successor: i64,
) -> Result<(), StoreError> {
    change(
        transaction,
        "INSERT INTO message_sent_again (message, successor) VALUES (?1, ?2)",
        [number, successor],
    )?;
    Ok(())
}
