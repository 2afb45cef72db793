//! Messages.

use rusqlite::{Connection, Params, Row, Transaction, named_params};
use serde_json::Value;
use tessera_content::MessageContent;
use tessera_core_types::{Address, CoreDate, MessageId, RequestId};

use super::{
    StoreError,
    columns::{Columns, Json, Millis, Name, Text},
    query::{all, change, change_one, first},
};
use crate::model::{Message, MessageKind, MessageRecipient, MessageState};

const WHAT: &str = "Message";

const BY_NUMBER: &str = "SELECT * FROM message WHERE number = ?1";
const BY_ID: &str = "SELECT * FROM message WHERE id = ?1";
const IS_OPENED: &str = "SELECT EXISTS (SELECT 1 FROM message WHERE id = ?1 AND kind <> 'closed')";
const LIST: &str = "SELECT * FROM message ORDER BY created_at DESC, number DESC";
const WITH_PEER: &str = "SELECT * FROM message WHERE number IN (
        SELECT number FROM message WHERE created_by = ?1
        UNION SELECT message FROM message_recipient WHERE address = ?1)
    ORDER BY created_at DESC, number DESC";
const OF_REQUEST: &str = "SELECT message.number FROM request
    JOIN message ON message.id = CASE request.is_own
        WHEN 1 THEN request.source_reference
        ELSE json_extract(request.response, '$.source.reference') END
    WHERE request.id = ?1";
const RECIPIENTS: &str = "SELECT * FROM message_recipient WHERE message = ?1 ORDER BY position";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[
    BY_NUMBER, BY_ID, IS_OPENED, LIST, WITH_PEER, OF_REQUEST, RECIPIENTS,
];

/// Stores a new Message; its number, whatever stood in `number`.
///
/// # Errors
///
/// [`StoreError::Constraint`] when a Message with its id is there already.
pub fn insert(transaction: &Transaction<'_>, message: &Message) -> Result<i64, StoreError> {
    change(
        transaction,
        "INSERT INTO message (
            id, state, created_by, created_by_device, created_at, content, attachments, was_read_at,
            kind, fault
        ) VALUES (
            :id, :state, :created_by, :created_by_device, :created_at, :content, :attachments,
            :was_read_at, :kind, :fault
        )",
        named_params! {
            ":id": message.id.as_ref().map(Text),
            ":state": Name(message.state),
            ":created_by": Text(&message.created_by),
            ":created_by_device": Text(&message.created_by_device),
            ":created_at": Millis(message.created_at),
            ":content": Json(&message.content),
            ":attachments": Json(&message.attachments),
            ":was_read_at": message.was_read_at.map(Millis),
            ":kind": Name(message.kind),
            ":fault": message.fault,
        },
    )?;
    let number = transaction.last_insert_rowid();
    for (position, recipient) in (0_i64..).zip(&message.recipients) {
        change(
            transaction,
            "INSERT INTO message_recipient (message, position, address, relationship_id, created_at)
                VALUES (:message, :position, :address, :relationship_id, :created_at)",
            named_params! {
                ":message": number,
                ":position": position,
                ":address": Text(&recipient.address),
                ":relationship_id": recipient.relationship_id.as_ref().map(Text),
                ":created_at": Millis(message.created_at),
            },
        )?;
    }
    Ok(number)
}

/// The Backbone has an own Message.
///
/// # Errors
///
/// [`StoreError::Missing`] when no Message of this number waits.
pub fn set_sent(
    transaction: &Transaction<'_>,
    number: i64,
    id: &MessageId,
    created_at: CoreDate,
) -> Result<(), StoreError> {
    change_one(
        transaction,
        WHAT,
        "UPDATE message SET state = 'sent', id = :id, created_at = :created_at
            WHERE number = :number AND state = 'queued'",
        named_params! {
            ":number": number, ":id": Text(id), ":created_at": Millis(created_at),
        },
    )
}

/// An own Message is finally not sent.
///
/// # Errors
///
/// [`StoreError::Missing`] when no Message of this number waits.
pub fn set_failed(transaction: &Transaction<'_>, number: i64) -> Result<(), StoreError> {
    change_one(
        transaction,
        WHAT,
        "UPDATE message SET state = 'failed' WHERE number = ?1 AND state = 'queued'",
        [number],
    )
}

/// The person has read a Message; a second time changes nothing.
///
/// # Errors
///
/// When the database fails.
pub fn set_read(
    transaction: &Transaction<'_>,
    number: i64,
    at: CoreDate,
) -> Result<(), StoreError> {
    change(
        transaction,
        "UPDATE message SET was_read_at = :at WHERE number = :number AND was_read_at IS NULL",
        named_params! { ":number": number, ":at": Millis(at) },
    )?;
    Ok(())
}

/// The person wants to read a Message once more; a second time changes nothing.
///
/// # Errors
///
/// When the database fails.
pub fn set_unread(transaction: &Transaction<'_>, number: i64) -> Result<(), StoreError> {
    change(
        transaction,
        "UPDATE message SET was_read_at = NULL WHERE number = ?1",
        [number],
    )?;
    Ok(())
}

/// Forgets that a Message came which did not open: now it does.
///
/// # Errors
///
/// When the database fails.
pub fn forget_closed(transaction: &Transaction<'_>, id: &MessageId) -> Result<(), StoreError> {
    change(
        transaction,
        "DELETE FROM message WHERE id = ?1 AND kind = 'closed'",
        [Text(id)],
    )?;
    Ok(())
}

/// Whether a Message with this id was not taken over yet: it never came, or did not open.
///
/// # Errors
///
/// When the database fails.
pub fn is_new(connection: &Connection, id: &MessageId) -> Result<bool, StoreError> {
    let is_opened = first(connection, IS_OPENED, [Text(id)], |row| row.get(0))?;
    Ok(!is_opened.unwrap_or(false))
}

/// Forgets the Messages from a peer and to it alone. In those that others got as well it becomes
/// `pseudonym`; when nobody else is left in one, it goes, too.
///
/// # Errors
///
/// When the database fails.
pub fn forget_peer(
    transaction: &Transaction<'_>,
    peer: &Address,
    pseudonym: &Address,
) -> Result<(), StoreError> {
    change(
        transaction,
        "UPDATE message_recipient SET address = :pseudonym, relationship_id = NULL
            WHERE address = :peer",
        named_params! { ":peer": Text(peer), ":pseudonym": Text(pseudonym) },
    )?;
    change(
        transaction,
        "DELETE FROM message WHERE number IN (
            SELECT message FROM message_recipient AS gone WHERE address = ?1 AND NOT EXISTS (
                SELECT 1 FROM message_recipient AS other
                    WHERE other.message = gone.message AND other.address <> ?1))",
        [Text(pseudonym)],
    )?;
    change(
        transaction,
        "DELETE FROM message WHERE created_by = ?1",
        [Text(peer)],
    )?;
    Ok(())
}

/// The Message with this number.
///
/// # Errors
///
/// When the database fails.
pub fn by_number(connection: &Connection, number: i64) -> Result<Option<Message>, StoreError> {
    one(connection, BY_NUMBER, [number])
}

/// The Message with this id.
///
/// # Errors
///
/// When the database fails.
pub fn by_id(connection: &Connection, id: &MessageId) -> Result<Option<Message>, StoreError> {
    one(connection, BY_ID, [Text(id)])
}

/// All Messages, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn list(connection: &Connection) -> Result<Vec<Message>, StoreError> {
    several(connection, LIST, [])
}

/// The Messages from and to a peer, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn with_peer(connection: &Connection, peer: &Address) -> Result<Vec<Message>, StoreError> {
    several(connection, WITH_PEER, [Text(peer)])
}

fn one(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Option<Message>, StoreError> {
    let found = first(connection, sql, params, read)?;
    found
        .map(|message| with_recipients(connection, message))
        .transpose()
}

/// The number of the own Message that carried an own Request, or the answer to a received one.
///
/// # Errors
///
/// When the database fails.
pub fn number_of_request(
    connection: &Connection,
    request: &RequestId,
) -> Result<Option<i64>, StoreError> {
    first(connection, OF_REQUEST, [Text(request)], |row| row.get(0))
}

fn several(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<Message>, StoreError> {
    all(connection, sql, params, read)?
        .into_iter()
        .map(|message| with_recipients(connection, message))
        .collect()
}

fn with_recipients(connection: &Connection, mut message: Message) -> Result<Message, StoreError> {
    message.recipients = all(connection, RECIPIENTS, [message.number], |row| {
        Ok(MessageRecipient {
            address: row.text("address")?,
            relationship_id: row.optional_text("relationship_id")?,
        })
    })?;
    Ok(message)
}

/// What claims to be something that it is not is kept as it came.
fn understood(content: Value) -> MessageContent {
    MessageContent::parse(&content).unwrap_or(MessageContent::Unknown(content))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        number: row.get("number")?,
        id: row.optional_text("id")?,
        state: row.name::<MessageState>("state")?,
        created_by: row.text("created_by")?,
        created_by_device: row.text("created_by_device")?,
        created_at: row.date("created_at")?,
        recipients: Vec::new(),
        content: understood(row.json("content")?),
        attachments: row.json::<Vec<Value>>("attachments")?,
        was_read_at: row.optional_date("was_read_at")?,
        kind: row.name::<MessageKind>("kind")?,
        fault: row.get("fault")?,
    })
}
