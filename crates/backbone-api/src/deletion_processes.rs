//! The deletion of the own identity: `POST Identities/Self/DeletionProcesses`,
//! `GET Identities/Self/DeletionProcesses`, `GET Identities/Self/DeletionProcesses/{id}`,
//! `PUT Identities/Self/DeletionProcesses/{id}/Cancel`.

use serde::{Deserialize, Serialize};
use tessera_core_types::{CoreDate, DeviceId, IdentityDeletionProcessId};

/// Body of `POST Identities/Self/DeletionProcesses`; the whole body may be missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StartDeletionProcessRequest {
    /// Days in which the deletion can still be cancelled; fractions and 0 are allowed, default
    /// [`crate::limits::DEFAULT_GRACE_PERIOD_DAYS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_of_grace_period_in_days: Option<f64>,
}

/// A deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeletionProcess {
    /// Its id.
    pub id: IdentityDeletionProcessId,
    /// How far it is.
    pub status: DeletionProcessStatus,
    /// When it was started.
    pub created_at: CoreDate,
    /// With which device.
    pub created_by_device: DeviceId,
    /// The same as `createdAt`; only older clients read it.
    pub approved_at: CoreDate,
    /// The same as `createdByDevice`; only older clients read it.
    pub approved_by_device: DeviceId,
    /// Until when it can be cancelled; `None` once it is cancelled.
    #[serde(default)]
    pub grace_period_ends_at: Option<CoreDate>,
    /// When the devices were first reminded of it.
    #[serde(default)]
    pub grace_period_reminder1_sent_at: Option<CoreDate>,
    /// When the devices were reminded of it again.
    #[serde(default)]
    pub grace_period_reminder2_sent_at: Option<CoreDate>,
    /// When the devices were reminded of it for the last time.
    #[serde(default)]
    pub grace_period_reminder3_sent_at: Option<CoreDate>,
}

/// How far a deletion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub enum DeletionProcessStatus {
    /// It can be cancelled, until its grace period ends.
    Active,
    /// What version 1 of the API says for [`DeletionProcessStatus::Active`].
    Approved,
    /// It was cancelled.
    Cancelled,
    /// The data is being deleted.
    Deleting,
}
