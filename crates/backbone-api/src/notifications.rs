//! `POST Notifications`: a text out of a list that the server has, pushed to the devices of others.

use serde::{Deserialize, Serialize};
use tessera_core_types::Address;

/// Body of `POST Notifications`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SendNotificationRequest {
    /// 1 to [`crate::limits::MAX_NOTIFICATION_RECIPIENTS`], to each of whom there is a
    /// relationship.
    pub recipients: Vec<Address>,
    /// Which text.
    pub code: String,
}
