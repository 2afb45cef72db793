//! What whoever runs a Backbone has to say: tags, announcements, public templates.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        caller::Caller,
        error::ApiError,
        query::Query,
    },
    rules::languages,
    store::announcements,
};

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/tags", get(tags))
        .route("/announcements", get(list_announcements))
}

pub fn unversioned_routes() -> Router<Shared> {
    Router::new().route(
        "/api/poc/publicrelationshiptemplatereferences",
        get(public_relationship_template_references),
    )
}

async fn tags(State(app): State<Shared>, headers: HeaderMap) -> Answer {
    let collection = &app.settings.configuration.tags;
    let text = serde_json::to_vec(collection).map_err(ApiError::unexpected)?;
    let tag = format!(
        "\"{}\"",
        BASE64_STANDARD.encode(&Sha256::digest(text)[..16])
    );
    let mut response: Response = if is_known(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        answer::ok(collection)?
    };
    let tag = HeaderValue::from_str(&tag).map_err(ApiError::unexpected)?;
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    // Kept by clients, but only used after asking.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// Whether the client has this version already. Weak comparison; `*` matches nothing.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|known| known.trim())
        .any(|known| known.strip_prefix("W/").unwrap_or(known) == tag)
}

async fn list_announcements(State(app): State<Shared>, caller: Caller, query: Query) -> Answer {
    let language = query.required("language")?.to_ascii_lowercase();
    if !languages::is_language(&language) {
        return Err(ApiError::invalid(
            "language",
            "This language is not a valid two letter ISO language name.",
        ));
    }
    let read = move |data: &Connection| announcements::list(data, &caller, &language);
    answer::ok(app.database.read(read).await?)
}

async fn public_relationship_template_references(
    State(app): State<Shared>,
    _caller: Caller,
) -> Answer {
    let configuration = &app.settings.configuration;
    answer::ok(&configuration.public_relationship_template_references)
}
