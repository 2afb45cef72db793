//! What a person answers a query with: an Attribute that is there, or one that they enter. The
//! rules that Read and Propose items have in common.

use tessera_content::{
    Attribute, AttributeQuery, Confidentiality, IdentityAttribute, IqlExpression, IqlFeature,
    ResponseItem, ThirdPartyRelationshipAttributeQuery, ValueKind,
};
use tessera_core_types::{Address, AttributeId};

use super::{Key, check_enterable, unreadable};
use crate::{
    model::{AttributeKind, LocalAttribute},
    requests::{
        Lookup, Situation,
        error::{Problem, code},
        ledger::{Ledger, check_own_by_value, has_newer_version_shared, merged_tags, outdated},
        lookup::Lookups,
        parts::{self, Made, answer_of, of_v6},
    },
};

/// The answer that the parameters of an item hold.
pub(super) enum Answer {
    /// An Attribute that is there, with further tags.
    Existing(AttributeId, Vec<String>),
    /// One that the person entered.
    New(Attribute),
    /// One that is made of what is there.
    Made(Made),
}

/// What may stand in the parameters, each read by itself.
type Given<T> = Result<Option<T>, tessera_content::ContentError>;

impl Answer {
    /// Out of the parameters of an item, which every kind of item names differently.
    pub fn read(
        existing: Given<AttributeId>,
        new: Given<Attribute>,
        tags: Given<Vec<String>>,
        query: &AttributeQuery,
        situation: &Situation,
    ) -> Result<Self, Problem> {
        let existing = existing.map_err(|error| unreadable(&error))?;
        let new = new.map_err(|error| unreadable(&error))?;
        let tags = tags.map_err(|error| unreadable(&error))?;
        match (existing, new, tags) {
            (Some(id), None, tags) => {
                let named = situation.holdings.get(&id);
                let given = of_v6(query).zip(named).and_then(|(query, attribute)| {
                    answer_of(attribute, query, &situation.holdings)
                });
                Ok(match given {
                    Some(made) => Self::Made(made),
                    None => Self::Existing(id, tags.unwrap_or_default()),
                })
            }
            (None, Some(attribute), None) => {
                // What only v6 knows is given to those who ask for it.
                if of_v6(query).is_none_or(|query| query.value_type != attribute.value_type()) {
                    check_enterable(&attribute, situation)?;
                }
                let owner = attribute.owner().unwrap_or(&situation.me).clone();
                Ok(Self::New(attribute.with_owner(owner)))
            }
            (None, Some(_), Some(_)) => Err(Problem::unreadable(
                "tags are given together with a new Attribute instead of inside of it",
            )),
            _ => Err(Problem::unreadable(
                "either an existing or a new Attribute must be given",
            )),
        }
    }

    /// Whether it may answer the query of a required or optional item.
    pub fn check(
        &self,
        query: &AttributeQuery,
        is_required: bool,
        situation: &Situation,
    ) -> Result<(), Problem> {
        let attribute = match (self, query) {
            (Self::Existing(..), AttributeQuery::Relationship(_)) => {
                return Err(Problem::bad_parameters(
                    "only a new Attribute can be given here",
                ));
            }
            (Self::New(_), AttributeQuery::ThirdParty(_)) => {
                return Err(Problem::bad_parameters(
                    "only an existing Attribute can be given here",
                ));
            }
            (Self::Existing(id, tags), query) => existing(id, tags, query, situation)?,
            (Self::New(attribute), _) => attribute.clone(),
            (Self::Made(made), _) => Attribute::Identity(made.content.clone()),
        };
        if attribute.check_characters().is_err() {
            return Err(Problem::bad_parameters(
                "the Attribute contains characters that are not allowed",
            ));
        }
        query
            .check_answer(&attribute, situation.parties())
            .map_err(|error| Problem::mismatch(error.to_string()))?;
        if let Some(key) = Key::asked_for(query, &situation.me) {
            key.check(is_required, situation)?;
        }
        attribute
            .check_tags(situation.tags.as_deref())
            .map_err(|_| Problem::bad_parameters("a tag is not valid"))?;
        match (self, &attribute) {
            (Self::New(_) | Self::Made(_), Attribute::Identity(content)) => {
                check_own_by_value(&situation.holdings, content)
            }
            _ => Ok(()),
        }
    }

    /// Gives it to the peer; `accept` makes the answer when it is given for the first time.
    pub fn give(
        self,
        ledger: &mut Ledger<'_>,
        accept: impl FnOnce(AttributeId, Attribute, Option<Address>) -> ResponseItem,
    ) -> Result<ResponseItem, Problem> {
        let id = match self {
            Self::Existing(id, tags) if tags.is_empty() => id,
            Self::Existing(id, tags) => ledger.with_tags(&id, &tags)?,
            Self::New(Attribute::Identity(attribute)) => ledger.own_by_value(&attribute)?,
            Self::Made(made) => ledger.own_made_of(&made.content, made.sources)?,
            Self::New(Attribute::Relationship(attribute)) => {
                let content = Attribute::Relationship(attribute.clone());
                let id = ledger.create_of_relationship(attribute)?;
                return Ok(accept(id, content, None));
            }
        };
        ledger.give(&id, accept)
    }
}

/// What has to be at hand whatever a query is answered with: whether the key that it asks for is
/// free in the Relationship, and the parts of what only v6 asks for.
pub(super) fn lookup(query: &AttributeQuery, peer: &Address, lookups: &mut Lookups) {
    match query {
        AttributeQuery::Identity(query) if query.is_v6_only() => parts::lookups(query, lookups),
        AttributeQuery::Relationship(query) => {
            let (key, peer) = (query.key.clone(), Some(peer.clone()));
            lookups.push(Lookup::RelationshipKey { key, peer });
        }
        _ => {}
    }
}

/// What has to be at hand to show what could answer a query.
pub(super) fn lookup_choices(query: &AttributeQuery, peer: &Address, lookups: &mut Lookups) {
    match query {
        AttributeQuery::Identity(identity) if identity.is_v6_only() => lookup(query, peer, lookups),
        AttributeQuery::Identity(query) => {
            // Those that have a tag that is asked for, and those that would have to get one.
            for tags in [vec![], query.tags.clone().unwrap_or_default()] {
                let value_type = query.value_type.clone();
                lookups.push(Lookup::Candidates { value_type, tags });
            }
        }
        AttributeQuery::Iql(query) => match query.query.condition().necessary() {
            None => {
                lookups.push(Lookup::OwnOfType(None));
            }
            Some(necessary) => lookups.extend(necessary.into_iter().map(|feature| match feature {
                IqlFeature::ValueType(name) => Lookup::OwnOfType(Some(name.to_owned())),
                IqlFeature::Tag(tag) => Lookup::OwnWithTag(tag.to_owned()),
                IqlFeature::Text(value_type, text) => Lookup::OwnWithText {
                    value_type: value_type.map(str::to_owned),
                    text: text.to_owned(),
                },
            })),
        },
        AttributeQuery::Relationship(_) => lookup(query, peer, lookups),
        AttributeQuery::ThirdParty(query) => {
            let key = query.key.clone();
            lookups.push(Lookup::RelationshipKey { key, peer: None });
        }
    }
}

/// Through how many Attributes it was looked for those that fulfil a condition, if there are more.
pub(super) fn looked_through(query: &AttributeQuery, situation: &Situation) -> Option<u32> {
    condition(query)?;
    if situation.holdings.iter().count() < Lookup::LOOKED_THROUGH {
        return None;
    }
    let mut lookups = Lookups::new();
    lookup_choices(query, situation.peer(), &mut lookups);
    let is_cut_off = |one: &Lookup| {
        let found = situation.holdings.iter().filter(|held| one.finds(held));
        one.is_of_condition() && found.count() >= Lookup::LOOKED_THROUGH
    };
    lookups
        .iter()
        .any(is_cut_off)
        .then(|| u32::try_from(Lookup::LOOKED_THROUGH).unwrap_or(u32::MAX))
}

/// The condition that a query is, if it is one.
pub(super) fn condition(query: &AttributeQuery) -> Option<&IqlExpression> {
    match query {
        AttributeQuery::Iql(query) => Some(&query.query),
        _ => None,
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
    if attribute.content.value().kind() == ValueKind::V6 && of_v6(query).is_none() {
        return Err(Problem::bad_parameters(
            "this value type is only known to older versions",
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
