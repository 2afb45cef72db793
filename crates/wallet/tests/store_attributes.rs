//! Attributes, their versions, and every act of sharing one.

#![allow(clippy::cloned_ref_to_slice_refs, reason = "reads like a list")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod store_support;

use store_support::{address, at, forward, identity_attribute, peer, relationship_attribute, tell};
use tessera_wallet::{
    model::{DeletionInfo, DeletionStatus, LocalAttributeShareInfo, ShareDirection},
    store::{StoreError, Transaction, attributes, ended, share_info},
};

#[test]
fn attributes_are_found_in_every_way_a_request_asks_for_them() {
    tell(|tx| {
        let ada = identity_attribute("GivenName", "Ada", 0);
        let lovelace = identity_attribute("Surname", "Lovelace", 1);
        let number = relationship_attribute("customerNumber", 2);
        for attribute in [&ada, &lovelace, &number] {
            attributes::insert(tx, attribute)?;
        }
        let own = tessera_wallet::model::AttributeKind::OwnIdentityAttribute;
        assert_eq!(attributes::by_id(tx, &number.id)?, Some(number.clone()));
        assert_eq!(
            attributes::by_kind(tx, own)?,
            [ada.clone(), lovelace.clone()]
        );
        assert_eq!(attributes::by_type(tx, own, "Surname")?, [lovelace]);
        assert_eq!(
            attributes::by_key(tx, "customerNumber", None)?,
            [number.clone()]
        );
        let of_peer = attributes::by_key(tx, "customerNumber", Some(&peer()))?;
        assert_eq!(of_peer, [number.clone()]);
        assert_eq!(
            attributes::by_key(tx, "customerNumber", Some(&address(9)))?,
            []
        );
        let direction = ShareDirection::Relationship;
        assert_eq!(
            attributes::by_peer(tx, &peer(), direction)?,
            [number.clone()]
        );
        let by_wire_id = attributes::by_wire_id(tx, &number.id, &peer())?;
        assert_eq!(by_wire_id, Some(number.clone()));
        let of_a_stranger = attributes::by_wire_id(tx, &number.id, &address(9))?;
        assert_eq!(of_a_stranger, None, "an id means nothing without the peer");
        let json = serde_json::to_value(&number).unwrap();
        assert_eq!(json["@type"], "PeerRelationshipAttribute");
        assert_eq!(json["peer"], peer().as_str());
        Ok(())
    })
    .unwrap();
}

#[test]
fn versions_form_a_chain_and_the_default_moves_along() {
    tell(|tx| {
        let mut first = identity_attribute("GivenName", "Ada", 0);
        first.is_default = true;
        attributes::insert(tx, &first)?;
        let mut second = identity_attribute("GivenName", "Augusta Ada", 1);
        second.succeeds = Some(first.id.clone());
        second.is_default = true;
        attributes::succeed(tx, &second)?;
        let mut third = identity_attribute("GivenName", "A. A.", 2);
        third.succeeds = Some(second.id.clone());
        attributes::succeed(tx, &third)?;
        for id in [&first.id, &second.id, &third.id] {
            let versions = attributes::versions(tx, id)?;
            let ids: Vec<_> = versions.iter().map(|version| &version.id).collect();
            assert_eq!(ids, [&first.id, &second.id, &third.id]);
        }
        assert_eq!(attributes::default_of(tx, "GivenName")?, None);
        attributes::set_default(tx, &third.id)?;
        attributes::set_viewed(tx, &third.id, at(5))?;
        attributes::set_viewed(tx, &third.id, at(6))?;
        let found = attributes::default_of(tx, "GivenName")?.unwrap();
        assert_eq!(
            (found.id, found.was_viewed_at),
            (third.id.clone(), Some(at(5)))
        );

        let mut fork = identity_attribute("GivenName", "Bea", 3);
        fork.succeeds = Some(first.id.clone());
        let forked = attributes::succeed(tx, &fork);
        assert_eq!(forked, Err(StoreError::Missing("Attribute")));
        let old = attributes::set_default(tx, &first.id);
        assert_eq!(old, Err(StoreError::Constraint), "it has a successor");
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_value_type_has_one_default() {
    let two = tell(|tx| {
        for value in ["Ada", "Bea"] {
            let mut attribute = identity_attribute("GivenName", value, 0);
            attribute.is_default = true;
            attributes::insert(tx, &attribute)?;
        }
        Ok(())
    });
    assert_eq!(two, Err(StoreError::Constraint));
}

#[test]
fn an_attribute_is_given_to_a_peer_once_until_the_peer_deletes_it() {
    tell(|tx| {
        let ada = identity_attribute("GivenName", "Ada", 0);
        attributes::insert(tx, &ada)?;
        let mut share = forward(&ada.id, &peer(), 1);
        share_info::insert(tx, [&share])?;
        share_info::insert(tx, [&forward(&ada.id, &address(3), 1)])?;
        let again = share_info::insert(tx, [&forward(&ada.id, &peer(), 2)]);
        assert_eq!(again, Err(StoreError::Constraint));
        let holders = || share_info::count_holders(tx, &ada.id);
        assert_eq!(holders()?, 2);

        share.deletion_info = Some(DeletionInfo {
            deletion_status: DeletionStatus::ToBeDeletedByRecipient,
            deletion_date: at(50),
        });
        share_info::update_deletion_info(tx, &share)?;
        let promised = DeletionStatus::ToBeDeletedByRecipient;
        assert_eq!(share_info::due(tx, promised, at(49))?, []);
        assert_eq!(share_info::due(tx, promised, at(50))?, [share.clone()]);
        let again = share_info::insert(tx, [&forward(&ada.id, &peer(), 3)]);
        assert_eq!(
            again,
            Err(StoreError::Constraint),
            "a promise is no deletion"
        );
        assert_eq!(holders()?, 2);

        share.deletion_info = Some(DeletionInfo {
            deletion_status: DeletionStatus::DeletedByRecipient,
            deletion_date: at(51),
        });
        share_info::update_deletion_info(tx, &share)?;
        assert_eq!(holders()?, 1, "who has deleted it has it no more");
        let second = forward(&ada.id, &peer(), 60);
        share_info::insert(tx, [&second])?;
        assert_eq!(holders()?, 2);
        share.deletion_info = None;
        let revived = share_info::update_deletion_info(tx, &share);
        assert_eq!(revived, Err(StoreError::Constraint), "two would live");
        let found = attributes::by_id(tx, &ada.id)?.unwrap();
        assert_eq!(found.share_info.len(), 3);
        assert_eq!(found.living_forward_to(&peer()), Some(&second));
        let given = attributes::by_peer(tx, &peer(), ShareDirection::Forwarded)?;
        assert_eq!(given, [found], "once, although it was given twice");
        ended::forget_shared_with(tx, &peer())?;
        assert_eq!(holders()?, 1);
        Ok(())
    })
    .unwrap();
}

#[test]
fn of_thousands_who_have_a_version_the_first_are_named() {
    tell(|tx| {
        let ada = identity_attribute("GivenName", "Ada", 0);
        attributes::insert(tx, &ada)?;
        let shares: Vec<_> = (1..=12)
            .map(|number| forward(&ada.id, &address(20 - number), number.into()))
            .collect();
        share_info::insert(tx, &shares)?;
        share_info::update_deletion_info(
            tx,
            &LocalAttributeShareInfo {
                deletion_info: Some(DeletionInfo {
                    deletion_status: DeletionStatus::DeletedByRecipient,
                    deletion_date: at(50),
                }),
                ..shares[1].clone()
            },
        )?;
        let named = share_info::of_attribute_first(tx, &ada.id, 10)?;
        let who: Vec<_> = named.iter().map(|share| &share.peer).collect();
        let expected: Vec<_> = (1..=11)
            .filter(|number| *number != 2)
            .map(|number| address(20 - number))
            .collect();
        assert_eq!(who, expected.iter().collect::<Vec<_>>());
        assert_eq!(share_info::count_holders(tx, &ada.id)?, 11);
        Ok(())
    })
    .unwrap();
}

#[test]
fn what_contradicts_the_model_is_refused() {
    type Story = fn(&Transaction<'_>) -> Result<(), StoreError>;
    let stories: [(&str, Story); 6] = [
        ("a share of nothing", |tx| {
            let ada = identity_attribute("GivenName", "Ada", 0);
            share_info::insert(tx, [&forward(&ada.id, &peer(), 0)])
        }),
        ("a forwarding without an id for own devices", |tx| {
            let mut ada = identity_attribute("GivenName", "Ada", 0);
            let mut share = forward(&ada.id, &peer(), 0);
            share.forwarding_details_id = None;
            ada.share_info.push(share);
            attributes::insert(tx, &ada)
        }),
        ("an own attribute with an origin", |tx| {
            let mut ada = identity_attribute("GivenName", "Ada", 0);
            ada.share_info = relationship_attribute("key", 0).share_info;
            attributes::insert(tx, &ada)
        }),
        ("a peer's attribute without an origin", |tx| {
            let mut number = relationship_attribute("key", 0);
            number.share_info.clear();
            attributes::insert(tx, &number)
        }),
        ("a second origin", |tx| {
            let number = relationship_attribute("key", 0);
            attributes::insert(tx, &number)?;
            share_info::insert(tx, [&number.share_info[0]])
        }),
        ("a share that belongs to another attribute", |tx| {
            let mut ada = identity_attribute("GivenName", "Ada", 0);
            ada.share_info
                .push(forward(&relationship_attribute("key", 0).id, &peer(), 0));
            attributes::insert(tx, &ada)
        }),
    ];
    for (what, story) in stories {
        assert_eq!(tell(story), Err(StoreError::Constraint), "{what}");
    }
}
