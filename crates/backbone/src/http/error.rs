//! Failed answers.

use std::borrow::Cow;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tessera_backbone_api::{DISK_FULL_CODE, ErrorBody, ErrorEnvelope, error_codes};
use tessera_core_types::{CoreDate, Randomness};

use super::answer;

/// A failed call. Its id and time are added when it is written, by [`super::layers::frame`].
#[derive(Debug, Clone)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    data: Value,
}

const INVALID_ID: &str =
    "The ID or Address is not valid. Check length, prefix and the used characters.";
/// Letters and digits of an error's id: those that nobody confuses.
const ERROR_ID_ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ12345678";

impl ApiError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            data: Value::Null,
        }
    }

    /// 401, without a body.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error_codes::UNAUTHORIZED, "")
    }

    /// 404: the text is the same for what is unknown, expired, not for the caller, or behind a
    /// password; clients compare it.
    pub fn not_found(name: &'static str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            error_codes::RECORD_NOT_FOUND,
            format!(
                "{name} not found. Make sure the ID exists and the record is not expired. If a \
                 password is required to fetch the record, make sure you passed the correct one."
            ),
        )
    }

    /// 403: it exists but is not the caller's.
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            error_codes::FORBIDDEN,
            "You are not allowed to perform this action due to insufficient privileges.",
        )
    }

    /// 400: a broken rule.
    pub fn rule(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 400: a value of the right type that is not allowed.
    pub fn invalid(property: &str, reason: &str) -> Self {
        Self::rule(
            error_codes::INVALID_PROPERTY_VALUE,
            format!("'{property}': {reason}"),
        )
    }

    /// 400: an id or address that is not one.
    pub fn invalid_id(property: &str) -> Self {
        Self::invalid(property, INVALID_ID)
    }

    /// 400: input that is not of the right type.
    pub fn unparsable(property: &str, reason: &str) -> Self {
        Self::rule(
            error_codes::INPUT_CANNOT_BE_PARSED,
            format!("'{property}': {reason}"),
        )
    }

    /// 400: more than a request may have.
    pub fn too_large() -> Self {
        Self::rule(
            error_codes::REQUEST_BODY_TOO_LARGE,
            "The request body is too large.",
        )
    }

    /// 429: the identity may not have more of that until then.
    pub fn quota_exhausted(metric: &str, until: &str) -> Self {
        let mut error = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            error_codes::QUOTA_EXHAUSTED,
            "You are not allowed to perform this action because one or more quotas have been exhausted.",
        );
        error.data = json!([{ "metricKey": metric, "isExhaustedUntil": until }]);
        error
    }

    /// 500: this program's fault. The reason goes into the log only.
    pub fn unexpected(reason: impl std::fmt::Display) -> Self {
        tracing::error!(%reason, "a call failed unexpectedly");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            error_codes::UNEXPECTED,
            "An unexpected error occurred.",
        )
    }

    /// 507: no room for what the call would store. Nothing of it is done.
    pub fn disk_full() -> Self {
        tracing::error!("no space left for the data; nothing more is stored");
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            DISK_FULL_CODE,
            "There is no space left to store this. Nothing was changed.",
        )
    }

    /// The code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The answer with its body.
    pub fn into_full_response(self, now: CoreDate, randomness: &dyn Randomness) -> Response {
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer");
            return (self.status, [(header::WWW_AUTHENTICATE, challenge)]).into_response();
        }
        let body = ErrorEnvelope {
            error: ErrorBody {
                id: error_id(randomness),
                code: self.code.to_owned(),
                message: self.message.into_owned(),
                docs: String::new(),
                // Seven decimals, as the real Backbone writes them here.
                time: now
                    .to_utc()
                    .format("%Y-%m-%dT%H:%M:%S%.3f0000Z")
                    .to_string(),
                data: self.data,
            },
        };
        answer::json(self.status, &body).unwrap_or_else(|error| error.status.into_response())
    }
}

fn error_id(randomness: &dyn Randomness) -> String {
    let mut bytes = [0_u8; 17];
    randomness.fill(&mut bytes);
    let characters = bytes
        .iter()
        .map(|byte| char::from(ERROR_ID_ALPHABET[usize::from(byte % 32)]));
    std::iter::once("ERR".to_owned())
        .chain(characters.map(String::from))
        .collect()
}

impl IntoResponse for ApiError {
    /// Only a carrier: [`super::layers::frame`] writes the answer.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::disk_full(),
            _ => Self::unexpected(error),
        }
    }
}
