//! Messages: what is said along Relationships.

use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};
use serde_json::Value;
use tessera_content::MessageContent;
use tessera_core_types::{Address, CoreDate, DeviceId, MessageId, RelationshipId};
use ts_rs::TS;

/// A Message that was received, was sent or is to be sent.
#[derive(Clone, PartialEq)]
pub struct Message {
    /// This wallet's own number for it.
    pub number: i64,
    /// The Backbone's id, from the moment it has the Message.
    pub id: Option<MessageId>,
    /// Where it stands.
    pub state: MessageState,
    /// Who wrote it.
    pub created_by: Address,
    /// On which device.
    pub created_by_device: DeviceId,
    /// When the Backbone got it; until then, when it was written here.
    pub created_at: CoreDate,
    /// Whom it is for. Of a received Message only this identity is known.
    pub recipients: Vec<MessageRecipient>,
    /// What it says.
    pub content: MessageContent,
    /// The references of attached Files as they came. They hold the Files' keys.
    pub attachments: Vec<Value>,
    /// When the person read it.
    pub was_read_at: Option<CoreDate>,
    /// What kind of content it has.
    pub kind: MessageKind,
    /// Why it could not be opened, or why what it says can't be, as a code.
    pub fault: Option<String>,
}

/// Prints nothing that was said.
impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message")
            .field("number", &self.number)
            .field("id", &self.id)
            .field("state", &self.state)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Message {
    /// Whether this identity wrote it.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.state != MessageState::Received
    }
}

impl Serialize for Message {
    /// Without the attachments' keys.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Message", 11)?;
        object.serialize_field("number", &self.number)?;
        if let Some(id) = &self.id {
            object.serialize_field("id", id)?;
        }
        object.serialize_field("isOwn", &self.is_own())?;
        object.serialize_field("state", &self.state)?;
        object.serialize_field("createdBy", &self.created_by)?;
        object.serialize_field("createdByDevice", &self.created_by_device)?;
        object.serialize_field("createdAt", &self.created_at)?;
        object.serialize_field("recipients", &self.recipients)?;
        object.serialize_field("content", &self.content)?;
        let attachments: Vec<&Value> = self
            .attachments
            .iter()
            .filter_map(|one| one.get("id"))
            .collect();
        object.serialize_field("attachments", &attachments)?;
        if let Some(at) = &self.was_read_at {
            object.serialize_field("wasReadAt", at)?;
        }
        if let Some(code) = &self.fault {
            object.serialize_field("fault", code)?;
        }
        object.end()
    }
}

/// Whom a Message is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageRecipient {
    /// Who.
    pub address: Address,
    /// Along which Relationship; `None` when this side has deleted it. Then the address is the
    /// one that stands for whoever is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship_id: Option<RelationshipId>,
}

/// What kind of content a Message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum MessageKind {
    /// A Mail.
    Mail,
    /// A Request.
    Request,
    /// The answer to one.
    Response,
    /// A Notification.
    Notification,
    /// Anything else.
    Other,
    /// It did not open, or is not its sender's: only that it came is known.
    Closed,
}

impl From<&MessageContent> for MessageKind {
    fn from(content: &MessageContent) -> Self {
        match content {
            MessageContent::Mail(_) => Self::Mail,
            MessageContent::Request(_) => Self::Request,
            MessageContent::Response(_) => Self::Response,
            MessageContent::Notification(_) => Self::Notification,
            MessageContent::Arbitrary(_) | MessageContent::Unknown(_) => Self::Other,
        }
    }
}

/// Where a Message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum MessageState {
    /// Written, and waiting to be sent.
    Queued,
    /// The Backbone has it.
    Sent,
    /// Finally not sent.
    Failed,
    /// It came from a peer.
    Received,
}
