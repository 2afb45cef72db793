//! `/connect/token`.

use axum::{
    Form, Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
    routing::post,
};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use tessera_backbone_api::{
    SecretText,
    authentication::{
        ACCESS_DENIED, AccessToken, GRANT_TYPE_PASSWORD, INVALID_CLIENT, INVALID_GRANT,
        INVALID_REQUEST, OAuthError, UNSUPPORTED_GRANT_TYPE,
    },
};

use crate::{
    app::{App, Shared},
    http::answer::{self, Answer},
    store::devices::{self, LoginOutcome},
};

pub fn routes() -> Router<Shared> {
    Router::new().route("/connect/token", post(token))
}

#[derive(Deserialize, Default)]
struct Fields {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<SecretText>,
    username: Option<String>,
    password: Option<SecretText>,
}

async fn token(State(app): State<Shared>, request: Request) -> Answer {
    use axum::extract::FromRequest;
    let fields = match Form::<Fields>::from_request(request, &app).await {
        Ok(Form(fields)) => fields,
        Err(_) => return refused(INVALID_REQUEST, "The request could not be read."),
    };
    let Some(grant_type) = fields.grant_type else {
        return refused(
            INVALID_REQUEST,
            "The mandatory 'grant_type' parameter is missing.",
        );
    };
    if grant_type != GRANT_TYPE_PASSWORD {
        return refused(
            UNSUPPORTED_GRANT_TYPE,
            "The specified 'grant_type' is not supported.",
        );
    }
    let (Some(username), Some(password)) = (fields.username, fields.password) else {
        return refused(
            INVALID_REQUEST,
            "The mandatory 'username' and/or 'password' parameters are missing.",
        );
    };
    let secret = fields.client_secret.unwrap_or_else(|| SecretText::from(""));
    if !is_client(&app, &fields.client_id.unwrap_or_default(), &secret) {
        let mut response = oauth_error(
            StatusCode::UNAUTHORIZED,
            INVALID_CLIENT,
            "The specified client credentials are invalid.",
        )?;
        let challenge = HeaderValue::from_static("Bearer error=\"invalid_client\"");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge);
        return Ok(response);
    }
    log_in(&app, username.trim().to_owned(), password).await
}

async fn log_in(app: &Shared, username: String, password: SecretText) -> Answer {
    let wrong = || refused(INVALID_GRANT, "The username/password couple is invalid.");
    let credentials = app
        .database
        .read(move |data| devices::credentials(data, &username))
        .await?;
    let hash = credentials
        .as_ref()
        .map(|known| known.password_hash.clone());
    let is_right = app.hasher.verify(password, hash).await?;
    let Some(credentials) = credentials else {
        return wrong();
    };
    let (caller, lock_seconds) = (credentials.caller.clone(), app.settings.login_lock_seconds);
    let outcome = app
        .database
        .write(move |change| devices::record_login(change, &caller, is_right, lock_seconds))
        .await?;
    match outcome {
        LoginOutcome::Refused => wrong(),
        LoginOutcome::Locked => refused(
            ACCESS_DENIED,
            "The user is temporarily locked out, please try again in a few minutes.",
        ),
        LoginOutcome::Succeeded => {
            let seconds = app.settings.access_token_seconds;
            let access_token = app
                .access_tokens
                .issue(credentials.caller, app.now(), seconds)?;
            answer::json(
                StatusCode::OK,
                &AccessToken {
                    access_token,
                    token_type: "Bearer".to_owned(),
                    expires_in: u64::try_from(seconds).unwrap_or_default(),
                },
            )
        }
    }
}

/// Whether these are the credentials of one of the apps. Takes equally long whichever it is.
pub(super) fn is_client(app: &App, id: &str, secret: &SecretText) -> bool {
    let same = |one: &str, other: &str| one.as_bytes().ct_eq(other.as_bytes());
    app.settings
        .clients
        .iter()
        .map(|(known, known_secret)| same(known, id) & same(known_secret.expose(), secret.expose()))
        .fold(subtle::Choice::from(0), |found, this| found | this)
        .into()
}

fn refused(error: &str, description: &str) -> Answer {
    oauth_error(StatusCode::BAD_REQUEST, error, description)
}

fn oauth_error(
    status: StatusCode,
    error: &str,
    description: &str,
) -> Result<Response, crate::http::error::ApiError> {
    answer::json(
        status,
        &OAuthError {
            error: error.to_owned(),
            error_description: Some(description.to_owned()),
            error_uri: None,
        },
    )
}
