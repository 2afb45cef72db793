//! `POST Devices`, `GET Devices`, `GET Devices/Self`, `PUT Devices/Self`,
//! `PUT Devices/Self/Password`, `DELETE Devices/{id}`, and the push registration of a device.

use serde::{Deserialize, Serialize};
use tessera_core_types::{CoreDate, DeviceId, Username};

use crate::{SecretText, challenges::SignedChallenge};

/// Body of `POST Devices`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateDeviceRequest {
    /// The password of the new device.
    #[serde(serialize_with = "crate::bytes::plain_secret")]
    pub device_password: SecretText,
    /// A challenge signed with the identity's key.
    pub signed_challenge: SignedChallenge,
    /// Two-letter code, default `en`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub communication_language: Option<String>,
    /// Whether it stands in a recovery kit; an identity has at most one such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_backup_device: Option<bool>,
}

/// Answer (201) of `POST Devices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedDevice {
    /// Its id.
    pub id: DeviceId,
    /// With which it logs in.
    pub username: Username,
    /// When.
    pub created_at: CoreDate,
    /// The device that asked.
    pub created_by_device: DeviceId,
    /// As asked.
    pub is_backup_device: bool,
}

/// A device of the own identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// With which it logs in.
    pub username: Username,
    /// When it was made.
    pub created_at: CoreDate,
    /// By which device; the first one by itself.
    pub created_by_device: DeviceId,
    /// `None` as long as it never logged in; only then it can be deleted.
    #[serde(default)]
    pub last_login: Option<LastLogin>,
    /// Two-letter code.
    pub communication_language: String,
    /// Whether it stands in a recovery kit; ends with its first login.
    pub is_backup_device: bool,
}

/// When a device last logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct LastLogin {
    /// When.
    pub time: CoreDate,
}

/// Body of `PUT Devices/Self` (204).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateDeviceRequest {
    /// Two-letter code of ISO 639-1.
    pub communication_language: String,
}

/// Body of `PUT Devices/Self/Password` (204).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChangePasswordRequest {
    /// The present one.
    #[serde(serialize_with = "crate::bytes::plain_secret")]
    pub old_password: SecretText,
    /// The one from now on.
    #[serde(serialize_with = "crate::bytes::plain_secret")]
    pub new_password: SecretText,
}

/// Body of `PUT Devices/Self/PushNotifications`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RegisterPushRequest {
    /// `fcm`, `apns`, `dummy` or `sse`.
    pub platform: String,
    /// 10 to 500 characters.
    pub handle: String,
    /// Not empty.
    pub app_id: String,
    /// Default [`PushEnvironment::Production`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<PushEnvironment>,
}

/// Which of a platform's push services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum PushEnvironment {
    /// For apps under development.
    Development,
    /// For apps that people have.
    Production,
}

/// Answer of `PUT Devices/Self/PushNotifications`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RegisterPushResponse {
    /// `DPI…`, kept when a device registers again.
    pub device_push_identifier: String,
}
