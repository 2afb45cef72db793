//! Where Requests arrive: two identities, a date, and what the input says is stored.

use serde_json::Value;
use tessera_content::Attribute;
use tessera_core_types::{Address, CoreDate};
use tessera_wallet::{
    model::{
        AttributeKind, DeletionInfo, LocalAttribute, LocalAttributeShareInfo, RelationshipStatus,
        ShareDirection, ShareReference,
    },
    requests::Holdings,
};

/// The identity here, as in the recorded cases.
const ME: &str = "did:e:tessera.example:dids:b21d0de6cd0c2c868617f0";
/// The one that asks.
const PEER: &str = "did:e:tessera.example:dids:e8be3815513145b83f0fab";
/// Now.
const NOW: &str = "2026-01-01T12:00:00.000Z";

/// Who and when.
pub(crate) struct World {
    pub(crate) me: Address,
    pub(crate) peer: Address,
    pub(crate) now: CoreDate,
}

impl World {
    pub(crate) fn new() -> Option<Self> {
        Some(Self {
            me: Address::parse(ME).ok()?,
            peer: Address::parse(PEER).ok()?,
            now: CoreDate::parse(NOW).ok()?,
        })
    }
}

/// The status of the newest Relationship with the peer.
pub(crate) fn relationship(setup: &Value) -> Option<RelationshipStatus> {
    let relationships = setup["relationships"].as_array()?;
    let with_peer = relationships.iter().rfind(|one| one["peer"] == PEER)?;
    serde_json::from_value(with_peer["status"].clone()).ok()
}

/// What is stored, as far as it can be understood.
pub(crate) fn holdings(setup: &Value) -> Holdings {
    let list = |name: &str| setup[name].as_array().map_or(&[][..], Vec::as_slice);
    let mut attributes: Vec<LocalAttribute> = list("localAttributes")
        .iter()
        .take(32)
        .filter_map(attribute)
        .collect();
    for share in list("forwardingDetails")
        .iter()
        .take(32)
        .filter_map(forwarded)
    {
        let mut of_it = attributes.iter_mut();
        if let Some(attribute) = of_it.find(|attribute| attribute.id == share.attribute_id) {
            attribute.share_info.push(share);
        }
    }
    attributes.into_iter().collect()
}

fn attribute(json: &Value) -> Option<LocalAttribute> {
    let kind: AttributeKind = serde_json::from_value(json["@type"].clone()).ok()?;
    let content = Attribute::parse(&json["content"]).ok()?;
    let id = |name: &str| json[name].as_str()?.parse().ok();
    let direction = match kind {
        AttributeKind::OwnIdentityAttribute => None,
        AttributeKind::OwnRelationshipAttribute | AttributeKind::PeerRelationshipAttribute => {
            Some(ShareDirection::Relationship)
        }
        _ => Some(ShareDirection::Received),
    };
    let share_info = match direction {
        None => Vec::new(),
        Some(direction) => vec![share(json, "id", direction)?],
    };
    Some(LocalAttribute {
        id: id("id")?,
        kind,
        content,
        created_at: CoreDate::parse(json["createdAt"].as_str()?).ok()?,
        succeeds: id("succeeds"),
        succeeded_by: id("succeededBy"),
        is_default: json["isDefault"] == true,
        was_viewed_at: None,
        share_info,
    })
}

fn forwarded(json: &Value) -> Option<LocalAttributeShareInfo> {
    let mut share = share(json, "attributeId", ShareDirection::Forwarded)?;
    share.shared_at = CoreDate::parse(json["sharedAt"].as_str()?).ok();
    share.forwarding_details_id = json["id"].as_str()?.parse().ok();
    Some(share)
}

fn share(json: &Value, id: &str, direction: ShareDirection) -> Option<LocalAttributeShareInfo> {
    let attribute_id: tessera_core_types::AttributeId = json[id].as_str()?.parse().ok()?;
    let reference = json["sourceReference"].as_str()?;
    let deletion_info = json.get("deletionInfo").cloned();
    Some(LocalAttributeShareInfo {
        attribute_id: attribute_id.clone(),
        direction,
        peer: Address::parse(json["peer"].as_str()?).ok()?,
        source_reference: reference
            .parse()
            .map(ShareReference::Request)
            .or_else(|_| reference.parse().map(ShareReference::Notification))
            .ok()?,
        shared_at: None,
        initial_attribute_peer: json["initialAttributePeer"]
            .as_str()
            .and_then(|peer| Address::parse(peer).ok()),
        deletion_info: deletion_info
            .and_then(|info| serde_json::from_value::<DeletionInfo>(info).ok()),
        forwarding_details_id: None,
        wire_attribute_id: attribute_id,
    })
}
