//! Received Requests: showing them and deciding them.
//!
//! What a Decision means is computed by [`crate::requests`]; here what it needs is fetched, and
//! what it changes is committed, together with the answer that must reach the peer, in one
//! transaction. Delivery comes after that and is `outbox`'s.

mod answered;
mod deciding;
mod holding;
mod last_look;
mod listing;
mod looking_at;
mod looking_up;
mod rejecting;
mod setting_aside;

use std::collections::BTreeSet;

use tessera_content::Decision;
use tessera_core_types::{Address, CoreDate, RequestId};

pub(crate) use answered::answered;
pub use holding::LONGEST_HOLD;
pub(crate) use last_look::LastLook;
pub(crate) use listing::LARGEST_PAGE;
pub(crate) use looking_at::Files;
use looking_at::Looking;
pub(crate) use looking_up::look_up;

use crate::{
    Result, Wallet, WalletError,
    contacts::peer_view,
    file_transfer::Freshness,
    model::{HistoryEvent, HistoryRecord, LocalRequest, LocalRequestSource, LocalRequestStatus},
    requests::{self, Change, Holdings, Situation, Verdict},
    store::{self, Transaction},
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

    /// A received Request as a form.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn form(&self, id: &RequestId) -> Result<ConsentForm> {
        let look = |transaction: &Transaction<'_>, situation: Situation| {
            let summary = summary(transaction, &situation.request)?;
            let answered = answered(transaction, &situation.request)?;
            Ok(ConsentForm {
                answered,
                ..requests::form(&situation, summary)
            })
        };
        self.look_at(id, Looking::to_show(Freshness::Now), look)
            .await
    }

    /// Whether a received Request could be accepted with this Decision now.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`]. What is wrong with the Decision is in the result.
    pub async fn check(&self, id: &RequestId, decision: &Decision) -> Result<DecisionCheck> {
        if let Some(situation) = self.kept_situation(id, decision) {
            return Ok(requests::check(&situation, Verdict::Accept, decision));
        }
        let tried = decision.clone();
        self.look_at(id, Looking::to_try(decision), move |_, situation| {
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
        let looking = Looking::to_show(Freshness::AsShown);
        self.look_at(id, looking, |_, situation| {
            Ok(requests::default_decision(&situation))
        })
        .await
    }
}

/// A Request that is there.
pub(crate) fn load_request(transaction: &Transaction<'_>, id: &RequestId) -> Result<LocalRequest> {
    store::requests::by_id(transaction, id)?.ok_or(WalletError::NotFound("Request"))
}

/// With whom of those to whose Relationships these Attributes belong there is one whose Attributes
/// may be shown to others.
pub(crate) fn established(
    transaction: &Transaction<'_>,
    holdings: &Holdings,
) -> Result<BTreeSet<Address>> {
    let mut established = BTreeSet::new();
    for peer in holdings.relationship_peers() {
        if store::relationships::is_established_with(transaction, peer)? {
            established.insert(peer.clone());
        }
    }
    Ok(established)
}

/// Makes changes to Attributes, in this order.
pub(crate) fn apply(transaction: &Transaction<'_>, changes: &[Change]) -> Result<()> {
    let of_one_kind = |one: &Change, next: &Change| {
        matches!(
            (one, next),
            (Change::CreateShareInfo(_), Change::CreateShareInfo(_))
        )
    };
    for changes in changes.chunk_by(of_one_kind) {
        let [first, ..] = changes else { continue };
        match first {
            Change::CreateAttribute(attribute) => {
                store::attributes::insert(transaction, attribute)?;
            }
            Change::SucceedAttribute(successor) => {
                store::attributes::succeed(transaction, successor)?;
            }
            Change::CreateShareInfo(_) => {
                let shares = changes.iter().filter_map(|change| match change {
                    Change::CreateShareInfo(share) => Some(share),
                    _ => None,
                });
                store::share_info::insert(transaction, shares)?;
            }
            Change::UpdateShareInfo(share) => {
                store::share_info::update_deletion_info(transaction, share)?;
            }
            Change::DeleteAttribute(id) => store::attributes::delete(transaction, id)?,
            Change::SetDefault(id) => store::attributes::set_default(transaction, id)?,
            Change::AddSource { attribute, source } => {
                store::sources::add(transaction, attribute, source)?;
            }
        }
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
        held: store::held_decisions::by_request(transaction, &request.id)?.map(Into::into),
        created_at: request.created_at,
        expires_at: request.content.expires_at,
        is_dismissible: is_dismissible(request),
        is_dismissed: store::requests::dismissed_at(transaction, &request.id)?.is_some(),
        item_count: u32::try_from(request.content.all_items().count()).unwrap_or(u32::MAX),
    })
}
