//! Received Requests: showing them and deciding them.
//!
//! What a Decision means is computed by [`crate::requests`]; here what it needs is fetched, and
//! what it changes is committed, together with the answer that must reach the peer, in one
//! transaction. Delivery comes after that and is `outbox`'s.

use std::collections::BTreeSet;

use tessera_content::Decision;
use tessera_core_types::{Address, CoreDate, RequestId};

use crate::{
    Changed, Result, Wallet, WalletError,
    contacts::peer_view,
    model::{
        AttributeKind, HistoryEvent, HistoryRecord, LocalAttribute, LocalRequest,
        LocalRequestSource, LocalRequestStatus, LocalResponse, RelationshipStatus, ShareDirection,
    },
    outbox::queue_creation,
    requests::{self, Change, Holdings, Lookup, RandomIds, Situation, Verdict},
    store::{self, Transaction},
    tags::stored_tags,
    templates::shared_randomness,
    views::{ConsentForm, DecisionCheck, RequestSummary},
};

impl Wallet {
    /// All Requests, received and own, the newest first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn requests(&self) -> Result<Vec<LocalRequest>> {
        self.expire_due().await?;
        Ok(self
            .inner
            .store
            .read(|transaction| store::requests::list(transaction))
            .await?)
    }

    /// A Request.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn request(&self, id: &RequestId) -> Result<LocalRequest> {
        self.expire_due().await?;
        let id = id.clone();
        self.inner
            .store
            .read(move |transaction| load_request(transaction, &id))
            .await
    }

    /// The received Requests as lines of a list, the newest first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn request_summaries(&self) -> Result<Vec<RequestSummary>> {
        self.expire_due().await?;
        self.inner
            .store
            .read(|transaction| {
                store::requests::list(transaction)?
                    .iter()
                    .filter(|request| !request.is_own)
                    .map(|request| summary(transaction, request))
                    .collect()
            })
            .await
    }

    /// A received Request as a form.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn form(&self, id: &RequestId) -> Result<ConsentForm> {
        self.expire_due().await?;
        self.with_situation(id, None, |transaction, situation| {
            let summary = summary(transaction, &situation.request)?;
            Ok(requests::form(&situation, summary))
        })
        .await
    }

    /// Whether a received Request could be accepted with this Decision now.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`]. What is wrong with the Decision is in the result.
    pub async fn check(&self, id: &RequestId, decision: &Decision) -> Result<DecisionCheck> {
        self.expire_due().await?;
        let tried = decision.clone();
        self.with_situation(id, Some(decision), move |_, situation| {
            Ok(requests::check(&situation, Verdict::Accept, &tried))
        })
        .await
    }

    /// The Decision that the form starts with.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn default_decision(&self, id: &RequestId) -> Result<Decision> {
        self.expire_due().await?;
        self.with_situation(id, None, |_, situation| {
            Ok(requests::default_decision(&situation))
        })
        .await
    }

    /// Accepts a received Request. The answer, everything it shares and the order to deliver it
    /// are stored together; then delivery is tried. Being offline is no error: the Request stays
    /// `Decided` and its answer waits.
    ///
    /// # Errors
    ///
    /// [`WalletError::Decision`] for the first thing that is wrong with the Decision;
    /// [`WalletError::AnswerByMessageNotSupported`] over an active Relationship;
    /// [`WalletError::TemplateExpired`]. Nothing has changed then.
    pub async fn accept(&self, id: &RequestId, decision: &Decision) -> Result<LocalRequest> {
        self.expire_due().await?;
        let (id, decision) = (id.clone(), decision.clone());
        let (me, now) = (self.inner.me.clone(), self.now());
        let randomness = shared_randomness(self);
        let request_id = id.clone();
        self.inner
            .store
            .write(move |transaction| {
                let situation = situation(transaction, &me.address, now, &id, Some(&decision))?;
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
                if situation.relationship == Some(RelationshipStatus::Active) {
                    return Err(WalletError::AnswerByMessageNotSupported);
                }
                queue_creation(transaction, &me, &request, now, &*randomness)?;
                note(transaction, &request, HistoryEvent::AnswerQueued, now)
            })
            .await?;
        self.tell(Changed::Requests);
        self.tell(Changed::Attributes);
        self.deliver_now().await;
        self.request(&request_id).await
    }

    /// Rejects a received Request. For a template's Request nothing is sent: its maker never
    /// learns of it.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept`].
    pub async fn reject(&self, id: &RequestId) -> Result<LocalRequest> {
        self.expire_due().await?;
        let id = id.clone();
        let (me, now) = (self.inner.me.address.clone(), self.now());
        let randomness = shared_randomness(self);
        let request = self
            .inner
            .store
            .write(move |transaction| {
                let situation = situation(transaction, &me, now, &id, None)?;
                let decision = requests::rejection(&situation);
                let mut ids = RandomIds(&*randomness);
                let decided = requests::decide(&situation, Verdict::Reject, &decision, &mut ids)?;
                if situation.relationship == Some(RelationshipStatus::Active) {
                    return Err(WalletError::AnswerByMessageNotSupported);
                }
                let mut request = situation.request;
                request.response = Some(LocalResponse {
                    created_at: now,
                    content: decided.response,
                    source: None,
                });
                request.change_status(LocalRequestStatus::Decided, now);
                request.change_status(LocalRequestStatus::Completed, now);
                store::requests::put(transaction, &request)?;
                note(transaction, &request, HistoryEvent::RequestRejected, now)?;
                Ok(request)
            })
            .await?;
        self.tell(Changed::Requests);
        Ok(request)
    }

    async fn with_situation<T: Send + 'static>(
        &self,
        id: &RequestId,
        decision: Option<&Decision>,
        look: impl FnOnce(&Transaction<'_>, Situation) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (id, decision) = (id.clone(), decision.cloned());
        let (me, now) = (self.inner.me.address.clone(), self.now());
        self.inner
            .store
            .read(move |transaction| {
                let situation = situation(transaction, &me, now, &id, decision.as_ref())?;
                look(transaction, situation)
            })
            .await
    }
}

/// A Request that is there.
pub(crate) fn load_request(transaction: &Transaction<'_>, id: &RequestId) -> Result<LocalRequest> {
    store::requests::by_id(transaction, id)?.ok_or(WalletError::NotFound("Request"))
}

/// Everything that decides what can be answered.
fn situation(
    transaction: &Transaction<'_>,
    me: &Address,
    now: CoreDate,
    id: &RequestId,
    decision: Option<&Decision>,
) -> Result<Situation> {
    let request = load_request(transaction, id)?;
    let relationship = store::relationships::newest_with(transaction, &request.peer)?;
    let mut established = BTreeSet::new();
    for status in [
        RelationshipStatus::Active,
        RelationshipStatus::Terminated,
        RelationshipStatus::DeletionProposed,
    ] {
        let relationships = store::relationships::by_status(transaction, status)?;
        established.extend(relationships.into_iter().map(|one| one.peer.address));
    }
    let mut holdings = Vec::new();
    for lookup in requests::needed(&request.content, &request.peer, decision) {
        holdings.extend(look_up(transaction, &lookup)?);
    }
    Ok(Situation {
        me: me.clone(),
        now,
        today: now.to_utc().with_timezone(&chrono::Local).date_naive(),
        relationship: relationship
            .as_ref()
            .map(|relationship| relationship.status),
        peer_deletion: relationship
            .and_then(|relationship| relationship.peer_deletion_info)
            .map(|info| info.deletion_status),
        request,
        established,
        holdings: holdings.into_iter().collect::<Holdings>(),
        tags: stored_tags(transaction)?,
        sets_defaults: true,
    })
}

fn look_up(transaction: &Transaction<'_>, lookup: &Lookup) -> Result<Vec<LocalAttribute>> {
    const OWN: AttributeKind = AttributeKind::OwnIdentityAttribute;
    Ok(match lookup {
        Lookup::OwnIdentity {
            value_type: Some(value_type),
        } => store::attributes::by_type(transaction, OWN, value_type)?,
        Lookup::OwnIdentity { value_type: None } => store::attributes::by_kind(transaction, OWN)?,
        Lookup::RelationshipKey { key, peer } => {
            store::attributes::by_key(transaction, key, peer.as_ref())?
        }
        Lookup::ReceivedFrom { peer, value_type } => {
            let received = store::attributes::by_peer(transaction, peer, ShareDirection::Received)?;
            received
                .into_iter()
                .filter(|attribute| attribute.content.value_type() == value_type)
                .collect()
        }
        Lookup::Attribute(id) => store::attributes::versions(transaction, id)?,
    })
}

/// Makes one change of a Decision.
pub(crate) fn apply(transaction: &Transaction<'_>, change: &Change) -> Result<()> {
    match change {
        Change::CreateAttribute(attribute) => store::attributes::insert(transaction, attribute)?,
        Change::SucceedAttribute(successor) => {
            store::attributes::succeed(transaction, successor)?;
        }
        Change::CreateShareInfo(share) => store::share_info::insert(transaction, share)?,
        Change::UpdateShareInfo(share) => {
            store::share_info::update_deletion_info(transaction, share)?;
        }
    }
    Ok(())
}

/// Writes down what happened with a Request.
pub(crate) fn note(
    transaction: &Transaction<'_>,
    request: &LocalRequest,
    event: HistoryEvent,
    now: CoreDate,
) -> Result<()> {
    let mut record = HistoryRecord::new(now, event);
    record.peer = Some(request.peer.clone());
    record.request_id = Some(request.id.clone());
    if let Some(LocalRequestSource::RelationshipTemplate { reference }) = &request.source {
        record.template_id = Some(reference.clone());
    }
    store::history::add(transaction, &record)?;
    Ok(())
}

/// A Request as a line in a list.
pub(crate) fn summary(
    transaction: &Transaction<'_>,
    request: &LocalRequest,
) -> Result<RequestSummary> {
    let accepted = request
        .response
        .as_ref()
        .map(|response| response.content.result == tessera_content::ResponseResult::Accepted);
    Ok(RequestSummary {
        id: request.id.clone(),
        peer: peer_view(transaction, &request.peer, request.created_at)?,
        title: request.content.title.clone(),
        status: request.status,
        accepted,
        created_at: request.created_at,
        expires_at: request.content.expires_at,
        item_count: u32::try_from(request.content.all_items().count()).unwrap_or(u32::MAX),
    })
}
