#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::{Value, json};

use super::*;
use crate::{model::DeletionInfo, requests::Holdings};

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
        let request = Request::parse(&json!({ "items": [{
            "@type": "ReadAttributeRequestItem",
            "mustBeAccepted": true,
            "query": { "@type": "IdentityAttributeQuery", "valueType": "GivenName" },
        }] }))
        .unwrap();
        let response = Response::parse(&json!({
            "result": "Accepted",
            "requestId": "REQtessera0000000001",
            "items": [item],
        }))
        .unwrap();
        changes(Answer {
            me: &self.me,
            peer: &self.peer,
            request: &request,
            response: &response,
            known: &self.known,
            now: now(),
        })
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
        let mut holdings: Holdings = self.known.values().cloned().collect();
        for change in self.answer(item).unwrap() {
            holdings.apply(&change);
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
