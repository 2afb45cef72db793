//! The calls, one module per resource: they check the input and hand over to the store.

pub mod admin;
mod authentication;
mod challenges;
mod datawallet;
mod deletion_processes;
mod devices;
mod feature_flags;
mod files;
mod identities;
mod messages;
mod notices;
mod notifications;
mod pages;
mod quotas;
mod relationship_templates;
mod relationships;
mod sse;
mod sync_runs;
mod test_hooks;
mod tokens;

use axum::{Extension, Router, http::StatusCode, middleware, routing::get};
use tessera_backbone_api::{API_PREFIX_V1, API_PREFIX_V2, version::Version};

use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        layers,
    },
};

/// The fixed parts of all paths, in lower case, as the routes below are written. Whatever else
/// stands in a path names a record, and its case matters.
pub const FIXED_SEGMENTS: &[&str] = &[
    ".well-known",
    "__test",
    "accept",
    "announcements",
    "api",
    "apple-app-site-association",
    "assetlinks.json",
    "cancel",
    "cancreate",
    "challenges",
    "claimownership",
    "connect",
    "datawallet",
    "decompose",
    "deletionprocesses",
    "devices",
    "externalevents",
    "featureflags",
    "files",
    "finalizedatawalletversionupgrade",
    "finalizeexternaleventsync",
    "health",
    "identities",
    "isdeleted",
    "messages",
    "metadata",
    "modifications",
    "notifications",
    "password",
    "poc",
    "publicrelationshiptemplatereferences",
    "pushnotifications",
    "quotas",
    "r",
    "reactivate",
    "refreshexpirationtime",
    "regenerateownershiptoken",
    "reject",
    "relationships",
    "relationshiptemplates",
    "revoke",
    "rundeletionjob",
    "self",
    "sendtestnotification",
    "sse",
    "syncruns",
    "tags",
    "terminate",
    "token",
    "tokens",
    "updatecontent",
    "v1",
    "v2",
    "validateownershiptoken",
    "version",
    "xsrf",
];

/// Which version of the API a call came in on.
#[derive(Clone, Copy)]
enum ApiVersion {
    V1,
    V2,
}

/// Everything the server answers.
pub fn router(app: Shared) -> Router {
    let test_hooks = if app.settings.has_test_hooks {
        test_hooks::routes()
    } else {
        Router::new()
    };
    Router::new()
        .nest(API_PREFIX_V2, versioned().layer(Extension(ApiVersion::V2)))
        .nest(API_PREFIX_V1, versioned().layer(Extension(ApiVersion::V1)))
        .route("/health", get(|| async { "Healthy" }))
        .merge(authentication::routes())
        .merge(notices::unversioned_routes())
        .merge(pages::routes())
        .merge(test_hooks)
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(middleware::from_fn_with_state(app.clone(), layers::frame))
        // Input reads bodies up to the API's own limit.
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(app)
}

fn versioned() -> Router<Shared> {
    Router::new()
        .route("/version", get(version))
        .merge(challenges::routes())
        .merge(identities::routes())
        .merge(deletion_processes::routes())
        .merge(feature_flags::routes())
        .merge(devices::routes())
        .merge(relationship_templates::routes())
        .merge(relationships::routes())
        .merge(messages::routes())
        .merge(notifications::routes())
        .merge(files::routes())
        .merge(tokens::routes())
        .merge(datawallet::routes())
        .merge(sync_runs::routes())
        .merge(quotas::routes())
        .merge(notices::routes())
        .merge(sse::routes())
}

async fn version(Extension(version): Extension<ApiVersion>) -> Answer {
    let major_version = match version {
        ApiVersion::V1 => "6",
        ApiVersion::V2 => "7",
    };
    answer::ok(Version {
        major_version: major_version.to_owned(),
    })
}
