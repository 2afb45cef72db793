//! The Attributes at hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tessera_content::AttributeValue;
use tessera_core_types::{Address, AttributeId};

use super::Change;
use crate::model::{AttributeKind, DeletionStatus, LocalAttribute};

/// Attributes with what is known about sharing them. A clone shares the Attributes that neither
/// changes.
#[derive(Debug, Clone, Default)]
pub struct Holdings {
    attributes: BTreeMap<AttributeId, Arc<LocalAttribute>>,
    holders: BTreeMap<AttributeId, u32>,
}

impl FromIterator<Arc<LocalAttribute>> for Holdings {
    fn from_iter<T: IntoIterator<Item = Arc<LocalAttribute>>>(attributes: T) -> Self {
        Self {
            attributes: attributes
                .into_iter()
                .map(|attribute| (attribute.id.clone(), attribute))
                .collect(),
            holders: BTreeMap::new(),
        }
    }
}

impl FromIterator<LocalAttribute> for Holdings {
    fn from_iter<T: IntoIterator<Item = LocalAttribute>>(attributes: T) -> Self {
        attributes.into_iter().map(Arc::new).collect()
    }
}

impl Holdings {
    /// The Attribute with this id.
    #[must_use]
    pub fn get(&self, id: &AttributeId) -> Option<&LocalAttribute> {
        self.attributes.get(id).map(Arc::as_ref)
    }

    /// To the Relationships with whom these Attributes belong.
    #[must_use]
    pub fn relationship_peers(&self) -> BTreeSet<&Address> {
        self.iter()
            .filter(|attribute| attribute.content.as_relationship().is_some())
            .filter_map(|attribute| Some(&attribute.origin()?.peer))
            .collect()
    }

    /// How many others have an Attribute, as far as they have not told that they deleted it: what was
    /// set, else as many as the records of sharing at hand say.
    #[must_use]
    pub fn holders(&self, attribute: &LocalAttribute) -> u32 {
        let at_hand = || {
            let shares = attribute.share_info.iter();
            let living = shares.filter(|share| !share.is_deleted_by_recipient());
            u32::try_from(living.count()).unwrap_or(u32::MAX)
        };
        let set = self.holders.get(&attribute.id).copied();
        set.unwrap_or_else(at_hand)
    }

    /// Says how many others have an Attribute of which not all records of sharing are at hand.
    pub fn set_holders(&mut self, id: AttributeId, holders: u32) {
        self.holders.insert(id, holders);
    }

    /// The Attribute with this id, to change it.
    fn get_mut(&mut self, id: &AttributeId) -> Option<&mut LocalAttribute> {
        self.attributes.get_mut(id).map(Arc::make_mut)
    }

    /// The Attribute that a peer knows under this id: it came from the peer, or the peer has it.
    #[must_use]
    pub fn known_to(&self, peer: &Address, wire_id: &AttributeId) -> Option<&LocalAttribute> {
        self.iter().find(|attribute| {
            let mut shares = attribute.share_info.iter();
            shares.any(|share| share.peer == *peer && share.wire_attribute_id == *wire_id)
        })
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &LocalAttribute> {
        self.attributes.values().map(Arc::as_ref)
    }

    /// The versions after this one, the next one first.
    pub(crate) fn newer_versions(&self, id: &AttributeId) -> Vec<&LocalAttribute> {
        self.follow(id, |attribute| attribute.succeeded_by.as_ref())
    }

    /// The versions before this one, the last one first.
    pub(crate) fn older_versions(&self, id: &AttributeId) -> Vec<&LocalAttribute> {
        self.follow(id, |attribute| attribute.succeeds.as_ref())
    }

    /// A damaged chain may be a circle: no more steps than there are Attributes.
    fn follow<'a>(
        &'a self,
        id: &AttributeId,
        next: impl Fn(&'a LocalAttribute) -> Option<&'a AttributeId>,
    ) -> Vec<&'a LocalAttribute> {
        let start = self.get(id);
        std::iter::successors(start, |attribute| self.get(next(attribute)?))
            .skip(1)
            .take_while(|attribute| attribute.id != *id)
            .take(self.attributes.len())
            .collect()
    }

    /// The newest own IdentityAttribute with this (trimmed) value; tags do not matter.
    pub(crate) fn own_with_value(&self, value: &AttributeValue) -> Option<&LocalAttribute> {
        self.iter().find(|attribute| {
            attribute.kind == AttributeKind::OwnIdentityAttribute
                && attribute.succeeded_by.is_none()
                && attribute.content.value() == value
        })
    }

    /// Whether a key is in use within the Relationship to `peer`. Older versions count; what is
    /// deleted, or promised to be, does not.
    pub(crate) fn takes_key(
        &self,
        peer: &Address,
        owner: &Address,
        key: &str,
        value_type: &str,
    ) -> bool {
        self.iter().any(|attribute| {
            let belongs_to_it = matches!(
                attribute.kind,
                AttributeKind::OwnRelationshipAttribute | AttributeKind::PeerRelationshipAttribute
            );
            let Some(content) = attribute
                .content
                .as_relationship()
                .filter(|_| belongs_to_it)
            else {
                return false;
            };
            let is_alive = attribute.origin().is_some_and(|origin| {
                origin.peer == *peer
                    && origin.deletion_info.is_none_or(|info| {
                        matches!(
                            info.deletion_status,
                            DeletionStatus::DeletionRequestSent
                                | DeletionStatus::DeletionRequestRejected
                        )
                    })
            });
            is_alive
                && content.key == key
                && content.owner.as_ref() == Some(owner)
                && content.value.value_type() == value_type
        })
    }

    /// Makes a change here, as the store makes it there.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::CreateAttribute(attribute) => self.insert(attribute),
            Change::SucceedAttribute(successor) => {
                let predecessor = successor.succeeds.as_ref();
                if let Some(old) = predecessor.and_then(|id| self.get_mut(id)) {
                    old.succeeded_by = Some(successor.id.clone());
                    old.is_default = false;
                }
                self.insert(successor);
            }
            Change::CreateShareInfo(share) => {
                if let Some(attribute) = self.get_mut(&share.attribute_id) {
                    attribute.share_info.push(share.clone());
                }
            }
            Change::UpdateShareInfo(share) => {
                let shares = self
                    .get_mut(&share.attribute_id)
                    .map(|attribute| attribute.share_info.as_mut_slice())
                    .unwrap_or_default();
                for known in shares {
                    let is_same = known.direction == share.direction
                        && known.peer == share.peer
                        && known.forwarding_details_id == share.forwarding_details_id;
                    if is_same {
                        known.deletion_info = share.deletion_info;
                    }
                }
            }
            Change::DeleteAttribute(id) => {
                self.attributes.remove(id);
                for attribute in self.attributes.values_mut() {
                    if attribute.succeeds.as_ref() == Some(id) {
                        Arc::make_mut(attribute).succeeds = None;
                    }
                }
            }
            Change::SetDefault(id) => self.set_default(id),
            // No rule asks for it.
            Change::AddSource { .. } => {}
        }
    }

    fn set_default(&mut self, id: &AttributeId) {
        let Some(chosen) = self.attributes.get(id).cloned() else {
            return;
        };
        for attribute in self.attributes.values_mut() {
            let is_default = attribute.id == *id;
            if attribute.is_default != is_default
                && attribute.content.value_type() == chosen.content.value_type()
            {
                Arc::make_mut(attribute).is_default = is_default;
            }
        }
    }

    fn insert(&mut self, attribute: &LocalAttribute) {
        self.attributes
            .insert(attribute.id.clone(), Arc::new(attribute.clone()));
    }
}
