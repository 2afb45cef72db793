//! Stories about Ada, who is asked by an energy company, and properties that always hold.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod answering;
mod arbitrary;
mod asking;
mod creating;
mod deleting;
mod entering;
mod hostile;
mod living;
mod looking_up;
mod of_v6;
mod properties;
mod receiving;
mod sharing;
mod taking_files;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tessera_content::{Attribute, Decision, Request};
use tessera_core_types::{
    Address, AttributeForwardingDetailsId, AttributeId, CoreDate, RequestId, SystemRandomness,
};

use super::{Decided, DecisionError, RandomIds, Situation, Verdict, decide};
use crate::{
    model::{
        AttributeKind, DeletionInfo, DeletionStatus, LocalAttribute, LocalAttributeShareInfo,
        LocalRequest, LocalRequestSource, LocalRequestStatus, RelationshipStatus, ShareDirection,
        ShareReference,
    },
    views::{PeerView, RequestSummary},
};

fn identity(name: &str) -> Address {
    Address::of_key(name.as_bytes(), "tessera.example")
}

fn ada() -> Address {
    identity("Ada")
}

fn energy() -> Address {
    identity("Energy company")
}

fn library() -> Address {
    identity("Library")
}

fn date(text: &str) -> CoreDate {
    CoreDate::parse(text).unwrap()
}

fn now() -> CoreDate {
    date("2026-06-01T12:00:00.000Z")
}

fn attribute_id(n: u32) -> AttributeId {
    AttributeId::parse(&format!("ATTexample{n:010}")).unwrap()
}

/// The energy company asks Ada by a template; she knows it not yet.
fn asked(items: Value) -> Situation {
    let content = Request::parse(&json!({ "items": items })).unwrap();
    let mut request = LocalRequest {
        id: RequestId::parse("REQexample0000000001").unwrap(),
        is_own: false,
        peer: energy(),
        created_at: now(),
        content,
        source: Some(LocalRequestSource::RelationshipTemplate {
            reference: "RLTexample0000000001".parse().unwrap(),
        }),
        response: None,
        status: LocalRequestStatus::Open,
        status_log: vec![],
        was_automatically_decided: false,
    };
    super::require_decision(&mut request, now());
    Situation {
        me: ada(),
        now: now(),
        today: now().to_utc().date_naive(),
        request,
        relationship: None,
        peer_deletion: None,
        established: [library()].into(),
        holdings: super::Holdings::default(),
        files: BTreeMap::new(),
        tags: None,
        sets_defaults: true,
    }
}

/// The same on an active Relationship.
fn asked_by_message(items: Value) -> Situation {
    let mut situation = asked(items);
    situation.relationship = Some(RelationshipStatus::Active);
    situation.established.insert(energy());
    situation.request.source = Some(LocalRequestSource::Message {
        reference: "MSGexample0000000001".parse().unwrap(),
    });
    situation
}

impl Situation {
    fn holding(mut self, attributes: impl IntoIterator<Item = LocalAttribute>) -> Self {
        self.holdings = attributes.into_iter().collect();
        self
    }
}

fn stored(n: u32, kind: AttributeKind, content: &Value) -> LocalAttribute {
    LocalAttribute {
        id: attribute_id(n),
        kind,
        content: Attribute::parse(content).unwrap(),
        created_at: date(&format!("2025-01-01T00:00:00.{n:03}Z")),
        succeeds: None,
        succeeded_by: None,
        is_default: false,
        was_viewed_at: None,
        share_info: vec![],
    }
}

/// An own IdentityAttribute; a higher number is newer.
fn own(n: u32, value: Value) -> LocalAttribute {
    let content = json!({ "@type": "IdentityAttribute", "owner": ada(), "value": value });
    stored(n, AttributeKind::OwnIdentityAttribute, &content)
}

fn given_name(name: &str) -> Value {
    json!({ "@type": "GivenName", "value": name })
}

/// Ada's customer number (or so) with `peer`.
fn own_with(n: u32, peer: &Address, key: &str, confidentiality: &str) -> LocalAttribute {
    let content = json!({
        "@type": "RelationshipAttribute", "owner": ada(), "key": key,
        "confidentiality": confidentiality, "isTechnical": false,
        "value": { "@type": "ProprietaryString", "title": "Number", "value": "4711" },
    });
    let attribute = stored(n, AttributeKind::OwnRelationshipAttribute, &content);
    let share = share(&attribute, ShareDirection::Relationship, peer);
    attribute.with_share(share)
}

fn share(
    attribute: &LocalAttribute,
    direction: ShareDirection,
    peer: &Address,
) -> LocalAttributeShareInfo {
    let number = &attribute.id.as_str()[13..];
    LocalAttributeShareInfo {
        attribute_id: attribute.id.clone(),
        direction,
        peer: peer.clone(),
        source_reference: ShareReference::Request("REQexample0000000900".parse().unwrap()),
        shared_at: (direction == ShareDirection::Forwarded).then(now),
        initial_attribute_peer: None,
        deletion_info: None,
        forwarding_details_id: (direction == ShareDirection::Forwarded).then(|| {
            AttributeForwardingDetailsId::parse(&format!("ATTFDexample0{number}")).unwrap()
        }),
        wire_attribute_id: attribute.id.clone(),
    }
}

impl LocalAttribute {
    fn with_share(mut self, share: LocalAttributeShareInfo) -> Self {
        self.share_info.push(share);
        self
    }

    fn with_tags(mut self, tags: &[&str]) -> Self {
        let mut content = self.content.to_json();
        content["tags"] = json!(tags);
        self.content = Attribute::parse(&content).unwrap();
        self
    }

    fn made_default(mut self) -> Self {
        self.is_default = true;
        self
    }

    fn given_to(self, peer: &Address) -> Self {
        let share = share(&self, ShareDirection::Forwarded, peer);
        self.with_share(share)
    }

    fn given_and(self, peer: &Address, deletion_status: DeletionStatus) -> Self {
        let mut share = share(&self, ShareDirection::Forwarded, peer);
        share.deletion_info = Some(DeletionInfo {
            deletion_status,
            deletion_date: now(),
        });
        self.with_share(share)
    }
}

/// Makes the second one the successor of the first.
fn versions(mut old: LocalAttribute, mut new: LocalAttribute) -> [LocalAttribute; 2] {
    old.succeeded_by = Some(new.id.clone());
    new.succeeds = Some(old.id.clone());
    [old, new]
}

fn summary(situation: &Situation) -> RequestSummary {
    RequestSummary {
        id: situation.request.id.clone(),
        peer: PeerView {
            address: energy(),
            name: None,
            title: None,
            first_seen_at: now(),
            relationship_id: None,
        },
        title: None,
        status: situation.request.status,
        accepted: None,
        held: None,
        created_at: now(),
        expires_at: None,
        is_dismissible: false,
        is_dismissed: false,
        item_count: 0,
    }
}

fn accept(situation: &Situation, items: Value) -> Result<Decided, DecisionError> {
    let decision = Decision::parse(&json!({ "items": items })).unwrap();
    let mut ids = RandomIds(&SystemRandomness);
    decide(situation, Verdict::Accept, &decision, &mut ids)
}

fn read(query: Value) -> Value {
    json!({ "@type": "ReadAttributeRequestItem", "mustBeAccepted": true, "query": query })
}

fn read_given_name() -> Value {
    read(json!({ "@type": "IdentityAttributeQuery", "valueType": "GivenName" }))
}

/// What `peer` gave about itself.
fn received(n: u32, peer: &Address, name: &str) -> LocalAttribute {
    let mut received = own(n, given_name(name));
    received.kind = AttributeKind::PeerIdentityAttribute;
    received.content = received.content.with_owner(peer.clone());
    let share = share(&received, ShareDirection::Received, peer);
    received.with_share(share)
}

/// Asks for an Attribute of another Relationship, `""` for any.
fn read_of_third(key: &str, third: &str) -> Value {
    read(json!({
        "@type": "ThirdPartyRelationshipAttributeQuery",
        "owner": "", "thirdParty": [third], "key": key,
    }))
}

/// Asks for a new RelationshipAttribute.
fn read_new(key: &str, owner: &str) -> Value {
    read(json!({
        "@type": "RelationshipAttributeQuery", "owner": owner, "key": key,
        "attributeCreationHints": {
            "title": "Meter", "valueType": "ProprietaryString", "confidentiality": "public",
        },
    }))
}
