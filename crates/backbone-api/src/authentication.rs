//! `POST /connect/token`: the OAuth 2.0 password grant; the user is a device. Not below a version
//! prefix, the body is a form, and neither answer is in the envelope.

use serde::{Deserialize, Serialize};

use crate::SecretText;

/// The only `grant_type`.
pub const GRANT_TYPE_PASSWORD: &str = "password";

/// The form of a login.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TokenRequest {
    /// [`GRANT_TYPE_PASSWORD`].
    pub grant_type: String,
    /// The app.
    pub client_id: String,
    /// The app's secret.
    #[serde(serialize_with = "crate::bytes::plain_secret")]
    pub client_secret: SecretText,
    /// `USR…`, the device.
    pub username: String,
    /// The device's password.
    #[serde(serialize_with = "crate::bytes::plain_secret")]
    pub password: SecretText,
}

/// A successful login.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AccessToken {
    /// Opaque; goes into `Authorization: Bearer …`.
    #[serde(serialize_with = "crate::bytes::plain_secret")]
    pub access_token: SecretText,
    /// `Bearer`.
    pub token_type: String,
    /// Seconds.
    pub expires_in: u64,
}

/// A failed login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OAuthError {
    /// One of the constants of this module, or another.
    pub error: String,
    /// Text for a log.
    #[serde(default)]
    pub error_description: Option<String>,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_uri: Option<String>,
}

/// [`OAuthError::error`], status 400: unknown user, wrong password, or the identity's grace period is over.
pub const INVALID_GRANT: &str = "invalid_grant";
/// [`OAuthError::error`], status 400: too many wrong passwords; locked for some minutes.
pub const ACCESS_DENIED: &str = "access_denied";
/// [`OAuthError::error`], status 401: unknown app or wrong secret.
pub const INVALID_CLIENT: &str = "invalid_client";
/// [`OAuthError::error`], status 400: a field is missing.
pub const INVALID_REQUEST: &str = "invalid_request";
/// [`OAuthError::error`], status 400: not [`GRANT_TYPE_PASSWORD`].
pub const UNSUPPORTED_GRANT_TYPE: &str = "unsupported_grant_type";
