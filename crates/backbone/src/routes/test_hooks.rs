//! Calls for test suites; there only when [`crate::Settings::has_test_hooks`] says so.

use axum::{Router, extract::State, routing::post};

use crate::{
    app::Shared,
    http::answer::{self, Answer},
    maintenance,
};

pub fn routes() -> Router<Shared> {
    Router::new().route("/__test/rundeletionjob", post(run_deletion_job))
}

/// Deletes at once what is to be deleted by now.
async fn run_deletion_job(State(app): State<Shared>) -> Answer {
    maintenance::run(&app).await?;
    answer::no_content()
}
