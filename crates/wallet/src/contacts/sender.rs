//! Who sent a Request, and how its code came in.

use tessera_core_types::RequestId;

use super::peer_view;
use crate::{
    Result, Wallet, WalletError,
    look_alikes::Look,
    model::LocalRequestSource,
    store::{self, Transaction},
    views::{CodeOrigin, PeerView, SenderView},
};

/// How many look-alikes are named: one is enough to be careful.
const MOST_LOOK_ALIKES: usize = 5;

impl Wallet {
    /// What is known about who sent a Request.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn request_sender(&self, request: &RequestId) -> Result<SenderView> {
        let id = request.clone();
        self.inner
            .store
            .read(move |transaction| {
                let request = store::requests::by_id(transaction, &id)?
                    .filter(|request| !request.is_own)
                    .ok_or(WalletError::NotFound("Request"))?;
                let address = &request.peer;
                let peer = peer_view(transaction, address, request.created_at)?;
                let came_by = match &request.source {
                    Some(LocalRequestSource::RelationshipTemplate { reference }) => {
                        store::templates::came_by(transaction, reference)?
                    }
                    _ => None,
                };
                Ok(SenderView {
                    host: address.hostname().to_owned(),
                    came_by,
                    is_by_message: matches!(
                        request.source,
                        Some(LocalRequestSource::Message { .. })
                    ),
                    is_contact: store::contacts::by_peer(transaction, address)?.is_some(),
                    relationships: store::relationships::count_with(transaction, address)?,
                    decided: store::requests::count_decided_of(transaction, address, &id)?,
                    look_alikes: look_alikes(transaction, &peer)?,
                    peer,
                })
            })
            .await
    }

    /// Remembers how the code of a Request's template came in. What was written down first stays; a
    /// Request without a template is left as it is.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn set_code_origin(&self, request: &RequestId, origin: CodeOrigin) -> Result<()> {
        let id = request.clone();
        self.inner
            .store
            .write(move |transaction| {
                let source = store::requests::by_id(transaction, &id)?.and_then(|one| one.source);
                if let Some(LocalRequestSource::RelationshipTemplate { reference }) = source {
                    store::templates::set_came_by(transaction, &reference, origin)?;
                }
                Ok(())
            })
            .await
    }
}

fn look_alikes(transaction: &Transaction<'_>, peer: &PeerView) -> Result<Vec<PeerView>> {
    let Some(look) = peer.name.as_deref().and_then(Look::of) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for known in store::contacts::names(transaction)? {
        let names = [known.name, known.title];
        let is_like = names
            .iter()
            .flatten()
            .filter_map(|name| Look::of(name))
            .any(|other| other.is_like(&look));
        if is_like && known.address != peer.address {
            found.push(known.address);
        }
        if found.len() == MOST_LOOK_ALIKES {
            break;
        }
    }
    found
        .iter()
        .map(|address| peer_view(transaction, address, peer.first_seen_at))
        .collect()
}
