//! What a person does with their Attributes: pure functions from what is known to what changes
//! and who has to be told.

use chrono::NaiveDate;
use serde_json::{Value, json};
use tessera_content::{
    Attribute, AttributeValue, ContentError, IdentityAttribute, Notification, NotificationItem,
    RelationshipAttribute, TagCollection, ValueKind,
};
use tessera_core_types::{Address, AttributeId, CoreDate};

use super::{AttributeError, Contacts, succession};
use crate::{
    model::{
        AttributeKind, LocalAttribute, LocalAttributeShareInfo, ShareDirection, ShareReference,
    },
    requests::{Change, Holdings, IdSource},
};

/// Everything that decides what can be done with Attributes, and what that means.
#[derive(Debug, Clone, Copy)]
pub struct Keeping<'a> {
    /// This identity.
    pub me: &'a Address,
    /// Now.
    pub now: CoreDate,
    /// The day where the person is: birth dates may not lie after it.
    pub today: NaiveDate,
    /// The Attributes it is about, with all of their versions. For a new one: those of its value
    /// type with the same value, and the default of the type. For the deletion of a default: the
    /// youngest others of its type.
    pub holdings: &'a Holdings,
    /// How it stands with everybody who has one of them.
    pub contacts: &'a Contacts,
    /// The Backbone's tags; `None` if they were never loaded.
    pub tags: Option<&'a TagCollection>,
    /// Whether there is a default for each value type (a person's wallet keeps them, a program
    /// without a person does not).
    pub sets_defaults: bool,
}

/// What an own action leads to, for one transaction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    /// What changes here, in this order.
    pub changes: Vec<Change>,
    /// Who has to be told what: one Message each.
    pub notifications: Vec<OutgoingNotification>,
}

/// A Notification and to whom it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct OutgoingNotification {
    /// To whom.
    pub peer: Address,
    /// What.
    pub notification: Notification,
}

impl Keeping<'_> {
    /// Adds an own IdentityAttribute with this value (with `@type`) and these tags. The first of
    /// its value type becomes the default.
    ///
    /// # Errors
    ///
    /// [`AttributeError::Duplicate`] when the newest version of another one has this value, blanks
    /// at the ends and tags apart; [`AttributeError::Content`] for a value, tags or characters
    /// that are not valid.
    pub fn create(
        &self,
        value: &Value,
        tags: Option<&[String]>,
        ids: &mut dyn IdSource,
    ) -> Result<Kept, AttributeError> {
        let content = self.own_content(value, tags)?.trimmed();
        if let Some(known) = self.holdings.own_with_value(&content.value) {
            let existing = known.id.clone();
            return Err(AttributeError::Duplicate { existing });
        }
        let content = Attribute::Identity(content);
        content.check_tags(self.tags)?;
        content.check_characters()?;
        let has_default = self
            .own_of_type(content.value_type())
            .any(|other| other.is_default);
        let attribute = LocalAttribute {
            id: ids.attribute_id(),
            kind: AttributeKind::OwnIdentityAttribute,
            content,
            created_at: self.now,
            succeeds: None,
            succeeded_by: None,
            is_default: self.sets_defaults && !has_default,
            was_viewed_at: Some(self.now),
            share_info: Vec::new(),
        };
        Ok(Kept::only(Change::CreateAttribute(attribute)))
    }

    /// Makes a new version of an own IdentityAttribute; tags that are not given again are gone.
    /// Nobody is told by this: see [`Keeping::tell_of_succession`].
    ///
    /// # Errors
    ///
    /// [`AttributeError::PredecessorNotFound`], [`AttributeError::NotOwnIdentityAttribute`],
    /// [`AttributeError::InvalidSuccessor`], [`AttributeError::Content`] for tags that are not
    /// valid, [`AttributeError::Succession`] for the first rule that is broken.
    pub fn succeed_identity(
        &self,
        id: &AttributeId,
        value: &Value,
        tags: Option<&[String]>,
        ids: &mut dyn IdSource,
    ) -> Result<Kept, AttributeError> {
        let old = self.predecessor(id)?;
        if old.kind != AttributeKind::OwnIdentityAttribute {
            return Err(AttributeError::NotOwnIdentityAttribute);
        }
        let content = self
            .own_content(value, tags)
            .map_err(AttributeError::InvalidSuccessor)?;
        let content = Attribute::Identity(content.trimmed());
        content.check_tags(self.tags)?;
        succession::check(old, &content, false)?;
        let mut new = succession::successor(old, ids.attribute_id(), content, None, self.now);
        new.was_viewed_at = Some(self.now);
        Ok(Kept::only(Change::SucceedAttribute(new)))
    }

    /// Makes a new version of an own RelationshipAttribute: only its value changes, title and
    /// description included. Its peer is told; third parties it was forwarded to are not.
    ///
    /// # Errors
    ///
    /// As [`Keeping::succeed_identity`]; [`AttributeError::NotOwnRelationshipAttribute`],
    /// [`AttributeError::CannotBeTold`].
    pub fn succeed_relationship(
        &self,
        id: &AttributeId,
        value: &Value,
        ids: &mut dyn IdSource,
    ) -> Result<Kept, AttributeError> {
        let old = self.predecessor(id)?;
        let (Attribute::Relationship(content), Some(origin)) = (&old.content, old.origin()) else {
            return Err(AttributeError::NotOwnRelationshipAttribute);
        };
        if old.kind != AttributeKind::OwnRelationshipAttribute {
            return Err(AttributeError::NotOwnRelationshipAttribute);
        }
        let value = AttributeValue::parse(ValueKind::Relationship, value)
            .map_err(AttributeError::InvalidSuccessor)?;
        let content = Attribute::Relationship(RelationshipAttribute {
            value,
            ..content.clone()
        });
        succession::check(old, &content, false)?;
        self.check_can_be_told(&origin.peer)?;
        let notification_id = ids.notification_id();
        let source = ShareReference::Notification(notification_id.clone());
        let id = ids.attribute_id();
        let mut new = succession::successor(old, id, content.clone(), Some(source), self.now);
        new.was_viewed_at = Some(self.now);
        let item = NotificationItem::PeerAttributeSucceeded {
            predecessor_id: origin.wire_attribute_id.clone(),
            successor_id: new.id.clone(),
            successor_content: content,
        };
        Ok(Kept {
            changes: vec![Change::SucceedAttribute(new)],
            notifications: vec![OutgoingNotification {
                peer: origin.peer.clone(),
                notification: Notification {
                    id: notification_id,
                    items: vec![item],
                },
            }],
        })
    }

    /// Tells a peer that has an older version of an own IdentityAttribute about this one. Versions
    /// in between are skipped.
    ///
    /// # Errors
    ///
    /// [`AttributeError::NotFound`], [`AttributeError::NotOwnIdentityAttribute`],
    /// [`AttributeError::PeerHasNoOlderVersion`], [`AttributeError::PeerHasThisVersion`],
    /// [`AttributeError::PeerHasNewerVersion`], [`AttributeError::CannotBeTold`].
    pub fn tell_of_succession(
        &self,
        id: &AttributeId,
        peer: &Address,
        ids: &mut dyn IdSource,
    ) -> Result<Kept, AttributeError> {
        let attribute = self.holdings.get(id).ok_or(AttributeError::NotFound)?;
        if attribute.kind != AttributeKind::OwnIdentityAttribute {
            return Err(AttributeError::NotOwnIdentityAttribute);
        }
        let has_it = |version: &&LocalAttribute| version.living_forward_to(peer).is_some();
        if self.holdings.newer_versions(id).iter().any(has_it) {
            return Err(AttributeError::PeerHasNewerVersion);
        }
        if has_it(&attribute) {
            return Err(AttributeError::PeerHasThisVersion);
        }
        let older = self.holdings.older_versions(id);
        let known = older
            .iter()
            .find_map(|version| version.living_forward_to(peer))
            .ok_or(AttributeError::PeerHasNoOlderVersion)?;
        self.check_can_be_told(peer)?;
        let notification_id = ids.notification_id();
        let share = LocalAttributeShareInfo {
            attribute_id: id.clone(),
            direction: ShareDirection::Forwarded,
            peer: peer.clone(),
            source_reference: ShareReference::Notification(notification_id.clone()),
            shared_at: Some(self.now),
            initial_attribute_peer: None,
            deletion_info: None,
            forwarding_details_id: Some(ids.forwarding_details_id()),
            wire_attribute_id: id.clone(),
        };
        let item = NotificationItem::PeerAttributeSucceeded {
            predecessor_id: known.wire_attribute_id.clone(),
            successor_id: id.clone(),
            successor_content: attribute.content.clone(),
        };
        Ok(Kept {
            changes: vec![Change::CreateShareInfo(share)],
            notifications: vec![OutgoingNotification {
                peer: peer.clone(),
                notification: Notification {
                    id: notification_id,
                    items: vec![item],
                },
            }],
        })
    }

    /// Makes an own IdentityAttribute the default of its value type.
    ///
    /// # Errors
    ///
    /// [`AttributeError::DefaultsDisabled`], [`AttributeError::NotFound`],
    /// [`AttributeError::NotOwnIdentityAttribute`], [`AttributeError::HasSuccessor`].
    pub fn set_default(&self, id: &AttributeId) -> Result<Kept, AttributeError> {
        if !self.sets_defaults {
            return Err(AttributeError::DefaultsDisabled);
        }
        let attribute = self.holdings.get(id).ok_or(AttributeError::NotFound)?;
        if attribute.kind != AttributeKind::OwnIdentityAttribute {
            return Err(AttributeError::NotOwnIdentityAttribute);
        }
        if attribute.succeeded_by.is_some() {
            return Err(AttributeError::HasSuccessor);
        }
        Ok(if attribute.is_default {
            Kept::default()
        } else {
            Kept::only(Change::SetDefault(id.clone()))
        })
    }

    pub(super) fn own_of_type(&self, value_type: &str) -> impl Iterator<Item = &LocalAttribute> {
        self.holdings.iter().filter(move |attribute| {
            attribute.kind == AttributeKind::OwnIdentityAttribute
                && attribute.content.value_type() == value_type
        })
    }

    fn predecessor(&self, id: &AttributeId) -> Result<&LocalAttribute, AttributeError> {
        self.holdings
            .get(id)
            .ok_or(AttributeError::PredecessorNotFound)
    }

    fn check_can_be_told(&self, peer: &Address) -> Result<(), AttributeError> {
        match self.contacts.get(peer) {
            Some(contact) if contact.can_be_told() => Ok(()),
            _ => Err(AttributeError::CannotBeTold),
        }
    }

    /// An own IdentityAttribute with this value.
    fn own_content(
        &self,
        value: &Value,
        tags: Option<&[String]>,
    ) -> Result<IdentityAttribute, ContentError> {
        // Only the value types that a person may have, not those that only v6 knows.
        let parsed = AttributeValue::parse(ValueKind::Identity, value)?;
        parsed.check_date(self.today)?;
        let mut json = json!({
            "@type": "IdentityAttribute",
            "owner": self.me,
            "value": parsed,
        });
        if let Some(tags) = tags {
            json["tags"] = tags.into();
        }
        IdentityAttribute::parse(&json)
    }
}

impl Kept {
    fn only(change: Change) -> Self {
        Self {
            changes: vec![change],
            notifications: Vec::new(),
        }
    }
}
