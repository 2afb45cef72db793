//! Accepting and rejecting.

use std::collections::BTreeMap;

use tessera_content::Decision;
use tessera_core_types::RequestId;

use super::{apply, note, situation};
use crate::{
    Changed, Result, Wallet, WalletError,
    file_transfer::{Freshness, claimed},
    messages::{Sender, queue_answer},
    model::{HistoryEvent, LocalRequest, LocalRequestStatus, LocalResponse, RelationshipStatus},
    outbox::queue_creation,
    requests::{self, FileFact, FileOffer, RandomIds, Verdict},
    store,
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
        let (me, device, now) = (
            self.inner.me.clone(),
            self.inner.device.id.clone(),
            self.now(),
        );
        let randomness = shared_randomness(self);
        let request_id = id.clone();
        self.inner
            .store
            .write(move |transaction| {
                let sender = Sender {
                    me: &me.address,
                    device: &device,
                    randomness: &*randomness,
                    now,
                };
                let situation =
                    situation(transaction, &me.address, now, &id, Some(&decision), files)?;
                let mut ids = RandomIds(&*randomness);
                let decided = requests::decide(&situation, Verdict::Accept, &decision, &mut ids)?;
                for change in &decided.changes {
                    apply(transaction, change)?;
                }
                let mut request = situation.request;
                request.response = Some(LocalResponse {
                    created_at: now,
                    content: decided.response,
                    source: None,
                });
                request.change_status(LocalRequestStatus::Decided, now);
                store::requests::put(transaction, &request)?;
                note(transaction, &request, HistoryEvent::RequestAccepted, now)?;
                claimed(transaction, &request.id)?;
                if situation.relationship == Some(RelationshipStatus::Active) {
                    queue_answer(transaction, sender, &request)?;
                } else {
                    queue_creation(transaction, &me, &request, now, &*randomness)?;
                }
                note(transaction, &request, HistoryEvent::AnswerQueued, now)
            })
            .await?;
        self.tell(Changed::Requests);
        self.tell(Changed::Attributes);
        self.deliver_now().await;
        self.request(&request_id).await
    }

    /// Rejects a received Request. Along an active Relationship the peer is told; for a template's
    /// Request without one nothing is sent: its maker never learns of it.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept`].
    pub async fn reject(&self, id: &RequestId) -> Result<LocalRequest> {
        self.expire_due().await?;
        let request_id = id.clone();
        let (me, device) = (self.inner.me.address.clone(), self.inner.device.id.clone());
        let now = self.now();
        let randomness = shared_randomness(self);
        self.inner
            .store
            .write(move |transaction| {
                let sender = Sender {
                    me: &me,
                    device: &device,
                    randomness: &*randomness,
                    now,
                };
                let situation =
                    situation(transaction, &me, now, &request_id, None, BTreeMap::new())?;
                let decision = requests::rejection(&situation);
                let mut ids = RandomIds(&*randomness);
                let decided = requests::decide(&situation, Verdict::Reject, &decision, &mut ids)?;
                let mut request = situation.request;
                request.response = Some(LocalResponse {
                    created_at: now,
                    content: decided.response,
                    source: None,
                });
                request.change_status(LocalRequestStatus::Decided, now);
                let is_told = situation.relationship == Some(RelationshipStatus::Active);
                if !is_told {
                    request.change_status(LocalRequestStatus::Completed, now);
                }
                store::requests::put(transaction, &request)?;
                note(transaction, &request, HistoryEvent::RequestRejected, now)?;
                if is_told {
                    queue_answer(transaction, sender, &request)?;
                    note(transaction, &request, HistoryEvent::AnswerQueued, now)?;
                }
                Ok::<_, WalletError>(())
            })
            .await?;
        self.tell(Changed::Requests);
        self.deliver_now().await;
        self.request(id).await
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
