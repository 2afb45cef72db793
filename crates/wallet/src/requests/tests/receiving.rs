//! Requests that arrive, and how their answers go back.

use tessera_core_types::{MessageId, RelationshipTemplateId};

use super::*;
use crate::requests::{
    Arrival, Delivery, NotReceived, ReceivedRequest, delivery, receive, rejection,
};

fn door(id: Option<&str>) -> Request {
    let mut request = json!({ "items": [
        { "@type": "AuthenticationRequestItem", "mustBeAccepted": true, "title": "Open the door" },
    ]});
    if let Some(id) = id {
        request["id"] = json!(id);
    }
    Request::parse(&request).unwrap()
}

fn message() -> LocalRequestSource {
    LocalRequestSource::Message {
        reference: MessageId::parse("MSGexample0000000001").unwrap(),
    }
}

fn template() -> LocalRequestSource {
    LocalRequestSource::RelationshipTemplate {
        reference: RelationshipTemplateId::parse("RLTexample0000000001").unwrap(),
    }
}

fn from_energy(content: Request, source: LocalRequestSource) -> ReceivedRequest {
    ReceivedRequest {
        peer: energy(),
        content,
        source,
        template_expires_at: None,
    }
}

fn arrival(me: &Address) -> Arrival<'_> {
    Arrival {
        me,
        now: now(),
        relationship: None,
        is_id_taken: false,
        new_id: RequestId::parse("REQexample0000000009").unwrap(),
    }
}

#[test]
fn a_message_keeps_the_id_and_a_template_gets_one_here() {
    const SENT: &str = "REQexample0000000001";
    let me = ada();
    let received = receive(from_energy(door(Some(SENT)), message()), &arrival(&me)).unwrap();
    assert_eq!(received.id.as_str(), SENT);
    assert_eq!(received.status, LocalRequestStatus::ManualDecisionRequired);

    for id in [None, Some(SENT)] {
        let received = receive(from_energy(door(id), template()), &arrival(&me)).unwrap();
        assert_eq!(received.id.as_str(), "REQexample0000000009");
        assert_eq!(received.content.id, None);
    }
    let nameless = receive(from_energy(door(None), message()), &arrival(&me)).unwrap();
    assert_eq!(nameless.id.as_str(), "REQexample0000000009");
}

#[test]
fn the_same_id_twice_and_what_comes_from_oneself_are_refused() {
    let me = ada();
    let again = Arrival {
        is_id_taken: true,
        ..arrival(&me)
    };
    let twice = from_energy(door(Some("REQexample0000000001")), message());
    assert_eq!(
        receive(twice.clone(), &again),
        Err(NotReceived::DuplicateId)
    );
    assert_eq!(
        NotReceived::DuplicateId.code(),
        "error.consumption.requests.cannotCreateRequestWithDuplicateId"
    );
    for source in [message(), template()] {
        let own = ReceivedRequest {
            peer: ada(),
            source,
            ..twice.clone()
        };
        assert_eq!(receive(own, &arrival(&me)), Err(NotReceived::OwnSource));
    }
}

#[test]
fn what_comes_too_late_is_expired_from_the_start() {
    let me = ada();
    let past = date("2026-06-01T11:59:59.999Z");
    let mut late = door(None);
    late.expires_at = Some(past);
    let received = receive(from_energy(late, message()), &arrival(&me)).unwrap();
    assert_eq!(received.status, LocalRequestStatus::Expired);

    // A template takes its Request along, unless there is a Relationship already.
    let of_template = ReceivedRequest {
        template_expires_at: Some(past),
        ..from_energy(door(None), template())
    };
    let received = receive(of_template.clone(), &arrival(&me)).unwrap();
    assert_eq!(received.status, LocalRequestStatus::Expired);
    let existing = Arrival {
        relationship: Some(RelationshipStatus::Active),
        ..arrival(&me)
    };
    let received = receive(of_template, &existing).unwrap();
    assert_eq!(received.status, LocalRequestStatus::ManualDecisionRequired);
    assert_eq!(received.content.expires_at, None);
}

#[test]
fn what_is_not_understood_is_kept_open() {
    let request = json!({ "items": [{ "@type": "DanceRequestItem", "mustBeAccepted": true }] });
    let me = ada();
    let content = Request::parse(&request).unwrap();
    let received = receive(from_energy(content, message()), &arrival(&me)).unwrap();
    assert_eq!(received.status, LocalRequestStatus::Open);
    assert!(received.status_log.is_empty());
}

#[test]
fn an_answer_goes_back_the_way_the_request_came() {
    let mut situation = asked(json!([
        { "@type": "AuthenticationRequestItem", "mustBeAccepted": true, "title": "It's me" },
    ]));
    let accepted = accept(&situation, json!([{ "accept": true }]))
        .unwrap()
        .response;
    let mut ids = RandomIds(&SystemRandomness);
    let no = rejection(&situation);
    let rejected = decide(&situation, Verdict::Reject, &no, &mut ids)
        .unwrap()
        .response;
    use RelationshipStatus as Status;
    for (source, relationship, response, wanted) in [
        (
            message(),
            Some(Status::Active),
            &accepted,
            "MSGexample0000000001",
        ),
        (
            message(),
            Some(Status::Active),
            &rejected,
            "MSGexample0000000001",
        ),
        (
            template(),
            Some(Status::Active),
            &accepted,
            "RLTexample0000000001",
        ),
        (
            template(),
            Some(Status::Active),
            &rejected,
            "RLTexample0000000001",
        ),
        (template(), None, &accepted, "creation"),
        (template(), Some(Status::Rejected), &accepted, "creation"),
        (template(), None, &rejected, "nothing"),
        (template(), Some(Status::Revoked), &rejected, "nothing"),
    ] {
        situation.request.source = Some(source);
        let found = match delivery(&situation.request, relationship, response) {
            Delivery::Message(content) => {
                assert_eq!(content.response, *response);
                content.request_source_reference
            }
            Delivery::Relationship(content) => {
                assert_eq!(content.response, *response);
                "creation".to_owned()
            }
            Delivery::Nothing => "nothing".to_owned(),
        };
        assert_eq!(found, wanted);
    }
}
