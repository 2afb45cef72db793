//! What a RelationshipTemplate of a peer leads to, once it was opened.

use tessera_core_types::{CoreDate, RelationshipId, RequestId};

use super::life::is_expired;
use crate::views::{LocalRequestStatus, RelationshipStatus};

/// The facts that decide what a RelationshipTemplate leads to.
#[derive(Debug, Clone)]
pub struct TemplateFacts {
    /// Now.
    pub now: CoreDate,
    /// The template was made by this identity.
    pub is_own: bool,
    /// What it holds; `None` if that is no RelationshipTemplateContent.
    pub requests: Option<TemplateRequests>,
    /// When the template expires.
    pub template_expires_at: Option<CoreDate>,
    /// The newest Relationship to its creator, whatever its status.
    pub relationship: Option<(RelationshipId, RelationshipStatus)>,
    /// The received Requests with this template as source, the newest first.
    pub of_this_template: Vec<(RequestId, LocalRequestStatus)>,
    /// The received Requests from other templates of this peer, the newest first.
    pub of_other_templates: Vec<(RequestId, LocalRequestStatus)>,
}

/// The Requests in a RelationshipTemplateContent, as far as they matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemplateRequests {
    /// When `onNewRelationship` expires.
    pub on_new_expires_at: Option<CoreDate>,
    /// `None` without an `onExistingRelationship`, else when that expires.
    pub on_existing: Option<Option<CoreDate>>,
}

/// Which Request of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TemplateRequest {
    /// `onNewRelationship`
    OnNew,
    /// `onExistingRelationship`
    OnExisting,
}

/// What a RelationshipTemplate leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateOutcome {
    /// It is this identity's own.
    Own,
    /// It holds nothing this wallet can do anything with.
    NoRequest,
    /// Show this Request instead.
    NonCompletedRequestExists(RequestId),
    /// Show this Relationship instead.
    RelationshipExists(RelationshipId),
    /// Its Request has expired.
    RequestExpired,
    /// Make a LocalRequest of it.
    Create(TemplateRequest),
}

/// What a RelationshipTemplate leads to; the first rule that applies decides (enmeshed: the
/// results of processing a template).
///
/// One rule is kinder than upstream's: a Request of this template that expired does not stand in
/// the way while a new one could still be answered and the template itself is alive.
#[must_use]
pub fn template_outcome(facts: &TemplateFacts) -> TemplateOutcome {
    if facts.is_own {
        return TemplateOutcome::Own;
    }
    let Some(requests) = facts.requests else {
        return TemplateOutcome::NoRequest;
    };
    let not_completed = facts
        .of_this_template
        .iter()
        .filter(|(_, status)| *status != LocalRequestStatus::Completed)
        .min_by_key(|(_, status)| *status == LocalRequestStatus::Expired);
    let without = || outcome_without_own_requests(facts, requests);
    match not_completed {
        Some((id, LocalRequestStatus::Expired)) => {
            let template_lives = !is_expired(facts.template_expires_at, facts.now);
            match without() {
                again @ TemplateOutcome::Create(_) if template_lives => again,
                _ => TemplateOutcome::NonCompletedRequestExists(id.clone()),
            }
        }
        Some((id, _)) => TemplateOutcome::NonCompletedRequestExists(id.clone()),
        None => without(),
    }
}

fn outcome_without_own_requests(
    facts: &TemplateFacts,
    requests: TemplateRequests,
) -> TemplateOutcome {
    use RelationshipStatus as Status;
    if let Some((id, status)) = &facts.relationship {
        match (status, requests.on_existing) {
            (Status::Pending | Status::Terminated | Status::DeletionProposed, _)
            | (Status::Active, None) => return TemplateOutcome::RelationshipExists(id.clone()),
            (Status::Active, Some(expires_at)) if is_expired(expires_at, facts.now) => {
                return TemplateOutcome::RequestExpired;
            }
            (Status::Active, Some(_)) => {
                return TemplateOutcome::Create(TemplateRequest::OnExisting);
            }
            (Status::Rejected | Status::Revoked | Status::ReadyForDeletion, _) => {}
        }
    }
    let waiting = facts.of_other_templates.iter().find(|(_, status)| {
        matches!(
            status,
            LocalRequestStatus::Open
                | LocalRequestStatus::DecisionRequired
                | LocalRequestStatus::ManualDecisionRequired
                | LocalRequestStatus::Decided
        )
    });
    if let Some((id, _)) = waiting {
        TemplateOutcome::NonCompletedRequestExists(id.clone())
    } else if is_expired(requests.on_new_expires_at, facts.now) {
        TemplateOutcome::RequestExpired
    } else {
        TemplateOutcome::Create(TemplateRequest::OnNew)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn date(year: i32) -> CoreDate {
        CoreDate::parse(&format!("{year}-01-01T00:00:00.000Z")).unwrap()
    }

    fn request(n: u8) -> RequestId {
        RequestId::parse(&format!("REQtessera000000000{n}")).unwrap()
    }

    fn relationship() -> RelationshipId {
        RelationshipId::parse("RELtessera0000000001").unwrap()
    }

    fn fresh() -> TemplateFacts {
        TemplateFacts {
            now: date(2030),
            is_own: false,
            requests: Some(TemplateRequests {
                on_new_expires_at: None,
                on_existing: None,
            }),
            template_expires_at: None,
            relationship: None,
            of_this_template: vec![],
            of_other_templates: vec![],
        }
    }

    fn with(change: impl FnOnce(&mut TemplateFacts)) -> TemplateOutcome {
        let mut facts = fresh();
        change(&mut facts);
        template_outcome(&facts)
    }

    fn related(status: RelationshipStatus, on_existing: Option<Option<i32>>) -> TemplateOutcome {
        with(|facts| {
            facts.relationship = Some((relationship(), status));
            facts.requests = Some(TemplateRequests {
                on_new_expires_at: None,
                on_existing: on_existing.map(|year| year.map(date)),
            });
        })
    }

    #[test]
    fn a_template_of_a_stranger_becomes_a_request() {
        assert_eq!(
            template_outcome(&fresh()),
            TemplateOutcome::Create(TemplateRequest::OnNew)
        );
    }

    #[test]
    fn an_own_template_and_one_without_a_request_lead_to_nothing() {
        assert_eq!(
            with(|facts| {
                facts.is_own = true;
                facts.requests = None;
            }),
            TemplateOutcome::Own
        );
        assert_eq!(
            with(|facts| facts.requests = None),
            TemplateOutcome::NoRequest
        );
    }

    #[test]
    fn scanning_twice_shows_the_request_that_is_there_already() {
        use LocalRequestStatus as Status;
        for status in [
            Status::Open,
            Status::DecisionRequired,
            Status::ManualDecisionRequired,
            Status::Decided,
        ] {
            assert_eq!(
                with(|facts| facts.of_this_template = vec![(request(1), status)]),
                TemplateOutcome::NonCompletedRequestExists(request(1))
            );
            // Even if a Relationship came about in the meantime.
            assert_eq!(
                with(|facts| {
                    facts.of_this_template = vec![(request(1), status)];
                    facts.relationship = Some((relationship(), RelationshipStatus::Pending));
                }),
                TemplateOutcome::NonCompletedRequestExists(request(1))
            );
        }
    }

    #[test]
    fn a_completed_request_can_be_asked_again() {
        assert_eq!(
            with(|facts| {
                facts.of_this_template = vec![(request(1), LocalRequestStatus::Completed)];
            }),
            TemplateOutcome::Create(TemplateRequest::OnNew)
        );
    }

    #[test]
    fn an_expired_request_stands_in_the_way_only_if_nothing_newer_can_come() {
        let expired = vec![(request(1), LocalRequestStatus::Expired)];
        assert_eq!(
            with(|facts| facts.of_this_template.clone_from(&expired)),
            TemplateOutcome::Create(TemplateRequest::OnNew)
        );
        assert_eq!(
            with(|facts| {
                facts.of_this_template.clone_from(&expired);
                facts.template_expires_at = Some(date(2029));
            }),
            TemplateOutcome::NonCompletedRequestExists(request(1))
        );
        assert_eq!(
            with(|facts| {
                facts.of_this_template.clone_from(&expired);
                facts.requests = Some(TemplateRequests {
                    on_new_expires_at: Some(date(2029)),
                    on_existing: None,
                });
            }),
            TemplateOutcome::NonCompletedRequestExists(request(1))
        );
        // A living one is shown rather than the expired one.
        assert_eq!(
            with(|facts| {
                facts.of_this_template = vec![
                    (request(1), LocalRequestStatus::Expired),
                    (request(2), LocalRequestStatus::Decided),
                ];
            }),
            TemplateOutcome::NonCompletedRequestExists(request(2))
        );
    }

    #[test]
    fn a_relationship_decides_by_its_status() {
        use RelationshipStatus as Status;
        let exists = TemplateOutcome::RelationshipExists(relationship());
        for status in [
            Status::Pending,
            Status::Terminated,
            Status::DeletionProposed,
        ] {
            assert_eq!(related(status, Some(None)), exists, "{status:?}");
        }
        assert_eq!(related(Status::Active, None), exists);
        assert_eq!(
            related(Status::Active, Some(Some(2031))),
            TemplateOutcome::Create(TemplateRequest::OnExisting)
        );
        assert_eq!(
            related(Status::Active, Some(Some(2029))),
            TemplateOutcome::RequestExpired
        );
        for status in [Status::Rejected, Status::Revoked, Status::ReadyForDeletion] {
            assert_eq!(
                related(status, None),
                TemplateOutcome::Create(TemplateRequest::OnNew),
                "{status:?}"
            );
        }
    }

    #[test]
    fn one_undecided_invitation_of_a_peer_at_a_time() {
        use LocalRequestStatus as Status;
        for (status, waits) in [
            (Status::Open, true),
            (Status::DecisionRequired, true),
            (Status::ManualDecisionRequired, true),
            (Status::Decided, true),
            (Status::Completed, false),
            (Status::Expired, false),
        ] {
            let outcome = with(|facts| facts.of_other_templates = vec![(request(3), status)]);
            let expected = if waits {
                TemplateOutcome::NonCompletedRequestExists(request(3))
            } else {
                TemplateOutcome::Create(TemplateRequest::OnNew)
            };
            assert_eq!(outcome, expected, "{status:?}");
        }
    }

    #[test]
    fn an_expired_invitation_is_told_as_expired() {
        assert_eq!(
            with(|facts| {
                facts.requests = Some(TemplateRequests {
                    on_new_expires_at: Some(date(2029)),
                    on_existing: None,
                });
            }),
            TemplateOutcome::RequestExpired
        );
    }
}
