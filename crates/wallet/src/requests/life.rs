//! How a Request lives: when it expires, which status follows which, and what must be true
//! before it can be decided at all.

use tessera_core_types::CoreDate;

use super::error::{Problem, code};
use crate::model::{
    LocalRequest, LocalRequestSource, LocalRequestStatus, PeerDeletionStatus, RelationshipStatus,
};

/// Whether the time is over: now is *later than* the date (equal is not yet).
#[must_use]
pub fn is_expired(expires_at: Option<CoreDate>, now: CoreDate) -> bool {
    expires_at.is_some_and(|end| now > end)
}

/// Whether a Relationship in this status counts as existing, so that a template does not start
/// another one.
#[must_use]
pub fn is_existing(status: RelationshipStatus) -> bool {
    matches!(
        status,
        RelationshipStatus::Pending
            | RelationshipStatus::Active
            | RelationshipStatus::Terminated
            | RelationshipStatus::DeletionProposed
    )
}

/// When a received Request of a template expires: with its template too, unless a Relationship to
/// the peer exists (`relationship` is the status of the newest one).
#[must_use]
pub fn expiry_of_template_request(
    request: Option<CoreDate>,
    template: Option<CoreDate>,
    relationship: Option<RelationshipStatus>,
) -> Option<CoreDate> {
    if relationship.is_some_and(is_existing) {
        return request;
    }
    match (request, template) {
        (Some(request), Some(template)) => Some(request.min(template)),
        (request, template) => request.or(template),
    }
}

/// A change of status that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a Request that is {from:?} can't become {to:?}")]
pub struct WrongTransition {
    /// The status it has.
    pub from: LocalRequestStatus,
    /// The status it should get.
    pub to: LocalRequestStatus,
}

impl WrongTransition {
    /// A code of this wallet: upstream throws without one.
    #[must_use]
    pub fn code(&self) -> &'static str {
        code::WRONG_STATUS
    }
}

/// Gives a Request its next status and writes that down.
///
/// # Errors
///
/// [`WrongTransition`] when that status cannot follow; nothing is changed then.
pub fn advance(
    request: &mut LocalRequest,
    to: LocalRequestStatus,
    now: CoreDate,
) -> Result<(), WrongTransition> {
    use LocalRequestStatus as Status;
    let from = request.status;
    let follows = match (from, to) {
        (Status::Open, Status::DecisionRequired)
        | (Status::DecisionRequired, Status::ManualDecisionRequired)
        | (Status::DecisionRequired | Status::ManualDecisionRequired, Status::Decided)
        | (Status::Decided, Status::Completed) => !request.is_own,
        (Status::Draft, Status::Open) | (Status::Open | Status::Expired, Status::Completed) => {
            request.is_own
        }
        (Status::Completed | Status::Expired, _) => false,
        (_, Status::Expired) => true,
        _ => false,
    };
    if !follows {
        return Err(WrongTransition { from, to });
    }
    request.change_status(to, now);
    Ok(())
}

/// Lets a Request expire whose time is over; to be asked whenever one is read. A `Decided` one
/// whose answer was not delivered in time expires as well. Says whether it did.
pub fn expire(request: &mut LocalRequest, now: CoreDate) -> bool {
    is_expired(request.content.expires_at, now)
        && advance(request, LocalRequestStatus::Expired, now).is_ok()
}

/// Brings a Request that was just stored to where the person can decide it, past the rules that
/// could decide by themselves (there are none here). One that contains something this version
/// does not understand stays `Open`: a later version can pick it up.
pub fn require_decision(request: &mut LocalRequest, now: CoreDate) {
    if request.status == LocalRequestStatus::Open
        && !request.is_own
        && request.content.is_understood()
    {
        request.change_status(LocalRequestStatus::DecisionRequired, now);
        request.change_status(LocalRequestStatus::ManualDecisionRequired, now);
    }
}

/// What has to be true before a received Request can be decided, accepting or rejecting
/// (enmeshed: in this order).
pub(crate) fn problem_before_deciding(
    request: &LocalRequest,
    relationship: Option<RelationshipStatus>,
    peer_deletion: Option<PeerDeletionStatus>,
    now: CoreDate,
) -> Option<Problem> {
    use RelationshipStatus as Status;
    let fits = matches!(
        (&request.source, relationship),
        (_, None | Some(Status::Active))
            | (
                Some(LocalRequestSource::RelationshipTemplate { .. }),
                Some(Status::Rejected | Status::Revoked)
            )
    );
    if !fits {
        return Some(Problem::new(
            code::WRONG_RELATIONSHIP_STATUS,
            "the Relationship has a status in which this Request can't be answered",
        ));
    }
    let is_waiting = matches!(
        request.status,
        LocalRequestStatus::DecisionRequired | LocalRequestStatus::ManualDecisionRequired
    );
    if request.status == LocalRequestStatus::Expired
        || (is_waiting && is_expired(request.content.expires_at, now))
    {
        return Some(Problem::new(code::EXPIRED, "the time to answer is over"));
    }
    if !request.content.is_understood() {
        return Some(Problem::new(
            code::NOT_UNDERSTOOD,
            "the Request contains something that this version does not understand",
        ));
    }
    if request.is_own || !is_waiting {
        return Some(Problem::new(
            code::WRONG_STATUS,
            "the Request is not waiting for a decision",
        ));
    }
    match peer_deletion {
        Some(PeerDeletionStatus::ToBeDeleted) => Some(Problem::new(
            code::PEER_IN_DELETION,
            "the peer's identity is going to be deleted",
        )),
        Some(PeerDeletionStatus::Deleted) => Some(Problem::new(
            code::PEER_DELETED,
            "the peer's identity was deleted",
        )),
        None => None,
    }
}
