//! `POST Tokens` (with or without login), `GET Tokens/{id}?password=` (with or without login),
//! `GET Tokens?ids=`, `POST Tokens/{id}/UpdateContent`, `DELETE Tokens/{id}`.

use serde::{Deserialize, Serialize};
use tessera_core_types::{Address, CoreDate, DeviceId, TokenId};

use crate::{Bytes, PasswordBytes};

/// Body of `POST Tokens`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateTokenRequest {
    /// The cipher, at most [`crate::limits::MAX_CONTENT_BYTES`]. Without it the token is empty and
    /// can be filled once. Must be absent when made anonymously.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Bytes>,
    /// In the future; when made anonymously at most
    /// [`crate::limits::MAX_ANONYMOUS_TOKEN_SECONDS`] ahead.
    pub expires_at: CoreDate,
    /// Who alone may load it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_identity: Option<Address>,
    /// 1 to [`crate::limits::MAX_PASSWORD_BYTES`] bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordBytes>,
}

/// Answer (201) of `POST Tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedToken {
    /// Its id.
    pub id: TokenId,
    /// When.
    pub created_at: CoreDate,
}

/// A token that is visible to the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Whose it is; `None` for one that was made anonymously and is not filled yet.
    #[serde(default)]
    pub created_by: Option<Address>,
    /// The device that made or filled it.
    #[serde(default)]
    pub created_by_device: Option<DeviceId>,
    /// Who alone may load it.
    #[serde(default)]
    pub for_identity: Option<Address>,
    /// When it was made.
    pub created_at: CoreDate,
    /// When it can no longer be loaded.
    pub expires_at: CoreDate,
    /// The cipher; `None` while it is empty.
    #[serde(default)]
    pub content: Option<Bytes>,
    /// Whether it has a password. Absent from older servers.
    #[serde(default)]
    pub is_password_protected: bool,
}

/// Body of `POST Tokens/{id}/UpdateContent`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateTokenContentRequest {
    /// The cipher, 1 byte to [`crate::limits::MAX_CONTENT_BYTES`].
    pub new_content: Bytes,
    /// The token's password, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordBytes>,
}

/// Answer of `POST Tokens/{id}/UpdateContent`: the token without its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TokenMetadata {
    /// Its id.
    pub id: TokenId,
    /// The caller.
    #[serde(default)]
    pub created_by: Option<Address>,
    /// The caller's device.
    #[serde(default)]
    pub created_by_device: Option<DeviceId>,
    /// Who alone may load it.
    #[serde(default)]
    pub for_identity: Option<Address>,
    /// When it was made.
    pub created_at: CoreDate,
    /// When it can no longer be loaded.
    pub expires_at: CoreDate,
    /// Whether it has a password. Absent from older servers.
    #[serde(default)]
    pub is_password_protected: bool,
}
