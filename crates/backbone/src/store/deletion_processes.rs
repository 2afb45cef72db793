//! The deletion of an identity until it is carried out: started, and perhaps cancelled. What
//! happens then stands in [`super::deletion`].

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use tessera_backbone_api::{
    deletion_processes::{DeletionProcess, DeletionProcessStatus as Status},
    error_codes,
    external_events::ExternalEventContent,
    identities::IdentityStatus,
};
use tessera_core_types::{IdentityDeletionProcessId, RelationshipId};

use super::{
    Change,
    columns::{Columns, name_of},
    events::{self, NewEvent},
    identities, relationships,
};
use crate::http::{caller::Caller, error::ApiError};

const NAME: &str = "IdentityDeletionProcess";

fn read(row: &Row<'_>) -> rusqlite::Result<DeletionProcess> {
    let created_at = row.date("created_at")?;
    Ok(DeletionProcess {
        id: row.text("id")?,
        status: row.name("status")?,
        created_at,
        created_by_device: row.text("created_by_device")?,
        approved_at: created_at,
        approved_by_device: row.text("created_by_device")?,
        grace_period_ends_at: row.optional_date("grace_period_ends_at")?,
        // This server sends no reminders.
        grace_period_reminder1_sent_at: None,
        grace_period_reminder2_sent_at: None,
        grace_period_reminder3_sent_at: None,
    })
}

/// Starts the deletion of the caller's identity.
pub fn start(
    change: &Change<'_>,
    caller: &Caller,
    grace_period: TimeDelta,
) -> Result<DeletionProcess, ApiError> {
    if identities::status(change, &caller.address)? != Some(IdentityStatus::Active) {
        return Err(ApiError::rule(
            error_codes::ONLY_ONE_ACTIVE_DELETION_PROCESS_ALLOWED,
            "Only one active deletion process is allowed.",
        ));
    }
    let id = IdentityDeletionProcessId::generate(change.randomness);
    let end = change.now.plus(grace_period);
    change
        .prepare_cached(
            "INSERT INTO deletion_processes
                 (id, address, status, created_by_device, grace_period_ends_at, created_at)
             VALUES (:id, :address, :status, :device, :end, :now)",
        )?
        .execute(named_params! {
            ":id": id.as_str(),
            ":address": caller.address.as_str(),
            ":status": name_of(&Status::Active),
            ":device": caller.device.as_str(),
            ":end": end.millis(),
            ":now": change.now.millis(),
        })?;
    identities::set_to_be_deleted(change, &caller.address, Some(end))?;
    tell_peers(change, caller, |relationship_id| {
        ExternalEventContent::PeerToBeDeleted {
            relationship_id,
            deletion_date: Some(end),
        }
    })?;
    change.hint(&caller.address, "DeletionProcessStarted", None);
    get(change, caller, id.as_str())
}

/// Cancels it.
pub fn cancel(change: &Change<'_>, caller: &Caller, id: &str) -> Result<DeletionProcess, ApiError> {
    let process = get(change, caller, id)?;
    if process.status != Status::Active {
        return Err(ApiError::rule(
            error_codes::DELETION_PROCESS_IS_NOT_IN_REQUIRED_STATUS,
            "The deletion process is not in status 'Active'.",
        ));
    }
    if process
        .grace_period_ends_at
        .is_some_and(|end| end <= change.now)
    {
        return Err(ApiError::rule(
            error_codes::GRACE_PERIOD_HAS_ALREADY_EXPIRED,
            "The grace period has already expired.",
        ));
    }
    change
        .prepare_cached(
            "UPDATE deletion_processes SET status = ?2, grace_period_ends_at = NULL WHERE id = ?1",
        )?
        .execute((id, name_of(&Status::Cancelled)))?;
    identities::set_to_be_deleted(change, &caller.address, None)?;
    tell_peers(change, caller, |relationship_id| {
        ExternalEventContent::PeerDeletionCancelled { relationship_id }
    })?;
    change.hint(&caller.address, "DeletionProcessCancelledByOwner", None);
    get(change, caller, id)
}

/// One event for every relationship that a deletion would end.
fn tell_peers(
    change: &Change<'_>,
    caller: &Caller,
    content: impl Fn(RelationshipId) -> ExternalEventContent,
) -> Result<(), ApiError> {
    for (relationship, peer) in relationships::open_with_peers(change, &caller.address)? {
        events::raise(change, NewEvent::new(peer, content(relationship)))?;
    }
    Ok(())
}

/// One deletion of the caller's identity.
pub fn get(
    connection: &Connection,
    caller: &Caller,
    id: &str,
) -> Result<DeletionProcess, ApiError> {
    connection
        .prepare_cached("SELECT * FROM deletion_processes WHERE id = ?1 AND address = ?2")?
        .query_row((id, caller.address.as_str()), read)
        .optional()?
        .ok_or_else(|| ApiError::not_found(NAME))
}

/// All deletions of the caller's identity, also cancelled ones.
pub fn list(connection: &Connection, caller: &Caller) -> Result<Vec<DeletionProcess>, ApiError> {
    let processes = connection
        .prepare_cached(
            "SELECT * FROM deletion_processes WHERE address = ?1 ORDER BY created_at, id",
        )?
        .query_map([caller.address.as_str()], read)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(processes)
}
