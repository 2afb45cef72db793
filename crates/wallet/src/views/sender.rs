//! Who asks, as far as this wallet can know.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::PeerView;

/// How a code came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum CodeOrigin {
    /// Before the camera.
    Camera,
    /// On the screen.
    Screen,
    /// In a picture or document.
    Picture,
    /// In the picture on the clipboard.
    Clipboard,
    /// As a link that another program handed over.
    Link,
    /// As text that was pasted or typed.
    Text,
}

/// What is known about who sent a Request, besides what they say about themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SenderView {
    /// Who.
    pub peer: PeerView,
    /// The host of the Backbone where their identity lives, by the address.
    pub host: String,
    /// How the code came in; `None` where nobody wrote it down, and for a Request in a Message.
    pub came_by: Option<CodeOrigin>,
    /// Whether it came in a Message of a contact.
    pub is_by_message: bool,
    /// Whether they are in the list of contacts.
    pub is_contact: bool,
    /// How many Relationships there were or are with them.
    pub relationships: u32,
    /// How many of their other Requests were decided.
    pub decided: u32,
    /// Contacts with another address whose name, the own one included, can be taken for theirs; a
    /// few of them.
    pub look_alikes: Vec<PeerView>,
}
