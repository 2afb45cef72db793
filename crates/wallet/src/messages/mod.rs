//! Messages: what is said along Relationships.
//!
//! ```text
//! enqueue ─ one transaction: sealed, stored, in the outbox ▶ outbox ▶ Backbone
//! Backbone ▶ external event ▶ opened, verified, stored, acted on ─ one transaction
//! ```
//!
//! Requests, answers and Notifications travel as Messages too; what they mean is decided where
//! they belong.

mod attachments;
mod deliveries;
mod drafts;
mod mailbox;
mod questions;
mod receiving;
mod sending;

use tessera_content::{Mail, MessageContent};
use tessera_core_types::{Address, FileId, MessageId};

pub(crate) use deliveries::learn_recipients;
pub(crate) use receiving::{Channels, receive_message};
pub(crate) use sending::{MessagePayload, Sender, enqueue, queue_answer, record, way_to};

use crate::{
    Changed, Result, Wallet, WalletError,
    model::Message,
    store::{self, Transaction},
};
use sending::enqueue_with_files;

impl Wallet {
    /// All Messages, received and own, the newest first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn messages(&self) -> Result<Vec<Message>> {
        Ok(self
            .inner
            .store
            .read(|transaction| store::messages::list(transaction))
            .await?)
    }

    /// The Messages from and to a peer, the newest first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn messages_with(&self, peer: &Address) -> Result<Vec<Message>> {
        let peer = peer.clone();
        Ok(self
            .inner
            .store
            .read(move |transaction| store::messages::with_peer(transaction, &peer))
            .await?)
    }

    /// A Message that the Backbone has.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn message(&self, id: &MessageId) -> Result<Message> {
        let id = id.clone();
        self.inner
            .store
            .read(move |transaction| {
                store::messages::by_id(transaction, &id)?.ok_or(WalletError::NotFound("Message"))
            })
            .await
    }

    /// Remembers that the person has read a received Message.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn mark_message_as_read(&self, id: &MessageId) -> Result<()> {
        let number = self.message(id).await?.number;
        self.set_message_read(number, true).await
    }

    /// Sends a Mail or content of the sender's own making to peers. Being offline is no error: it
    /// waits.
    ///
    /// Requests, answers and Notifications are sent by what makes them: they change what is stored.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidMessage`] for those, and for a Mail that names others than it is sent
    /// to; [`WalletError::Content`] for a Mail that is too long; [`WalletError::NoRelationshipToRecipient`], [`WalletError::NoActiveRelationship`], [`WalletError::RecipientInDeletion`] and
    /// [`WalletError::RecipientDeleted`] for somebody who can't be written to.
    pub async fn send_message(
        &self,
        recipients: &[Address],
        content: MessageContent,
    ) -> Result<Message> {
        self.send_message_with_files(recipients, content, &[]).await
    }

    /// The same with Files attached, at most 20 of those that were given to the Backbone here, or
    /// that a peer attached and the person [passes on](Wallet::pass_on_attachment).
    ///
    /// # Errors
    ///
    /// As [`Wallet::send_message`]; [`WalletError::NotFound`] for a File that is not known,
    /// [`WalletError::AttachmentExpired`] for one that the Backbone has deleted by now.
    pub async fn send_message_with_files(
        &self,
        recipients: &[Address],
        content: MessageContent,
        files: &[FileId],
    ) -> Result<Message> {
        check(recipients, &content)?;
        let (recipients, files) = (recipients.to_vec(), files.to_vec());
        self.send_now(move |transaction, sender| {
            enqueue_with_files(transaction, sender, &recipients, content, None, &files)
        })
        .await
    }

    /// Queues a Message in one transaction, tries to deliver it at once, and says where it stands.
    async fn send_now(
        &self,
        queue: impl FnOnce(&Transaction<'_>, &Sender) -> Result<i64> + Send + 'static,
    ) -> Result<Message> {
        let sender = self.sender();
        let number = self
            .inner
            .store
            .write(move |transaction| queue(transaction, &sender))
            .await?;
        self.tell(Changed::Messages);
        self.deliver_now().await;
        self.inner
            .store
            .read(move |transaction| by_number(transaction, number))
            .await
    }
}

/// A Message that is there.
fn by_number(transaction: &Transaction<'_>, number: i64) -> Result<Message> {
    store::messages::by_number(transaction, number)?.ok_or(WalletError::NotFound("Message"))
}

/// What a person or a program can send by hand.
fn check(recipients: &[Address], content: &MessageContent) -> Result<()> {
    match content {
        MessageContent::Mail(mail) => {
            // What is too long for peers is too long here.
            Mail::parse(&mail.to_json())?;
            let mut named: Vec<&Address> = mail.to.iter().chain(&mail.cc).collect();
            let mut meant: Vec<&Address> = recipients.iter().collect();
            named.sort();
            meant.sort();
            if named == meant {
                Ok(())
            } else {
                Err(WalletError::InvalidMessage(
                    "a Mail names exactly those whom it is sent to",
                ))
            }
        }
        MessageContent::Arbitrary(_) | MessageContent::Unknown(_) => Ok(()),
        MessageContent::Request(_)
        | MessageContent::Response(_)
        | MessageContent::Notification(_) => Err(WalletError::InvalidMessage(
            "Requests, answers and Notifications are not sent by hand",
        )),
    }
}
