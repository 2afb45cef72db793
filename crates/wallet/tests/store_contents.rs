//! Everything that is remembered comes back as it was, and nothing contradictory is taken.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod store_support;

use serde_json::json;
use store_support::{
    Home, RANDOM, address, at, device, forward, generic_id, identity_attribute, me, peer, profile,
    relationship_attribute, request,
};
use tessera_content::{PasswordLocation, PasswordType};
use tessera_core_types::{
    DeviceId, ExternalEventId, MessageId, RelationshipId, RelationshipSecretId,
    RelationshipTemplateId, TemplateKeyId,
};
use tessera_crypto::objects::{
    ExchangeKeypair, SecretKey, SignatureKeypair, SignaturePublicKey, TemplatePublicKey,
};
use tessera_wallet::{
    model::{
        AuditLogEntry, AuditLogReason, DeletionInfo, DeletionStatus, HistoryEvent, HistoryRecord,
        Identity, LocalRequestSource, LocalRequestStatus, LocalResponse, LocalResponseSource,
        PasswordProtection, PeerDeletionInfo, PeerDeletionStatus, Relationship, RelationshipStatus,
        RelationshipTemplate, SecretContainer, SecretKind, ShareDirection, TemplateReference,
    },
    store::{
        Store, StoreError, Transaction, attributes, events, history, peers, profile as profiles,
        relationships, requests, secrets, settings, share_info, templates,
    },
};

/// Runs `story` in one transaction of a new wallet.
fn tell<T: Send + 'static>(
    story: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let home = Home::new();
    let store: Store = home.create().ok().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(store.write(story))
}

#[test]
fn a_profile_its_keys_and_its_device() {
    tell(|tx| {
        assert!(profiles::get(tx)?.is_none());
        let (profile, identity, keys) = profile();
        profiles::create(tx, &profile, &identity, &keys)?;
        assert!(profiles::get(tx)?.as_ref() == Some(&profile));
        assert!(profiles::identity_keys(tx)? == Some(identity));
        assert!(profiles::device_keys(tx)? == Some(keys));

        assert_eq!(profiles::device(tx)?, None);
        let mut device = device();
        profiles::set_device(tx, &device)?;
        profiles::set_has_datawallet(tx)?;
        device.has_datawallet = true;
        assert_eq!(profiles::device(tx)?, Some(device));

        let mut moved = profile.backbone.clone();
        moved.base_url = "http://localhost:9999".to_owned();
        profiles::set_backbone(tx, &moved)?;
        profiles::rename(tx, "Work")?;
        let found = profiles::get(tx)?.unwrap();
        assert!(found.backbone == moved && found.name == "Work");
        Ok(())
    })
    .unwrap();
}

#[test]
fn keys_of_an_identity_are_never_replaced() {
    let second = tell(|tx| {
        for _ in 0..2 {
            let (profile, identity, keys) = profile();
            profiles::create(tx, &profile, &identity, &keys)?;
        }
        Ok(())
    });
    assert_eq!(second, Err(StoreError::Constraint));
    let without_profile = tell(|tx| profiles::set_device(tx, &device()));
    assert_eq!(without_profile, Err(StoreError::Constraint));
}

#[test]
fn a_secret_that_is_replaced_stays_behind_inactive() {
    tell(|tx| {
        let name = RelationshipSecretId::generate(&RANDOM).to_string();
        let mut container = SecretContainer {
            id: generic_id(),
            name: name.clone(),
            kind: SecretKind::CryptoRelationshipRequestSecrets,
            secret: "{\"@type\":\"CryptoRelationshipRequestSecrets\"}".into(),
            valid_from: at(0),
            valid_to: None,
        };
        secrets::put(tx, &container)?;
        assert_eq!(secrets::active(tx, &name)?, Some(container.clone()));
        container.id = generic_id();
        container.kind = SecretKind::CryptoRelationshipSecrets;
        container.valid_from = at(5);
        secrets::put(tx, &container)?;
        assert_eq!(secrets::active(tx, &name)?, Some(container));
        assert_eq!(secrets::active(tx, "TRPRSEunknown")?, None);
        Ok(())
    })
    .unwrap();
}

#[test]
fn peers_keep_when_they_were_first_seen_and_their_newest_name() {
    tell(|tx| {
        assert_eq!(peers::by_address(tx, &peer())?, None);
        peers::meet(tx, &peer(), at(0), Some("City library"))?;
        peers::meet(tx, &peer(), at(9), None)?;
        peers::meet(tx, &peer(), at(9), Some("City library, main branch"))?;
        let found = peers::by_address(tx, &peer())?.unwrap();
        assert_eq!(found.first_seen_at, at(0));
        assert_eq!(found.name.as_deref(), Some("City library, main branch"));
        Ok(())
    })
    .unwrap();
}

fn template(is_own: bool) -> RelationshipTemplate {
    let signature = SignatureKeypair::generate(&RANDOM);
    RelationshipTemplate {
        id: RelationshipTemplateId::generate(&RANDOM),
        is_own,
        created_by: peer(),
        created_by_device: DeviceId::generate(&RANDOM),
        created_at: at(0),
        expires_at: at(60),
        max_number_of_allocations: Some(1),
        for_identity: Some(me()),
        content: serde_json::from_value(json!({
            "@type": "RelationshipTemplateContent",
            "title": "Library card <script>\u{202e}",
            "onNewRelationship": {"items": [
                {"@type": "SomethingOfTomorrow", "mustBeAccepted": false, "deep": [1, {"a": null}]}
            ]},
        }))
        .unwrap(),
        password_protection: Some(PasswordProtection {
            password: "4711".into(),
            password_type: PasswordType::Pin(4),
            salt: [9; 16],
            password_location: PasswordLocation::of(2),
        }),
        identity: Identity {
            address: peer(),
            public_key: *signature.public(),
        },
        template_key: TemplatePublicKey {
            id: TemplateKeyId::generate(&RANDOM),
            key: *ExchangeKeypair::generate(&RANDOM).public(),
        },
        secret_key: SecretKey::generate(&RANDOM),
        reference: TemplateReference {
            truncated: "UkxU".to_owned(),
            url: "http://localhost:8090/r/RLT#x".to_owned(),
        },
    }
}

#[test]
fn templates_with_everything_and_with_little() {
    tell(|tx| {
        let full = template(false);
        templates::insert(tx, &full)?;
        assert_eq!(templates::by_id(tx, &full.id)?.as_ref(), Some(&full));
        let plain = RelationshipTemplate {
            max_number_of_allocations: None,
            for_identity: None,
            password_protection: None,
            content: serde_json::from_value(json!({"just": ["some", "JSON"]})).unwrap(),
            created_by: me(),
            ..template(true)
        };
        templates::insert(tx, &plain)?;
        assert_eq!(templates::by_owner(tx, true)?, [plain.clone()]);
        assert_eq!(templates::by_owner(tx, false)?, [full.clone()]);
        assert_eq!(templates::by_creator(tx, &me())?, [plain]);
        assert_eq!(templates::insert(tx, &full), Err(StoreError::Constraint));
        Ok(())
    })
    .unwrap();
}

#[test]
fn what_the_command_line_shows_of_a_template_has_its_reference_and_no_password() {
    let template = template(true);
    let json = serde_json::to_value(&template).unwrap();
    assert_eq!(json["truncatedReference"], template.reference.truncated);
    assert_eq!(json["reference"]["url"], template.reference.url);
    assert_eq!(json["passwordProtection"]["passwordType"], "pin4");
    assert!(!json.to_string().contains("4711"));
    assert!(!format!("{template:?}").contains("UkxU"));
}

fn relationship(minutes: i64) -> Relationship {
    Relationship {
        id: RelationshipId::generate(&RANDOM),
        is_own: true,
        status: RelationshipStatus::Pending,
        peer: Identity {
            address: peer(),
            public_key: SignaturePublicKey::from_bytes([2; 32]),
        },
        template_id: RelationshipTemplateId::generate(&RANDOM),
        secret_id: RelationshipSecretId::generate(&RANDOM),
        creation_content: Some(
            serde_json::from_value(
                json!({"@type": "ArbitraryRelationshipCreationContent", "value": {"a": 1}}),
            )
            .unwrap(),
        ),
        audit_log: vec![AuditLogEntry {
            created_at: at(minutes),
            created_by: me(),
            created_by_device: Some(DeviceId::generate(&RANDOM)),
            reason: AuditLogReason::Creation,
            old_status: None,
            new_status: RelationshipStatus::Pending,
        }],
        peer_deletion_info: None,
        created_at: at(minutes),
    }
}

#[test]
fn relationships_change_their_status_and_old_ones_stay() {
    tell(|tx| {
        let mut old = relationship(0);
        let mut new = relationship(10);
        relationships::put(tx, &new)?;
        relationships::put(tx, &old)?;
        old.status = RelationshipStatus::Rejected;
        old.audit_log.push(AuditLogEntry {
            created_at: at(1),
            created_by: peer(),
            created_by_device: None,
            reason: AuditLogReason::RejectionOfCreation,
            old_status: Some(RelationshipStatus::Pending),
            new_status: RelationshipStatus::Rejected,
        });
        old.peer_deletion_info = Some(PeerDeletionInfo {
            deletion_date: at(99),
            deletion_status: PeerDeletionStatus::ToBeDeleted,
        });
        relationships::put(tx, &old)?;
        assert_eq!(relationships::by_id(tx, &old.id)?, Some(old.clone()));
        assert_eq!(relationships::list(tx)?, [new.clone(), old.clone()]);
        assert_eq!(relationships::newest_with(tx, &peer())?, Some(new.clone()));
        assert_eq!(relationships::by_peer(tx, &peer())?.len(), 2);
        assert_eq!(relationships::newest_with(tx, &address(9))?, None);
        let rejected = relationships::by_status(tx, RelationshipStatus::Rejected)?;
        assert_eq!(rejected, [old.clone()]);
        assert_eq!(old.changed_at(), at(1));
        assert_eq!(
            relationships::by_template(tx, &new.template_id)?,
            [new.clone()]
        );

        new.peer_deletion_info = None;
        let json = serde_json::to_value(&new).unwrap();
        assert_eq!(json["peer"], peer().as_str());
        assert_eq!(json["auditLog"][0]["reason"], "Creation");
        assert_eq!(json.get("secretId"), None);
        Ok(())
    })
    .unwrap();
}

#[test]
fn requests_go_through_their_life() {
    tell(|tx| {
        let template = RelationshipTemplateId::generate(&RANDOM);
        let mut first = request(0);
        first.source = Some(LocalRequestSource::RelationshipTemplate {
            reference: template.clone(),
        });
        first.content.expires_at = Some(at(30));
        requests::put(tx, &first)?;
        let mut second = request(1);
        second.source = Some(LocalRequestSource::Message {
            reference: MessageId::generate(&RANDOM),
        });
        requests::put(tx, &second)?;
        assert_eq!(requests::list(tx)?, [second.clone(), first.clone()]);

        first.change_status(LocalRequestStatus::DecisionRequired, at(2));
        first.change_status(LocalRequestStatus::ManualDecisionRequired, at(2));
        requests::put(tx, &first)?;
        let waiting = requests::by_status(tx, LocalRequestStatus::ManualDecisionRequired)?;
        assert_eq!(waiting, [first.clone()]);

        assert_eq!(
            requests::expired_at(tx, at(30))?,
            [],
            "not yet at that very moment"
        );
        assert_eq!(requests::expired_at(tx, at(31))?, [first.clone()]);
        assert!(!first.is_expired_at(at(30)) && first.is_expired_at(at(31)));

        first.response = Some(LocalResponse {
            created_at: at(3),
            content: serde_json::from_value(json!({
                "@type": "Response", "result": "Accepted", "requestId": first.id,
                "items": [{"@type": "AcceptResponseItem", "result": "Accepted"}],
            }))
            .unwrap(),
            source: None,
        });
        first.change_status(LocalRequestStatus::Decided, at(3));
        requests::put(tx, &first)?;
        if let Some(response) = &mut first.response {
            response.source = Some(LocalResponseSource::Relationship {
                reference: RelationshipId::generate(&RANDOM),
            });
        }
        first.change_status(LocalRequestStatus::Completed, at(4));
        requests::put(tx, &first)?;
        assert_eq!(requests::by_id(tx, &first.id)?, Some(first.clone()));
        assert_eq!(first.status_log.len(), 4);
        assert_eq!(
            requests::expired_at(tx, at(31))?,
            [],
            "completed is completed"
        );
        assert_eq!(requests::by_source(tx, template.as_str())?, [first.clone()]);
        assert_eq!(requests::by_peer(tx, &peer())?.len(), 2);

        let json = serde_json::to_value(&first).unwrap();
        assert_eq!(json["@type"], "LocalRequest");
        assert_eq!(json["source"]["type"], "RelationshipTemplate");
        assert_eq!(
            serde_json::from_value::<tessera_wallet::model::LocalRequest>(json).unwrap(),
            first
        );
        Ok(())
    })
    .unwrap();
}

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
        share_info::insert(tx, &share)?;
        share_info::insert(tx, &forward(&ada.id, &address(3), 1))?;
        let again = share_info::insert(tx, &forward(&ada.id, &peer(), 2));
        assert_eq!(again, Err(StoreError::Constraint));

        share.deletion_info = Some(DeletionInfo {
            deletion_status: DeletionStatus::ToBeDeletedByRecipient,
            deletion_date: at(50),
        });
        share_info::update_deletion_info(tx, &share)?;
        let promised = DeletionStatus::ToBeDeletedByRecipient;
        assert_eq!(share_info::due(tx, promised, at(49))?, []);
        assert_eq!(share_info::due(tx, promised, at(50))?, [share.clone()]);
        let again = share_info::insert(tx, &forward(&ada.id, &peer(), 3));
        assert_eq!(
            again,
            Err(StoreError::Constraint),
            "a promise is no deletion"
        );

        share.deletion_info = Some(DeletionInfo {
            deletion_status: DeletionStatus::DeletedByRecipient,
            deletion_date: at(51),
        });
        share_info::update_deletion_info(tx, &share)?;
        let second = forward(&ada.id, &peer(), 60);
        share_info::insert(tx, &second)?;
        share.deletion_info = None;
        let revived = share_info::update_deletion_info(tx, &share);
        assert_eq!(revived, Err(StoreError::Constraint), "two would live");
        let found = attributes::by_id(tx, &ada.id)?.unwrap();
        assert_eq!(found.share_info.len(), 3);
        assert_eq!(found.living_forward_to(&peer()), Some(&second));
        let given = attributes::by_peer(tx, &peer(), ShareDirection::Forwarded)?;
        assert_eq!(given, [found], "once, although it was given twice");
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
            share_info::insert(tx, &forward(&ada.id, &peer(), 0))
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
            share_info::insert(tx, &number.share_info[0])
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

#[test]
fn history_settings_and_events() {
    tell(|tx| {
        let request = request(0);
        let mut record = HistoryRecord::new(at(0), HistoryEvent::RequestReceived);
        record.peer = Some(peer());
        record.request_id = Some(request.id.clone());
        let first = history::add(tx, &record)?;
        let other = HistoryRecord::new(at(0), HistoryEvent::ProfileCreated);
        let second = history::add(tx, &other)?;
        let both = [(second, other), (first, record.clone())];
        assert_eq!(history::newest(tx, None, 10)?, both);
        assert_eq!(history::newest(tx, None, 1)?, both[..1]);
        assert_eq!(history::newest(tx, Some(second), 10)?, both[1..]);
        assert_eq!(history::by_peer(tx, &peer())?, [record.clone()]);
        assert_eq!(history::by_request(tx, &request.id)?, [record]);

        settings::set(tx, "theme", &"dark")?;
        settings::set(tx, "theme", &"light")?;
        assert_eq!(settings::get(tx, "theme")?, Some("light".to_owned()));
        let wrong: Result<Option<u32>, _> = settings::get(tx, "theme");
        assert_eq!(wrong, Err(StoreError::Unreadable));
        settings::remove(tx, "theme")?;
        assert_eq!(settings::get::<String>(tx, "theme")?, None);

        let event = ExternalEventId::generate(&RANDOM);
        assert!(events::set_processed(tx, &event, at(0))?);
        assert!(
            !events::set_processed(tx, &event, at(1))?,
            "it was offered again"
        );
        assert!(events::is_processed(tx, &event)?);
        events::forget_before(tx, at(1))?;
        assert!(!events::is_processed(tx, &event)?);
        Ok(())
    })
    .unwrap();
}
