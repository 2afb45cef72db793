//! Received Requests: showing them and deciding them.
//!
//! What a Decision means is computed by [`crate::requests`]; here what it needs is fetched, and
//! what it changes is committed, together with the answer that must reach the peer, in one
//! transaction. Delivery comes after that and is `outbox`'s.

mod answered;
mod deciding;
mod looking_up;
mod rejecting;
mod setting_aside;

use std::collections::{BTreeMap, BTreeSet};

use tessera_content::Decision;
use tessera_core_types::{Address, CoreDate, RequestId};

use answered::answered;
pub(crate) use looking_up::look_up;

use crate::{
    Result, Wallet, WalletError,
    contacts::peer_view,
    file_transfer::Freshness,
    model::{
        HistoryEvent, HistoryRecord, LocalRequest, LocalRequestSource, LocalRequestStatus,
        RelationshipStatus,
    },
    requests::{self, Change, FileFact, FileOffer, Holdings, Situation, Verdict},
    store::{self, Transaction},
    tags::stored_tags,
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
        self.with_situation(id, None, Freshness::Now, |transaction, situation| {
            let summary = summary(transaction, &situation.request)?;
            let answered = answered(transaction, &situation.request)?;
            Ok(ConsentForm {
                answered,
                ..requests::form(&situation, summary)
            })
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
        self.with_situation(
            id,
            Some(decision),
            Freshness::AsShown,
            move |_, situation| Ok(requests::check(&situation, Verdict::Accept, &tried)),
        )
        .await
    }

    /// The Decision that the form starts with.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn default_decision(&self, id: &RequestId) -> Result<Decision> {
        self.expire_due().await?;
        self.with_situation(id, None, Freshness::AsShown, |_, situation| {
            Ok(requests::default_decision(&situation))
        })
        .await
    }

    async fn with_situation<T: Send + 'static>(
        &self,
        id: &RequestId,
        decision: Option<&Decision>,
        freshness: Freshness,
        look: impl FnOnce(&Transaction<'_>, Situation) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let files = self.offered_files(id, freshness).await?;
        let (id, decision) = (id.clone(), decision.cloned());
        let (me, now) = (self.inner.me.address.clone(), self.now());
        self.inner
            .store
            .read(move |transaction| {
                let situation = situation(transaction, &me, now, &id, decision.as_ref(), files)?;
                look(transaction, situation)
            })
            .await
    }
}

/// A Request that is there.
pub(crate) fn load_request(transaction: &Transaction<'_>, id: &RequestId) -> Result<LocalRequest> {
    store::requests::by_id(transaction, id)?.ok_or(WalletError::NotFound("Request"))
}

/// With so many Attributes at hand no more are fetched for conditions.
const MAX_HOLDINGS: usize = 5_000;

/// Everything that decides what can be answered.
fn situation(
    transaction: &Transaction<'_>,
    me: &Address,
    now: CoreDate,
    id: &RequestId,
    decision: Option<&Decision>,
    files: BTreeMap<FileOffer, FileFact>,
) -> Result<Situation> {
    let request = load_request(transaction, id)?;
    let relationship = store::relationships::newest_with(transaction, &request.peer)?;
    let mut holdings = Vec::new();
    for lookup in requests::needed(&request.content, &request.peer, decision) {
        // A Request may have many conditions; what they may find altogether is bounded as well.
        if !lookup.is_of_condition() || holdings.len() < MAX_HOLDINGS {
            holdings.extend(look_up(transaction, &lookup)?);
        }
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
        established: established(transaction)?,
        holdings: holdings.into_iter().collect::<Holdings>(),
        files,
        tags: stored_tags(transaction)?,
        sets_defaults: true,
    })
}

/// Everybody with whom there is a Relationship whose Attributes may be shown to others.
pub(crate) fn established(transaction: &Transaction<'_>) -> Result<BTreeSet<Address>> {
    let mut established = BTreeSet::new();
    for status in [
        RelationshipStatus::Active,
        RelationshipStatus::Terminated,
        RelationshipStatus::DeletionProposed,
    ] {
        let relationships = store::relationships::by_status(transaction, status)?;
        established.extend(relationships.into_iter().map(|one| one.peer.address));
    }
    Ok(established)
}

/// Makes one change to Attributes.
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
        Change::DeleteAttribute(id) => store::attributes::delete(transaction, id)?,
        Change::SetDefault(id) => store::attributes::set_default(transaction, id)?,
    }
    Ok(())
}

/// Whether the person can put a Request away.
fn is_dismissible(request: &LocalRequest) -> bool {
    !request.is_own
        && matches!(
            request.status,
            LocalRequestStatus::Open | LocalRequestStatus::Expired
        )
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
        is_dismissible: is_dismissible(request),
        is_dismissed: store::requests::dismissed_at(transaction, &request.id)?.is_some(),
        item_count: u32::try_from(request.content.all_items().count()).unwrap_or(u32::MAX),
    })
}
