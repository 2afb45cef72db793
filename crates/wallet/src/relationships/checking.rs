//! Whether a Relationship can be created, and why not: what would be refused is said before.

use tessera_core_types::{Address, CoreDate, RequestId};

use crate::{
    Result, Wallet, WalletError,
    incoming::load_request,
    model::{LocalRequestSource, RelationshipTemplate},
    outbox::{is_identity_gone, why_not},
    requests::{is_existing, is_expired},
    store::{self, Transaction},
    views::{Obstacle, RelationshipCheck},
};

impl Wallet {
    /// Whether a Relationship with somebody can be created, as far as it can be known: by what is
    /// stored, and by what the Backbone says.
    ///
    /// # Errors
    ///
    /// When the database fails. That the Backbone can't be asked is part of the answer.
    pub async fn check_relationship(&self, peer: &Address) -> Result<RelationshipCheck> {
        let address = peer.clone();
        let here = self
            .inner
            .store
            .read(move |transaction| at_the_peer(transaction, &address, None))
            .await?;
        self.with_the_backbone(peer, here).await
    }

    /// Whether the Relationship can be created that accepting this received Request starts. A Request
    /// that came by a Message starts none: then nothing is in the way.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`], or when the database fails. That the Backbone can't be asked is part
    /// of the answer.
    pub async fn check_relationship_of(&self, id: &RequestId) -> Result<RelationshipCheck> {
        let (id, now) = (id.clone(), self.now());
        let looked = self
            .inner
            .store
            .read(move |transaction| {
                let request = load_request(transaction, &id)?;
                let Some(LocalRequestSource::RelationshipTemplate { reference }) = &request.source
                else {
                    return Ok::<_, WalletError>(None);
                };
                let template = store::templates::by_id(transaction, reference)?;
                let mut obstacles = at_the_peer(transaction, &request.peer, Some(&id))?;
                if let Some(template) = template {
                    obstacles.extend(of_template(&template, now));
                }
                if is_expired(request.content.expires_at, now) {
                    obstacles.push(Obstacle::of(&WalletError::AnswerExpired));
                }
                Ok(Some((request.peer, obstacles)))
            })
            .await?;
        match looked {
            Some((peer, here)) => self.with_the_backbone(&peer, here).await,
            None => Ok(RelationshipCheck::default()),
        }
    }

    /// Asks the Backbone as well, unless what is stored says enough: then it says the same.
    async fn with_the_backbone(
        &self,
        peer: &Address,
        mut obstacles: Vec<Obstacle>,
    ) -> Result<RelationshipCheck> {
        let mut not_asked = None;
        if !obstacles.iter().any(|one| one.status.is_some()) {
            match self.client().can_create_relationship(peer).await {
                Ok(answer) if answer.can_create => {}
                Ok(answer) => obstacles.push(Obstacle::of(&why_not(answer.code))),
                Err(error) if is_identity_gone(&error) => {
                    obstacles.push(Obstacle::of(&WalletError::PeerDeleted));
                }
                Err(error) => not_asked = Some(WalletError::from(error).code().into_owned()),
            }
        }
        Ok(RelationshipCheck {
            obstacles,
            not_asked,
        })
    }
}

/// What is in the way of a Relationship with a peer: one that exists, or an answer that will start
/// one (`besides` is the Request that is looked at).
fn at_the_peer(
    transaction: &Transaction<'_>,
    peer: &Address,
    besides: Option<&RequestId>,
) -> Result<Vec<Obstacle>> {
    let known = store::relationships::by_peer(transaction, peer)?;
    if let Some(existing) = known.iter().find(|one| is_existing(one.status)) {
        let error = WalletError::RelationshipCurrentlyExists(existing.status);
        return Ok(vec![Obstacle {
            status: Some(existing.status),
            ..Obstacle::of(&error)
        }]);
    }
    let waiting = store::contacts::by_peer(transaction, peer)?
        .filter(|contact| contact.relationship_id.is_none())
        .and_then(|contact| contact.request_id)
        .filter(|waiting| Some(waiting) != besides);
    Ok(waiting
        .map(|_| Obstacle::of(&WalletError::AnswerWaits))
        .into_iter()
        .collect())
}

fn of_template(template: &RelationshipTemplate, now: CoreDate) -> Option<Obstacle> {
    template
        .is_expired_at(now)
        .then(|| Obstacle::of(&WalletError::TemplateExpired))
}
