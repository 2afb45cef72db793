//! Words of enmeshed v6 beside those of v7: writing them, and telling from them who speaks which.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::attributes::{ValueKind, ValueType};

/// A generation of enmeshed. Both share the Backbone; some words differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProtocolVersion {
    /// 6.x.
    V6,
    /// 7.x.
    V7,
}

/// The same JSON with the names by which v6 and 7.0.0 to 7.0.2 know two properties beside the
/// newer ones: `sourceAttributeId` of ShareAttributeRequestItems and `thirdPartyAddress` of those
/// and of ReadAttributeAcceptResponseItems. Every version takes the name it knows and drops the
/// other, so what is sent to a peer of unknown version carries both.
#[must_use]
pub fn with_v6_names(mut json: Value) -> Value {
    add_names(&mut json);
    json
}

fn add_names(json: &mut Value) {
    match json {
        Value::Array(entries) => entries.iter_mut().for_each(add_names),
        Value::Object(map) => {
            let copies: &[(&str, &str)] = match map.get("@type").and_then(Value::as_str) {
                Some("ShareAttributeRequestItem") => &[
                    ("attributeId", "sourceAttributeId"),
                    ("initialAttributePeer", "thirdPartyAddress"),
                ],
                Some("ReadAttributeAcceptResponseItem") => {
                    &[("initialAttributePeer", "thirdPartyAddress")]
                }
                _ => &[],
            };
            for (newer, older) in copies {
                if let Some(value) = map.get(*newer).cloned() {
                    map.insert((*older).to_owned(), value);
                }
            }
            if !copies.is_empty() {
                map.sort_keys();
            }
            // Only where items can be: metadata and values are the sender's own.
            for name in [
                "items",
                "response",
                "onNewRelationship",
                "onExistingRelationship",
            ] {
                if let Some(inner) = map.get_mut(name) {
                    add_names(inner);
                }
            }
        }
        _ => {}
    }
}

/// Value types that came with 7.x.
const VALUE_TYPES_OF_V7: &[&str] = &[
    "BankAccount",
    "MaritalStatus",
    "SchematizedJSON",
    "VerifiableCredential",
];

/// Items that had a title of their own in v6 only.
const TITLE_IS_OF_V6: &[&str] = &[
    "ConsentRequestItem",
    "CreateAttributeRequestItem",
    "DeleteAttributeRequestItem",
    "ProposeAttributeRequestItem",
    "ReadAttributeRequestItem",
    "ShareAttributeRequestItem",
    "TransferFileOwnershipRequestItem",
];

/// Which generation whoever wrote this speaks, as far as it shows: content of a template, of a
/// Relationship or of a Message, as it came. A word that only v7 has counts before one of v6, which
/// a newer sender may write beside it for those who don't know the newer one.
#[must_use]
pub fn sign_of_version(content: &Value) -> Option<ProtocolVersion> {
    let mut signs = Signs::default();
    signs.look(content);
    match signs {
        Signs { v7: true, .. } => Some(ProtocolVersion::V7),
        Signs { v6: true, .. } => Some(ProtocolVersion::V6),
        _ => None,
    }
}

#[derive(Default)]
struct Signs {
    v6: bool,
    v7: bool,
}

impl Signs {
    fn look(&mut self, json: &Value) {
        match json {
            Value::Array(entries) => entries.iter().for_each(|entry| self.look(entry)),
            Value::Object(map) => {
                if let Some(name) = map.get("@type").and_then(Value::as_str) {
                    self.item(name, map);
                }
                // Only where items can be: metadata and values are the sender's own.
                for name in [
                    "items",
                    "response",
                    "onNewRelationship",
                    "onExistingRelationship",
                ] {
                    if let Some(inner) = map.get(name) {
                        self.look(inner);
                    }
                }
            }
            _ => {}
        }
    }

    fn item(&mut self, name: &str, item: &Map<String, Value>) {
        match name {
            "FreeTextRequestItem"
            | "RegisterAttributeListenerRequestItem"
            | "FreeTextAcceptResponseItem"
            | "RegisterAttributeListenerAcceptResponseItem"
            | "ShareAttributeAcceptResponseItem"
            | "PeerSharedAttributeSucceededNotificationItem"
            | "OwnSharedAttributeDeletedByOwnerNotificationItem"
            | "PeerSharedAttributeDeletedByPeerNotificationItem"
            | "ThirdPartyRelationshipAttributeDeletedByPeerNotificationItem"
            | "ThirdPartyOwnedRelationshipAttributeDeletedByPeerNotificationItem" => self.v6 = true,
            "ShareCredentialOfferRequestItem"
            | "ShareAuthorizationRequestRequestItem"
            | "PeerAttributeSucceededNotificationItem"
            | "OwnAttributeDeletedByOwnerNotificationItem"
            | "PeerRelationshipAttributeDeletedByPeerNotificationItem"
            | "ForwardedAttributeDeletedByPeerNotificationItem" => self.v7 = true,
            "ShareAttributeRequestItem" if item.contains_key("attributeId") => self.v7 = true,
            "ShareAttributeRequestItem" if item.contains_key("sourceAttributeId") => self.v6 = true,
            // v7 can't do without.
            "AuthenticationRequestItem" => self.v6 |= !item.contains_key("title"),
            "TransferFileOwnershipRequestItem" => self.v6 |= !item.contains_key("ownershipToken"),
            _ => {}
        }
        self.v7 |= item.contains_key("initialAttributePeer");
        if name.ends_with("RequestItem") {
            self.v7 |= item.contains_key("requiresInteraction");
            self.v6 |= item.contains_key("requireManualDecision");
            self.v6 |= item.contains_key("title") && TITLE_IS_OF_V6.contains(&name);
        }
        let [query, attribute, successor] =
            ["query", "attribute", "successorContent"].map(|part| item.get(part));
        for part in [query, attribute, successor].into_iter().flatten() {
            self.v6 |= part.get("validFrom").or(part.get("validTo")).is_some();
        }
        let value_types = [
            query.and_then(|query| query.get("valueType")),
            query.and_then(|query| query.get("attributeCreationHints")?.get("valueType")),
            attribute.and_then(|attribute| attribute.get("value")?.get("@type")),
            successor.and_then(|attribute| attribute.get("value")?.get("@type")),
        ];
        for name in value_types.into_iter().flatten().filter_map(Value::as_str) {
            self.v7 |= VALUE_TYPES_OF_V7.contains(&name);
            self.v6 |= ValueType::of_kind(ValueKind::V6, name).is_some()
                && ValueType::of_kind(ValueKind::Identity, name).is_none();
        }
    }
}
