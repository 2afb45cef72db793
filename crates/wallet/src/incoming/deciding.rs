//! Accepting, and what every Decision leads to.

use std::collections::BTreeMap;

use tessera_content::{Decision, Response, ResponseResult};
use tessera_core_types::RequestId;

use super::{apply, note, situation};
use crate::{
    Changed, Result, Wallet, WalletError,
    file_transfer::{Freshness, claimed},
    messages::{Sender, queue_answer},
    model::{HistoryEvent, LocalRequest, LocalRequestStatus, LocalResponse},
    outbox::queue_creation,
    requests::{self, Delivery, FileFact, FileOffer, RandomIds, Situation, Verdict},
    store::{self, Transaction},
    templates::shared_randomness,
};

impl Wallet {
    /// Accepts a received Request. The answer, everything it shares and the order to deliver it
    /// are stored together; then delivery is tried. Being offline is no error: the Request stays
    /// `Decided` and its answer waits.
    ///
    /// # Errors
    ///
    /// [`WalletError::Decision`] for the first thing that is wrong with the Decision;
    /// [`WalletError::TemplateExpired`], and what keeps a Message from being sent when the answer
    /// goes along an active Relationship; [`WalletError::FileNotClaimed`]. Nothing has changed then,
    /// except that a File may be this identity's already.
    pub async fn accept(&self, id: &RequestId, decision: &Decision) -> Result<LocalRequest> {
        self.expire_due().await?;
        let files = self.take_over_files(id, decision).await?;
        let (id, decision) = (id.clone(), decision.clone());
        let sender = self.sender();
        let request_id = id.clone();
        self.inner
            .store
            .write(move |transaction| {
                let (me, now) = (&sender.me.address, sender.now);
                let situation = situation(transaction, me, now, &id, Some(&decision), files)?;
                let mut ids = RandomIds(&*sender.randomness);
                let decided = requests::decide(&situation, Verdict::Accept, &decision, &mut ids)?;
                for change in &decided.changes {
                    apply(transaction, change)?;
                }
                claimed(transaction, &situation.request.id)?;
                conclude(transaction, &sender, situation, decided.response)
            })
            .await?;
        self.tell(Changed::Requests);
        self.tell(Changed::Attributes);
        self.deliver_now().await;
        self.request(&request_id).await
    }

    /// Takes over the Files that a Decision accepts, if it can be made at all.
    async fn take_over_files(
        &self,
        id: &RequestId,
        decision: &Decision,
    ) -> Result<BTreeMap<FileOffer, FileFact>> {
        let files = self.offered_files(id, Freshness::Deciding).await?;
        if files.is_empty() {
            return Ok(files);
        }
        let (me, now) = (self.inner.me.address.clone(), self.now());
        let (wanted, made, known) = (id.clone(), decision.clone(), files.clone());
        let randomness = shared_randomness(self);
        let decided = self
            .inner
            .store
            .read(move |transaction| {
                let situation = situation(transaction, &me, now, &wanted, Some(&made), known)?;
                let mut ids = RandomIds(&*randomness);
                requests::decide(&situation, Verdict::Accept, &made, &mut ids)
                    .map_err(WalletError::from)
            })
            .await?;
        self.claim_files(id, decided.claims).await?;
        Ok(files)
    }
}

/// Stores a decided Request and, where it is told, its answer on the way to the peer.
pub(super) fn conclude(
    transaction: &Transaction<'_>,
    sender: &Sender,
    situation: Situation,
    response: Response,
) -> Result<()> {
    let now = sender.now;
    let delivery = requests::delivery(&situation.request, situation.relationship, &response);
    let event = match response.result {
        ResponseResult::Accepted => HistoryEvent::RequestAccepted,
        ResponseResult::Rejected => HistoryEvent::RequestRejected,
    };
    let mut request = situation.request;
    request.response = Some(LocalResponse {
        created_at: now,
        content: response,
        source: None,
    });
    request.change_status(LocalRequestStatus::Decided, now);
    if delivery == Delivery::Nothing {
        request.change_status(LocalRequestStatus::Completed, now);
    }
    store::requests::put(transaction, &request)?;
    note(transaction, &request, event, now)?;
    match delivery {
        Delivery::Message(answer) => queue_answer(transaction, sender, &request, answer)?,
        Delivery::Relationship(content) => queue_creation(transaction, sender, &request, content)?,
        Delivery::Nothing => return Ok(()),
    }
    note(transaction, &request, HistoryEvent::AnswerQueued, now)
}
