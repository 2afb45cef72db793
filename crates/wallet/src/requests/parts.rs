//! Queries of v6 for what v7 does not know by itself: a part of a value, such as the city of an address,
//! or a name that is made of names. They are answered out of what the person has.

use tessera_content::{
    Attribute, AttributeQuery, AttributeValue, IdentityAttribute, IdentityAttributeQuery,
    ValueKind, ValueType,
};
use tessera_core_types::AttributeId;

use super::{Holdings, Lookup, lookup::Lookups};
use crate::model::{AttributeKind, LocalAttribute};

/// The query, if only v6 knows what it asks for.
pub(super) fn of_v6(query: &AttributeQuery) -> Option<&IdentityAttributeQuery> {
    match query {
        AttributeQuery::Identity(query) if query.is_v6_only() => Some(query),
        _ => None,
    }
}

/// An answer made of own Attributes.
pub(super) struct Made {
    pub content: IdentityAttribute,
    /// The Attributes that it was made of.
    pub sources: Vec<AttributeId>,
}

/// What an own Attribute contributes to the answer: its part that is asked for or, with the default
/// of a surname, the name that the defaults make. It carries those of the Attribute's tags that are
/// asked for. `None` if it contributes nothing, or is itself of the type that is asked for.
pub(super) fn answer_of(
    attribute: &LocalAttribute,
    query: &IdentityAttributeQuery,
    holdings: &Holdings,
) -> Option<Made> {
    let content = own(attribute)?;
    let (value, sources) = match content.value.part(&query.value_type) {
        Some(part) => (part, vec![attribute.id.clone()]),
        None => name_of(attribute, query, holdings)?,
    };
    let has = content.tags.as_deref().unwrap_or_default();
    let tags: Vec<String> = query
        .tags
        .iter()
        .flatten()
        .filter(|tag| has.contains(tag))
        .cloned()
        .collect();
    let content = IdentityAttribute {
        value,
        tags: (!tags.is_empty()).then_some(tags),
        ..content.clone()
    };
    Some(Made { content, sources })
}

fn own(attribute: &LocalAttribute) -> Option<&IdentityAttribute> {
    match &attribute.content {
        Attribute::Identity(content) if attribute.kind == AttributeKind::OwnIdentityAttribute => {
            Some(content)
        }
        _ => None,
    }
}

/// The name that the defaults make, and which of them it is made of.
fn name_of(
    attribute: &LocalAttribute,
    query: &IdentityAttributeQuery,
    holdings: &Holdings,
) -> Option<(AttributeValue, Vec<AttributeId>)> {
    if !attribute.is_default || attribute.content.value_type() != "Surname" {
        return None;
    }
    let name = ValueType::of_kind(ValueKind::V6, &query.value_type)?;
    let default_of = |part: &&ValueType| {
        holdings
            .iter()
            .filter(|one| one.is_default && one.content.value_type() == part.name())
            .find_map(|one| Some((&one.id, &own(one)?.value)))
    };
    let parts: Vec<_> = name.parts().iter().filter_map(default_of).collect();
    let value = AttributeValue::of_parts(&query.value_type, |value_type| {
        let mut values = parts.iter().map(|(_, value)| *value);
        values.find(|value| value.value_type() == value_type)
    })?;
    Some((value, parts.into_iter().map(|(id, _)| id.clone()).collect()))
}

/// What has to be at hand for that.
pub(super) fn lookups(query: &IdentityAttributeQuery, lookups: &mut Lookups) {
    let candidates = |value_type: &str| Lookup::Candidates {
        value_type: value_type.to_owned(),
        tags: vec![],
    };
    lookups.push(candidates(&query.value_type));
    let Some(value_type) = ValueType::of_kind(ValueKind::V6, &query.value_type) else {
        return;
    };
    lookups.push(Lookup::Default {
        value_type: query.value_type.clone(),
    });
    lookups.extend(value_type.wholes().iter().map(|one| candidates(one.name())));
    lookups.extend(value_type.parts().iter().map(|one| Lookup::Default {
        value_type: one.name().to_owned(),
    }));
}
