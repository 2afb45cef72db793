//! Performing a Decision: what is created, shared and answered, step by step, so that a later
//! item sees what the earlier ones did.

use tessera_content::{Attribute, IdentityAttribute, RelationshipAttribute, ResponseItem, limits};
use tessera_core_types::{Address, AttributeForwardingDetailsId, AttributeId, CoreDate, RequestId};

use super::{
    Change, FileClaim, Holdings, IdSource, Situation,
    error::{Problem, code},
};
use crate::model::{
    AttributeKind, DeletionInfo, DeletionStatus, LocalAttribute, LocalAttributeShareInfo,
    ShareDirection, ShareReference,
};

/// The books of one Decision. Nothing in it reaches the store before all of it is found good.
pub(super) struct Ledger<'a> {
    pub situation: &'a Situation,
    holdings: Holdings,
    ids: &'a mut dyn IdSource,
    changes: Vec<Change>,
    claims: Vec<FileClaim>,
}

impl<'a> Ledger<'a> {
    pub fn open(situation: &'a Situation, ids: &'a mut dyn IdSource) -> Self {
        Self {
            situation,
            holdings: situation.holdings.clone(),
            ids,
            changes: Vec::new(),
            claims: Vec::new(),
        }
    }

    pub fn close(self) -> (Vec<Change>, Vec<FileClaim>) {
        (self.changes, self.claims)
    }

    /// The Attributes at hand, with everything that was done so far.
    pub fn holdings(&self) -> &Holdings {
        &self.holdings
    }

    fn record(&mut self, change: Change) {
        self.holdings.apply(&change);
        self.changes.push(change);
    }

    fn reference(&self) -> ShareReference {
        let id: RequestId = self.situation.request.id.clone();
        ShareReference::Request(id)
    }

    /// An own IdentityAttribute with this content: the one with the same value, which gets the
    /// tags that it lacks, or a new one.
    pub fn own_by_value(&mut self, content: &IdentityAttribute) -> Result<AttributeId, Problem> {
        let content = content.trimmed();
        let Some(known) = self.holdings.own_with_value(&content.value) else {
            return Ok(self.create_own_identity(content));
        };
        let id = known.id.clone();
        match content.tags {
            Some(tags) => self.with_tags(&id, &tags),
            None => Ok(id),
        }
    }

    /// The same of a value that is made of other own Attributes, which is remembered.
    pub fn own_made_of(
        &mut self,
        content: &IdentityAttribute,
        sources: Vec<AttributeId>,
    ) -> Result<AttributeId, Problem> {
        let attribute = self.own_by_value(content)?;
        for source in sources {
            let attribute = attribute.clone();
            self.record(Change::AddSource { attribute, source });
        }
        Ok(attribute)
    }

    /// This own IdentityAttribute with these tags too: a new version if it lacks one of them.
    pub fn with_tags(&mut self, id: &AttributeId, tags: &[String]) -> Result<AttributeId, Problem> {
        let known = self.existing(id)?;
        let Attribute::Identity(content) = &known.content else {
            return Err(Problem::bad_parameters("only IdentityAttributes have tags"));
        };
        let Some(merged) = merged_tags(content.tags.as_deref().unwrap_or_default(), tags)? else {
            return Ok(id.clone());
        };
        if known.succeeded_by.is_some() {
            return Err(Problem::bad_parameters(
                "tags can only be added to the newest version",
            ));
        }
        let successor = LocalAttribute {
            id: self.ids.attribute_id(),
            kind: known.kind,
            content: Attribute::Identity(
                IdentityAttribute {
                    tags: Some(merged),
                    ..content.clone()
                }
                .trimmed(),
            ),
            created_at: self.situation.now,
            succeeds: Some(id.clone()),
            succeeded_by: None,
            is_default: known.is_default,
            was_viewed_at: None,
            share_info: vec![],
        };
        let new_id = successor.id.clone();
        self.record(Change::SucceedAttribute(successor));
        Ok(new_id)
    }

    /// A new own IdentityAttribute; the first of its value type becomes the default.
    pub fn create_own_identity(&mut self, content: IdentityAttribute) -> AttributeId {
        let value_type = content.value.value_type();
        let has_default = self.holdings.iter().any(|attribute| {
            attribute.kind == AttributeKind::OwnIdentityAttribute
                && attribute.is_default
                && attribute.content.value_type() == value_type
        });
        let is_default = self.situation.sets_defaults && !has_default;
        self.create(
            AttributeKind::OwnIdentityAttribute,
            Attribute::Identity(content),
            is_default,
        )
    }

    /// A new RelationshipAttribute of the Relationship to the peer, owned by either side.
    pub fn create_of_relationship(
        &mut self,
        content: RelationshipAttribute,
    ) -> Result<AttributeId, Problem> {
        let situation = self.situation;
        let kind = if content.owner.as_ref() == Some(&situation.me) {
            AttributeKind::OwnRelationshipAttribute
        } else if content.owner.as_ref() == Some(situation.peer()) {
            AttributeKind::PeerRelationshipAttribute
        } else {
            return Err(Problem::bad_item("it would belong to neither side"));
        };
        Ok(self.create(kind, Attribute::Relationship(content), false))
    }

    fn create(&mut self, kind: AttributeKind, content: Attribute, is_default: bool) -> AttributeId {
        let id = self.ids.attribute_id();
        let share_info = match kind {
            AttributeKind::OwnIdentityAttribute => vec![],
            _ => vec![self.share(&id, ShareDirection::Relationship, None)],
        };
        self.record(Change::CreateAttribute(LocalAttribute {
            id: id.clone(),
            kind,
            content,
            created_at: self.situation.now,
            succeeds: None,
            succeeded_by: None,
            is_default,
            was_viewed_at: None,
            share_info,
        }));
        id
    }

    fn share(
        &self,
        id: &AttributeId,
        direction: ShareDirection,
        forwarding: Option<AttributeForwardingDetailsId>,
    ) -> LocalAttributeShareInfo {
        let is_forwarded = direction == ShareDirection::Forwarded;
        LocalAttributeShareInfo {
            attribute_id: id.clone(),
            direction,
            peer: self.situation.peer().clone(),
            source_reference: self.reference(),
            shared_at: is_forwarded.then_some(self.situation.now),
            initial_attribute_peer: None,
            deletion_info: None,
            forwarding_details_id: forwarding,
            wire_attribute_id: id.clone(),
        }
    }

    /// Gives an Attribute to the peer. The answer says whether the peer had it already, had an
    /// older version, or gets it for the first time; `first` makes that last answer.
    pub fn give(
        &mut self,
        id: &AttributeId,
        first: impl FnOnce(AttributeId, Attribute, Option<Address>) -> ResponseItem,
    ) -> Result<ResponseItem, Problem> {
        let peer = self.situation.peer();
        let given = self.existing(id)?;
        if has_newer_version_shared(&self.holdings, id, peer) {
            return Err(outdated());
        }
        if let Some(share) = given.living_forward_to(peer) {
            let attribute_id = share.wire_attribute_id.clone();
            if share.deletion_info.is_some() {
                let share = LocalAttributeShareInfo {
                    deletion_info: None,
                    ..share.clone()
                };
                self.record(Change::UpdateShareInfo(share));
            }
            return Ok(ResponseItem::AttributeAlreadySharedAccept { attribute_id });
        }
        let predecessor = self
            .holdings
            .older_versions(id)
            .into_iter()
            .find_map(|version| version.living_forward_to(peer))
            .map(|share| share.wire_attribute_id.clone());
        let content = given.content.clone();
        let initial_peer = content
            .as_relationship()
            .and_then(|_| given.origin())
            .map(|origin| origin.peer.clone());
        let forwarding = self.ids.forwarding_details_id();
        self.record(Change::CreateShareInfo(LocalAttributeShareInfo {
            initial_attribute_peer: initial_peer.clone(),
            ..self.share(id, ShareDirection::Forwarded, Some(forwarding))
        }));
        Ok(match predecessor {
            Some(predecessor_id) => ResponseItem::AttributeSuccessionAccept {
                predecessor_id,
                successor_id: id.clone(),
                successor_content: content,
            },
            None => first(id.clone(), content, initial_peer),
        })
    }

    /// Keeps what the peer gives, under the id that the peer gave it; under a new one if it gave
    /// none.
    pub fn receive(
        &mut self,
        id: Option<&AttributeId>,
        kind: AttributeKind,
        content: Attribute,
        initial_attribute_peer: Option<&Address>,
    ) -> AttributeId {
        let id = match id {
            Some(id) => id.clone(),
            None => self.ids.attribute_id(),
        };
        let share = LocalAttributeShareInfo {
            initial_attribute_peer: initial_attribute_peer.cloned(),
            ..self.share(&id, ShareDirection::Received, None)
        };
        self.record(Change::CreateAttribute(LocalAttribute {
            id: id.clone(),
            kind,
            content,
            created_at: self.situation.now,
            succeeds: None,
            succeeded_by: None,
            is_default: false,
            was_viewed_at: None,
            share_info: vec![share],
        }));
        id
    }

    /// Goes on keeping what the peer gave: a promise to delete it is off.
    pub fn keep(&mut self, id: &AttributeId) -> Result<(), Problem> {
        let known = self.existing(id)?;
        if let Some(origin) = known.origin().filter(|share| share.deletion_info.is_some()) {
            self.record(Change::UpdateShareInfo(LocalAttributeShareInfo {
                deletion_info: None,
                ..origin.clone()
            }));
        }
        Ok(())
    }

    /// Promises to delete what the peer gave, this version and all before it. What is promised or
    /// deleted by its owner already keeps its date.
    pub fn promise_deletion(
        &mut self,
        id: &AttributeId,
        deletion_date: CoreDate,
    ) -> Result<(), Problem> {
        let newest = self.existing(id)?;
        let older = self.holdings.older_versions(id).into_iter().cloned();
        let versions: Vec<LocalAttribute> = std::iter::once(newest).chain(older).collect();
        for version in versions {
            let origin = version.origin().filter(|origin| {
                origin.peer == *self.situation.peer()
                    && !origin.deletion_info.is_some_and(|info| {
                        matches!(
                            info.deletion_status,
                            DeletionStatus::ToBeDeleted | DeletionStatus::DeletedByEmitter
                        )
                    })
            });
            if let Some(origin) = origin {
                self.record(Change::UpdateShareInfo(LocalAttributeShareInfo {
                    deletion_info: Some(DeletionInfo {
                        deletion_status: DeletionStatus::ToBeDeleted,
                        deletion_date,
                    }),
                    ..origin.clone()
                }));
            }
        }
        Ok(())
    }

    /// Takes over a File, which can be done once.
    pub fn claim(&mut self, claim: FileClaim) -> Result<(), Problem> {
        if self
            .claims
            .iter()
            .any(|known| known.file_id == claim.file_id)
        {
            return Err(Problem::bad_item("the File is handed over twice"));
        }
        self.claims.push(claim);
        Ok(())
    }

    fn existing(&self, id: &AttributeId) -> Result<LocalAttribute, Problem> {
        let found = self.holdings.get(id).cloned();
        found.ok_or_else(|| Problem::new(code::NOT_FOUND, "there is no such Attribute"))
    }
}

/// The old tags, then those of the new ones that are not among them; `None` if there are none.
pub(super) fn merged_tags(old: &[String], new: &[String]) -> Result<Option<Vec<String>>, Problem> {
    let mut merged = old.to_vec();
    for tag in new {
        if !merged.contains(tag) {
            merged.push(tag.clone());
        }
    }
    if merged.len() > limits::TAGS {
        return Err(Problem::unreadable("more than 20 tags"));
    }
    Ok((merged.len() > old.len()).then_some(merged))
}

/// Whether [`Ledger::own_by_value`] can do its work: an Attribute holds 20 tags at most.
pub(super) fn check_own_by_value(
    holdings: &Holdings,
    content: &IdentityAttribute,
) -> Result<(), Problem> {
    let known = holdings.own_with_value(&content.value.trimmed());
    match (known, &content.tags) {
        (Some(known), Some(tags)) => merged_tags(known.content.tags(), tags).map(|_| ()),
        _ => Ok(()),
    }
}

/// Whether the peer holds a newer version than this one: going back is never answered.
/// (Upstream does not count a version that the peer promised to delete, and then tells the peer
/// that the older one succeeds the newer.)
pub(super) fn has_newer_version_shared(
    holdings: &Holdings,
    id: &AttributeId,
    peer: &Address,
) -> bool {
    holdings
        .newer_versions(id)
        .iter()
        .any(|version| version.living_forward_to(peer).is_some())
}

pub(super) fn outdated() -> Problem {
    Problem::mismatch("a newer version of the Attribute was shared already")
}
