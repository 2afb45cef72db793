//! Own Requests: asking a contact for something.

use tessera_content::{MessageContent, Request};
use tessera_core_types::{Address, RequestId};

use super::enqueue;
use crate::{
    Changed, Result, Wallet,
    model::{LocalRequest, LocalRequestStatus},
    own_requests, store,
};

impl Wallet {
    /// Asks a contact for something, in a Message. The Request and the order to send it are stored
    /// together; being offline is no error. `request.id` is set here.
    ///
    /// # Errors
    ///
    /// [`crate::WalletError::OwnRequest`] for the first thing that can't be asked, and what keeps a
    /// Message from being sent. Nothing has changed then.
    pub async fn send_request(&self, peer: &Address, request: Request) -> Result<LocalRequest> {
        let (sender, peer) = (self.sender(), peer.clone());
        let id = RequestId::generate(&*sender.randomness);
        let request_id = id.clone();
        self.inner
            .store
            .write(move |transaction| {
                let (me, now) = (&sender.me.address, sender.now);
                own_requests::check(transaction, me, Some(&peer), &request, now)?;
                let request = own_requests::in_ids_of(transaction, request, &peer)?;
                let content = Request {
                    id: Some(request_id.clone()),
                    ..request
                };
                let mut local = LocalRequest {
                    id: request_id,
                    is_own: true,
                    peer,
                    created_at: now,
                    content: content.clone(),
                    source: None,
                    response: None,
                    status: LocalRequestStatus::Draft,
                    status_log: Vec::new(),
                    was_automatically_decided: false,
                };
                local.change_status(LocalRequestStatus::Open, now);
                store::requests::put(transaction, &local)?;
                let recipients = std::slice::from_ref(&local.peer);
                let content = MessageContent::Request(content);
                enqueue(transaction, &sender, recipients, content, Some(&local.id))?;
                own_requests::mark_sent(transaction, &local.content, &local.peer, now)
            })
            .await?;
        self.tell(Changed::Requests);
        self.tell(Changed::Attributes);
        self.deliver_now().await;
        self.request(&id).await
    }
}
