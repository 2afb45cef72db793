//! `POST Identities` (anonymous), `GET Identities/IsDeleted?username=` (anonymous),
//! `GET Identities/Self`.

use serde::{Deserialize, Serialize};
use tessera_core_types::{Address, CoreDate, DeviceId, Username};

use crate::{Bytes, SecretText, challenges::SignedChallenge};

/// Body of `POST Identities`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateIdentityRequest {
    /// The app.
    pub client_id: String,
    /// The app's secret.
    #[serde(serialize_with = "crate::bytes::plain_secret")]
    pub client_secret: SecretText,
    /// UTF-8 JSON `{"pub":…,"alg":3,"@type":"CryptoSignaturePublicKey"}`.
    pub identity_public_key: Bytes,
    /// 1.
    pub identity_version: u8,
    /// The password of the first device.
    #[serde(serialize_with = "crate::bytes::plain_secret")]
    pub device_password: SecretText,
    /// Two-letter code, default `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_communication_language: Option<String>,
    /// A challenge that was asked for without login.
    pub signed_challenge: SignedChallenge,
}

/// Answer (201) of `POST Identities`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateIdentityResponse {
    /// Computed from the key and the server's domain; the client computes it, too, and compares.
    pub address: Address,
    /// When.
    pub created_at: CoreDate,
    /// The first device.
    pub device: CreatedFirstDevice,
}

/// The device that comes into being with an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedFirstDevice {
    /// Its id.
    pub id: DeviceId,
    /// With which it logs in.
    pub username: Username,
    /// When.
    pub created_at: CoreDate,
}

/// Answer of `GET Identities/IsDeleted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct IsDeletedResponse {
    /// Whether the identity's grace period is over. `false` for a name that never existed.
    pub is_deleted: bool,
    /// When it was over; only when it is.
    #[serde(default)]
    pub deletion_date: Option<CoreDate>,
}

/// Answer of `GET Identities/Self`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Its address.
    pub address: Address,
    /// When it was made.
    pub created_at: CoreDate,
    /// As given at creation.
    pub identity_version: u8,
    /// `TIR…`: names the limits that the server has for it.
    pub tier_id: String,
    /// What state it is in.
    pub status: IdentityStatus,
    /// Until when its deletion can be cancelled; only while it is to be deleted.
    #[serde(default)]
    pub deletion_grace_period_ends_at: Option<CoreDate>,
}

/// The state of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum IdentityStatus {
    /// The usual.
    Active,
    /// Its owner started its deletion; that can still be cancelled.
    ToBeDeleted,
    /// The deletion runs.
    Deleting,
}
