//! What became of own Messages at their readers', and who can be written to.

use tessera_backbone_api::messages::Message as ApiMessage;
use tessera_content::MessageContent;
use tessera_core_types::Address;

use super::{attachments::attachment_ids, by_number, enqueue_with_files, sending::way_to};
use crate::{
    Changed, Result, Wallet, WalletError,
    contacts::peer_view,
    model::{Message, MessageState},
    store::{self, Transaction},
    views::{Delivery, RecipientProblem, RecipientsCheck},
};

/// How many Messages are asked about at once.
const ASKED: u32 = 50;
/// Under which name is kept with how many recipients the Backbone has refused a Message.
const REFUSED: &str = "messages.refusedRecipients";

impl Wallet {
    /// Asks the Backbone who has fetched own Messages by now: `number`, or the newest 50 that are
    /// awaited. The Backbone tells nobody by itself, so this is for the moment when somebody looks.
    /// How many readers more have.
    ///
    /// # Errors
    ///
    /// When the Backbone can't be reached, or the database fails.
    pub async fn look_for_received(&self, number: Option<i64>) -> Result<u32> {
        let awaited = self
            .inner
            .store
            .read(move |transaction| store::deliveries::awaited(transaction, number, ASKED))
            .await?;
        if awaited.is_empty() {
            return Ok(0);
        }
        let ids: Vec<_> = awaited.iter().map(|(_, id)| id.clone()).collect();
        let told = self.client().messages(&ids).await?;
        let more = self
            .inner
            .store
            .write(move |transaction| {
                let mut more = 0;
                for (number, id) in awaited {
                    let Some(told) = told.iter().find(|told| told.id == id) else {
                        continue;
                    };
                    more += take_over(transaction, number, told)?;
                }
                Ok::<_, WalletError>(more)
            })
            .await?;
        if more > 0 {
            self.tell(Changed::Messages);
        }
        Ok(more)
    }

    /// Sends a Mail again that could finally not be sent: as a new Message with the same words and
    /// Files to the same readers, once only.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`], [`WalletError::SentAgain`] for one that was sent again already,
    /// [`WalletError::InvalidMessage`] for anything but a Mail that failed, and as
    /// [`Wallet::send_message_with_files`].
    pub async fn send_again(&self, number: i64) -> Result<Message> {
        self.send_now(move |transaction, sender| {
            let failed = by_number(transaction, number)?;
            let MessageContent::Mail(mail) = &failed.content else {
                return Err(WalletError::InvalidMessage("only a Mail is sent again"));
            };
            if failed.state != MessageState::Failed {
                return Err(WalletError::InvalidMessage("it did not fail"));
            }
            if store::deliveries::sent_again(transaction, number)?.is_some() {
                return Err(WalletError::SentAgain);
            }
            let readers: Vec<Address> = mail.to.iter().chain(&mail.cc).cloned().collect();
            let files = attachment_ids(&failed);
            let content = failed.content;
            let successor =
                enqueue_with_files(transaction, sender, &readers, content, None, &files)?;
            store::deliveries::set_sent_again(transaction, number, successor)?;
            Ok(successor)
        })
        .await
    }

    /// What is known to be in the way of a Message to these readers: who can't be written to, and
    /// whether the Backbone has refused so many before.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn check_recipients(&self, recipients: &[Address]) -> Result<RecipientsCheck> {
        let (recipients, now) = (recipients.to_vec(), self.now());
        self.inner
            .store
            .read(move |transaction| {
                let mut problems = Vec::new();
                for address in &recipients {
                    if let Err(error) = way_to(transaction, address, false) {
                        problems.push(RecipientProblem {
                            peer: peer_view(transaction, address, now)?,
                            code: error.code().into_owned(),
                        });
                    }
                }
                let refused = refused(transaction)?;
                let most = refused.filter(|refused| recipients.len() >= *refused);
                Ok(RecipientsCheck {
                    problems,
                    most: most.map(|refused| count(refused.saturating_sub(1))),
                })
            })
            .await
    }
}

/// Remembers with how many recipients the Backbone refused a Message, or took one.
pub(crate) fn learn_recipients(
    transaction: &Transaction<'_>,
    recipients: usize,
    was_taken: bool,
) -> Result<()> {
    if recipients < 2 {
        return Ok(());
    }
    let refused = refused(transaction)?;
    let now = match (refused, was_taken) {
        (Some(refused), true) if recipients >= refused => None,
        (Some(refused), false) => Some(refused.min(recipients)),
        (None, false) => Some(recipients),
        (refused, true) => refused,
    };
    if now != refused {
        store::settings::set(transaction, REFUSED, &now.unwrap_or(0))?;
    }
    Ok(())
}

/// With how many recipients the Backbone has refused a Message; `None` when it has not.
fn refused(transaction: &Transaction<'_>) -> Result<Option<usize>> {
    let known: Option<usize> = store::settings::get(transaction, REFUSED)?;
    Ok(known.filter(|known| *known > 0))
}

/// Whom an own Message is for, the first `limit`, and since when each has it.
pub(super) fn deliveries(
    transaction: &Transaction<'_>,
    message: &Message,
    limit: usize,
) -> Result<Vec<Delivery>> {
    if !message.is_own() {
        return Ok(Vec::new());
    }
    let fetched = store::deliveries::fetched(transaction, message.number)?;
    let of = |address: &Address| fetched.iter().find(|(one, _)| one == address);
    message
        .recipients
        .iter()
        .take(limit)
        .map(|recipient| {
            Ok(Delivery {
                peer: peer_view(transaction, &recipient.address, message.created_at)?,
                received_at: of(&recipient.address).map(|(_, at)| *at),
            })
        })
        .collect()
}

/// What the Backbone says about who has fetched a Message; how many more have than was known.
fn take_over(transaction: &Transaction<'_>, number: i64, told: &ApiMessage) -> Result<u32> {
    let message = by_number(transaction, number)?;
    let known = store::deliveries::fetched(transaction, number)?;
    let mut more = 0;
    for recipient in &told.recipients {
        let Some(at) = recipient.received_at else {
            continue;
        };
        let is_reader = message
            .recipients
            .iter()
            .any(|one| one.address == recipient.address);
        if is_reader && !known.iter().any(|(one, _)| *one == recipient.address) {
            store::deliveries::set_fetched(transaction, number, &recipient.address, at)?;
            more += 1;
        }
    }
    Ok(more)
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
