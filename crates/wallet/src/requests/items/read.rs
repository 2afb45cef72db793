//! ReadAttributeRequestItem: the person gives an Attribute that is there, or enters one.

use std::collections::BTreeSet;

use tessera_content::{
    AcceptParameters, Attribute, AttributeQuery, Confidentiality, IdentityAttribute,
    ReadAttributeRequestItem, ResponseItem, ThirdPartyRelationshipAttributeQuery,
};
use tessera_core_types::{Address, AttributeId};

use super::{Asked, Item, Key, check_entered, unreadable};
use crate::{
    model::{AttributeKind, LocalAttribute},
    requests::{
        Lookup, Situation,
        candidates::{candidates, new_attribute, wanted_tags},
        error::{Problem, code},
        ledger::{Ledger, has_newer_version_shared, merged_tags, outdated},
    },
    views::Ask,
};

/// The answer that the parameters hold.
enum Answer {
    /// An Attribute that is there, with further tags.
    Existing(AttributeId, Vec<String>),
    /// One that the person entered.
    New(Attribute),
}

impl Answer {
    fn read(parameters: &AcceptParameters, situation: &Situation) -> Result<Self, Problem> {
        let existing = parameters
            .existing_attribute_id()
            .map_err(|error| unreadable(&error))?;
        let new = parameters
            .new_attribute()
            .map_err(|error| unreadable(&error))?;
        let tags = parameters.tags().map_err(|error| unreadable(&error))?;
        match (existing, new, tags) {
            (Some(id), None, tags) => Ok(Self::Existing(id, tags.unwrap_or_default())),
            (None, Some(attribute), None) => {
                check_entered(&attribute, situation)?;
                let owner = attribute.owner().unwrap_or(&situation.me).clone();
                Ok(Self::New(attribute.with_owner(owner)))
            }
            (None, Some(_), Some(_)) => Err(Problem::unreadable(
                "tags are given together with a new Attribute instead of inside of it",
            )),
            _ => Err(Problem::unreadable(
                "either existingAttributeId or newAttribute must be given",
            )),
        }
    }
}

impl Item for ReadAttributeRequestItem {
    fn ask(&self, situation: &Situation) -> Asked {
        let candidates = candidates(&self.query, situation);
        let new_attribute = new_attribute(&self.query, situation);
        let first_choice = candidates.first().map(|first| {
            let choice =
                AcceptParameters::none().with("existingAttributeId", first.attribute_id.as_str());
            match &first.add_tags {
                Some(tags) => choice.with("tags", tags.clone()),
                None => choice,
            }
        });
        Asked {
            can_be_accepted: first_choice.is_some() || new_attribute.is_some(),
            first_choice,
            ask: Ask::ReadAttribute {
                value_type: self.query.value_type().map(str::to_owned),
                tags: wanted_tags(&self.query, situation),
                condition: match &self.query {
                    AttributeQuery::Iql(query) => Some(query.query.as_str().to_owned()),
                    _ => None,
                },
                candidates,
                new_attribute,
            },
        }
    }

    fn check(&self, situation: &Situation, parameters: &AcceptParameters) -> Result<(), Problem> {
        let answer = Answer::read(parameters, situation)?;
        let attribute = match (&answer, &self.query) {
            (Answer::Existing(..), AttributeQuery::Relationship(_)) => {
                return Err(Problem::bad_parameters(
                    "only a new Attribute can be given here",
                ));
            }
            (Answer::New(_), AttributeQuery::ThirdParty(_)) => {
                return Err(Problem::bad_parameters(
                    "only an existing Attribute can be given here",
                ));
            }
            (Answer::Existing(id, tags), query) => existing(id, tags, query, situation)?,
            (Answer::New(attribute), _) => attribute.clone(),
        };
        if attribute.check_characters().is_err() {
            return Err(Problem::bad_parameters(
                "the Attribute contains characters that are not allowed",
            ));
        }
        self.query
            .check_answer(&attribute, situation.parties())
            .map_err(|error| Problem::mismatch(error.to_string()))?;
        if let Some(key) = self.key(&situation.me) {
            check_key(&key, self.frame.must_be_accepted, situation)?;
        }
        attribute
            .check_tags(situation.tags.as_ref())
            .map_err(|_| Problem::bad_parameters("a tag is not valid"))
    }

    fn perform(
        &self,
        ledger: &mut Ledger<'_>,
        parameters: &AcceptParameters,
    ) -> Result<ResponseItem, Problem> {
        let id = match Answer::read(parameters, ledger.situation)? {
            Answer::Existing(id, tags) if tags.is_empty() => id,
            Answer::Existing(id, tags) => ledger.with_tags(&id, &tags)?,
            Answer::New(Attribute::Identity(attribute)) => ledger.own_by_value(&attribute)?,
            Answer::New(Attribute::Relationship(attribute)) => {
                let content = Attribute::Relationship(attribute.clone());
                return Ok(ResponseItem::ReadAttributeAccept {
                    attribute_id: ledger.create_of_relationship(attribute)?,
                    attribute: content,
                    initial_attribute_peer: None,
                });
            }
        };
        ledger.give(&id, |attribute_id, attribute, initial_attribute_peer| {
            ResponseItem::ReadAttributeAccept {
                attribute_id,
                attribute,
                initial_attribute_peer,
            }
        })
    }

    fn lookups(&self, peer: &Address, lookups: &mut BTreeSet<Lookup>) {
        lookups.insert(match &self.query {
            AttributeQuery::Identity(query) => Lookup::OwnIdentity {
                value_type: Some(query.value_type.clone()),
            },
            AttributeQuery::Iql(_) => Lookup::OwnIdentity { value_type: None },
            AttributeQuery::Relationship(query) => Lookup::RelationshipKey {
                key: query.key.clone(),
                peer: Some(peer.clone()),
            },
            AttributeQuery::ThirdParty(query) => Lookup::RelationshipKey {
                key: query.key.clone(),
                peer: None,
            },
        });
    }

    fn key(&self, me: &Address) -> Option<Key> {
        match &self.query {
            AttributeQuery::Relationship(query) => Some(Key {
                owner: query.owner.as_ref().unwrap_or(me).clone(),
                key: query.key.clone(),
                value_type: query.attribute_creation_hints.value_type.clone(),
            }),
            _ => None,
        }
    }
}

/// The content that an existing Attribute would be given with, if it may be given.
fn existing(
    id: &AttributeId,
    tags: &[String],
    query: &AttributeQuery,
    situation: &Situation,
) -> Result<Attribute, Problem> {
    let Some(attribute) = situation.holdings.get(id) else {
        return Err(Problem::new(
            code::NOT_FOUND,
            "there is no Attribute with this id",
        ));
    };
    let is_received = matches!(
        attribute.kind,
        AttributeKind::PeerIdentityAttribute | AttributeKind::ThirdPartyRelationshipAttribute
    );
    if is_received {
        return Err(Problem::bad_parameters(
            "what somebody else gave can't be passed on",
        ));
    }
    if let AttributeQuery::ThirdParty(third) = query
        && attribute.content.as_relationship().is_some()
    {
        check_third_party(attribute, third, tags, situation)?;
    }
    if has_newer_version_shared(&situation.holdings, id, situation.peer()) {
        return Err(outdated());
    }
    match &attribute.content {
        Attribute::Identity(content) if !tags.is_empty() => {
            let old = content.tags.as_deref().unwrap_or_default();
            let merged = merged_tags(old, tags)?;
            Ok(Attribute::Identity(IdentityAttribute {
                tags: merged.or_else(|| content.tags.clone()),
                ..content.clone()
            }))
        }
        content => Ok(content.clone()),
    }
}

fn check_third_party(
    attribute: &LocalAttribute,
    query: &ThirdPartyRelationshipAttributeQuery,
    tags: &[String],
    situation: &Situation,
) -> Result<(), Problem> {
    let peer = attribute.origin().map(|origin| &origin.peer);
    // What belongs to the Relationship with the asking peer itself is not a third party's.
    let Some(peer) = peer.filter(|peer| query.asks_for(peer) && *peer != situation.peer()) else {
        return Err(Problem::mismatch(
            "the Relationship it belongs to is not asked for",
        ));
    };
    if !situation.established.contains(peer) {
        return Err(Problem::new(
            code::PENDING_RELATIONSHIP,
            "the Relationship it belongs to is not established",
        ));
    }
    if !tags.is_empty() {
        return Err(Problem::bad_parameters(
            "RelationshipAttributes have no tags",
        ));
    }
    let is_private = attribute
        .content
        .as_relationship()
        .is_none_or(|content| content.confidentiality == Confidentiality::Private);
    if is_private {
        return Err(Problem::mismatch("it is private"));
    }
    Ok(())
}

/// Whether a RelationshipAttribute with this key can be made.
fn check_key(key: &Key, is_required: bool, situation: &Situation) -> Result<(), Problem> {
    let peer = situation.peer();
    if key.owner != situation.me && key.owner != *peer {
        return Err(Problem::bad_item(
            "the Attribute would belong to neither side",
        ));
    }
    let is_taken = situation
        .holdings
        .takes_key(peer, &key.owner, &key.key, &key.value_type);
    match (is_taken, is_required) {
        (false, _) => Ok(()),
        (true, true) => Err(Problem::wrapped(
            code::KEY_TAKEN,
            "there is such an Attribute in this Relationship already",
        )),
        (true, false) => Err(Problem::bad_parameters(
            "there is such an Attribute in this Relationship already",
        )),
    }
}
