//! Feature flags.

use axum::{
    Router,
    extract::{Path, State},
    routing::{get, patch},
};
use rusqlite::Connection;
use tessera_backbone_api::{feature_flags::FeatureFlags, limits};
use tessera_core_types::Address;

use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::Caller,
        error::ApiError,
        input::Input,
    },
    store::{Change, feature_flags},
};

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/identities/self/featureflags", patch(change))
        .route("/identities/{address}/featureflags", get(read))
}

async fn change(
    State(app): State<Shared>,
    caller: Caller,
    Input(flags): Input<FeatureFlags>,
) -> Answer {
    let is_name =
        |name: &String| (1..=limits::MAX_FEATURE_FLAG_NAME_CHARS).contains(&name.chars().count());
    if !flags.keys().all(is_name) {
        return Err(ApiError::invalid(
            "featureFlags",
            "names must have 1 to 200 characters",
        ));
    }
    let flags = flags
        .into_iter()
        .map(|(name, is_enabled)| (with_small_first_letter(&name), is_enabled))
        .collect();
    let write = move |change: &Change<'_>| feature_flags::change(change, &caller, &flags);
    app.database.write(write).await?;
    answer::no_content()
}

/// As the names come back.
fn with_small_first_letter(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

async fn read(State(app): State<Shared>, caller: Caller, Path(address): Path<String>) -> Answer {
    let address = Address::parse(&address).map_err(|_| ApiError::invalid_id("address"))?;
    let read = move |data: &Connection| feature_flags::get(data, &caller, &address);
    answer::ok(app.database.read(read).await?)
}
