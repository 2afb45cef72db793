//! Accepting, and what every Decision leads to.

use tessera_content::{Decision, Response, ResponseResult};
use tessera_core_types::RequestId;

use super::{
    apply,
    holding::require_held,
    looking_at::{Files, Looking},
    note,
};
use crate::{
    Changed, Result, Wallet,
    file_transfer::{Freshness, claimed, list_taken_over},
    messages::{Sender, queue_answer},
    model::{HistoryEvent, LocalRequest, LocalRequestStatus, LocalResponse},
    outbox::queue_creation,
    receipts,
    requests::{self, Delivery, RandomIds, Situation, Verdict},
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
    /// [`crate::WalletError::Decision`] for the first thing that is wrong with the Decision;
    /// [`crate::WalletError::TemplateExpired`], and what keeps a Message from being sent when the answer
    /// goes along an active Relationship; [`crate::WalletError::FileNotClaimed`];
    /// [`crate::WalletError::DecisionHeld`]. Nothing has changed then,
    /// except that a File may be this identity's already.
    pub async fn accept(&self, id: &RequestId, decision: &Decision) -> Result<LocalRequest> {
        self.commit_acceptance(id, decision, None).await?;
        self.deliver_now().await;
        self.request(id).await
    }

    /// Stores an accepted Request with everything that follows; nothing is sent yet. `held` is the
    /// number of the held Decision that this is, if it was held.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept`], and those of [`require_held`].
    pub(super) async fn commit_acceptance(
        &self,
        id: &RequestId,
        decision: &Decision,
        held: Option<i64>,
    ) -> Result<()> {
        let (sender, made) = (self.sender(), decision.clone());
        self.look_at(
            id,
            Looking::to_decide(decision),
            move |transaction, situation| {
                require_held(transaction, &situation.request.id, held)?;
                let mut ids = RandomIds(&*sender.randomness);
                let decided = requests::decide(&situation, Verdict::Accept, &made, &mut ids)?;
                apply(transaction, &decided.changes)?;
                list_taken_over(transaction, &situation.files, &decided.claims, sender.now)?;
                claimed(transaction, &situation.request.id)?;
                conclude(transaction, &sender, situation, decided.response)
            },
        )
        .await?;
        self.tell(Changed::Requests);
        self.tell(Changed::Attributes);
        Ok(())
    }

    /// Takes over the Files that a Decision accepts, if it can be made at all; what is known of
    /// them then.
    pub(super) async fn take_over_files(
        &self,
        request: &LocalRequest,
        decision: &Decision,
    ) -> Result<Files> {
        let files = self.offered_files(request, Freshness::Deciding).await?;
        let (made, randomness) = (decision.clone(), shared_randomness(self));
        let looking = Looking::to_try(decision).with_files(files.clone());
        let decided = self.look_at(&request.id, looking, move |_, situation| {
            let mut ids = RandomIds(&*randomness);
            Ok(requests::decide(
                &situation,
                Verdict::Accept,
                &made,
                &mut ids,
            )?)
        });
        // It looks at a Request while one is looked at.
        let claims = Box::pin(decided).await?.claims;
        self.claim_files(&request.id, claims).await?;
        Ok(files)
    }
}

/// Stores a decided Request with its receipt and, where it is told, its answer on the way to the
/// peer.
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
    let (mut request, files) = (situation.request, situation.files);
    let response = LocalResponse {
        created_at: now,
        content: response,
        source: None,
    };
    request.response = Some(response.clone());
    request.change_status(LocalRequestStatus::Decided, now);
    if delivery == Delivery::Nothing {
        request.change_status(LocalRequestStatus::Completed, now);
    }
    store::requests::put(transaction, &request)?;
    receipts::write(transaction, &request, &response, &delivery, &files)?;
    note(transaction, &request, event, now)?;
    match delivery {
        Delivery::Message(answer) => queue_answer(transaction, sender, &request, answer)?,
        Delivery::Relationship(content) => queue_creation(transaction, sender, &request, content)?,
        Delivery::Nothing => return Ok(()),
    }
    note(transaction, &request, HistoryEvent::AnswerQueued, now)
}
