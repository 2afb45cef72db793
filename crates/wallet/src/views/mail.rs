//! Messages: the mailbox, one that is read, and one that is written.

use serde::{Deserialize, Serialize};
use tessera_content::MailBodyFormat;
use tessera_core_types::{Address, CoreDate, FileId, RequestId};
use ts_rs::TS;

use super::{Delivery, FileFacts, PeerView};
use crate::model::{MessageKind, MessageState};

/// Which Messages are wanted, and which page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct MessageSearch {
    /// Only Mails.
    pub only_mail: bool,
    /// Only received ones that the person has not read.
    pub only_unread: bool,
    /// Only those from and to this contact.
    pub peer: Option<Address>,
    /// How many are left out before.
    pub offset: u32,
    /// How many at most, 1 to 200.
    pub limit: u32,
}

impl Default for MessageSearch {
    fn default() -> Self {
        Self {
            only_mail: false,
            only_unread: false,
            peer: None,
            offset: 0,
            limit: 50,
        }
    }
}

/// A page of the mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MessagePage {
    /// The Messages, the newest first.
    pub messages: Vec<MessageRow>,
    /// How many fit altogether.
    pub total: u32,
    /// How many are unread in the whole mailbox, without those that carry a Request.
    pub unread: u32,
}

/// One line in the mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MessageRow {
    /// This wallet's own number for it.
    #[ts(type = "number")]
    pub number: i64,
    /// What kind of content it has.
    pub kind: MessageKind,
    /// Where it stands.
    pub state: MessageState,
    /// Whether this identity wrote it.
    pub is_own: bool,
    /// Of a received one the sender; of an own one the first three whom it is for.
    pub peers: Vec<PeerView>,
    /// How many it is from or for.
    pub peer_count: u32,
    /// The subject of a Mail, the title of a Request. Text of the sender.
    pub subject: Option<String>,
    /// How the text of a Mail begins, in one line. Text of the sender.
    pub beginning: Option<String>,
    /// When the Backbone got it; until then, when it was written here.
    pub created_at: CoreDate,
    /// Whether the person has not read it; an own one is never unread.
    pub is_unread: bool,
    /// How many Files are attached.
    pub attachment_count: u32,
    /// The Request that it carries, if that is stored.
    pub request_id: Option<RequestId>,
    /// Why it could not be opened, or why what it says can't be, as a code.
    pub fault: Option<String>,
}

/// A Message with everything known about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MessageDetail {
    /// Its line in the mailbox.
    pub row: MessageRow,
    /// To whom a Mail says that it is, at most the first 50; of anything else that was written
    /// here, whom it is for.
    pub to: Vec<PeerView>,
    /// Who else reads it, by what a Mail says, at most the first 50.
    pub cc: Vec<PeerView>,
    /// How many it names altogether.
    pub named_count: u32,
    /// Whether a received Mail names this identity. It need not.
    pub names_me: bool,
    /// The text of a Mail. Text of the sender.
    pub body: Option<String>,
    /// How the text is written.
    pub body_format: Option<MailBodyFormat>,
    /// The attached Files, at most the first 20: more can't be sent.
    pub attachments: Vec<AttachmentView>,
    /// Whether a Message can be sent to its sender now.
    pub can_reply: bool,
    /// Why an own one was finally not sent, as a code.
    pub failure_code: Option<String>,
    /// As which Message it was sent again after that.
    #[ts(type = "number | null")]
    pub sent_again_as: Option<i64>,
    /// Whom an own one is for, at most the first 50, and since when each has it.
    pub deliveries: Vec<Delivery>,
}

/// An attached File. The page gets no reference to it: that holds its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AttachmentView {
    /// Its id.
    pub file_id: FileId,
    /// What it says about itself; `None` until it was asked for.
    pub facts: Option<FileFacts>,
}

/// A Mail as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct MailDraft {
    /// To whom.
    pub to: Vec<Address>,
    /// Who else reads it.
    pub cc: Vec<Address>,
    /// The subject, at most 300 characters when it is sent.
    pub subject: String,
    /// The text, at most 50,000 characters when it is sent.
    pub body: String,
    /// The attached Files, at most 20 when it is sent.
    pub attachments: Vec<FileId>,
}

/// A draft that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KeptDraft {
    /// Its id.
    #[ts(type = "number")]
    pub id: i64,
    /// What it says.
    pub draft: MailDraft,
    /// When it was last changed.
    pub changed_at: CoreDate,
}
