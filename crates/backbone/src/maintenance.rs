//! What is to be done from time to time without anybody asking for it.

use std::time::Duration;

use rusqlite::Connection;

use crate::{
    app::{App, Shared},
    http::error::ApiError,
    store::{Change, deletion},
};

/// How long a deletion whose time has come may wait.
const INTERVAL: Duration = Duration::from_secs(10 * 60);

/// Runs at the start and from then on regularly, until the Backbone stops.
pub async fn run_regularly(app: Shared) {
    let mut stopping = app.stopping.clone();
    loop {
        if let Err(error) = run_if_due(&app).await {
            tracing::warn!(
                code = error.code(),
                "the maintenance failed, it is tried again later"
            );
        }
        tokio::select! {
            () = tokio::time::sleep(INTERVAL) => {}
            _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
        }
    }
}

/// Looks first, so that a Backbone in which nothing happens does not write.
async fn run_if_due(app: &App) -> Result<(), ApiError> {
    let now = app.now();
    let read = move |data: &Connection| deletion::is_due(data, now);
    if app.database.read(read).await? {
        run(app).await?;
    }
    Ok(())
}

/// Deletes the identities whose grace period is over, each in a transaction of its own, and what
/// nobody needs any more.
pub async fn run(app: &App) -> Result<(), ApiError> {
    while app.database.write(deletion::run_next).await?.is_some() {
        tracing::info!("an identity was deleted");
    }
    let purge = |change: &Change<'_>| deletion::purge_decomposed_relationships(change);
    app.database.write(purge).await
}
