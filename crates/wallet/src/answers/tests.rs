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
    assert_eq!(other_type.code(), INVALID);
    let mut stolen = case.name("Augusta");
    stolen["owner"] = case.me.as_str().into();
    assert!(case.answer(&case.succession(1, 2, &stolen)).is_err());

    case.take(&case.succession(1, 2, &case.name("Augusta")));
    let branch = case.answer(&case.succession(1, 3, &case.name("Ada Augusta")));
    assert_eq!(
        branch.unwrap_err().code(),
        INVALID,
        "a chain has no branches"
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
        let has_copy = answer["@type"] == "ShareAttributeAcceptResponseItem";
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
