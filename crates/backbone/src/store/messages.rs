//! Messages: who sees them, and what decomposing a relationship does to them.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use tessera_backbone_api::{
    error_codes,
    external_events::ExternalEventContent,
    messages::{
        Message, MessageAttachment, MessageRecipient, SendMessageRecipient, SendMessageRequest,
        SentMessage,
    },
    relationships::RelationshipStatus,
};
use tessera_core_types::{Address, MessageId, RelationshipId};

use super::{
    Change,
    columns::Columns,
    events::{self, NewEvent},
    page::{Page, PageWanted},
    quotas, relationships,
};
use crate::http::{caller::Caller, error::ApiError};

const NAME: &str = "Message";

/// Sends a message.
pub fn send(
    change: &Change<'_>,
    caller: &Caller,
    request: &SendMessageRequest,
    max_unreceived: u32,
) -> Result<SentMessage, ApiError> {
    quotas::check(change, &caller.address, "NumberOfSentMessages")?;
    let relationships = request
        .recipients
        .iter()
        .map(|recipient| usable_relationship(change, caller, recipient, max_unreceived))
        .collect::<Result<Vec<_>, _>>()?;
    let id = MessageId::generate(change.randomness);
    change
        .prepare_cached(
            "INSERT INTO messages (id, created_by, created_by_device, body, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            id.as_str(),
            caller.address.as_str(),
            caller.device.as_str(),
            request.body.as_slice(),
            change.now.millis(),
        ))?;
    let mut insert = change.prepare_cached(
        "INSERT INTO message_recipients (message_id, position, address, relationship_id, encrypted_key)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (position, (recipient, (relationship, is_blocked))) in
        (0_i64..).zip(request.recipients.iter().zip(relationships))
    {
        insert.execute((
            id.as_str(),
            position,
            recipient.address.as_str(),
            relationship.as_str(),
            recipient.encrypted_key.as_slice(),
        ))?;
        let content = ExternalEventContent::MessageReceived { id: id.clone() };
        events::raise(
            change,
            NewEvent {
                owner: recipient.address.clone(),
                content,
                relationship: Some(relationship),
                is_blocked,
            },
        )?;
    }
    let mut insert = change.prepare_cached(
        "INSERT INTO message_attachments (message_id, position, file_id) VALUES (?1, ?2, ?3)",
    )?;
    for (position, attachment) in (0_i64..).zip(request.attachments.iter().flatten()) {
        insert.execute((id.as_str(), position, attachment.id.as_str()))?;
    }
    Ok(SentMessage {
        id,
        created_at: change.now,
    })
}

/// The relationship over which a message reaches a recipient, and whether it has to wait there.
fn usable_relationship(
    change: &Change<'_>,
    caller: &Caller,
    recipient: &SendMessageRecipient,
    max_unreceived: u32,
) -> Result<(RelationshipId, bool), ApiError> {
    let newest = relationships::newest_between(change, &caller.address, &recipient.address)?;
    let Some((relationship, status)) = newest else {
        return Err(ApiError::rule(
            error_codes::NO_RELATIONSHIP_TO_RECIPIENT_EXISTS,
            format!(
                "Cannot send message to {} because there is no relationship to it.",
                recipient.address
            ),
        ));
    };
    let is_blocked = match status {
        RelationshipStatus::Active => false,
        RelationshipStatus::Pending | RelationshipStatus::Terminated => true,
        _ => {
            return Err(ApiError::rule(
                error_codes::RELATIONSHIP_TO_RECIPIENT_NOT_ACTIVE,
                format!(
                    "Cannot send message to {} because the relationship to it is not active.",
                    recipient.address
                ),
            ));
        }
    };
    let unreceived: u32 = change
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM message_recipients r
                 JOIN messages m ON m.id = r.message_id
                 WHERE r.address = ?1 AND r.received_at IS NULL AND m.created_by = ?2 LIMIT ?3)",
        )?
        .query_row(
            (
                recipient.address.as_str(),
                caller.address.as_str(),
                max_unreceived,
            ),
            |row| row.get(0),
        )?;
    if unreceived >= max_unreceived {
        return Err(ApiError::rule(
            error_codes::MAX_NUMBER_OF_UNRECEIVED_MESSAGES_REACHED,
            format!(
                "The recipient {} already has {max_unreceived} messages that it has not received.",
                recipient.address
            ),
        ));
    }
    Ok((relationship, is_blocked))
}

/// Which messages the caller sees: sent ones until it decomposed with every recipient, received
/// ones until it decomposed.
const VISIBLE: &str = "(
    (m.created_by = :caller AND EXISTS (SELECT 1 FROM message_recipients r
        WHERE r.message_id = m.id AND NOT r.decomposed_by_sender))
    OR EXISTS (SELECT 1 FROM message_recipients r
        WHERE r.message_id = m.id AND r.address = :caller AND NOT r.decomposed_by_recipient))";

/// One message.
pub fn get(
    connection: &Connection,
    caller: &Caller,
    id: &str,
    domain: &str,
) -> Result<Message, ApiError> {
    let message = connection
        .prepare_cached(&format!(
            "SELECT m.* FROM messages m WHERE m.id = :id AND {VISIBLE}"
        ))?
        .query_row(
            named_params! { ":id": id, ":caller": caller.address.as_str() },
            read,
        )
        .optional()?
        .ok_or_else(|| ApiError::not_found(NAME))?;
    complete(connection, caller, message, domain)
}

/// Which messages a list may show: those named in `:ids`, or (`NULL`) all that the caller has to do
/// with. Each part starts from an index, so that a list does not get slower with what others wrote.
const LISTED: &str = "m.id IN (
    SELECT value FROM json_each(:ids)
    UNION SELECT id FROM messages WHERE :ids IS NULL AND created_by = :caller
    UNION SELECT message_id FROM message_recipients WHERE :ids IS NULL AND address = :caller)";

/// The messages that the caller sees, or those of them that are named (a JSON array of ids).
pub fn list(
    connection: &Connection,
    caller: &Caller,
    ids: Option<&str>,
    wanted: PageWanted,
    domain: &str,
) -> Result<Page<Message>, ApiError> {
    let from = format!("FROM messages m WHERE {LISTED} AND {VISIBLE}");
    let address = caller.address.as_str();
    let total = connection
        .prepare_cached(&format!("SELECT count(*) {from}"))?
        .query_row(named_params! { ":caller": address, ":ids": ids }, |row| {
            row.get(0)
        })?;
    let messages: Vec<Message> = connection
        .prepare_cached(&format!(
            "SELECT m.* {from} ORDER BY m.created_at, m.id LIMIT :size OFFSET :offset"
        ))?
        .query_map(
            named_params! {
                ":caller": address,
                ":ids": ids,
                ":size": wanted.size,
                ":offset": wanted.offset(),
            },
            read,
        )?
        .collect::<rusqlite::Result<_>>()?;
    let records = messages
        .into_iter()
        .map(|message| complete(connection, caller, message, domain))
        .collect::<Result<_, _>>()?;
    Ok(Page {
        records,
        total,
        wanted,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: row.text("id")?,
        created_at: row.date("created_at")?,
        created_by: row.text("created_by")?,
        created_by_device: row.text("created_by_device")?,
        body: row.bytes("body")?,
        attachments: Vec::new(),
        recipients: Vec::new(),
    })
}

/// Whether the caller gets a message for the first time.
pub fn is_unreceived(message: &Message, caller: &Caller) -> bool {
    message
        .recipients
        .iter()
        .any(|recipient| recipient.address == caller.address && recipient.received_at.is_none())
}

/// Marks a message as received by the caller.
pub fn mark_received(change: &Change<'_>, caller: &Caller, id: &MessageId) -> Result<(), ApiError> {
    change
        .prepare_cached(
            "UPDATE message_recipients SET received_at = ?3, received_by_device = ?4
             WHERE message_id = ?1 AND address = ?2 AND received_at IS NULL",
        )?
        .execute((
            id.as_str(),
            caller.address.as_str(),
            change.now.millis(),
            caller.device.as_str(),
        ))?;
    Ok(())
}

/// Adds what the caller may see of the recipients, and the attachments.
fn complete(
    connection: &Connection,
    caller: &Caller,
    mut message: Message,
    domain: &str,
) -> Result<Message, ApiError> {
    let is_sender = message.created_by == caller.address;
    message.recipients = recipients(connection, &message.id, caller, is_sender, domain)?;
    message.attachments = connection
        .prepare_cached(
            "SELECT file_id FROM message_attachments WHERE message_id = ?1 ORDER BY position",
        )?
        .query_map([message.id.as_str()], |row| {
            row.text("file_id").map(|id| MessageAttachment { id })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(message)
}

fn recipients(
    connection: &Connection,
    id: &MessageId,
    caller: &Caller,
    is_sender: bool,
    domain: &str,
) -> Result<Vec<MessageRecipient>, ApiError> {
    let [_, pseudonym] = Address::of_deleted_identity(domain);
    let recipients = connection
        .prepare_cached(
            "SELECT * FROM message_recipients
             WHERE message_id = :id AND (:is_sender OR address = :caller) ORDER BY position",
        )?
        .query_map(
            named_params! {
                ":id": id.as_str(),
                ":is_sender": is_sender,
                ":caller": caller.address.as_str(),
            },
            |row| {
                let is_hidden = is_sender && row.get::<_, bool>("decomposed_by_sender")?;
                Ok(MessageRecipient {
                    address: if is_hidden {
                        pseudonym.clone()
                    } else {
                        row.text("address")?
                    },
                    encrypted_key: row.bytes("encrypted_key")?,
                    received_at: row.optional_date("received_at")?,
                    received_by_device: row.optional_text("received_by_device")?,
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(recipients)
}

/// Takes the messages of a relationship from the view of a participant who decomposed it. What
/// both sides decomposed loses the names.
pub fn decompose(
    change: &Change<'_>,
    relationship: &RelationshipId,
    decomposer: &Address,
) -> Result<(), ApiError> {
    let [_, pseudonym] = Address::of_deleted_identity(decomposer.hostname());
    let parameters = named_params! {
        ":relationship": relationship.as_str(),
        ":decomposer": decomposer.as_str(),
    };
    change
        .prepare_cached(
            "UPDATE message_recipients SET
                 decomposed_by_recipient = decomposed_by_recipient OR address = :decomposer,
                 decomposed_by_sender = decomposed_by_sender OR address <> :decomposer
             WHERE relationship_id = :relationship",
        )?
        .execute(parameters)?;
    change
        .prepare_cached(
            "UPDATE message_recipients SET address = ?2
             WHERE relationship_id = ?1 AND decomposed_by_recipient AND decomposed_by_sender",
        )?
        .execute((relationship.as_str(), pseudonym.as_str()))?;
    change
        .prepare_cached(
            "UPDATE messages SET created_by = ?2
             WHERE id IN (SELECT message_id FROM message_recipients WHERE relationship_id = ?1)
               AND NOT EXISTS (SELECT 1 FROM message_recipients r WHERE r.message_id = messages.id
                   AND NOT (r.decomposed_by_recipient AND r.decomposed_by_sender))",
        )?
        .execute((relationship.as_str(), pseudonym.as_str()))?;
    Ok(())
}

/// Takes the name of an identity that goes out of all messages, and deletes those in which no
/// names are left.
pub fn leave_all(
    change: &Change<'_>,
    address: &Address,
    pseudonym: &Address,
) -> Result<(), ApiError> {
    let parameters = named_params! {
        ":address": address.as_str(),
        ":pseudonym": pseudonym.as_str(),
    };
    for sql in [
        "UPDATE messages SET created_by = :pseudonym WHERE created_by = :address",
        "UPDATE message_recipients SET address = :pseudonym WHERE address = :address",
    ] {
        change.prepare_cached(sql)?.execute(parameters)?;
    }
    change
        .prepare_cached(
            "DELETE FROM messages WHERE created_by = ?1 AND NOT EXISTS
                 (SELECT 1 FROM message_recipients r
                  WHERE r.message_id = messages.id AND r.address <> ?1)",
        )?
        .execute([pseudonym.as_str()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::migrations;

    #[test]
    fn nobody_waits_for_the_messages_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backbone.sqlite");
        let mut connection = Connection::open(&file).unwrap();
        migrations::run(&mut connection, &file).unwrap();
        let mut statement = connection
            .prepare(&format!(
                "EXPLAIN QUERY PLAN SELECT m.* FROM messages m WHERE {LISTED} AND {VISIBLE}"
            ))
            .unwrap();
        let mut rows = statement.raw_query();
        let mut plan: Vec<String> = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            plan.push(row.get("detail").unwrap());
        }
        let finds = plan.iter().any(|step| step.starts_with("SEARCH m "));
        assert!(finds, "{plan:?}");
        let scans = plan.iter().filter(|step| step.starts_with("SCAN"));
        let others: Vec<_> = scans.filter(|step| !step.contains("json_each")).collect();
        assert!(others.is_empty(), "{plan:?}");
    }
}
