//! Who calls.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use tessera_core_types::{Address, DeviceId};

use super::error::ApiError;
use crate::app::{App, Shared};

/// The identity and device that the access token of a call names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub address: Address,
    pub device: DeviceId,
}

impl Caller {
    fn of(headers: &HeaderMap, app: &App) -> Option<Self> {
        let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("Bearer") {
            return None;
        }
        app.sessions.caller(token.trim(), app.now())
    }
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        Self::of(&parts.headers, app).ok_or_else(ApiError::unauthorized)
    }
}

/// Who calls where a login is optional; an invalid token counts as none.
pub struct OptionalCaller(pub Option<Caller>);

impl FromRequestParts<Shared> for OptionalCaller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Infallible> {
        Ok(Self(Caller::of(&parts.headers, app)))
    }
}
