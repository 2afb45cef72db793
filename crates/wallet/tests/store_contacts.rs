//! The list of contacts: kept by the database, searched, filtered, sorted, page by page.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod store_support;

use serde_json::json;
use store_support::{
    address, at, identity_attribute, peer, received_attribute, relationship, request, tell,
};
use tessera_core_types::{Address, RelationshipTemplateId};
use tessera_wallet::{
    model::{
        AuditLogEntry, AuditLogReason, Identity, LocalRequest, LocalRequestSource,
        LocalRequestStatus, LocalResponse, Relationship, RelationshipStatus,
    },
    store::{
        StoreError, Transaction, attributes, contact_notes, contacts, ended, indexing, peers,
        relationships, requests,
    },
    views::{ContactFilter, ContactOrder, ContactSearch, ContactView},
};

fn with(peer: &Address, status: RelationshipStatus, minutes: i64) -> Relationship {
    let relationship = relationship(minutes);
    Relationship {
        status,
        peer: Identity {
            address: peer.clone(),
            ..relationship.peer
        },
        ..relationship
    }
}

/// Somebody that was met under a name, and a Relationship with it.
fn meet(
    tx: &Transaction<'_>,
    number: u8,
    name: &str,
    status: RelationshipStatus,
) -> Result<Address, StoreError> {
    let peer = address(number);
    peers::meet(tx, &peer, at(0), Some(name))?;
    relationships::put(tx, &with(&peer, status, number.into()))?;
    Ok(peer)
}

/// What the list shows for a contact: the own name, else the peer's.
fn shown(contact: &ContactView) -> String {
    let peer = &contact.peer;
    peer.title.clone().or(peer.name.clone()).unwrap()
}

/// All pages of a search, three contacts at a time.
fn names(tx: &Transaction<'_>, mut search: ContactSearch) -> Result<Vec<String>, StoreError> {
    search.limit = 3;
    indexing::catch_up(tx)?;
    let total = contacts::Wanted::of(tx, &search)?.count()?;
    let mut names = Vec::new();
    while search.offset < total {
        let page = contacts::Wanted::of(tx, &search)?.page(total)?;
        assert!(page.len() <= 3);
        names.extend(page.iter().map(shown));
        search.offset += 3;
    }
    assert_eq!(names.len(), total as usize);
    Ok(names)
}

fn one(tx: &Transaction<'_>, peer: &Address) -> Result<ContactView, StoreError> {
    Ok(contacts::by_peer(tx, peer)?.unwrap())
}

#[test]
fn pages_follow_one_another_without_a_gap_in_every_order() {
    tell(|tx| {
        for (number, name) in (3..).zip(["Zoe", "äpfel", "bo", "Ada", "Öl", "Karl", "Bo"]) {
            meet(tx, number, name, RelationshipStatus::Active)?;
        }
        let mut asks = with(&address(20), RelationshipStatus::Pending, 0);
        asks.is_own = false;
        relationships::put(tx, &asks)?;
        peers::meet(tx, &address(20), at(0), Some("Waits for me"))?;

        let by_name = [
            "Waits for me",
            "Ada",
            "äpfel",
            "bo",
            "Bo",
            "Karl",
            "Öl",
            "Zoe",
        ];
        assert_eq!(names(tx, ContactSearch::default())?, by_name);
        let newest = ContactSearch {
            order: ContactOrder::NewestFirst,
            ..ContactSearch::default()
        };
        let newest_first = [
            "Bo",
            "Karl",
            "Öl",
            "Ada",
            "bo",
            "äpfel",
            "Zoe",
            "Waits for me",
        ];
        assert_eq!(names(tx, newest)?, newest_first);
        let everybody: Vec<String> = contacts::list(tx)?.iter().map(shown).collect();
        assert_eq!(everybody, newest_first);
        Ok(())
    })
    .unwrap();
}

#[test]
fn contacts_are_filtered_by_where_they_stand_by_tags_and_by_words() {
    tell(|tx| {
        meet(tx, 3, "Library", RelationshipStatus::Active)?;
        let energy = meet(tx, 4, "Energy", RelationshipStatus::Pending)?;
        meet(tx, 5, "Gym", RelationshipStatus::Rejected)?;
        let bank = meet(tx, 6, "Bank", RelationshipStatus::Terminated)?;
        contact_notes::set_archived(tx, &bank, Some(at(9)))?;
        let tags = ["Häusliches".to_owned()];
        contact_notes::put(tx, &energy, Some("Strom"), Some("Zähler 12"), &tags)?;

        let filtered = |filter| {
            names(
                tx,
                ContactSearch {
                    filter,
                    ..ContactSearch::default()
                },
            )
        };
        assert_eq!(filtered(ContactFilter::All)?, ["Gym", "Library", "Strom"]);
        assert_eq!(filtered(ContactFilter::Waiting)?, ["Strom"]);
        assert_eq!(filtered(ContactFilter::Active)?, ["Library"]);
        assert_eq!(filtered(ContactFilter::Ended)?, ["Gym"]);
        assert_eq!(filtered(ContactFilter::Archived)?, ["Bank"]);
        let of_tag = ContactSearch {
            tag: Some("Häusliches".to_owned()),
            ..ContactSearch::default()
        };
        assert_eq!(names(tx, of_tag)?, ["Strom"]);
        for text in ["strom", "energy", "zahler 12", "hausl", energy.as_str()] {
            let search = ContactSearch {
                text: text.to_owned(),
                ..ContactSearch::default()
            };
            assert_eq!(names(tx, search)?, ["Strom"], "{text}");
        }
        contact_notes::set_archived(tx, &bank, None)?;
        assert_eq!(filtered(ContactFilter::Archived)?, [""; 0]);
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_contact_is_called_what_it_gave_before_what_it_offered() {
    tell(|tx| {
        let peer = meet(tx, 3, "Offered", RelationshipStatus::Active)?;
        let name = |tx| Ok::<_, StoreError>(one(tx, &peer)?.peer.name.unwrap());
        assert_eq!(name(tx)?, "Offered");
        let given = json!({ "@type": "GivenName", "value": "Ada" });
        let surname = json!({ "@type": "Surname", "value": "Lovelace" });
        attributes::insert(tx, &received_attribute(&peer, &surname, 1))?;
        assert_eq!(name(tx)?, "Lovelace");
        let given = received_attribute(&peer, &given, 2);
        attributes::insert(tx, &given)?;
        assert_eq!(name(tx)?, "Ada Lovelace");
        let mut newer = received_attribute(
            &peer,
            &json!({ "@type": "GivenName", "value": "Augusta" }),
            3,
        );
        newer.succeeds = Some(given.id);
        attributes::succeed(tx, &newer)?;
        assert_eq!(name(tx)?, "Augusta Lovelace");
        let display = json!({ "@type": "DisplayName", "value": "The Countess" });
        attributes::insert(tx, &received_attribute(&peer, &display, 4))?;
        assert_eq!(name(tx)?, "The Countess");

        // An own attribute and somebody else's are no names of this peer.
        attributes::insert(tx, &identity_attribute("DisplayName", "Me", 5))?;
        let other = json!({ "@type": "DisplayName", "value": "Other" });
        attributes::insert(tx, &received_attribute(&address(9), &other, 6))?;
        assert_eq!(name(tx)?, "The Countess");

        ended::forget_shared_with(tx, &peer)?;
        assert_eq!(name(tx)?, "Offered");
        Ok(())
    })
    .unwrap();
}

/// A Request of a template that was accepted, and whose answer waits to be sent.
fn accepted(template: &RelationshipTemplateId) -> LocalRequest {
    LocalRequest {
        source: Some(LocalRequestSource::RelationshipTemplate {
            reference: template.clone(),
        }),
        status: LocalRequestStatus::Decided,
        response: Some(LocalResponse {
            created_at: at(7),
            content: serde_json::from_value(json!({
                "result": "Accepted",
                "requestId": "REQaaaaaaaaaaaaaaaaa",
                "items": [{ "@type": "AcceptResponseItem", "result": "Accepted" }],
            }))
            .unwrap(),
            source: None,
        }),
        ..request(6)
    }
}

#[test]
fn who_waits_to_be_asked_is_a_contact_until_the_relationship_is_there() {
    tell(|tx| {
        let relationship = relationship(8);
        let mut accepted = accepted(&relationship.template_id);
        requests::put(tx, &accepted)?;
        let waiting = one(tx, &peer())?;
        assert_eq!((waiting.status, waiting.relationship_id), (None, None));
        assert_eq!(waiting.request_id, Some(accepted.id.clone()));
        assert_eq!((waiting.created_at, waiting.changed_at), (at(7), at(7)));

        relationships::put(tx, &relationship)?;
        accepted.status = LocalRequestStatus::Completed;
        accepted.response.as_mut().unwrap().source =
            Some(tessera_wallet::model::LocalResponseSource::Relationship {
                reference: relationship.id.clone(),
            });
        requests::put(tx, &accepted)?;
        let pending = one(tx, &peer())?;
        assert_eq!(pending.status, Some(RelationshipStatus::Pending));
        assert_eq!(pending.request_id, Some(accepted.id.clone()));
        assert_eq!(pending.changed_at, at(8));

        let mut active = relationship.clone();
        active.status = RelationshipStatus::Active;
        active.audit_log.push(AuditLogEntry {
            created_at: at(9),
            reason: AuditLogReason::AcceptanceOfCreation,
            new_status: RelationshipStatus::Active,
            ..active.audit_log[0].clone()
        });
        relationships::put(tx, &active)?;
        assert_eq!(one(tx, &peer())?.changed_at, at(9));
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_request_that_is_rejected_makes_no_contact() {
    tell(|tx| {
        let mut rejected = accepted(&relationship(0).template_id);
        rejected.response.as_mut().unwrap().content = serde_json::from_value(json!({
            "result": "Rejected",
            "requestId": "REQaaaaaaaaaaaaaaaaa",
            "items": [{ "@type": "RejectResponseItem", "result": "Rejected" }],
        }))
        .unwrap();
        requests::put(tx, &rejected)?;
        assert_eq!(contacts::by_peer(tx, &peer())?, None);
        Ok(())
    })
    .unwrap();
}

#[test]
fn what_the_person_wrote_outlives_a_relationship() {
    tell(|tx| {
        let first = relationship(0);
        relationships::put(tx, &first)?;
        let tags = ["a".to_owned(), "b".to_owned()];
        contact_notes::put(tx, &peer(), Some("Mine"), None, &tags)?;
        relationships::forget(tx, &first.id)?;
        assert_eq!(contacts::by_peer(tx, &peer())?, None);
        assert_eq!(contact_notes::title(tx, &peer())?.as_deref(), Some("Mine"));

        relationships::put(tx, &relationship(5))?;
        let again = one(tx, &peer())?;
        assert_eq!(again.peer.title.as_deref(), Some("Mine"));
        assert_eq!(again.tags, tags);
        assert_eq!(contact_notes::all_tags(tx)?, tags);
        contact_notes::put(tx, &peer(), None, None, &[])?;
        assert_eq!(one(tx, &peer())?.tags, [""; 0]);
        Ok(())
    })
    .unwrap();
}
