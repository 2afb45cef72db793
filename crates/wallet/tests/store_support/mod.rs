//! What the tests of the store share: a folder with a wallet, and something to put into it.

#![allow(dead_code, reason = "each test file uses some of it")]

use std::path::Path;

use serde_json::json;
use tempfile::TempDir;
use tessera_content::Attribute;
use tessera_core_types::{
    Address, AttributeForwardingDetailsId, AttributeId, CoreDate, DeviceId, GenericId,
    RelationshipId, RelationshipSecretId, RelationshipTemplateId, RequestId, SystemRandomness,
    Username,
};
use tessera_crypto::objects::{SecretKey, SignatureKeypair, SignaturePublicKey};
use tessera_wallet::{
    keys::DatabaseKey,
    model::{
        AttributeKind, AuditLogEntry, AuditLogReason, BackboneSettings, Device, DeviceKeys,
        Identity, IdentityKeys, LocalAttribute, LocalAttributeShareInfo, LocalRequest,
        LocalRequestStatus, Profile, Relationship, RelationshipStatus, ShareDirection,
        ShareReference,
    },
    store::{FolderLock, Store, StoreError, Transaction},
};

pub const RANDOM: SystemRandomness = SystemRandomness;

/// A folder of its own, and the key of the wallet in it.
pub struct Home {
    pub folder: TempDir,
    pub key: DatabaseKey,
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            key: DatabaseKey::from_slice(&[42; 32]).unwrap(),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn create(&self) -> Result<Store, StoreError> {
        Store::create(FolderLock::acquire(self.path())?, &self.key)
    }

    pub fn open(&self) -> Result<Store, StoreError> {
        Store::open(FolderLock::acquire(self.path())?, &self.key)
    }
}

/// So many minutes after noon of a certain day.
pub fn at(minutes: i64) -> CoreDate {
    CoreDate::parse("2026-03-01T12:00:00.000Z")
        .unwrap()
        .plus(chrono::TimeDelta::minutes(minutes))
}

pub fn address(number: u8) -> Address {
    Address::of_key(&[number; 32], "localhost")
}

pub fn me() -> Address {
    address(1)
}

pub fn peer() -> Address {
    address(2)
}

pub fn profile() -> (Profile, IdentityKeys, DeviceKeys) {
    (
        Profile {
            name: "Ada".to_owned(),
            address: me(),
            backbone: BackboneSettings {
                base_url: "http://localhost:8090".to_owned(),
                client_id: "tessera".to_owned(),
                client_secret: "client secret".into(),
            },
            created_at: at(0),
        },
        IdentityKeys {
            signature: SignatureKeypair::generate(&RANDOM),
            synchronization: SecretKey::generate(&RANDOM),
            shared_base: SecretKey::generate(&RANDOM),
        },
        DeviceKeys {
            signature: SignatureKeypair::generate(&RANDOM),
            password: "device password".into(),
        },
    )
}

pub fn device() -> Device {
    Device {
        id: DeviceId::generate(&RANDOM),
        username: Username::generate(&RANDOM),
        created_at: at(1),
        has_datawallet: false,
    }
}

pub fn identity_attribute(value_type: &str, value: &str, minutes: i64) -> LocalAttribute {
    LocalAttribute {
        id: AttributeId::generate(&RANDOM),
        kind: AttributeKind::OwnIdentityAttribute,
        content: content(&json!({
            "@type": "IdentityAttribute",
            "owner": me(),
            "value": {"@type": value_type, "value": value},
        })),
        created_at: at(minutes),
        succeeds: None,
        succeeded_by: None,
        is_default: false,
        was_viewed_at: None,
        share_info: Vec::new(),
    }
}

pub fn relationship_attribute(key: &str, minutes: i64) -> LocalAttribute {
    let id = AttributeId::generate(&RANDOM);
    LocalAttribute {
        kind: AttributeKind::PeerRelationshipAttribute,
        content: content(&json!({
            "@type": "RelationshipAttribute",
            "owner": peer(),
            "key": key,
            "value": {"@type": "ProprietaryString", "title": "Number", "value": "4711"},
            "confidentiality": "public",
        })),
        share_info: vec![LocalAttributeShareInfo {
            direction: ShareDirection::Relationship,
            shared_at: None,
            forwarding_details_id: None,
            ..forward(&id, &peer(), minutes)
        }],
        id,
        ..identity_attribute("GivenName", "unused", minutes)
    }
}

pub fn forward(attribute: &AttributeId, peer: &Address, minutes: i64) -> LocalAttributeShareInfo {
    LocalAttributeShareInfo {
        attribute_id: attribute.clone(),
        direction: ShareDirection::Forwarded,
        peer: peer.clone(),
        source_reference: ShareReference::Request(RequestId::generate(&RANDOM)),
        shared_at: Some(at(minutes)),
        initial_attribute_peer: None,
        deletion_info: None,
        forwarding_details_id: Some(AttributeForwardingDetailsId::generate(&RANDOM)),
        wire_attribute_id: attribute.clone(),
    }
}

pub fn request(minutes: i64) -> LocalRequest {
    LocalRequest {
        id: RequestId::generate(&RANDOM),
        is_own: false,
        peer: peer(),
        created_at: at(minutes),
        content: serde_json::from_value(json!({
            "items": [{"@type": "AuthenticationRequestItem", "title": "Is it you?",
                       "mustBeAccepted": true}],
            "title": "Library card",
        }))
        .unwrap(),
        source: None,
        response: None,
        status: LocalRequestStatus::Open,
        status_log: Vec::new(),
        was_automatically_decided: false,
    }
}

pub fn relationship(minutes: i64) -> Relationship {
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

pub fn generic_id() -> GenericId {
    GenericId::generate(&RANDOM)
}

fn content(json: &serde_json::Value) -> Attribute {
    Attribute::parse(json).unwrap()
}

/// An IdentityAttribute that `owner` gave.
pub fn received_attribute(
    owner: &Address,
    value: &serde_json::Value,
    minutes: i64,
) -> LocalAttribute {
    let id = AttributeId::generate(&RANDOM);
    LocalAttribute {
        kind: AttributeKind::PeerIdentityAttribute,
        content: content(&json!({
            "@type": "IdentityAttribute", "owner": owner, "value": value,
        })),
        share_info: vec![LocalAttributeShareInfo {
            direction: ShareDirection::Received,
            shared_at: None,
            forwarding_details_id: None,
            ..forward(&id, owner, minutes)
        }],
        id,
        ..identity_attribute("GivenName", "unused", minutes)
    }
}

/// Runs `story` in one transaction of a new wallet.
pub fn tell<T: Send + 'static>(
    story: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let home = Home::new();
    let store = home.create().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(store.write(story))
}
