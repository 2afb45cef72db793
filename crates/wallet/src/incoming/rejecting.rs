//! Rejecting with reasons.

use std::collections::BTreeMap;

use tessera_content::Decision;
use tessera_core_types::RequestId;

use super::{deciding::conclude, situation};
use crate::{
    Changed, Result, Wallet,
    model::LocalRequest,
    requests::{self, RandomIds, Verdict},
};

impl Wallet {
    /// Rejects a received Request with a reason for each item: a Decision of the Request's shape
    /// that accepts none.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept`].
    pub async fn reject_with(&self, id: &RequestId, decision: &Decision) -> Result<LocalRequest> {
        self.expire_due().await?;
        let (request_id, decision) = (id.clone(), decision.clone());
        let sender = self.sender();
        self.inner
            .store
            .write(move |transaction| {
                let (me, now) = (&sender.me.address, sender.now);
                let situation =
                    situation(transaction, me, now, &request_id, None, BTreeMap::new())?;
                let mut ids = RandomIds(&*sender.randomness);
                let decided = requests::decide(&situation, Verdict::Reject, &decision, &mut ids)?;
                conclude(transaction, &sender, situation, decided.response)
            })
            .await?;
        self.tell(Changed::Requests);
        self.deliver_now().await;
        self.request(id).await
    }
}
