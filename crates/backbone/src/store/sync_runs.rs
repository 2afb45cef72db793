//! Sync runs: short exclusive locks with which one device turns external events into
//! modifications.

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use tessera_backbone_api::{
    error_codes as codes,
    external_events::ExternalEvent,
    identities::IdentityStatus,
    limits,
    sync_runs::{
        FinalizeDatawalletVersionUpgradeRequest, FinalizeDatawalletVersionUpgradeResponse,
        FinalizeExternalEventSyncRequest, FinalizeExternalEventSyncResponse,
        RefreshExpirationTimeResponse, StartSyncRunRequest, StartSyncRunResponse,
        StartSyncRunStatus, SyncRun, SyncRunType,
    },
};
use tessera_core_types::{Address, CoreDate, SyncRunId};

use super::{
    Change,
    columns::{Columns, name_of},
    datawallet, events, identities,
    page::{Page, PageWanted},
};
use crate::http::{caller::Caller, error::ApiError};

struct Stored {
    run: SyncRun,
    finalized_at: Option<CoreDate>,
}

impl Stored {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            run: SyncRun {
                id: row.text("id")?,
                r#type: row.name("type")?,
                index: row.get("position")?,
                expires_at: row.date("expires_at")?,
                created_at: row.date("created_at")?,
                created_by: row.text("address")?,
                created_by_device: row.text("device_id")?,
                event_count: row.get("event_count")?,
            },
            finalized_at: row.optional_date("finalized_at")?,
        })
    }

    fn find(connection: &Connection, caller: &Caller, id: &str) -> Result<Self, ApiError> {
        connection
            .prepare_cached("SELECT * FROM sync_runs WHERE id = ?1 AND address = ?2")?
            .query_row((id, caller.address.as_str()), Self::read)
            .optional()?
            .ok_or_else(|| ApiError::not_found("SyncRun"))
    }

    fn must_be_of_device(&self, caller: &Caller, code: &'static str) -> Result<(), ApiError> {
        if self.run.created_by_device == caller.device {
            return Ok(());
        }
        Err(ApiError::rule(
            code,
            "The sync run was started by another device.",
        ))
    }

    fn must_run(&self) -> Result<(), ApiError> {
        if self.finalized_at.is_none() {
            return Ok(());
        }
        Err(ApiError::rule(
            codes::SYNC_RUN_ALREADY_FINALIZED,
            "The sync run is already finalized.",
        ))
    }

    fn must_be_finalizable(&self, caller: &Caller, wanted: SyncRunType) -> Result<(), ApiError> {
        if self.run.r#type != wanted {
            return Err(ApiError::rule(
                codes::UNEXPECTED_SYNC_RUN_TYPE,
                "The sync run is of another type.",
            ));
        }
        self.must_be_of_device(
            caller,
            codes::CANNOT_FINALIZE_SYNC_RUN_STARTED_BY_ANOTHER_DEVICE,
        )?;
        self.must_run()
    }
}

/// The run of an identity that is not finalised, expired or not.
fn unfinalized(connection: &Connection, address: &Address) -> Result<Option<Stored>, ApiError> {
    let stored = connection
        .prepare_cached("SELECT * FROM sync_runs WHERE address = ?1 AND finalized_at IS NULL")?
        .query_row([address.as_str()], Stored::read)
        .optional()?;
    Ok(stored)
}

/// Whether a run of an identity is not finalised, even if it has expired.
pub fn is_any_running(connection: &Connection, address: &Address) -> Result<bool, ApiError> {
    unfinalized(connection, address).map(|run| run.is_some())
}

/// Starts a run, unless there is nothing to deliver.
pub fn start(
    change: &Change<'_>,
    caller: &Caller,
    supported: u16,
    request: StartSyncRunRequest,
) -> Result<StartSyncRunResponse, ApiError> {
    let address = &caller.address;
    if identities::status(change, address)? != Some(IdentityStatus::Active) {
        return Err(ApiError::rule(
            codes::CANNOT_START_SYNC_RUN_WHILE_IDENTITY_IS_TO_BE_DELETED,
            "You cannot start a sync run while your identity is to be deleted.",
        ));
    }
    if supported == 0 {
        return Err(ApiError::invalid(
            "X-Supported-Datawallet-Version",
            "must be greater than 0",
        ));
    }
    let run_type = request.r#type.unwrap_or_default();
    match datawallet::find(change, address)? {
        Some(state) => datawallet::check_version(state, supported)?,
        None if run_type == SyncRunType::ExternalEventSync => {
            return Err(ApiError::not_found("Datawallet"));
        }
        None => {}
    }
    if let Some(previous) = unfinalized(change, address)? {
        if previous.run.expires_at > change.now {
            return Err(ApiError::rule(
                codes::CANNOT_START_SYNC_RUN_WHEN_ANOTHER_SYNC_RUN_IS_RUNNING,
                "Another sync run is currently active.",
            ));
        }
        // Taken over: what it held failed once more and comes again.
        events::finish(change, previous.run.id.as_str(), "[]")?;
        mark_finalized(change, &previous.run.id)?;
    }
    if run_type == SyncRunType::ExternalEventSync
        && !events::are_deliverable(change, address, false)?
    {
        return Ok(StartSyncRunResponse {
            status: StartSyncRunStatus::NoNewEvents,
            sync_run: None,
        });
    }
    let duration = request.duration.unwrap_or(limits::DEFAULT_SYNC_RUN_SECONDS);
    let run = insert(change, caller, run_type, duration)?;
    Ok(StartSyncRunResponse {
        status: StartSyncRunStatus::Created,
        sync_run: Some(run),
    })
}

fn insert(
    change: &Change<'_>,
    caller: &Caller,
    run_type: SyncRunType,
    duration: u16,
) -> Result<SyncRun, ApiError> {
    let index: i64 = change
        .prepare_cached(
            "UPDATE identities SET next_sync_run_index = next_sync_run_index + 1
             WHERE address = ?1 RETURNING next_sync_run_index - 1",
        )?
        .query_row([caller.address.as_str()], |row| row.get(0))?;
    let mut run = SyncRun {
        id: SyncRunId::generate(change.randomness),
        r#type: run_type,
        index,
        expires_at: change.now.plus(TimeDelta::seconds(duration.into())),
        created_at: change.now,
        created_by: caller.address.clone(),
        created_by_device: caller.device.clone(),
        event_count: 0,
    };
    change
        .prepare_cached(
            "INSERT INTO sync_runs
                 (id, address, device_id, position, type, expires_at, event_count, created_at)
             VALUES (:id, :address, :device, :index, :type, :expires_at, 0, :now)",
        )?
        .execute(named_params! {
            ":id": run.id.as_str(),
            ":address": caller.address.as_str(),
            ":device": caller.device.as_str(),
            ":index": index,
            ":type": name_of(&run_type),
            ":expires_at": run.expires_at.millis(),
            ":now": change.now.millis(),
        })?;
    if run_type == SyncRunType::ExternalEventSync {
        let count = events::assign(change, &caller.address, run.id.as_str())?;
        run.event_count = i64::try_from(count).unwrap_or(i64::MAX);
        change
            .prepare_cached("UPDATE sync_runs SET event_count = ?2 WHERE id = ?1")?
            .execute((run.id.as_str(), run.event_count))?;
    }
    Ok(run)
}

fn mark_finalized(change: &Change<'_>, id: &SyncRunId) -> Result<(), ApiError> {
    change
        .prepare_cached("UPDATE sync_runs SET finalized_at = ?2 WHERE id = ?1")?
        .execute((id.as_str(), change.now.millis()))?;
    Ok(())
}

/// One run of the caller's identity.
pub fn get(connection: &Connection, caller: &Caller, id: &str) -> Result<SyncRun, ApiError> {
    Stored::find(connection, caller, id).map(|stored| stored.run)
}

/// The events of a run of the caller's device.
pub fn events(
    connection: &Connection,
    caller: &Caller,
    id: &str,
    wanted: PageWanted,
) -> Result<Page<ExternalEvent>, ApiError> {
    let stored = Stored::find(connection, caller, id)?;
    stored.must_run()?;
    stored.must_be_of_device(
        caller,
        codes::CANNOT_READ_EXTERNAL_EVENTS_OF_A_SYNC_RUN_STARTED_BY_ANOTHER_DEVICE,
    )?;
    events::of_sync_run(connection, id, wanted)
}

/// Ends a run with what became of its events, and appends what processing them changed.
pub fn finalize_external_event_sync(
    change: &Change<'_>,
    caller: &Caller,
    id: &str,
    request: &FinalizeExternalEventSyncRequest,
) -> Result<FinalizeExternalEventSyncResponse, ApiError> {
    let stored = Stored::find(change, caller, id)?;
    stored.must_be_finalizable(caller, SyncRunType::ExternalEventSync)?;
    let state = datawallet::existing(change, &caller.address)?;
    let modifications =
        datawallet::append(change, caller, state, &request.datawallet_modifications)?;
    let done = request
        .external_event_results
        .iter()
        .filter(|result| result.error_code.is_none())
        .map(|result| result.external_event_id.as_str());
    let done = serde_json::Value::from_iter(done).to_string();
    events::finish(change, id, &done)?;
    mark_finalized(change, &stored.run.id)?;
    let address = &caller.address;
    Ok(FinalizeExternalEventSyncResponse {
        new_datawallet_modification_index: datawallet::existing(change, address)?.newest_index(),
        datawallet_modifications: modifications,
        new_unsynced_external_events_exist: events::are_deliverable(change, address, true)?,
    })
}

/// Ends a run that brings the datawallet to a version, or into being.
pub fn finalize_datawallet_version_upgrade(
    change: &Change<'_>,
    caller: &Caller,
    id: &str,
    request: &FinalizeDatawalletVersionUpgradeRequest,
) -> Result<FinalizeDatawalletVersionUpgradeResponse, ApiError> {
    let stored = Stored::find(change, caller, id)?;
    stored.must_be_finalizable(caller, SyncRunType::DatawalletVersionUpgrade)?;
    let address = &caller.address;
    let state = datawallet::upgrade(change, address, request.new_datawallet_version)?;
    let modifications =
        datawallet::append(change, caller, state, &request.datawallet_modifications)?;
    mark_finalized(change, &stored.run.id)?;
    Ok(FinalizeDatawalletVersionUpgradeResponse {
        new_datawallet_modification_index: datawallet::existing(change, address)?.newest_index(),
        datawallet_modifications: modifications,
    })
}

/// Gives a run of the caller's device more time.
pub fn refresh_expiration_time(
    change: &Change<'_>,
    caller: &Caller,
    id: &str,
) -> Result<RefreshExpirationTimeResponse, ApiError> {
    let stored = Stored::find(change, caller, id)?;
    stored.must_be_of_device(
        caller,
        codes::CANNOT_REFRESH_EXPIRATION_TIME_OF_SYNC_RUN_STARTED_BY_ANOTHER_DEVICE,
    )?;
    stored.must_run()?;
    let seconds = limits::DEFAULT_SYNC_RUN_SECONDS.into();
    let expires_at = change.now.plus(TimeDelta::seconds(seconds));
    change
        .prepare_cached("UPDATE sync_runs SET expires_at = ?2 WHERE id = ?1")?
        .execute((id, expires_at.millis()))?;
    Ok(RefreshExpirationTimeResponse { expires_at })
}
