//! `POST SyncRuns`, `GET SyncRuns/{id}`, `GET SyncRuns/{id}/ExternalEvents`,
//! `PUT SyncRuns/{id}/FinalizeExternalEventSync`, `…/FinalizeDatawalletVersionUpgrade`,
//! `…/RefreshExpirationTime`. All with the header [`crate::SUPPORTED_DATAWALLET_VERSION_HEADER`].

use serde::{Deserialize, Serialize};
use tessera_core_types::{Address, CoreDate, DeviceId, ExternalEventId, SyncRunId};

use crate::datawallet::{DatawalletModificationRef, NewDatawalletModification};

/// What a sync run is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum SyncRunType {
    /// Takes the undelivered external events.
    #[default]
    ExternalEventSync,
    /// Raises the version of the datawallet, or creates it.
    DatawalletVersionUpgrade,
}

/// Body of `POST SyncRuns`. The server wants at least `{}`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StartSyncRunRequest {
    /// Default [`SyncRunType::ExternalEventSync`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<SyncRunType>,
    /// Seconds until another device may take over; default
    /// [`crate::limits::DEFAULT_SYNC_RUN_SECONDS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u16>,
}

/// Answer of `POST SyncRuns`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StartSyncRunResponse {
    /// Whether there is a run.
    pub status: StartSyncRunStatus,
    /// The run; `None` when there is none.
    #[serde(default)]
    pub sync_run: Option<SyncRun>,
}

/// Whether a sync run was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum StartSyncRunStatus {
    /// Yes (201).
    Created,
    /// No, there is nothing to deliver (200).
    NoNewEvents,
}

/// A short exclusive lock, held by one device of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SyncRun {
    /// Its id.
    pub id: SyncRunId,
    /// What it is for.
    pub r#type: SyncRunType,
    /// Counts the identity's runs from 0.
    pub index: i64,
    /// When another device may take over.
    pub expires_at: CoreDate,
    /// When it was started.
    pub created_at: CoreDate,
    /// By whom.
    pub created_by: Address,
    /// With which device.
    pub created_by_device: DeviceId,
    /// How many external events it holds.
    pub event_count: i64,
}

/// Body of `PUT SyncRuns/{id}/FinalizeExternalEventSync`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FinalizeExternalEventSyncRequest {
    /// One for each event that was processed; an event without one counts as failed.
    #[serde(default, deserialize_with = "null_as_default")]
    pub external_event_results: Vec<ExternalEventResult>,
    /// What processing them changed.
    #[serde(default, deserialize_with = "null_as_default")]
    pub datawallet_modifications: Vec<NewDatawalletModification>,
}

/// What became of an external event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExternalEventResult {
    /// Which event.
    pub external_event_id: ExternalEventId,
    /// Why it failed, at most 100 characters; `None` when it did not. A failed event comes
    /// again, three times in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
}

/// Answer of `PUT SyncRuns/{id}/FinalizeExternalEventSync`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FinalizeExternalEventSyncResponse {
    /// The newest index of the log now; `None` when it is empty.
    #[serde(default)]
    pub new_datawallet_modification_index: Option<i64>,
    /// In the order of the request.
    pub datawallet_modifications: Vec<DatawalletModificationRef>,
    /// Whether there are more events, not counting those that failed before. Absent from
    /// servers before July 2025.
    #[serde(default)]
    pub new_unsynced_external_events_exist: bool,
}

/// Body of `PUT SyncRuns/{id}/FinalizeDatawalletVersionUpgrade`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FinalizeDatawalletVersionUpgradeRequest {
    /// From 1.
    pub new_datawallet_version: u16,
    /// What the upgrade changed.
    #[serde(default, deserialize_with = "null_as_default")]
    pub datawallet_modifications: Vec<NewDatawalletModification>,
}

/// Answer of `PUT SyncRuns/{id}/FinalizeDatawalletVersionUpgrade`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FinalizeDatawalletVersionUpgradeResponse {
    /// The newest index of the log now; `None` when it is empty.
    #[serde(default)]
    pub new_datawallet_modification_index: Option<i64>,
    /// In the order of the request.
    pub datawallet_modifications: Vec<DatawalletModificationRef>,
}

/// Answer of `PUT SyncRuns/{id}/RefreshExpirationTime`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefreshExpirationTimeResponse {
    /// When another device may take over.
    pub expires_at: CoreDate,
}

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}
