//! What a received Notification means.

use tessera_content::{Attribute, Notification, NotificationItem};
use tessera_core_types::{Address, AttributeId, CoreDate};

use super::{NotificationError, NotificationProblem};
use crate::{
    attributes::{Earlier, mark_given, mark_origin, succession},
    model::{AttributeKind, DeletionInfo, DeletionStatus, LocalAttribute, ShareReference},
    requests::{Change, Holdings},
};

/// Everything that decides what a Notification means.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// Who sent it.
    pub peer: &'a Address,
    /// What was sent.
    pub notification: &'a Notification,
    /// The Attributes it names, with all of their versions, as far as they are here.
    pub holdings: &'a Holdings,
    /// Now.
    pub now: CoreDate,
}

/// What a Notification leads to, for one transaction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Processed {
    /// What changes here, in this order.
    pub changes: Vec<Change>,
    /// What happened, in words of enmeshed.
    pub events: Vec<NotificationEvent>,
}

/// Something that a Notification told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotificationEvent {
    /// A peer has a new version of an Attribute that it had given.
    AttributeSucceeded {
        /// The version that was known.
        predecessor: AttributeId,
        /// The new one.
        successor: AttributeId,
    },
    /// A peer has deleted something that it had given.
    OwnAttributeDeletedByOwner(AttributeId),
    /// A peer has deleted something of a Relationship that is not its own.
    PeerRelationshipAttributeDeletedByPeer(AttributeId),
    /// A peer has deleted something that had been given to it.
    ForwardedAttributeDeletedByPeer(AttributeId),
}

impl NotificationEvent {
    /// The name that enmeshed publishes it under.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::AttributeSucceeded { .. } => "consumption.attributeSucceeded",
            Self::OwnAttributeDeletedByOwner(_) => "consumption.ownAttributeDeletedByOwner",
            Self::PeerRelationshipAttributeDeletedByPeer(_) => {
                "consumption.peerRelationshipAttributeDeletedByPeer"
            }
            Self::ForwardedAttributeDeletedByPeer(_) => {
                "consumption.forwardedAttributeDeletedByPeer"
            }
        }
    }
}

/// The ids that a Notification names, as its sender knows them: what is here under them, for this
/// sender or at all, must be at hand for [`process`].
#[must_use]
pub fn named_attributes(notification: &Notification) -> Vec<AttributeId> {
    let mut ids = Vec::new();
    for item in &notification.items {
        match item {
            NotificationItem::PeerAttributeSucceeded {
                predecessor_id,
                successor_id,
                ..
            } => ids.extend([predecessor_id.clone(), successor_id.clone()]),
            NotificationItem::OwnAttributeDeletedByOwner { attribute_id }
            | NotificationItem::PeerRelationshipAttributeDeletedByPeer { attribute_id }
            | NotificationItem::ForwardedAttributeDeletedByPeer { attribute_id }
            | NotificationItem::PeerSharedAttributeDeletedByPeer { attribute_id }
            | NotificationItem::ThirdPartyRelationshipAttributeDeletedByPeer { attribute_id } => {
                ids.push(attribute_id.clone());
            }
            NotificationItem::Unknown(_) => {}
        }
    }
    ids
}

/// Checks a Notification and says what it means. Items in the words of v6 are taken for what they
/// mean in v7.
///
/// A later item sees what the earlier ones did. A new version that came with the same Notification
/// before is left as it is; something that is not here any more means nothing.
///
/// # Errors
///
/// [`NotificationError`] for the first item that is wrong; then nothing of the Notification may be
/// used.
pub fn process(received: Received<'_>) -> Result<Processed, NotificationError> {
    let mut books = Books {
        holdings: received.holdings.clone(),
        received,
        processed: Processed::default(),
    };
    for (index, item) in received.notification.items.iter().enumerate() {
        books.item(item).map_err(|problem| NotificationError {
            item: index,
            problem,
        })?;
    }
    Ok(books.processed)
}

struct Books<'a> {
    received: Received<'a>,
    holdings: Holdings,
    processed: Processed,
}

type Outcome = Result<(), NotificationProblem>;

impl Books<'_> {
    fn item(&mut self, item: &NotificationItem) -> Outcome {
        match item {
            NotificationItem::PeerAttributeSucceeded {
                predecessor_id,
                successor_id,
                successor_content,
            } => self.succeeded(predecessor_id, successor_id, successor_content),
            NotificationItem::OwnAttributeDeletedByOwner { attribute_id } => {
                self.with(attribute_id, Self::deleted_by_owner)
            }
            NotificationItem::PeerRelationshipAttributeDeletedByPeer { attribute_id } => {
                self.with(attribute_id, Self::deleted_by_peer)
            }
            NotificationItem::ForwardedAttributeDeletedByPeer { attribute_id } => {
                self.with(attribute_id, Self::forwarded_deleted)
            }
            NotificationItem::PeerSharedAttributeDeletedByPeer { attribute_id } => {
                self.with(attribute_id, |books, attribute| {
                    if books.is_own_of_this_relationship(attribute) {
                        books.deleted_by_peer(attribute)
                    } else {
                        books.forwarded_deleted(attribute)
                    }
                })
            }
            NotificationItem::ThirdPartyRelationshipAttributeDeletedByPeer { attribute_id } => self
                .with(attribute_id, |books, attribute| {
                    if attribute.kind == AttributeKind::ThirdPartyRelationshipAttribute {
                        books.deleted_by_owner(attribute)
                    } else {
                        books.forwarded_deleted(attribute)
                    }
                }),
            NotificationItem::Unknown(_) => Err(NotificationProblem::NotUnderstood),
        }
    }

    /// Does something with an Attribute that the sender names. One that is not here (any more)
    /// means nothing.
    fn with(
        &mut self,
        id: &AttributeId,
        work: impl FnOnce(&mut Self, &LocalAttribute) -> Outcome,
    ) -> Outcome {
        match self.named(id).cloned() {
            Some(attribute) => work(self, &attribute),
            None => Ok(()),
        }
    }

    /// What the sender means by an id. What another peer knows under it is found as well, so that
    /// the sender is told apart from one who names nothing.
    fn named(&self, id: &AttributeId) -> Option<&LocalAttribute> {
        self.holdings
            .known_to(self.received.peer, id)
            .or_else(|| self.holdings.get(id))
    }

    fn is_own_of_this_relationship(&self, attribute: &LocalAttribute) -> bool {
        attribute.kind == AttributeKind::OwnRelationshipAttribute && self.is_from_sender(attribute)
    }

    fn is_from_sender(&self, attribute: &LocalAttribute) -> bool {
        attribute
            .origin()
            .is_some_and(|origin| origin.peer == *self.received.peer)
    }

    fn succeeded(
        &mut self,
        predecessor: &AttributeId,
        successor: &AttributeId,
        content: &Attribute,
    ) -> Outcome {
        let Received {
            peer,
            notification,
            now,
            ..
        } = self.received;
        if content.owner() != Some(peer) {
            return Err(NotificationProblem::SenderIsNotOwner);
        }
        let old = self
            .named(predecessor)
            .ok_or(NotificationProblem::PredecessorDoesNotExist)?;
        let is_theirs = matches!(
            old.kind,
            AttributeKind::PeerIdentityAttribute | AttributeKind::PeerRelationshipAttribute
        );
        if !is_theirs {
            return Err(NotificationProblem::WrongTypeOfAttribute);
        }
        let content = content.trimmed();
        let source = ShareReference::Notification(notification.id.clone());
        let known = self.holdings.get(successor);
        let came_before = known.is_some_and(|known| {
            known.succeeds.as_ref() == Some(&old.id)
                && known.content == content
                && known.origin().map(|origin| &origin.source_reference) == Some(&source)
        });
        if came_before {
            return Ok(());
        }
        succession::check(old, &content, known.is_some())?;
        let event = NotificationEvent::AttributeSucceeded {
            predecessor: old.id.clone(),
            successor: successor.clone(),
        };
        let new = succession::successor(old, successor.clone(), content, Some(source), now);
        self.record(vec![Change::SucceedAttribute(new)], event);
        Ok(())
    }

    fn deleted_by_owner(&mut self, attribute: &LocalAttribute) -> Outcome {
        let is_received = matches!(
            attribute.kind,
            AttributeKind::PeerIdentityAttribute
                | AttributeKind::PeerRelationshipAttribute
                | AttributeKind::ThirdPartyRelationshipAttribute
        );
        self.check(attribute, is_received)?;
        let mark = attribute.origin().and_then(|origin| origin.deletion_info);
        if mark.is_some_and(|info| info.deletion_status == DeletionStatus::ToBeDeleted) {
            return Ok(());
        }
        let info = self.mark(DeletionStatus::DeletedByEmitter);
        let changes = mark_origin(&self.holdings, &attribute.id, info, Earlier::Stays);
        let event = NotificationEvent::OwnAttributeDeletedByOwner(attribute.id.clone());
        self.record(changes, event);
        Ok(())
    }

    fn deleted_by_peer(&mut self, attribute: &LocalAttribute) -> Outcome {
        let status = match attribute.kind {
            AttributeKind::OwnRelationshipAttribute => Some(DeletionStatus::DeletedByRecipient),
            AttributeKind::ThirdPartyRelationshipAttribute => {
                Some(DeletionStatus::DeletedByEmitter)
            }
            _ => None,
        };
        self.check(attribute, status.is_some())?;
        let info = self.mark(status.unwrap_or(DeletionStatus::DeletedByRecipient));
        let changes = mark_origin(&self.holdings, &attribute.id, info, Earlier::IsReplaced);
        let event = NotificationEvent::PeerRelationshipAttributeDeletedByPeer(attribute.id.clone());
        self.record(changes, event);
        Ok(())
    }

    fn forwarded_deleted(&mut self, attribute: &LocalAttribute) -> Outcome {
        let can_be_forwarded = matches!(
            attribute.kind,
            AttributeKind::OwnIdentityAttribute
                | AttributeKind::OwnRelationshipAttribute
                | AttributeKind::PeerRelationshipAttribute
        );
        if !can_be_forwarded {
            return Err(NotificationProblem::WrongTypeOfAttribute);
        }
        let peer = self.received.peer;
        if attribute.living_forward_to(peer).is_none() {
            let had_it = attribute.share_info.iter().any(|share| share.peer == *peer);
            return Err(if had_it {
                NotificationProblem::AlreadyDeleted
            } else {
                NotificationProblem::SenderIsNotPeer
            });
        }
        let info = self.mark(DeletionStatus::DeletedByRecipient);
        let earlier = Earlier::IsReplaced;
        let changes = mark_given(&self.holdings, &attribute.id, peer, info, earlier);
        let event = NotificationEvent::ForwardedAttributeDeletedByPeer(attribute.id.clone());
        self.record(changes, event);
        Ok(())
    }

    fn check(&self, attribute: &LocalAttribute, is_right_kind: bool) -> Outcome {
        if !is_right_kind {
            return Err(NotificationProblem::WrongTypeOfAttribute);
        }
        if !self.is_from_sender(attribute) {
            return Err(NotificationProblem::SenderIsNotPeer);
        }
        Ok(())
    }

    fn mark(&self, deletion_status: DeletionStatus) -> DeletionInfo {
        DeletionInfo {
            deletion_status,
            deletion_date: self.received.now,
        }
    }

    fn record(&mut self, changes: Vec<Change>, event: NotificationEvent) {
        for change in &changes {
            self.holdings.apply(change);
        }
        self.processed.changes.extend(changes);
        self.processed.events.push(event);
    }
}
