//! Quotas.

use axum::{Router, extract::State, routing::get};
use rusqlite::Connection;

use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::Caller,
    },
    store::quotas,
};

pub fn routes() -> Router<Shared> {
    Router::new().route("/quotas", get(list))
}

async fn list(State(app): State<Shared>, caller: Caller) -> Answer {
    let now = app.now();
    let settings = app.settings.configuration.quotas.clone();
    let read = move |data: &Connection| quotas::list(data, &caller.address, &settings, now);
    answer::ok(app.database.read(read).await?)
}
