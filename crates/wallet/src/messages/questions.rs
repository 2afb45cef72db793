//! Own Requests: asking a contact for something.

use tessera_content::{MessageContent, Request};
use tessera_core_types::{Address, RequestId};

use super::{Sender, enqueue};
use crate::{
    Changed, Result, Wallet, WalletError,
    model::{LocalRequest, LocalRequestStatus},
    requests::is_expired,
    store,
    templates::{check_shared, shared_randomness},
};

impl Wallet {
    /// Asks a contact for something, in a Message. The Request and the order to send it are stored
    /// together; being offline is no error. `request.id` is set here.
    ///
    /// # Errors
    ///
    /// [`WalletError::RequestToOneself`], [`WalletError::RequestExpiresInPast`],
    /// [`WalletError::InvalidRequestItem`] for what can't be asked or is not this identity's to
    /// share, and what keeps a Message from being sent. Nothing has changed then.
    pub async fn send_request(&self, peer: &Address, request: Request) -> Result<LocalRequest> {
        let (me, device) = (self.inner.me.address.clone(), self.inner.device.id.clone());
        let (peer, now) = (peer.clone(), self.now());
        if peer == me {
            return Err(WalletError::RequestToOneself);
        }
        if is_expired(request.expires_at, now) {
            return Err(WalletError::RequestExpiresInPast);
        }
        if !request.is_understood() {
            return Err(WalletError::InvalidRequestItem(
                "this version does not know its type",
            ));
        }
        let randomness = shared_randomness(self);
        let id = RequestId::generate(&*randomness);
        let request_id = id.clone();
        self.inner
            .store
            .write(move |transaction| {
                check_shared(transaction, &request)?;
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
                let sender = Sender {
                    me: &me,
                    device: &device,
                    randomness: &*randomness,
                    now,
                };
                let recipients = std::slice::from_ref(&local.peer);
                let content = MessageContent::Request(content);
                enqueue(transaction, sender, recipients, content, Some(&local.id))
            })
            .await?;
        self.tell(Changed::Requests);
        self.deliver_now().await;
        self.request(&id).await
    }
}
