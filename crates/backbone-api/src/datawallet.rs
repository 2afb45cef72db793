//! `GET Datawallet`, `GET Datawallet/Modifications?localIndex=`, `POST Datawallet/Modifications`.
//! All with the header [`crate::SUPPORTED_DATAWALLET_VERSION_HEADER`].

use serde::{Deserialize, Serialize};
use tessera_core_types::{CoreDate, DatawalletModificationId, DeviceId};

use crate::Bytes;

/// Answer of `GET Datawallet`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Datawallet {
    /// The version to which the identity's devices brought it.
    pub version: u16,
}

/// What a modification does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum DatawalletModificationType {
    /// Makes an object.
    Create,
    /// Changes part of an object.
    Update,
    /// Removes an object.
    Delete,
    /// Written by runtime 6.x only: an object must be fetched anew from the Backbone.
    CacheChanged,
}

/// A modification to be appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NewDatawalletModification {
    /// What it does.
    pub r#type: DatawalletModificationType,
    /// Which object, at most 100 characters.
    pub object_identifier: String,
    /// In which collection, at most 50 characters.
    pub collection: String,
    /// Which part of the object, at most 50 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_category: Option<String>,
    /// The cipher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypted_payload: Option<Bytes>,
    /// The datawallet version it was written for.
    pub datawallet_version: u16,
}

/// A modification of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DatawalletModification {
    /// Its id.
    pub id: DatawalletModificationId,
    /// Its place in the log, from 0.
    pub index: i64,
    /// The datawallet version it was written for.
    pub datawallet_version: u16,
    /// Which object.
    pub object_identifier: String,
    /// In which collection.
    pub collection: String,
    /// Which part of the object.
    #[serde(default)]
    pub payload_category: Option<String>,
    /// What it does.
    pub r#type: DatawalletModificationType,
    /// The cipher.
    #[serde(default)]
    pub encrypted_payload: Option<Bytes>,
    /// When it was appended.
    pub created_at: CoreDate,
    /// By which device.
    pub created_by_device: DeviceId,
}

/// What became of a modification that was appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DatawalletModificationRef {
    /// Its id.
    pub id: DatawalletModificationId,
    /// Its place in the log.
    pub index: i64,
    /// When it was appended.
    pub created_at: CoreDate,
}

/// Body of `POST Datawallet/Modifications`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PushDatawalletModificationsRequest {
    /// The newest index that the device has applied; left out when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_index: Option<i64>,
    /// At least one.
    pub modifications: Vec<NewDatawalletModification>,
}

/// Answer (201) of `POST Datawallet/Modifications`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PushDatawalletModificationsResponse {
    /// The newest index now.
    pub new_index: i64,
    /// In the order of the request.
    pub modifications: Vec<DatawalletModificationRef>,
}
