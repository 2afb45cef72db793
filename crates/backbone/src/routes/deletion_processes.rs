//! The deletion of the own identity.

use axum::{
    Extension, Router,
    body::to_bytes,
    extract::{Request, State},
    routing::{get, post, put},
};
use chrono::TimeDelta;
use rusqlite::Connection;
use tessera_backbone_api::{
    deletion_processes::{DeletionProcess, DeletionProcessStatus, StartDeletionProcessRequest},
    limits,
};

use super::ApiVersion;
use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::Caller,
        error::ApiError,
        input::{self, PathId, read_json},
    },
    store::{Change, deletion_processes},
};

/// The longest grace period: a century is as good as never.
const MAX_GRACE_PERIOD_DAYS: f64 = 36_500.0;
const MILLISECONDS_PER_DAY: f64 = 86_400_000.0;

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/identities/self/deletionprocesses", post(start).get(list))
        .route("/identities/self/deletionprocesses/{id}", get(read))
        .route(
            "/identities/self/deletionprocesses/{id}/cancel",
            put(cancel),
        )
}

async fn start(
    State(app): State<Shared>,
    Extension(version): Extension<ApiVersion>,
    caller: Caller,
    request: Request,
) -> Answer {
    // Unlike everywhere else, the body may be missing.
    let body = to_bytes(request.into_body(), limits::MAX_REQUEST_BYTES)
        .await
        .map_err(|_| ApiError::too_large())?;
    let request = if body.is_empty() {
        StartDeletionProcessRequest::default()
    } else {
        read_json(&body)?
    };
    let days = request
        .length_of_grace_period_in_days
        .unwrap_or(limits::DEFAULT_GRACE_PERIOD_DAYS);
    if !(0.0..=MAX_GRACE_PERIOD_DAYS).contains(&days) {
        return Err(ApiError::invalid(
            "lengthOfGracePeriodInDays",
            "must be a number from 0 to 36500",
        ));
    }
    // The check above keeps it within the range of the type.
    #[allow(clippy::cast_possible_truncation)]
    let grace_period = TimeDelta::milliseconds((days * MILLISECONDS_PER_DAY) as i64);
    let write = move |change: &Change<'_>| deletion_processes::start(change, &caller, grace_period);
    answer::created(in_version(version, app.database.write(write).await?))
}

async fn list(
    State(app): State<Shared>,
    Extension(version): Extension<ApiVersion>,
    caller: Caller,
) -> Answer {
    let read = move |data: &Connection| deletion_processes::list(data, &caller);
    let processes = app.database.read(read).await?;
    let processes = processes.into_iter();
    answer::ok(
        processes
            .map(|process| in_version(version, process))
            .collect::<Vec<_>>(),
    )
}

async fn read(
    State(app): State<Shared>,
    Extension(version): Extension<ApiVersion>,
    caller: Caller,
    path: PathId<input::DeletionProcess>,
) -> Answer {
    let read = move |data: &Connection| deletion_processes::get(data, &caller, &path.id);
    answer::ok(in_version(version, app.database.read(read).await?))
}

async fn cancel(
    State(app): State<Shared>,
    Extension(version): Extension<ApiVersion>,
    caller: Caller,
    path: PathId<input::DeletionProcess>,
) -> Answer {
    let write = move |change: &Change<'_>| deletion_processes::cancel(change, &caller, &path.id);
    answer::ok(in_version(version, app.database.write(write).await?))
}

/// Version 1 has another name for one state.
fn in_version(version: ApiVersion, mut process: DeletionProcess) -> DeletionProcess {
    if matches!(version, ApiVersion::V1) && process.status == DeletionProcessStatus::Active {
        process.status = DeletionProcessStatus::Approved;
    }
    process
}
