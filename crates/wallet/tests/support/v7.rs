//! The stored objects of enmeshed 7 and the wallet's model.

use serde_json::{Map, Value, json};
use tessera_content::Attribute;
use tessera_core_types::{Address, AttributeForwardingDetailsId, AttributeId, CoreDate};
use tessera_wallet::model::{
    AttributeKind, DeletionInfo, LocalAttribute, LocalAttributeShareInfo, ShareDirection,
    ShareReference,
};

fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

fn id(object: &Value, name: &str) -> Option<AttributeId> {
    text(object, name).map(|id| AttributeId::parse(id).unwrap())
}

fn date(object: &Value, name: &str) -> CoreDate {
    CoreDate::parse(text(object, name).unwrap()).unwrap()
}

fn address(object: &Value, name: &str) -> Option<Address> {
    text(object, name).map(|address| Address::parse(address).unwrap())
}

fn reference(object: &Value) -> ShareReference {
    let text = text(object, "sourceReference").unwrap();
    if text.starts_with("REQ") {
        ShareReference::Request(text.parse().unwrap())
    } else {
        ShareReference::Notification(text.parse().unwrap())
    }
}

fn deletion_info(object: &Value) -> Option<DeletionInfo> {
    let info = object.get("deletionInfo")?;
    Some(serde_json::from_value(info.clone()).unwrap())
}

/// Reads a stored Attribute.
pub fn read_attribute(object: &Value) -> LocalAttribute {
    let kind: AttributeKind = serde_json::from_value(object["@type"].clone()).unwrap();
    let own_id = id(object, "id").unwrap();
    let direction = match kind {
        AttributeKind::OwnIdentityAttribute => None,
        AttributeKind::OwnRelationshipAttribute | AttributeKind::PeerRelationshipAttribute => {
            Some(ShareDirection::Relationship)
        }
        _ => Some(ShareDirection::Received),
    };
    LocalAttribute {
        kind,
        content: Attribute::parse(&object["content"]).unwrap(),
        created_at: date(object, "createdAt"),
        succeeds: id(object, "succeeds"),
        succeeded_by: id(object, "succeededBy"),
        is_default: object.get("isDefault") == Some(&json!(true)),
        was_viewed_at: None,
        share_info: direction
            .map(|direction| LocalAttributeShareInfo {
                attribute_id: own_id.clone(),
                direction,
                peer: address(object, "peer").unwrap(),
                source_reference: reference(object),
                shared_at: None,
                initial_attribute_peer: address(object, "initialAttributePeer"),
                deletion_info: deletion_info(object),
                forwarding_details_id: None,
                wire_attribute_id: own_id.clone(),
            })
            .into_iter()
            .collect(),
        id: own_id,
    }
}

/// Reads stored forwarding details.
pub fn read_forwarding_details(object: &Value) -> LocalAttributeShareInfo {
    let attribute_id = id(object, "attributeId").unwrap();
    let details_id = text(object, "id").unwrap();
    LocalAttributeShareInfo {
        direction: ShareDirection::Forwarded,
        peer: address(object, "peer").unwrap(),
        source_reference: reference(object),
        shared_at: Some(date(object, "sharedAt")),
        initial_attribute_peer: None,
        deletion_info: deletion_info(object),
        forwarding_details_id: Some(AttributeForwardingDetailsId::parse(details_id).unwrap()),
        wire_attribute_id: attribute_id.clone(),
        attribute_id,
    }
}

/// An Attribute as it is stored.
pub fn attribute(attribute: &LocalAttribute) -> Value {
    let mut object = Map::new();
    object.insert(
        "@type".into(),
        serde_json::to_value(attribute.kind).unwrap(),
    );
    object.insert("id".into(), json!(attribute.id));
    object.insert("content".into(), attribute.content.to_json());
    object.insert("createdAt".into(), json!(attribute.created_at));
    let mut optional = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(name.into(), value);
        }
    };
    optional("succeeds", attribute.succeeds.as_ref().map(|id| json!(id)));
    optional(
        "succeededBy",
        attribute.succeeded_by.as_ref().map(|id| json!(id)),
    );
    optional("isDefault", attribute.is_default.then(|| json!(true)));
    if let Some(origin) = attribute.origin() {
        optional("peer", Some(json!(origin.peer)));
        optional(
            "sourceReference",
            Some(json!(origin.source_reference.as_str())),
        );
        optional(
            "initialAttributePeer",
            origin
                .initial_attribute_peer
                .as_ref()
                .map(|peer| json!(peer)),
        );
        optional("deletionInfo", origin.deletion_info.map(|info| json!(info)));
    }
    Value::Object(object)
}

/// Forwarding details as they are stored.
pub fn forwarding_details(share: &LocalAttributeShareInfo) -> Value {
    let mut object = json!({
        "@type": "AttributeForwardingDetails",
        "id": share.forwarding_details_id,
        "attributeId": share.attribute_id,
        "peer": share.peer,
        "sourceReference": share.source_reference.as_str(),
        "sharedAt": share.shared_at,
    });
    if let Some(info) = share.deletion_info {
        object["deletionInfo"] = json!(info);
    }
    object
}
