//! `POST RelationshipTemplates`, `GET RelationshipTemplates/{id}?password=`,
//! `GET RelationshipTemplates?templates.0.id=&templates.0.password=` or `?ids=`,
//! `DELETE RelationshipTemplates/{id}`.

use serde::{Deserialize, Serialize};
use tessera_core_types::{Address, CoreDate, DeviceId, RelationshipTemplateId};

use crate::{Bytes, PasswordBytes};

/// Body of `POST RelationshipTemplates`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateRelationshipTemplateRequest {
    /// The cipher, at most [`crate::limits::MAX_CONTENT_BYTES`].
    pub content: Bytes,
    /// In the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<CoreDate>,
    /// How many identities may load it, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_number_of_allocations: Option<i32>,
    /// Who alone may load it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_identity: Option<Address>,
    /// 1 to [`crate::limits::MAX_PASSWORD_BYTES`] bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordBytes>,
}

/// Answer (201) of `POST RelationshipTemplates`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreatedRelationshipTemplate {
    /// Its id.
    pub id: RelationshipTemplateId,
    /// When.
    pub created_at: CoreDate,
}

/// A template that is visible to the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RelationshipTemplate {
    /// Its id.
    pub id: RelationshipTemplateId,
    /// Whose it is.
    pub created_by: Address,
    /// The device that made it.
    pub created_by_device: DeviceId,
    /// How many identities may load it.
    #[serde(default)]
    pub max_number_of_allocations: Option<i32>,
    /// When it can no longer be loaded.
    #[serde(default)]
    pub expires_at: Option<CoreDate>,
    /// The cipher.
    pub content: Bytes,
    /// When it was made.
    pub created_at: CoreDate,
    /// Who alone may load it.
    #[serde(default)]
    pub for_identity: Option<Address>,
}
