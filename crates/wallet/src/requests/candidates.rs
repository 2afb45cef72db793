//! Own Attributes that can be offered for a query, and what a new one would be made of.

use std::cmp::Reverse;

use serde_json::{Map, Value};
use tessera_content::{
    AttributeQuery, Confidentiality, IdentityAttributeQuery, RelationshipAttributeQuery,
    ThirdPartyRelationshipAttributeQuery, ValueKind, ValueType, check_tags,
};

use super::{
    Situation,
    parts::{answer_of, of_v6},
};
use crate::{
    model::{AttributeKind, LocalAttribute},
    views::{Candidate, NewAttribute},
};

/// Most candidates for one item: nobody chooses among more.
pub(super) const MAX_CANDIDATES: usize = 200;

/// The newest versions of the Attributes at hand that answer a query, the best first, `most` of
/// them and 200 at most:
/// those that answer as they are before those that first need a tag, then the default of the value
/// type, then the newest.
///
/// A query for a RelationshipAttribute of this Relationship has none, since only a new one answers
/// it. What is private or belongs to the Relationship with the peer itself is never offered to a
/// query for Attributes of third parties.
pub(super) fn candidates(
    query: &AttributeQuery,
    situation: &Situation,
    most: usize,
) -> Vec<Candidate> {
    let mut found: Vec<(&LocalAttribute, Vec<String>)> = situation
        .holdings
        .iter()
        .filter(|attribute| attribute.succeeded_by.is_none())
        .filter_map(|attribute| {
            let tags = match query {
                AttributeQuery::Identity(query) => identity(query, attribute, situation),
                AttributeQuery::Iql(query) => own_identity(attribute)
                    .filter(|content| content.value.kind() == ValueKind::Identity)
                    .filter(|content| query.query.matches(content))
                    .map(|_| vec![]),
                AttributeQuery::Relationship(_) => None,
                AttributeQuery::ThirdParty(third) => {
                    is_third_party_candidate(query, third, attribute, situation).then(Vec::new)
                }
            };
            tags.map(|tags| (attribute, tags))
        })
        .collect();
    found.sort_by_key(|(attribute, tags)| {
        (
            !tags.is_empty(),
            !attribute.is_default,
            Reverse(attribute.created_at),
            &attribute.id,
        )
    });
    found
        .into_iter()
        .take(most.min(MAX_CANDIDATES))
        .map(|(attribute, tags)| {
            let given = of_v6(query)
                .filter(|query| attribute.content.value_type() != query.value_type)
                .and_then(|query| answer_of(attribute, query, &situation.holdings));
            let shown = candidate(attribute, tags, situation);
            match given {
                Some(given) => Candidate {
                    value: given.content.value.to_json(),
                    tags: given.content.tags.unwrap_or_default(),
                    already_shared_with_peer: false,
                    ..shown
                },
                None => shown,
            }
        })
        .collect()
}

fn own_identity(attribute: &LocalAttribute) -> Option<&tessera_content::IdentityAttribute> {
    attribute
        .content
        .as_identity()
        .filter(|_| attribute.kind == AttributeKind::OwnIdentityAttribute)
}

/// `None` if it does not answer, else the tags it needs before it does.
fn identity(
    query: &IdentityAttributeQuery,
    attribute: &LocalAttribute,
    situation: &Situation,
) -> Option<Vec<String>> {
    let content = own_identity(attribute)?;
    let value_type = content.value.value_type();
    if value_type != query.value_type {
        return part(query, attribute, situation);
    }
    let wanted = query.tags.as_deref().unwrap_or_default();
    let has = content.tags.as_deref().unwrap_or_default();
    if wanted.is_empty() || wanted.iter().any(|tag| has.contains(tag)) {
        return Some(vec![]);
    }
    usable_tags(query.tags.as_deref(), value_type, situation)
        .into_iter()
        .next()
        .map(|tag| vec![tag])
}

/// For what only v6 asks for: `None` if nothing of the Attribute answers it, or if there is an own one
/// that does so by itself.
fn part(
    query: &IdentityAttributeQuery,
    attribute: &LocalAttribute,
    situation: &Situation,
) -> Option<Vec<String>> {
    let given = query
        .is_v6_only()
        .then(|| answer_of(attribute, query, &situation.holdings))
        .flatten()?
        .content;
    let wants_tags = query.tags.as_ref().is_some_and(|tags| !tags.is_empty());
    let has_them = !wants_tags || given.tags.is_some();
    let is_there = situation.holdings.own_with_value(&given.value.trimmed());
    (has_them && is_there.is_none()).then(Vec::new)
}

/// Those of the tags that an Attribute of this value type may have at all.
fn usable_tags(tags: Option<&[String]>, value_type: &str, situation: &Situation) -> Vec<String> {
    let is_usable = |tag: &&String| {
        check_tags(
            std::slice::from_ref(*tag),
            value_type,
            situation.tags.as_deref(),
        )
        .is_ok()
    };
    let tags = tags.unwrap_or_default();
    tags.iter().filter(is_usable).cloned().collect()
}

/// The tags that a query asks for or, for an expression, proposes; as far as they may be used.
pub(super) fn wanted_tags(query: &AttributeQuery, situation: &Situation) -> Vec<String> {
    let tags = match query {
        AttributeQuery::Identity(query) => query.tags.as_deref(),
        AttributeQuery::Iql(query) => query
            .attribute_creation_hints
            .as_ref()
            .and_then(|hints| hints.tags.as_deref()),
        AttributeQuery::Relationship(_) | AttributeQuery::ThirdParty(_) => None,
    };
    usable_tags(tags, query.value_type().unwrap_or_default(), situation)
}

fn is_third_party_candidate(
    query: &AttributeQuery,
    third: &ThirdPartyRelationshipAttributeQuery,
    attribute: &LocalAttribute,
    situation: &Situation,
) -> bool {
    matches!(
        attribute.kind,
        AttributeKind::OwnRelationshipAttribute | AttributeKind::PeerRelationshipAttribute
    ) && query
        .check_answer(&attribute.content, situation.parties())
        .is_ok()
        && attribute.origin().is_some_and(|origin| {
            origin.peer != *situation.peer()
                && third.asks_for(&origin.peer)
                && situation.established.contains(&origin.peer)
        })
}

fn candidate(
    attribute: &LocalAttribute,
    add_tags: Vec<String>,
    situation: &Situation,
) -> Candidate {
    let is_third_party = attribute.kind != AttributeKind::OwnIdentityAttribute;
    Candidate {
        attribute_id: attribute.id.clone(),
        value: attribute.content.value().to_json(),
        tags: attribute.content.tags().to_vec(),
        add_tags: (!add_tags.is_empty()).then_some(add_tags),
        is_default: attribute.is_default,
        created_at: attribute.created_at,
        already_shared_with_peer: attribute.living_forward_to(situation.peer()).is_some(),
        shared_with: situation.holdings.holders(attribute),
        third_party: attribute
            .origin()
            .filter(|_| is_third_party)
            .map(|origin| origin.peer.clone()),
        is_protected: attribute
            .content
            .as_relationship()
            .map(|content| content.confidentiality == Confidentiality::Protected)
            .filter(|is_protected| *is_protected),
    }
}

/// What a new Attribute that answers a query would be made of; `None` if only an existing one may
/// be given, or the person can't enter a value of that type.
pub(super) fn new_attribute(query: &AttributeQuery, situation: &Situation) -> Option<NewAttribute> {
    let kind = match query {
        AttributeQuery::Relationship(_) => ValueKind::Relationship,
        _ => ValueKind::Identity,
    };
    let value_type = query.value_type()?;
    if !ValueType::of_kind(kind, value_type)?.is_editable() {
        return None;
    }
    if let AttributeQuery::Identity(identity) = query {
        let wants_tags = identity.tags.as_ref().is_some_and(|tags| !tags.is_empty());
        if wants_tags && wanted_tags(query, situation).is_empty() {
            return None;
        }
    }
    let relationship_attribute = match query {
        AttributeQuery::Relationship(query) => Some(template_of(query, situation)?),
        _ => None,
    };
    Some(NewAttribute {
        value_type: value_type.to_owned(),
        relationship_attribute,
    })
}

/// The RelationshipAttribute that answers a query, all but its value; `None` if none can be.
fn template_of(query: &RelationshipAttributeQuery, situation: &Situation) -> Option<Value> {
    let owner = query.owner.as_ref().unwrap_or(&situation.me);
    let hints = &query.attribute_creation_hints;
    let is_possible = (owner == &situation.me || owner == situation.peer())
        && !situation
            .holdings
            .takes_key(situation.peer(), owner, &query.key, &hints.value_type);
    if !is_possible {
        return None;
    }
    let mut value = Map::new();
    value.insert("@type".to_owned(), Value::from(hints.value_type.as_str()));
    if hints.value_type != "Consent" {
        value.insert("title".to_owned(), Value::from(hints.title.as_str()));
        if let Some(description) = &hints.description {
            value.insert("description".to_owned(), Value::from(description.as_str()));
        }
    }
    let mut attribute = Map::new();
    for (name, part) in [
        ("@type", Value::from("RelationshipAttribute")),
        (
            "confidentiality",
            Value::from(hints.confidentiality.as_str()),
        ),
        ("isTechnical", Value::from(false)),
        ("key", Value::from(query.key.as_str())),
        ("owner", Value::from(owner.as_str())),
        ("value", Value::Object(value)),
    ] {
        attribute.insert(name.to_owned(), part);
    }
    Some(Value::Object(attribute))
}
