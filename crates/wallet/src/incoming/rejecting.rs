//! Rejecting, with reasons or without.

use tessera_content::{Decision, RejectParameters, Request};
use tessera_core_types::RequestId;

use super::{
    deciding::conclude,
    holding::require_held,
    looking_at::{Files, Looking},
};
use crate::{
    Changed, Result, Wallet,
    model::LocalRequest,
    requests::{self, RandomIds, Verdict},
};

impl Wallet {
    /// Rejects a received Request. Along an active Relationship the peer is told; for a template's
    /// Request without one nothing is sent: its maker never learns of it.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept`].
    pub async fn reject(&self, id: &RequestId) -> Result<LocalRequest> {
        self.reject_because(id, RejectParameters::default()).await
    }

    /// The same, with a reason that the peer is told where it is told at all: `code` (for programs)
    /// up to 200 UTF-16 code units, `message` (for persons) up to 1000. enmeshed has no reason for
    /// a Request as a whole, so every item carries it.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept`].
    pub async fn reject_because(
        &self,
        id: &RequestId,
        reason: RejectParameters,
    ) -> Result<LocalRequest> {
        self.reject_by(id, move |request| {
            requests::rejection_because(request, &reason)
        })
        .await
    }

    /// The same with a reason for each item: a Decision of the Request's shape that accepts none.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept`].
    pub async fn reject_with(&self, id: &RequestId, decision: &Decision) -> Result<LocalRequest> {
        let decision = decision.clone();
        self.reject_by(id, move |_| decision).await
    }

    async fn reject_by(
        &self,
        id: &RequestId,
        decision: impl FnOnce(&Request) -> Decision + Send + 'static,
    ) -> Result<LocalRequest> {
        self.commit_rejection(id, decision, None).await?;
        self.deliver_now().await;
        // What can't be settled now is with the next synchronisation.
        let _ = self.settle_files().await;
        self.request(id).await
    }

    /// Stores a rejected Request with its answer; nothing is sent yet. `held` is as with accepting.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept`], and those of [`require_held`].
    pub(super) async fn commit_rejection(
        &self,
        id: &RequestId,
        decision: impl FnOnce(&Request) -> Decision + Send + 'static,
        held: Option<i64>,
    ) -> Result<()> {
        let sender = self.sender();
        let looking = Looking::to_decide(&Decision::default()).with_files(Files::new());
        self.look_at(id, looking, move |transaction, situation| {
            require_held(transaction, &situation.request.id, held)?;
            let decision = decision(&situation.request.content);
            let mut ids = RandomIds(&*sender.randomness);
            let decided = requests::decide(&situation, Verdict::Reject, &decision, &mut ids)?;
            conclude(transaction, &sender, situation, decided.response)
        })
        .await?;
        self.tell(Changed::Requests);
        Ok(())
    }
}
