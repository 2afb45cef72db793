//! Everything that is remembered comes back as it was, and nothing contradictory is taken.

#![allow(clippy::cloned_ref_to_slice_refs, reason = "reads like a list")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod store_support;

use serde_json::json;
use store_support::{
    RANDOM, address, at, device, generic_id, me, peer, profile, relationship, request, tell,
};
use tessera_content::{PasswordLocation, PasswordType};
use tessera_core_types::{
    DeviceId, ExternalEventId, MessageId, RelationshipId, RelationshipSecretId,
    RelationshipTemplateId, TemplateKeyId,
};
use tessera_crypto::objects::{ExchangeKeypair, SecretKey, SignatureKeypair, TemplatePublicKey};
use tessera_wallet::{
    model::{
        AuditLogEntry, AuditLogReason, HistoryEvent, HistoryRecord, Identity, LocalRequestSource,
        LocalRequestStatus, LocalResponse, LocalResponseSource, PasswordProtection,
        PeerDeletionInfo, PeerDeletionStatus, RelationshipStatus, RelationshipTemplate,
        SecretContainer, SecretKind, TemplateReference,
    },
    store::{
        StoreError, events, history, peers, profile as profiles, relationships, requests, secrets,
        settings, templates,
    },
};

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
        // One that was rejected and one that is pending.
        assert!(!relationships::is_established_with(tx, &peer())?);
        new.status = RelationshipStatus::Active;
        relationships::put(tx, &new)?;
        assert!(relationships::is_established_with(tx, &peer())?);
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
        assert_eq!(history::last_of(tx, &peer())?, Some(record.clone()));
        assert_eq!(history::by_request(tx, &request.id)?, [record]);

        settings::set(tx, "theme", &"dark")?;
        settings::set(tx, "theme", &"light")?;
        assert_eq!(settings::get(tx, "theme")?, Some("light".to_owned()));
        let wrong: Result<Option<u32>, _> = settings::get(tx, "theme");
        assert_eq!(wrong, Err(StoreError::Unreadable("value")));
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
