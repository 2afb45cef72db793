//! `POST Messages`, `GET Messages/{id}`, `GET Messages?ids=`.

use serde::{Deserialize, Serialize};
use tessera_core_types::{Address, CoreDate, DeviceId, FileId, MessageId};

use crate::Bytes;

/// Body of `POST Messages`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SendMessageRequest {
    /// At least one, each once; how many at most is the server's setting.
    pub recipients: Vec<SendMessageRecipient>,
    /// The cipher, 1 byte to [`crate::limits::MAX_CONTENT_BYTES`].
    pub body: Bytes,
    /// At most [`crate::limits::MAX_ATTACHMENTS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Vec<MessageAttachment>>,
}

/// Whom a message is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SendMessageRecipient {
    /// Who.
    pub address: Address,
    /// The body's key, encrypted for that recipient, 30 to 300 bytes.
    pub encrypted_key: Bytes,
}

/// A file that goes with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MessageAttachment {
    /// The file's id; it is not looked up.
    pub id: FileId,
}

/// Answer (201) of `POST Messages`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SentMessage {
    /// Its id.
    pub id: MessageId,
    /// When.
    pub created_at: CoreDate,
}

/// A message that the caller sent or received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// When it was sent.
    pub created_at: CoreDate,
    /// By whom.
    pub created_by: Address,
    /// With which device.
    pub created_by_device: DeviceId,
    /// The cipher.
    pub body: Bytes,
    /// The files that go with it.
    #[serde(default)]
    pub attachments: Vec<MessageAttachment>,
    /// All of them for the sender; only itself for a recipient.
    pub recipients: Vec<MessageRecipient>,
}

/// Whom a message was for, and whether it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MessageRecipient {
    /// Who.
    pub address: Address,
    /// The body's key, encrypted for that recipient.
    pub encrypted_key: Bytes,
    /// When a device of the recipient first fetched it.
    #[serde(default)]
    pub received_at: Option<CoreDate>,
    /// Which device that was.
    #[serde(default)]
    pub received_by_device: Option<DeviceId>,
}
