//! External events.

use rusqlite::{Connection, Row, named_params};
use tessera_backbone_api::{
    external_events::{ExternalEvent, ExternalEventContent},
    limits,
};
use tessera_core_types::{Address, ExternalEventId, RelationshipId};

use super::{
    Change,
    columns::Columns,
    page::{Page, PageWanted},
};
use crate::http::error::ApiError;

/// Which events can be delivered with the next sync run of their owner.
const DELIVERABLE: &str = "owner = :owner AND is_delivered = 0 AND is_blocked = 0
    AND sync_run_id IS NULL AND error_count < :max_errors";

/// An event to be raised.
pub struct NewEvent {
    pub owner: Address,
    pub content: ExternalEventContent,
    /// The relationship that can hold it back or take it away.
    pub relationship: Option<RelationshipId>,
    /// Whether it waits for the relationship to become active.
    pub is_blocked: bool,
}

impl NewEvent {
    /// An event that is delivered at once.
    pub fn new(owner: Address, content: ExternalEventContent) -> Self {
        Self {
            owner,
            content,
            relationship: None,
            is_blocked: false,
        }
    }
}

/// Raises an event. Does nothing when its owner is not here any more.
pub fn raise(change: &Change<'_>, event: NewEvent) -> Result<(), ApiError> {
    let (event_type, payload) = event.content.into_parts();
    let inserted = change
        .prepare_cached(
            "INSERT INTO external_events
                 (id, owner, position, type, payload, relationship_id, is_blocked, created_at)
             SELECT :id, address, next_event_index, :type, :payload, :relationship, :blocked, :now
             FROM identities WHERE address = :owner",
        )?
        .execute(named_params! {
            ":id": ExternalEventId::generate(change.randomness).as_str(),
            ":owner": event.owner.as_str(),
            ":type": event_type,
            ":payload": payload.to_string(),
            ":relationship": event.relationship.as_ref().map(|id| id.as_str()),
            ":blocked": event.is_blocked,
            ":now": change.now.millis(),
        })?;
    if inserted == 0 {
        return Ok(());
    }
    change
        .prepare_cached(
            "UPDATE identities SET next_event_index = next_event_index + 1 WHERE address = ?1",
        )?
        .execute([event.owner.as_str()])?;
    if !event.is_blocked {
        change.hint(&event.owner, "ExternalEventCreated", None);
    }
    Ok(())
}

/// Lets go of the messages that waited for a relationship to become active.
pub fn unblock(change: &Change<'_>, relationship: &RelationshipId) -> Result<(), ApiError> {
    let owners: Vec<Address> = change
        .prepare_cached(
            "UPDATE external_events SET is_blocked = 0
             WHERE relationship_id = ?1 AND is_blocked AND is_delivered = 0 RETURNING owner",
        )?
        .query_map([relationship.as_str()], |row| row.text("owner"))?
        .collect::<rusqlite::Result<_>>()?;
    for owner in owners {
        change.hint(&owner, "ExternalEventCreated", None);
    }
    Ok(())
}

/// Removes the messages that waited for a relationship which will not become active.
pub fn remove_blocked(change: &Change<'_>, relationship: &RelationshipId) -> Result<(), ApiError> {
    change
        .prepare_cached(
            "DELETE FROM external_events
             WHERE relationship_id = ?1 AND is_blocked AND is_delivered = 0",
        )?
        .execute([relationship.as_str()])?;
    Ok(())
}

/// Removes what a participant who decomposed a relationship has not fetched of it.
pub fn remove_undelivered(
    change: &Change<'_>,
    relationship: &RelationshipId,
    owner: &Address,
) -> Result<(), ApiError> {
    change
        .prepare_cached(
            "DELETE FROM external_events
             WHERE relationship_id = ?1 AND owner = ?2 AND is_delivered = 0 AND sync_run_id IS NULL",
        )?
        .execute((relationship.as_str(), owner.as_str()))?;
    Ok(())
}

/// Puts everything that can be delivered into a sync run, and counts it.
pub fn assign(change: &Change<'_>, owner: &Address, sync_run: &str) -> Result<usize, ApiError> {
    Ok(change
        .prepare_cached(&format!(
            "UPDATE external_events SET sync_run_id = :sync_run WHERE {DELIVERABLE}"
        ))?
        .execute(named_params! {
            ":sync_run": sync_run,
            ":owner": owner.as_str(),
            ":max_errors": limits::MAX_EXTERNAL_EVENT_ERRORS,
        })?)
}

/// Whether there is something to deliver; with `is_new_only`, not counting what failed before.
pub fn are_deliverable(
    connection: &Connection,
    owner: &Address,
    is_new_only: bool,
) -> Result<bool, ApiError> {
    let max_errors = if is_new_only {
        1
    } else {
        limits::MAX_EXTERNAL_EVENT_ERRORS
    };
    let sql = format!("SELECT 1 FROM external_events WHERE {DELIVERABLE} LIMIT 1");
    Ok(connection
        .prepare_cached(&sql)?
        .exists(named_params! { ":owner": owner.as_str(), ":max_errors": max_errors })?)
}

/// The events of a sync run, a page of them.
pub fn of_sync_run(
    connection: &Connection,
    sync_run: &str,
    wanted: PageWanted,
) -> Result<Page<ExternalEvent>, ApiError> {
    let total = connection
        .prepare_cached("SELECT count(*) FROM external_events WHERE sync_run_id = ?1")?
        .query_row([sync_run], |row| row.get(0))?;
    let records = connection
        .prepare_cached(
            "SELECT * FROM external_events WHERE sync_run_id = ?1 ORDER BY position
             LIMIT ?2 OFFSET ?3",
        )?
        .query_map((sync_run, wanted.size, wanted.offset()), read)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Page {
        records,
        total,
        wanted,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<ExternalEvent> {
    let payload: String = row.get("payload")?;
    Ok(ExternalEvent {
        id: row.text("id")?,
        index: row.get("position")?,
        created_at: row.date("created_at")?,
        sync_error_count: row.get("error_count")?,
        content: ExternalEventContent::from_parts(
            row.get("type")?,
            serde_json::from_str(&payload).unwrap_or_default(),
        ),
    })
}

/// Marks the events of a sync run that were processed (a JSON array of their ids) as delivered;
/// the others failed once more and come again.
pub fn finish(change: &Change<'_>, sync_run: &str, done: &str) -> Result<(), ApiError> {
    change
        .prepare_cached(
            "UPDATE external_events SET is_delivered = 1
             WHERE sync_run_id = ?1 AND id IN (SELECT value FROM json_each(?2))",
        )?
        .execute((sync_run, done))?;
    change
        .prepare_cached(
            "UPDATE external_events SET sync_run_id = NULL, error_count = error_count + 1
             WHERE sync_run_id = ?1 AND is_delivered = 0",
        )?
        .execute([sync_run])?;
    Ok(())
}
