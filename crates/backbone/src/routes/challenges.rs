//! Challenges.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};

use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::{Caller, OptionalCaller},
        input::{self, PathId},
    },
    store::{Change, challenges},
};
use rusqlite::Connection;

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/challenges", post(create))
        .route("/challenges/{id}", get(read))
}

async fn create(State(app): State<Shared>, OptionalCaller(caller): OptionalCaller) -> Answer {
    let write = move |change: &Change<'_>| challenges::create(change, caller);
    answer::created(app.database.write(write).await?)
}

async fn read(
    State(app): State<Shared>,
    _caller: Caller,
    path: PathId<input::Challenge>,
) -> Answer {
    let now = app.now();
    let read = move |data: &Connection| challenges::get(data, &path.id, now);
    answer::ok(app.database.read(read).await?)
}
