//! Deleting Attributes, and who has to be told.

use tessera_content::{Notification, NotificationItem};
use tessera_core_types::{Address, AttributeId};

use super::{AttributeError, Keeping, Kept, OutgoingNotification};
use crate::{
    model::{AttributeKind, LocalAttribute, ShareDirection},
    requests::{Change, IdSource},
};

/// A peer that has to be told, and the id under which it knows the newest version it has.
type Told = (Address, AttributeId);

impl Keeping<'_> {
    /// Deletes an Attribute, own or received, with all of its older versions; newer versions stay.
    /// Everybody who has a version of an own one is told, and whoever it came from or belongs to a
    /// Relationship with. A default passes to the youngest other one of its type.
    ///
    /// (Upstream refuses when the next version is missing.)
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotFound`]; [`AttributeError::RelationshipPending`] when somebody who had
    /// to be told can't be yet.
    pub fn delete(&self, id: &AttributeId, ids: &mut dyn IdSource) -> Result<Kept, AttributeError> {
        let attribute = self.holdings.get(id).ok_or(AttributeError::NotFound)?;
        let notifications = self
            .audience(attribute)?
            .into_iter()
            .map(|(peer, attribute_id)| OutgoingNotification {
                peer,
                notification: Notification {
                    id: ids.notification_id(),
                    items: vec![deleted(attribute.kind, attribute_id)],
                },
            })
            .collect();
        let mut changes: Vec<Change> = self
            .holdings
            .older_versions(id)
            .iter()
            .rev()
            .map(|older| Change::DeleteAttribute(older.id.clone()))
            .collect();
        changes.push(Change::DeleteAttribute(id.clone()));
        changes.extend(self.heir(attribute).map(Change::SetDefault));
        Ok(Kept {
            changes,
            notifications,
        })
    }

    /// Who has to be told of a deletion, each once.
    pub(crate) fn audience(&self, attribute: &LocalAttribute) -> Result<Vec<Told>, AttributeError> {
        let origin = attribute
            .origin()
            .map(|origin| (origin.peer.clone(), origin.wire_attribute_id.clone()));
        let mut having: Vec<Told> = origin.into_iter().collect();
        let is_ours_to_forward = !matches!(
            attribute.kind,
            AttributeKind::PeerIdentityAttribute | AttributeKind::ThirdPartyRelationshipAttribute
        );
        if is_ours_to_forward {
            let older = self.holdings.older_versions(&attribute.id);
            for version in std::iter::once(attribute).chain(older) {
                for share in &version.share_info {
                    let has_it = share.direction == ShareDirection::Forwarded
                        && !share.is_deleted_by_recipient();
                    if has_it && having.iter().all(|(peer, _)| *peer != share.peer) {
                        having.push((share.peer.clone(), share.wire_attribute_id.clone()));
                    }
                }
            }
        }
        let mut told = Vec::with_capacity(having.len());
        for (peer, attribute_id) in having {
            match self.contacts.get(&peer) {
                Some(contact) if contact.is_pending() => {
                    return Err(AttributeError::RelationshipPending);
                }
                Some(contact) if contact.can_be_told() => told.push((peer, attribute_id)),
                _ => {}
            }
        }
        Ok(told)
    }

    /// Which one becomes the default when this one is deleted.
    fn heir(&self, attribute: &LocalAttribute) -> Option<AttributeId> {
        if !self.sets_defaults || !attribute.is_default {
            return None;
        }
        self.own_of_type(attribute.content.value_type())
            .filter(|other| other.succeeded_by.is_none() && other.id != attribute.id)
            .max_by_key(|other| other.created_at)
            .map(|other| other.id.clone())
    }
}

/// What is told about the deletion of an Attribute of this kind.
fn deleted(kind: AttributeKind, attribute_id: AttributeId) -> NotificationItem {
    match kind {
        AttributeKind::OwnIdentityAttribute | AttributeKind::OwnRelationshipAttribute => {
            NotificationItem::OwnAttributeDeletedByOwner { attribute_id }
        }
        AttributeKind::PeerRelationshipAttribute => {
            NotificationItem::PeerRelationshipAttributeDeletedByPeer { attribute_id }
        }
        AttributeKind::PeerIdentityAttribute | AttributeKind::ThirdPartyRelationshipAttribute => {
            NotificationItem::ForwardedAttributeDeletedByPeer { attribute_id }
        }
    }
}
