//! Sync runs.

use axum::{
    Router,
    extract::State,
    routing::{get, post, put},
};
use tessera_backbone_api::{
    error_codes, limits,
    sync_runs::{
        FinalizeDatawalletVersionUpgradeRequest, FinalizeExternalEventSyncRequest,
        StartSyncRunRequest, StartSyncRunStatus,
    },
};

use super::datawallet::check_modifications;
use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::Caller,
        error::ApiError,
        input::{self, Input, PathId, SupportedDatawalletVersion},
        query::Query,
    },
    store::{Change, sync_runs},
};
use rusqlite::Connection;

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/syncruns", post(start))
        .route("/syncruns/{id}", get(read))
        .route("/syncruns/{id}/externalevents", get(events))
        .route(
            "/syncruns/{id}/finalizeexternaleventsync",
            put(finalize_external_event_sync),
        )
        .route(
            "/syncruns/{id}/finalizedatawalletversionupgrade",
            put(finalize_datawallet_version_upgrade),
        )
        .route(
            "/syncruns/{id}/refreshexpirationtime",
            put(refresh_expiration_time),
        )
}

async fn start(
    State(app): State<Shared>,
    caller: Caller,
    SupportedDatawalletVersion(supported): SupportedDatawalletVersion,
    Input(request): Input<StartSyncRunRequest>,
) -> Answer {
    let write = move |change: &Change<'_>| sync_runs::start(change, &caller, supported, request);
    let response = app.database.write(write).await?;
    match response.status {
        StartSyncRunStatus::Created => answer::created(response),
        StartSyncRunStatus::NoNewEvents => answer::ok(response),
    }
}

async fn read(State(app): State<Shared>, caller: Caller, path: PathId<input::SyncRun>) -> Answer {
    let read = move |data: &Connection| sync_runs::get(data, &caller, &path.id);
    answer::ok(app.database.read(read).await?)
}

async fn events(
    State(app): State<Shared>,
    caller: Caller,
    path: PathId<input::SyncRun>,
    query: Query,
) -> Answer {
    let wanted = query.page()?;
    let read = move |data: &Connection| sync_runs::events(data, &caller, &path.id, wanted);
    answer::page(app.database.read(read).await?)
}

async fn finalize_external_event_sync(
    State(app): State<Shared>,
    caller: Caller,
    path: PathId<input::SyncRun>,
    Input(request): Input<FinalizeExternalEventSyncRequest>,
) -> Answer {
    let is_too_long = |code: &String| code.chars().count() > limits::MAX_EVENT_ERROR_CODE_CHARS;
    let mut codes = request
        .external_event_results
        .iter()
        .filter_map(|result| result.error_code.as_ref());
    if codes.any(is_too_long) {
        return Err(ApiError::rule(
            error_codes::MAXIMUM_LENGTH_VALIDATOR,
            "'errorCode': must not have more than 100 characters",
        ));
    }
    check_modifications("datawalletModifications", &request.datawallet_modifications)?;
    let write = move |change: &Change<'_>| {
        sync_runs::finalize_external_event_sync(change, &caller, &path.id, &request)
    };
    answer::ok(app.database.write(write).await?)
}

async fn finalize_datawallet_version_upgrade(
    State(app): State<Shared>,
    caller: Caller,
    path: PathId<input::SyncRun>,
    Input(request): Input<FinalizeDatawalletVersionUpgradeRequest>,
) -> Answer {
    if request.new_datawallet_version == 0 {
        return Err(ApiError::invalid(
            "newDatawalletVersion",
            "must be greater than 0",
        ));
    }
    check_modifications("datawalletModifications", &request.datawallet_modifications)?;
    let write = move |change: &Change<'_>| {
        sync_runs::finalize_datawallet_version_upgrade(change, &caller, &path.id, &request)
    };
    answer::ok(app.database.write(write).await?)
}

async fn refresh_expiration_time(
    State(app): State<Shared>,
    caller: Caller,
    path: PathId<input::SyncRun>,
) -> Answer {
    let write =
        move |change: &Change<'_>| sync_runs::refresh_expiration_time(change, &caller, &path.id);
    answer::ok(app.database.write(write).await?)
}
