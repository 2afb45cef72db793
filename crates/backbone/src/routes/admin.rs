//! The Admin API, on a port of its own: announcements are all there is of it.

use axum::{
    Router,
    extract::{FromRequestParts, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware,
    response::IntoResponse,
    routing::{get, post},
};
use subtle::ConstantTimeEq;
use tessera_backbone_api::{announcements::CreateAnnouncementRequest, limits};
use tessera_core_types::random_characters;

use crate::{
    app::Shared,
    http::{
        answer::{self, Answer},
        error::ApiError,
        input::Input,
        layers,
    },
    rules::languages,
    store::{Change, announcements},
};

const API_KEY: &str = "x-api-key";
const XSRF_TOKEN: &str = "x-xsrf-token";
const XSRF_COOKIE: &str = "xsrf";

/// Everything that the administrative port answers.
pub fn router(app: Shared) -> Router {
    Router::new()
        .route("/api/v1/xsrf", get(xsrf))
        .route("/api/v1/announcements", post(announce))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(middleware::from_fn_with_state(app.clone(), layers::frame))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(app)
}

/// Whoever has the key.
struct Administrator;

impl FromRequestParts<Shared> for Administrator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let admin = app.settings.admin.as_ref();
        let key = admin.map_or("", |admin| admin.api_key.expose());
        let given = text(&parts.headers, API_KEY);
        // An empty key opens nothing.
        let is_right: bool = given.as_bytes().ct_eq(key.as_bytes()).into();
        if is_right && !key.is_empty() {
            Ok(Self)
        } else {
            Err(ApiError::unauthorized())
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// A token that a browser's page can only send together with its cookie if it may read it.
async fn xsrf(State(app): State<Shared>, _administrator: Administrator) -> Answer {
    let token = random_characters(43, &*app.settings.randomness);
    let cookie = format!("{XSRF_COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict");
    let cookie = HeaderValue::from_str(&cookie).map_err(ApiError::unexpected)?;
    Ok(([(header::SET_COOKIE, cookie)], token).into_response())
}

/// Whether the token is that of the cookie.
fn check_xsrf(headers: &HeaderMap) -> Result<(), ApiError> {
    let token = text(headers, XSRF_TOKEN);
    let mut cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='));
    if !token.is_empty() && cookies.any(|(name, value)| name == XSRF_COOKIE && value == token) {
        return Ok(());
    }
    Err(ApiError::unparsable(
        XSRF_TOKEN,
        "the token does not go with the cookie",
    ))
}

async fn announce(
    State(app): State<Shared>,
    _administrator: Administrator,
    headers: HeaderMap,
    Input(request): Input<CreateAnnouncementRequest>,
) -> Answer {
    check_xsrf(&headers)?;
    check(&request)?;
    let write = move |change: &Change<'_>| announcements::create(change, request);
    answer::created(app.database.write(write).await?)
}

fn check(request: &CreateAnnouncementRequest) -> Result<(), ApiError> {
    let is_english = |language: &str| language.eq_ignore_ascii_case(languages::DEFAULT);
    let texts = &request.texts;
    if !texts.iter().any(|text| is_english(&text.language)) {
        return Err(ApiError::invalid("texts", "English must be there"));
    }
    let is_good = |language: &str| languages::is_language(&language.to_ascii_lowercase());
    if !texts.iter().all(|text| is_good(&text.language)) {
        return Err(ApiError::invalid("texts.language", "unknown language"));
    }
    if texts
        .iter()
        .any(|text| text.title.is_empty() || text.body.is_empty())
    {
        return Err(ApiError::invalid(
            "texts",
            "titles and bodies must not be empty",
        ));
    }
    if request.recipients.len() > limits::MAX_ANNOUNCEMENT_RECIPIENTS {
        return Err(ApiError::invalid(
            "recipients",
            "must not have more than 100 entries",
        ));
    }
    if !request.is_silent && request.iql_query.is_some() {
        return Err(ApiError::invalid(
            "iqlQuery",
            "only a silent announcement can have one",
        ));
    }
    for action in &request.actions {
        if !action
            .display_name
            .keys()
            .any(|language| is_english(language))
        {
            return Err(ApiError::invalid(
                "actions.displayName",
                "English must be there",
            ));
        }
        if action.link.chars().count() > limits::MAX_ANNOUNCEMENT_LINK_CHARS {
            return Err(ApiError::invalid(
                "actions.link",
                "must not have more than 300 characters",
            ));
        }
    }
    Ok(())
}
