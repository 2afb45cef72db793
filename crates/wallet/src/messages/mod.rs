//! Messages: what is said along Relationships.
//!
//! ```text
//! enqueue ─ one transaction: sealed, stored, in the outbox ▶ outbox ▶ Backbone
//! Backbone ▶ external event ▶ opened, verified, stored, acted on ─ one transaction
//! ```
//!
//! Requests, answers and Notifications travel as Messages too; what they mean is decided where
//! they belong.

mod questions;
mod receiving;
mod sending;

use tessera_content::MessageContent;
use tessera_core_types::{Address, MessageId};

pub(crate) use sending::{MessagePayload, Sender, enqueue, queue_answer, record};

use crate::{
    Changed, Result, Wallet, WalletError,
    model::{Message, MessageState},
    store,
};

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
        let (id, now) = (id.clone(), self.now());
        self.inner
            .store
            .write(move |transaction| {
                let message = store::messages::by_id(transaction, &id)?
                    .ok_or(WalletError::NotFound("Message"))?;
                if message.state == MessageState::Received {
                    store::messages::set_read(transaction, message.number, now)?;
                }
                Ok::<_, WalletError>(())
            })
            .await?;
        self.tell(Changed::Messages);
        Ok(())
    }

    /// Sends a Mail or content of the sender's own making to peers. Being offline is no error: it
    /// waits.
    ///
    /// Requests, answers and Notifications are sent by what makes them: they change what is stored.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidMessage`] for those, and for a Mail that names others than it is sent
    /// to; [`WalletError::NoRelationshipToRecipient`], [`WalletError::NoActiveRelationship`], [`WalletError::RecipientInDeletion`] and
    /// [`WalletError::RecipientDeleted`] for somebody who can't be written to.
    pub async fn send_message(
        &self,
        recipients: &[Address],
        content: MessageContent,
    ) -> Result<Message> {
        check(recipients, &content)?;
        let (sender, recipients) = (self.sender(), recipients.to_vec());
        let number = self
            .inner
            .store
            .write(move |transaction| enqueue(transaction, &sender, &recipients, content, None))
            .await?;
        self.tell(Changed::Messages);
        self.deliver_now().await;
        self.inner
            .store
            .read(move |transaction| {
                store::messages::by_number(transaction, number)?
                    .ok_or(WalletError::NotFound("Message"))
            })
            .await
    }
}

/// What a person or a program can send by hand.
fn check(recipients: &[Address], content: &MessageContent) -> Result<()> {
    match content {
        MessageContent::Mail(mail) => {
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
