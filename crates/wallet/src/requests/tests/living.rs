//! How a Request lives.

use serde_json::json;

use super::*;
use crate::requests::{
    advance, check, code, expire, expiry_of_template_request, rejection, require_decision,
};

fn door() -> Situation {
    asked(json!([
        { "@type": "AuthenticationRequestItem", "mustBeAccepted": true, "title": "Open the door" },
    ]))
}

fn problem(situation: &Situation) -> Option<String> {
    check(situation, Verdict::Reject, &rejection(situation)).code
}

#[test]
fn a_request_can_be_answered_until_its_last_moment() {
    let mut situation = door();
    situation.request.content.expires_at = Some(now());
    assert_eq!(problem(&situation), None);
    assert!(!expire(&mut situation.request.clone(), now()));

    situation.now = now().plus(chrono::TimeDelta::milliseconds(1));
    assert_eq!(problem(&situation).as_deref(), Some(code::EXPIRED));
    assert!(expire(&mut situation.request, situation.now));
    assert_eq!(situation.request.status, LocalRequestStatus::Expired);
    assert_eq!(problem(&situation).as_deref(), Some(code::EXPIRED));
}

#[test]
fn an_answer_that_was_not_delivered_in_time_expires_and_a_delivered_one_never() {
    for (status, expires) in [
        (LocalRequestStatus::Decided, true),
        (LocalRequestStatus::Completed, false),
        (LocalRequestStatus::Expired, false),
    ] {
        let mut request = door().request;
        request.status = status;
        request.content.expires_at = Some(date("2020-01-01"));
        assert_eq!(expire(&mut request, now()), expires, "{status:?}");
    }
}

#[test]
fn the_log_tells_the_whole_life() {
    let mut request = door().request;
    advance(&mut request, LocalRequestStatus::Decided, now()).unwrap();
    advance(&mut request, LocalRequestStatus::Completed, now()).unwrap();
    let log: Vec<_> = request
        .status_log
        .iter()
        .map(|entry| entry.new_status)
        .collect();
    use LocalRequestStatus as Status;
    assert_eq!(
        log,
        [
            Status::DecisionRequired,
            Status::ManualDecisionRequired,
            Status::Decided,
            Status::Completed
        ]
    );
}

#[test]
fn a_status_does_not_follow_any_other() {
    use LocalRequestStatus as Status;
    let all = [
        Status::Draft,
        Status::Open,
        Status::DecisionRequired,
        Status::ManualDecisionRequired,
        Status::Decided,
        Status::Completed,
        Status::Expired,
    ];
    let following = |is_own: bool| {
        let mut found = vec![];
        for (from, to) in all.iter().flat_map(|from| all.map(|to| (*from, to))) {
            let mut request = door().request;
            (request.is_own, request.status) = (is_own, from);
            let before = request.clone();
            if advance(&mut request, to, now()).is_ok() {
                found.push(format!("{from:?}>{to:?}"));
            } else {
                assert_eq!(request, before, "a refused change changes nothing");
            }
        }
        found.join(" ")
    };
    assert_eq!(
        following(false),
        "Draft>Expired Open>DecisionRequired Open>Expired \
         DecisionRequired>ManualDecisionRequired DecisionRequired>Decided \
         DecisionRequired>Expired ManualDecisionRequired>Decided ManualDecisionRequired>Expired \
         Decided>Completed Decided>Expired"
    );
    // An answer that was made in time may come late.
    assert_eq!(
        following(true),
        "Draft>Open Draft>Expired Open>Completed Open>Expired DecisionRequired>Expired \
         ManualDecisionRequired>Expired Decided>Expired Expired>Completed"
    );
}

#[test]
fn only_a_received_open_request_becomes_decidable() {
    let mut request = door().request;
    let log = request.status_log.len();
    require_decision(&mut request, now());
    assert_eq!(request.status_log.len(), log, "it was before");
    (request.status, request.is_own) = (LocalRequestStatus::Open, true);
    require_decision(&mut request, now());
    assert_eq!(request.status, LocalRequestStatus::Open);
}

#[test]
fn the_relationship_says_whether_a_request_can_be_decided() {
    use RelationshipStatus as Status;
    let by_template = door();
    let by_message = asked_by_message(json!([
        { "@type": "AuthenticationRequestItem", "mustBeAccepted": true, "title": "Open the door" },
    ]));
    for (status, template, message) in [
        (None, true, true),
        (Some(Status::Active), true, true),
        (Some(Status::Rejected), true, false),
        (Some(Status::Revoked), true, false),
        (Some(Status::Pending), false, false),
        (Some(Status::Terminated), false, false),
        (Some(Status::DeletionProposed), false, false),
        (Some(Status::ReadyForDeletion), false, false),
    ] {
        for (situation, fits) in [(&by_template, template), (&by_message, message)] {
            let mut situation = situation.clone();
            situation.relationship = status;
            let expected = (!fits).then_some(code::WRONG_RELATIONSHIP_STATUS);
            assert_eq!(problem(&situation).as_deref(), expected, "{status:?}");
        }
    }
}

#[test]
fn a_request_is_decided_once() {
    for status in [LocalRequestStatus::Decided, LocalRequestStatus::Completed] {
        let mut situation = door();
        situation.request.status = status;
        assert_eq!(problem(&situation).as_deref(), Some(code::WRONG_STATUS));
    }
    let mut own = door();
    own.request.is_own = true;
    assert_eq!(problem(&own).as_deref(), Some(code::WRONG_STATUS));
}

#[test]
fn a_templates_request_expires_with_the_template_while_there_is_no_relationship() {
    use RelationshipStatus as Status;
    let (early, late) = (Some(date("2027-01-01")), Some(date("2028-01-01")));
    for (request, template, relationship, expected) in [
        (late, early, None, early),
        (early, late, None, early),
        (None, late, None, late),
        (late, None, None, late),
        (None, None, None, None),
        (late, early, Some(Status::Active), late),
        (None, early, Some(Status::Terminated), None),
        (late, early, Some(Status::Rejected), early),
        (late, early, Some(Status::Revoked), early),
    ] {
        let found = expiry_of_template_request(request, template, relationship);
        assert_eq!(found, expected, "{request:?} {template:?} {relationship:?}");
    }
}
