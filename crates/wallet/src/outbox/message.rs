//! Sending a Message.

use tessera_backbone_api::{client::ClientError, messages::SentMessage};
use tessera_content::MessageContent;

use super::{Outcome, failed, not_asked, read};
use crate::{
    Changed, Result, Wallet, WalletError,
    incoming::load_request,
    messages::{MessagePayload, learn_recipients, record, way_to},
    model::{
        HistoryEvent, LocalRequestSource, LocalRequestStatus, LocalResponseSource, OutboxOperation,
    },
    requests::is_expired,
    store::{self, Transaction},
};

/// How the Backbone says that a recipient has to fetch earlier Messages first.
const TOO_MANY_UNRECEIVED: &str =
    "error.platform.validation.message.maxNumberOfUnreceivedMessagesReached";

impl Wallet {
    /// Sends it, unless it carries or answers a Request whose time is over, or whose peer has ended
    /// the Relationship in between: the Backbone would take it, and keep it from the peer.
    pub(super) async fn deliver_message(&self, operation: &OutboxOperation) -> Result<Outcome> {
        let payload: MessagePayload = read(operation)?;
        if let Some(id) = &payload.request_id {
            let request = self.request(id).await?;
            if is_expired(request.content.expires_at, self.now()) {
                return Ok(Outcome::Refused(WalletError::AnswerExpired));
            }
            let way = move |transaction: &Transaction<'_>| {
                way_to(transaction, &request.peer, false).map(|_| ())
            };
            self.inner.store.read(way).await?;
        }
        match self.client().send_message(&payload.request).await {
            Ok(sent) => {
                self.sent(operation, payload, sent).await?;
                Ok(Outcome::Delivered)
            }
            // The recipient may fetch them.
            Err(error) if error.code() == TOO_MANY_UNRECEIVED => Ok(not_asked(error)),
            Err(error) => {
                let recipients = payload.request.recipients.len();
                if is_about_recipients(&error) {
                    self.inner
                        .store
                        .write(move |transaction| learn_recipients(transaction, recipients, false))
                        .await?;
                }
                Ok(failed(error))
            }
        }
    }

    /// Finds out whether an earlier try arrived: the Backbone shows what was sent, and a body is
    /// sealed only once.
    pub(super) async fn reconcile_message(&self, operation: &OutboxOperation) -> Result<Outcome> {
        let payload: MessagePayload = read(operation)?;
        match self.client().find_sent_message(&payload.request.body).await {
            Ok(Some(sent)) => {
                self.sent(operation, payload, sent).await?;
                Ok(Outcome::Delivered)
            }
            Ok(None) => {
                self.queue_again(operation).await?;
                Ok(Outcome::WaitsForPeer)
            }
            Err(error) => Ok(Outcome::Unknown(error.into())),
        }
    }

    async fn sent(
        &self,
        operation: &OutboxOperation,
        payload: MessagePayload,
        sent: SentMessage,
    ) -> Result<()> {
        let (id, now) = (operation.id, self.now());
        self.inner
            .store
            .write(move |transaction| {
                let message = store::messages::by_number(transaction, payload.number)?
                    .ok_or(WalletError::NotFound("Message"))?;
                store::messages::set_sent(transaction, message.number, &sent.id, sent.created_at)?;
                let event = match &payload.request_id {
                    None => HistoryEvent::MessageSent,
                    Some(request) => {
                        let mut request = load_request(transaction, request)?;
                        let event = if request.is_own {
                            request.source =
                                Some(LocalRequestSource::Message { reference: sent.id });
                            HistoryEvent::RequestSent
                        } else {
                            if let Some(response) = &mut request.response {
                                response.source =
                                    Some(LocalResponseSource::Message { reference: sent.id });
                            }
                            request.change_status(LocalRequestStatus::Completed, now);
                            HistoryEvent::AnswerSent
                        };
                        store::requests::put(transaction, &request)?;
                        event
                    }
                };
                let peers = message.recipients.into_iter().map(|one| one.address);
                record(
                    transaction,
                    event,
                    peers,
                    payload.request_id.as_ref(),
                    None,
                    now,
                )?;
                let recipients = payload.request.recipients.len();
                learn_recipients(transaction, recipients, true)?;
                store::outbox::complete(transaction, id)?;
                Ok::<_, WalletError>(())
            })
            .await?;
        self.tell(Changed::Messages);
        self.tell(Changed::Requests);
        Ok(())
    }
}

/// A Message that is finally not sent says so. A peer that was to learn of a new version by it does
/// not have that version.
pub(super) fn give_up(transaction: &Transaction<'_>, operation: &OutboxOperation) -> Result<()> {
    let payload: MessagePayload = read(operation)?;
    store::messages::set_failed(transaction, payload.number)?;
    let message = store::messages::by_number(transaction, payload.number)?;
    if let Some(message) = message
        && let MessageContent::Notification(told) = message.content
    {
        for recipient in &message.recipients {
            store::ended::take_back_told(transaction, &told.id, &recipient.address)?;
        }
    }
    Ok(())
}

/// Whether the Backbone refuses because of how many recipients there are. How many it takes is a
/// setting of its own, and it says so only in words.
fn is_about_recipients(error: &ClientError) -> bool {
    matches!(error, ClientError::Backbone { status: 400, code, message, .. }
        if code.starts_with("error.platform.validation.")
            && !code.starts_with("error.platform.validation.message.")
            && message.to_lowercase().contains("recipients"))
}
