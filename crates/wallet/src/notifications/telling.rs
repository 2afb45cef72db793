//! Writing a Notification so that its reader understands it.

use tessera_content::{Notification, NotificationItem, ProtocolVersion};
use tessera_core_types::{Address, AttributeId};

use crate::{model::AttributeKind, requests::Holdings};

/// A Notification to `peer` in the words of the generation that it speaks. What v7 tells apart by
/// who has deleted something, v6 tells apart by whether the Attribute is of a third party; so the
/// Attributes that are told about must be at hand as they were when they were shared.
///
/// (A v6 runtime can't process it when its peer's *own* RelationshipAttribute that it got as a third
/// party is deleted, whatever it is told: it allows neither mark on it.)
#[must_use]
pub fn in_words_of(
    version: Option<ProtocolVersion>,
    notification: Notification,
    peer: &Address,
    holdings: &Holdings,
) -> Notification {
    if version != Some(ProtocolVersion::V6) {
        return notification;
    }
    let is_of_third_party = |id: &AttributeId| {
        let attribute = holdings.known_to(peer, id).or_else(|| holdings.get(id));
        attribute.is_some_and(|attribute| match attribute.kind {
            AttributeKind::ThirdPartyRelationshipAttribute => true,
            AttributeKind::PeerRelationshipAttribute => attribute
                .origin()
                .is_some_and(|origin| origin.peer != *peer),
            _ => false,
        })
    };
    let items = notification
        .items
        .into_iter()
        .map(|item| match item {
            NotificationItem::PeerRelationshipAttributeDeletedByPeer { attribute_id }
            | NotificationItem::ForwardedAttributeDeletedByPeer { attribute_id } => {
                if is_of_third_party(&attribute_id) {
                    NotificationItem::ThirdPartyRelationshipAttributeDeletedByPeer { attribute_id }
                } else {
                    NotificationItem::PeerSharedAttributeDeletedByPeer { attribute_id }
                }
            }
            item => item,
        })
        .collect();
    Notification {
        items,
        ..notification
    }
}
