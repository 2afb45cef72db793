//! Who calls.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use rusqlite::Connection;
use tessera_core_types::{Address, DeviceId};

use super::error::ApiError;
use crate::{
    app::{App, Shared},
    store::devices,
};

/// The identity and device that the access token of a call names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub address: Address,
    pub device: DeviceId,
}

impl Caller {
    /// Whom the access token names, if it is good and the device may still call.
    async fn of(headers: &HeaderMap, app: &App) -> Result<Option<Self>, ApiError> {
        let Some(caller) = Self::named(headers, app) else {
            return Ok(None);
        };
        let now = app.now();
        let may_call =
            move |data: &Connection| Ok(devices::may_call(data, &caller, now)?.then_some(caller));
        app.database.read(may_call).await
    }

    fn named(headers: &HeaderMap, app: &App) -> Option<Self> {
        let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("Bearer") {
            return None;
        }
        app.access_tokens.caller(token.trim(), app.now())
    }
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        let caller = Self::of(&parts.headers, app).await?;
        caller.ok_or_else(ApiError::unauthorized)
    }
}

/// Who calls where a login is optional; an invalid token counts as none.
pub struct OptionalCaller(pub Option<Caller>);

impl FromRequestParts<Shared> for OptionalCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, ApiError> {
        Ok(Self(Caller::of(&parts.headers, app).await?))
    }
}
