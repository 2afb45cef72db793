#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::{Value, json};

use super::*;
use tessera_core_types::SystemRandomness;

use crate::{
    model::DeletionInfo,
    requests::{Holdings, RandomIds},
};

struct Case {
    me: Address,
    peer: Address,
    known: BTreeMap<AttributeId, LocalAttribute>,
}

fn now() -> CoreDate {
    CoreDate::parse("2030-01-01").unwrap()
}

fn id(number: u32) -> AttributeId {
    AttributeId::parse(&format!("ATTtessera{number:010}")).unwrap()
}

impl Case {
    fn new() -> Self {
        Self {
            me: Address::of_key(&[1; 32], "localhost"),
            peer: Address::of_key(&[2; 32], "localhost"),
            known: BTreeMap::new(),
        }
    }

    fn name(&self, name: &str) -> Value {
        json!({
            "@type": "IdentityAttribute",
            "owner": self.peer,
            "value": { "@type": "GivenName", "value": name },
        })
    }

    /// The peer answers the question for a name.
    fn answer(&self, item: &Value) -> Result<Vec<Change>, AnswerError> {
        self.answer_to(
            &json!({
                "@type": "ReadAttributeRequestItem",
                "mustBeAccepted": true,
                "query": { "@type": "IdentityAttributeQuery", "valueType": "GivenName" },
            }),
            item,
        )
    }

    fn answer_to(&self, asked: &Value, item: &Value) -> Result<Vec<Change>, AnswerError> {
        let request = Request::parse(&json!({ "items": [asked] })).unwrap();
        let response = Response::parse(&json!({
            "result": "Accepted",
            "requestId": "REQtessera0000000001",
            "items": [item],
        }))
        .unwrap();
        let answer = Answer {
            me: &self.me,
            peer: &self.peer,
            request: &request,
            response: &response,
            known: &self.known,
            now: now(),
        };
        changes(answer, &mut RandomIds(&SystemRandomness))
    }

    fn read(&self, number: u32, name: &str) -> Value {
        json!({
            "@type": "ReadAttributeAcceptResponseItem",
            "result": "Accepted",
            "attributeId": id(number),
            "attribute": self.name(name),
        })
    }

    fn succession(&self, old: u32, new: u32, content: &Value) -> Value {
        json!({
            "@type": "AttributeSuccessionAcceptResponseItem",
            "result": "Accepted",
            "predecessorId": id(old),
            "successorId": id(new),
            "successorContent": content,
        })
    }

    /// Takes over an answer, as the store does.
    fn take(&mut self, item: &Value) {
        self.take_over(&self.answer(item).unwrap());
    }

    fn take_over(&mut self, changes: &[Change]) {
        let mut holdings: Holdings = self.known.values().cloned().collect();
        for change in changes {
            holdings.apply(change);
        }
        self.known = holdings
            .iter()
            .map(|attribute| (attribute.id.clone(), attribute.clone()))
            .collect();
    }
}

#[test]
fn the_same_answer_twice_brings_nothing_the_second_time() {
    let mut case = Case::new();
    let first = case.read(1, " Ada ");
    assert_eq!(case.answer(&first).unwrap().len(), 1);
    case.take(&first);
    assert_eq!(
        case.known[&id(1)].content.value().to_json()["value"],
        "Ada",
        "stored as enmeshed stores it"
    );
    assert_eq!(case.answer(&first).unwrap(), []);
    let succession = case.succession(1, 2, &case.name("Augusta"));
    case.take(&succession);
    assert_eq!(case.known[&id(1)].succeeded_by, Some(id(2)));
    assert_eq!(case.answer(&succession).unwrap(), []);
}

#[test]
fn an_id_is_not_taken_over_by_another_content() {
    let mut case = Case::new();
    case.take(&case.read(1, "Ada"));
    let error = case.answer(&case.read(1, "Eve")).unwrap_err();
    assert_eq!(error.code(), ID_IN_USE);
    assert_eq!(error.path, [0]);
    assert!(!error.to_string().contains("Eve"));
}

#[test]
fn a_promise_to_delete_is_off_when_the_peer_says_that_it_is_still_here() {
    let mut case = Case::new();
    case.take(&case.read(1, "Ada"));
    let shared = json!({
        "@type": "AttributeAlreadySharedAcceptResponseItem",
        "result": "Accepted",
        "attributeId": id(1),
    });
    assert_eq!(case.answer(&shared).unwrap(), []);
    if let Some(attribute) = case.known.get_mut(&id(1)) {
        attribute.share_info[0].deletion_info = Some(DeletionInfo {
            deletion_status: DeletionStatus::ToBeDeleted,
            deletion_date: now(),
        });
    }
    let changes = case.answer(&shared).unwrap();
    let [Change::UpdateShareInfo(cleared)] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    assert_eq!(cleared.deletion_info, None);
}

#[test]
fn new_versions_are_of_what_the_peer_gave_itself_and_stay_what_they_are() {
    let mut case = Case::new();
    // Of something that is not here: nothing.
    let unknown = case.succession(8, 9, &case.name("Augusta"));
    assert_eq!(case.answer(&unknown).unwrap(), []);

    case.take(&case.read(1, "Ada"));
    let surname = json!({
        "@type": "IdentityAttribute",
        "owner": case.peer,
        "value": { "@type": "Surname", "value": "Byron" },
    });
    let other_type = case.answer(&case.succession(1, 2, &surname)).unwrap_err();
    let mismatch = "error.consumption.requests.attributeQueryMismatch";
    assert_eq!(other_type.code(), mismatch, "a given name was asked for");
    let mut stolen = case.name("Augusta");
    stolen["owner"] = case.me.as_str().into();
    assert!(case.answer(&case.succession(1, 2, &stolen)).is_err());

    case.take(&case.succession(1, 2, &case.name("Augusta")));
    let branch = case.answer(&case.succession(1, 3, &case.name("Ada Augusta")));
    assert_eq!(
        branch.unwrap_err().code(),
        "error.consumption.attributes.cannotSucceedAttributesWithASuccessor",
        "a chain has no branches"
    );
    let same = case.answer(&case.succession(2, 3, &case.name(" Augusta")));
    assert_eq!(
        same.unwrap_err().code(),
        "error.consumption.attributes.successionMustChangeContent"
    );

    // What somebody else gave.
    let third = Address::of_key(&[3; 32], "localhost");
    for share in case
        .known
        .values_mut()
        .flat_map(|attribute| attribute.share_info.iter_mut())
    {
        share.peer = third.clone();
    }
    let foreign = case.answer(&case.succession(2, 4, &case.name("Eve")));
    assert_eq!(foreign.unwrap_err().code(), NOT_FROM_PEER);
    let shared = json!({
        "@type": "AttributeAlreadySharedAcceptResponseItem",
        "result": "Accepted",
        "attributeId": id(2),
    });
    assert_eq!(case.answer(&shared).unwrap_err().code(), NOT_FROM_PEER);
}

/// An own Attribute, and the item that shares it.
fn own(case: &mut Case) -> Value {
    let content = json!({
        "@type": "IdentityAttribute",
        "owner": case.me,
        "value": { "@type": "DisplayName", "value": "City library" },
    });
    let attribute = LocalAttribute {
        id: id(7),
        kind: AttributeKind::OwnIdentityAttribute,
        content: Attribute::parse(&content).unwrap(),
        created_at: now(),
        succeeds: None,
        succeeded_by: None,
        is_default: true,
        was_viewed_at: None,
        share_info: vec![],
    };
    case.known.insert(id(7), attribute);
    json!({
        "@type": "ShareAttributeRequestItem",
        "mustBeAccepted": true,
        "attributeId": id(7),
        "attribute": content,
    })
}

#[test]
fn who_keeps_what_was_shared_is_written_down_once() {
    for answer in [
        json!({ "@type": "AcceptResponseItem", "result": "Accepted" }),
        json!({
            "@type": "AttributeAlreadySharedAcceptResponseItem",
            "result": "Accepted",
            "attributeId": id(9),
        }),
        json!({
            "@type": "ShareAttributeAcceptResponseItem",
            "result": "Accepted",
            "attributeId": id(9),
        }),
    ] {
        let mut case = Case::new();
        let item = own(&mut case);
        let changes = case.answer_to(&item, &answer).unwrap();
        let [Change::CreateShareInfo(share)] = changes.as_slice() else {
            panic!("{changes:?}");
        };
        assert_eq!((&share.attribute_id, &share.peer), (&id(7), &case.peer));
        assert_eq!(share.direction, ShareDirection::Forwarded);
        assert!(share.forwarding_details_id.is_some());
        let has_copy = answer["attributeId"].is_string();
        let wire = if has_copy { id(9) } else { id(7) };
        assert_eq!(share.wire_attribute_id, wire, "as the peer calls it");
        case.take_over(&changes);
        assert_eq!(case.answer_to(&item, &answer).unwrap(), []);

        // A promise to delete it is off.
        if let Some(attribute) = case.known.get_mut(&id(7)) {
            attribute.share_info[0].deletion_info = Some(DeletionInfo {
                deletion_status: DeletionStatus::ToBeDeletedByRecipient,
                deletion_date: now(),
            });
        }
        let changes = case.answer_to(&item, &answer).unwrap();
        let [Change::UpdateShareInfo(cleared)] = changes.as_slice() else {
            panic!("{changes:?}");
        };
        assert_eq!(cleared.deletion_info, None);
    }
}

#[test]
fn who_does_not_keep_what_was_shared_does_not_have_it() {
    let mut case = Case::new();
    let mut item = own(&mut case);
    let rejected = json!({ "@type": "RejectResponseItem", "result": "Rejected" });
    assert_eq!(
        case.answer_to(&item, &rejected).unwrap_err().code(),
        REQUIRED
    );
    item["mustBeAccepted"] = false.into();
    assert_eq!(case.answer_to(&item, &rejected).unwrap(), []);
    // An answer of another kind.
    let read = case.read(9, "Ada");
    assert_eq!(case.answer_to(&item, &read).unwrap_err().code(), INVALID);
}

#[test]
fn a_copy_does_not_take_the_id_of_another_attribute() {
    let mut case = Case::new();
    case.take(&case.read(1, "Ada"));
    let item = own(&mut case);
    let answer = json!({
        "@type": "ShareAttributeAcceptResponseItem",
        "result": "Accepted",
        "attributeId": id(1),
    });
    assert_eq!(
        case.answer_to(&item, &answer).unwrap_err().code(),
        ID_IN_USE
    );
}

#[test]
fn an_attribute_that_is_gone_is_shared_with_nobody() {
    let mut case = Case::new();
    let item = own(&mut case);
    case.known.clear();
    let answer = json!({ "@type": "AcceptResponseItem", "result": "Accepted" });
    assert_eq!(case.answer_to(&item, &answer).unwrap(), []);
}

/// An own Attribute in two versions that the peer has, and the item that asks to delete the newer.
fn asked_to_delete(case: &mut Case) -> Value {
    own(case);
    let mut new = case.known[&id(7)].clone();
    (new.id, new.succeeds) = (id(8), Some(id(7)));
    for (number, attribute) in [(7, case.known.get_mut(&id(7)).unwrap()), (8, &mut new)] {
        attribute.share_info.push(LocalAttributeShareInfo {
            attribute_id: id(number),
            direction: ShareDirection::Forwarded,
            peer: case.peer.clone(),
            source_reference: ShareReference::Request("REQtessera0000000009".parse().unwrap()),
            shared_at: Some(now()),
            initial_attribute_peer: None,
            deletion_info: None,
            forwarding_details_id: Some(format!("ATTFDtessera{number:08}").parse().unwrap()),
            wire_attribute_id: id(number + 100),
        });
    }
    case.known.insert(id(8), new);
    // As the peer calls it.
    json!({
        "@type": "DeleteAttributeRequestItem",
        "mustBeAccepted": false,
        "attributeId": id(108),
    })
}

fn marks(case: &Case) -> Vec<Option<(DeletionStatus, CoreDate)>> {
    let shares = case.known.values().flat_map(|one| &one.share_info);
    shares
        .map(|share| {
            let info = share.deletion_info?;
            Some((info.deletion_status, info.deletion_date))
        })
        .collect()
}

#[test]
fn what_the_peer_is_going_to_delete_is_marked_with_all_older_versions() {
    let promised = CoreDate::parse("2031-01-01").unwrap();
    let accepted = json!({
        "@type": "DeleteAttributeAcceptResponseItem", "result": "Accepted",
        "deletionDate": promised,
    });
    let rejected = json!({ "@type": "RejectResponseItem", "result": "Rejected" });
    let mut case = Case::new();
    let item = asked_to_delete(&mut case);
    let to_delete = DeletionStatus::ToBeDeletedByRecipient;
    for (answer, expected) in [
        (
            json!({ "@type": "AcceptResponseItem", "result": "Accepted" }),
            None,
        ),
        (
            rejected.clone(),
            Some((DeletionStatus::DeletionRequestRejected, now())),
        ),
        (accepted, Some((to_delete, promised))),
        // What is promised stays promised.
        (rejected, Some((to_delete, promised))),
    ] {
        let changes = case.answer_to(&item, &answer).unwrap();
        case.take_over(&changes);
        assert_eq!(marks(&case), [expected, expected], "{answer}");
    }
}

#[test]
fn a_file_that_was_handed_over_is_the_one_that_was_offered() {
    let case = Case::new();
    let reference = |file: &str| {
        let plain = format!("{file}|3|lerJyX8ydJDEXowq2PMMntRXXA27wgHJYA_BjnFx55Y||");
        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, plain)
    };
    let item = json!({
        "@type": "TransferFileOwnershipRequestItem",
        "mustBeAccepted": true,
        "fileReference": reference("FILtessera0000000001"),
        "ownershipToken": "token",
    });
    let answer = |value_type: &str, value: &str| {
        json!({
            "@type": "TransferFileOwnershipAcceptResponseItem",
            "result": "Accepted",
            "attributeId": id(1),
            "attribute": {
                "owner": case.peer,
                "value": { "@type": value_type, "value": value },
            },
        })
    };
    let theirs = answer("IdentityFileReference", &reference("FILtessera0000000001"));
    let changes = case.answer_to(&item, &theirs).unwrap();
    let [Change::CreateAttribute(attribute)] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    assert_eq!(attribute.kind, AttributeKind::PeerIdentityAttribute);
    for wrong in [
        answer("IdentityFileReference", &reference("FILtessera0000000002")),
        answer("IdentityFileReference", &"x".repeat(40)),
        answer("DisplayName", "a file"),
    ] {
        let refused = case.answer_to(&item, &wrong);
        assert_eq!(refused.unwrap_err().code(), INVALID, "{wrong}");
    }
}

#[test]
fn a_form_field_is_answered_as_it_asks() {
    let case = Case::new();
    let item = json!({
        "@type": "FormFieldRequestItem", "mustBeAccepted": true, "title": "How many?",
        "settings": { "@type": "IntegerFormFieldSettings", "min": 1 },
    });
    let answer = |response: Value| {
        let accepted = json!({
            "@type": "FormFieldAcceptResponseItem", "result": "Accepted", "response": response,
        });
        case.answer_to(&item, &accepted)
    };
    assert_eq!(answer(json!(1)).unwrap(), []);
    assert_eq!(answer(json!(0)).unwrap_err().code(), INVALID);
    assert_eq!(answer(json!("1")).unwrap_err().code(), INVALID);
}
