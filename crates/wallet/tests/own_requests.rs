//! What can be asked of whom: enmeshed's rules for own Requests, one by one.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support::v7;
use tessera_content::{Request, TagCollection};
use tessera_core_types::{Address, CoreDate};
use tessera_wallet::{
    attributes::{Contact, Contacts},
    model::{LocalAttribute, PeerDeletionStatus, RelationshipStatus},
    own_requests::{OwnRequest, OwnRequestError, can_create},
    requests::Holdings,
};

const BAD_ITEM: &str = "error.consumption.requests.invalidRequestItem";

fn address(number: u8) -> Address {
    Address::of_key(&[number; 32], "localhost")
}

fn me() -> Address {
    address(1)
}

fn peer() -> Address {
    address(2)
}

fn third() -> Address {
    address(3)
}

/// What there is: an own name in two versions of which nobody has any, a customer number of the
/// peer, an own shelf mark with the third, one of the third, and a name that the peer gave.
struct Case {
    contacts: Contacts,
    attributes: Vec<LocalAttribute>,
    peer: Option<Address>,
}

fn name(owner: &Address, text: &str) -> Value {
    json!({ "@type": "IdentityAttribute", "owner": owner,
            "value": { "@type": "GivenName", "value": text } })
}

fn number(owner: &str, key: &str, confidentiality: &str) -> Value {
    json!({ "@type": "RelationshipAttribute", "owner": owner, "key": key,
            "confidentiality": confidentiality, "isTechnical": false,
            "value": { "@type": "ProprietaryString", "title": "Number", "value": "4711" } })
}

fn id(number: u32) -> String {
    format!("ATTtessera{number:010}")
}

fn stored(number: u32, kind: &str, content: &Value, with: Option<&Address>) -> LocalAttribute {
    let mut json = json!({ "@type": kind, "id": id(number), "content": content,
                           "createdAt": "2020-01-01T00:00:00.000Z" });
    if let Some(peer) = with {
        json["peer"] = json!(peer);
        json["sourceReference"] = json!("REQtessera0000000001");
    }
    v7::read_attribute(&json)
}

impl Case {
    fn new() -> Self {
        let active = Contact {
            status: RelationshipStatus::Active,
            peer_deletion: None,
        };
        let (me, peer, third) = (me(), peer(), third());
        let mut old = stored(1, "OwnIdentityAttribute", &name(&me, "A"), None);
        let mut new = stored(2, "OwnIdentityAttribute", &name(&me, "Ada"), None);
        old.succeeded_by = Some(new.id.clone());
        new.succeeds = Some(old.id.clone());
        let of =
            |owner: &Address, key, confidentiality| number(owner.as_str(), key, confidentiality);
        Self {
            contacts: Contacts::from([(peer.clone(), active), (third.clone(), active)]),
            attributes: vec![
                old,
                new,
                stored(
                    3,
                    "PeerRelationshipAttribute",
                    &of(&peer, "customer", "public"),
                    Some(&peer),
                ),
                stored(
                    4,
                    "OwnRelationshipAttribute",
                    &of(&me, "shelf", "public"),
                    Some(&third),
                ),
                stored(
                    5,
                    "OwnRelationshipAttribute",
                    &of(&me, "secret", "private"),
                    Some(&third),
                ),
                stored(
                    6,
                    "PeerIdentityAttribute",
                    &name(&peer, "Petra"),
                    Some(&peer),
                ),
                stored(
                    7,
                    "OwnRelationshipAttribute",
                    &of(&me, "mine", "public"),
                    Some(&peer),
                ),
            ],
            peer: Some(peer),
        }
    }

    fn gave(mut self, number: u32, deletion: Option<&str>) -> Self {
        let mut details = json!({ "id": "ATTFDtessera00000001", "attributeId": id(number),
            "peer": peer(), "sourceReference": "REQtessera0000000002",
            "sharedAt": "2020-01-01T00:00:00.000Z" });
        if let Some(status) = deletion {
            details["deletionInfo"] =
                json!({ "deletionStatus": status, "deletionDate": "2020-01-01T00:00:00.000Z" });
        }
        let share = v7::read_forwarding_details(&details);
        let mut attributes = self.attributes.iter_mut();
        let attribute = attributes.find(|one| one.id == share.attribute_id).unwrap();
        attribute.share_info.push(share);
        self
    }

    /// The code for a Request with these items; `None` when it can be sent.
    fn ask_all(&self, request: &Value) -> Option<(String, Vec<usize>)> {
        let request = Request::parse(request).unwrap();
        let holdings: Holdings = self.attributes.iter().cloned().collect();
        let established: BTreeSet<Address> = self.contacts.keys().cloned().collect();
        let tags = TagCollection::default();
        let contact = self.peer.as_ref().and_then(|peer| self.contacts.get(peer));
        let check = can_create(OwnRequest {
            me: &me(),
            peer: self.peer.as_ref(),
            contact: contact.copied(),
            established: &established,
            request: &request,
            holdings: &holdings,
            tags: Some(&tags),
            now: CoreDate::parse("2026-01-01").unwrap(),
        });
        let error = OwnRequestError::first(&check);
        assert_eq!(check.is_success, error.is_none());
        error.map(|error| (error.code.into_owned(), error.path))
    }

    fn ask(&self, item: &Value) -> Option<String> {
        let mut item = item.clone();
        item["mustBeAccepted"] = json!(true);
        let (code, path) = self.ask_all(&json!({ "items": [item] }))?;
        assert_eq!(path, [0]);
        Some(code)
    }
}

fn assert_all(case: &Case, expected: Option<&str>, items: &[Value]) {
    for item in items {
        assert_eq!(case.ask(item).as_deref(), expected, "{item}");
    }
}

fn read(query: &Value) -> Value {
    json!({ "@type": "ReadAttributeRequestItem", "query": query })
}

fn relationship_query(owner: &str, key: &str) -> Value {
    json!({ "@type": "RelationshipAttributeQuery", "owner": owner, "key": key,
            "attributeCreationHints": { "title": "Number", "valueType": "ProprietaryString",
                                        "confidentiality": "public" } })
}

fn third_party_query(third_party: &str) -> Value {
    json!({ "@type": "ThirdPartyRelationshipAttributeQuery", "owner": "", "key": "shelf",
            "thirdParty": [third_party] })
}

fn tagged_query(tag: &str) -> Value {
    json!({ "@type": "IdentityAttributeQuery", "valueType": "GivenName", "tags": [tag] })
}

#[test]
fn what_is_read_is_the_recipients_or_of_the_relationship() {
    let case = Case::new();
    assert_all(
        &case,
        None,
        &[
            read(&tagged_query("x:legal")),
            read(&relationship_query("", "new")),
            read(&relationship_query(me().as_str(), "new")),
            read(&third_party_query(third().as_str())),
            read(&third_party_query("")),
            read(&json!({ "@type": "IQLQuery", "queryString": "GivenName" })),
        ],
    );
    assert_all(
        &case,
        Some(BAD_ITEM),
        &[
            read(&tagged_query("legal")),
            read(&relationship_query(peer().as_str(), "new")),
            read(&relationship_query(third().as_str(), "new")),
            read(&relationship_query("", "customer")),
            read(&relationship_query(me().as_str(), "mine")),
            read(&third_party_query(me().as_str())),
            read(&third_party_query(peer().as_str())),
        ],
    );
}

#[test]
fn what_is_proposed_answers_what_is_asked() {
    let propose = |query: &Value, attribute: &Value| json!({ "@type": "ProposeAttributeRequestItem", "query": query, "attribute": attribute });
    let case = Case::new();
    let mut nameless = name(&me(), "Petra");
    nameless["owner"] = json!("");
    let mut greek = nameless.clone();
    greek["value"]["value"] = json!("Θ");
    let query = json!({ "@type": "IdentityAttributeQuery", "valueType": "GivenName" });
    let relationship = relationship_query("", "new");
    assert_all(
        &case,
        None,
        &[
            propose(&query, &nameless),
            propose(&relationship, &number("", "new", "public")),
        ],
    );
    assert_all(
        &case,
        Some(BAD_ITEM),
        &[
            propose(&query, &name(&peer(), "Petra")),
            propose(&query, &greek),
            propose(&tagged_query("legal"), &nameless),
            propose(
                &relationship_query(me().as_str(), "new"),
                &number("", "new", "public"),
            ),
            propose(
                &relationship_query("", "customer"),
                &number("", "customer", "public"),
            ),
        ],
    );
    let mismatch = Some("error.consumption.requests.attributeQueryMismatch");
    assert_all(
        &case,
        mismatch,
        &[
            propose(&relationship, &number("", "other", "public")),
            propose(&tagged_query("x:legal"), &nameless),
        ],
    );
}

#[test]
fn what_is_created_belongs_to_one_of_the_two() {
    let create = |attribute: &Value| json!({ "@type": "CreateAttributeRequestItem", "attribute": attribute });
    let mut nameless = name(&me(), "Petra");
    nameless["owner"] = json!("");
    let case = Case::new();
    assert_all(
        &case,
        None,
        &[
            create(&nameless),
            create(&name(&peer(), "Petra")),
            create(&number("", "new", "public")),
            create(&number(peer().as_str(), "new", "public")),
            create(&number(me().as_str(), "new", "public")),
        ],
    );
    let mut greek = nameless.clone();
    greek["value"]["value"] = json!("Θ");
    let mut badly_tagged = nameless;
    badly_tagged["tags"] = json!(["legal"]);
    assert_all(
        &case,
        Some(BAD_ITEM),
        &[
            create(&name(&me(), "Ada")),
            create(&name(&third(), "Theo")),
            create(&greek),
            create(&badly_tagged),
            create(&number(third().as_str(), "new", "public")),
            create(&number("", "customer", "public")),
            create(&number(me().as_str(), "mine", "public")),
        ],
    );
}

#[test]
fn only_what_is_ones_own_and_new_to_the_peer_is_shared() {
    let share = |number: u32, attribute: &Value, initial_peer: Option<&Address>| {
        let mut item = json!({ "@type": "ShareAttributeRequestItem", "attributeId": id(number),
                               "attribute": attribute });
        if let Some(peer) = initial_peer {
            item["initialAttributePeer"] = json!(peer);
        }
        item
    };
    let (me, peer, third) = (me(), peer(), third());
    let shelf = number(me.as_str(), "shelf", "public");
    let ada = share(2, &name(&me, "Ada"), None);
    let case = Case::new();
    assert_all(&case, None, &[ada.clone(), share(4, &shelf, Some(&third))]);
    assert_all(
        &case,
        Some(BAD_ITEM),
        &[
            share(99, &name(&me, "Ada"), None),
            share(2, &name(&me, "Augusta"), None),
            share(2, &name(&me, "Ada"), Some(&third)),
            share(6, &name(&peer, "Petra"), None),
            share(4, &shelf, None),
            share(4, &shelf, Some(&address(4))),
            share(5, &number(me.as_str(), "secret", "private"), Some(&third)),
            share(7, &number(me.as_str(), "mine", "public"), Some(&peer)),
        ],
    );
    let bad = Some(BAD_ITEM);
    assert_all(&Case::new().gave(2, None), bad, std::slice::from_ref(&ada));
    assert_all(&Case::new().gave(1, None), bad, std::slice::from_ref(&ada));
    let old = share(1, &name(&me, "A"), None);
    assert_all(&Case::new().gave(2, None), bad, std::slice::from_ref(&old));
    let deleted = Case::new().gave(2, Some("DeletedByRecipient"));
    assert_all(&deleted, None, std::slice::from_ref(&ada));
    let promised = Case::new().gave(2, Some("ToBeDeletedByRecipient"));
    assert_all(&promised, None, std::slice::from_ref(&ada));
    let mut pending = Case::new();
    pending.contacts.remove(&third);
    let code = "error.consumption.requests.cannotShareRelationshipAttributeOfPendingRelationship";
    assert_all(&pending, Some(code), &[share(4, &shelf, Some(&third))]);
}

#[test]
fn only_what_the_peer_has_is_asked_to_be_deleted() {
    let delete =
        |number: u32| json!({ "@type": "DeleteAttributeRequestItem", "attributeId": id(number) });
    let bad = Some(BAD_ITEM);
    assert_all(&Case::new(), None, &[delete(7)]);
    assert_all(
        &Case::new(),
        bad,
        &[delete(2), delete(3), delete(6), delete(99)],
    );
    for (deletion, expected) in [
        (None, None),
        (Some("DeletionRequestSent"), None),
        (Some("DeletionRequestRejected"), None),
        (Some("ToBeDeletedByRecipient"), bad),
        (Some("DeletedByRecipient"), bad),
    ] {
        let case = Case::new().gave(2, deletion);
        assert_all(&case, expected, &[delete(2)]);
    }
    let template = Case {
        peer: None,
        ..Case::new().gave(2, None)
    };
    assert_all(&template, bad, &[delete(2)]);
}

#[test]
fn a_form_field_can_be_answered() {
    let field = |settings: Value| json!({ "@type": "FormFieldRequestItem", "title": "How many?", "settings": settings });
    let case = Case::new();
    assert_all(
        &case,
        None,
        &[
            field(json!({ "@type": "IntegerFormFieldSettings", "min": 1, "max": 1 })),
            field(json!({ "@type": "SelectionFormFieldSettings", "options": ["a", "b"] })),
            field(json!({ "@type": "BooleanFormFieldSettings" })),
        ],
    );
    let twice = json!({ "@type": "SelectionFormFieldSettings", "options": ["a", "a"] });
    assert_all(
        &case,
        Some(BAD_ITEM),
        &[
            field(json!({ "@type": "IntegerFormFieldSettings", "min": 2, "max": 1 })),
            field(json!({ "@type": "StringFormFieldSettings", "min": 2, "max": 1 })),
            field(json!({ "@type": "DoubleFormFieldSettings", "min": 0.5, "max": 0.25 })),
            field(twice),
        ],
    );
}

#[test]
fn the_frame_is_checked_before_the_items() {
    let consent =
        json!({ "@type": "ConsentRequestItem", "mustBeAccepted": true, "consent": "I agree." });
    let request = json!({ "items": [consent] });
    let code = |case: &Case, request: &Value| case.ask_all(request).map(|(code, _)| code);
    let with = |status, peer_deletion| {
        let mut case = Case::new();
        let contact = Contact {
            status,
            peer_deletion,
        };
        case.contacts.insert(peer(), contact);
        case
    };
    use RelationshipStatus as Status;
    assert_eq!(code(&with(Status::Active, None), &request), None);
    assert_eq!(code(&with(Status::Pending, None), &request), None);
    for (case, expected) in [
        (with(Status::Terminated, None), "wrongRelationshipStatus"),
        (with(Status::Rejected, None), "wrongRelationshipStatus"),
        (
            with(Status::Active, Some(PeerDeletionStatus::ToBeDeleted)),
            "peerIsInDeletion",
        ),
        (
            with(Status::Active, Some(PeerDeletionStatus::Deleted)),
            "peerIsDeleted",
        ),
        (
            Case {
                peer: Some(address(9)),
                ..Case::new()
            },
            "missingRelationship",
        ),
        (
            Case {
                peer: Some(me()),
                ..Case::new()
            },
            "cannotShareRequestWithYourself",
        ),
    ] {
        let expected = format!("error.consumption.requests.{expected}");
        assert_eq!(code(&case, &request), Some(expected));
    }
    let mut expired = request.clone();
    expired["expiresAt"] = json!("2025-12-31T23:59:59.999Z");
    let expected = "error.consumption.requests.cannotCreateRequestWithExpirationDateInPast";
    assert_eq!(code(&Case::new(), &expired).as_deref(), Some(expected));
}

#[test]
fn items_stand_in_groups_and_in_each_others_way() {
    let create = |key: &str, required: bool| {
        json!({ "@type": "CreateAttributeRequestItem", "mustBeAccepted": required,
                "attribute": number("", key, "public") })
    };
    let group = |items: Value| json!({ "@type": "RequestItemGroup", "items": items });
    let case = Case::new();
    let wrong = json!({ "items": [create("a", true), group(json!([create("b", true), create("customer", true)]))] });
    assert_eq!(
        case.ask_all(&wrong),
        Some((BAD_ITEM.to_owned(), vec![1, 1]))
    );
    let twice = json!({ "items": [create("a", true), group(json!([create("a", true)]))] });
    let code = "error.consumption.requests.violatedKeyUniquenessOfRelationshipAttributes";
    assert_eq!(case.ask_all(&twice), Some((code.to_owned(), vec![])));
    let either = json!({ "items": [create("a", true), create("a", false)] });
    assert_eq!(case.ask_all(&either), None);
    let unknown = json!({ "@type": "UnheardOfRequestItem" });
    assert_eq!(case.ask(&unknown).as_deref(), Some(BAD_ITEM));
}
