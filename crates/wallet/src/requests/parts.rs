//! Queries of v6 for what v7 does not know by itself: a part of a value, such as the city of an address,
//! or a name that is made of names. They are answered out of what the person has.

use tessera_content::{
    Attribute, AttributeQuery, AttributeValue, IdentityAttribute, IdentityAttributeQuery,
    ValueKind, ValueType,
};

use super::{Holdings, Lookup, lookup::Lookups};
use crate::model::{AttributeKind, LocalAttribute};

/// The query, if only v6 knows what it asks for.
pub(super) fn of_v6(query: &AttributeQuery) -> Option<&IdentityAttributeQuery> {
    match query {
        AttributeQuery::Identity(query) if query.is_v6_only() => Some(query),
        _ => None,
    }
}

/// What an own Attribute contributes to the answer: its part that is asked for or, with the default
/// of a surname, the name that the defaults make. It carries those of the Attribute's tags that are
/// asked for. `None` if it contributes nothing, or is itself of the type that is asked for.
pub(super) fn answer_of(
    attribute: &LocalAttribute,
    query: &IdentityAttributeQuery,
    holdings: &Holdings,
) -> Option<IdentityAttribute> {
    let content = own(attribute)?;
    let value = content
        .value
        .part(&query.value_type)
        .or_else(|| name_of(attribute, query, holdings))?;
    let has = content.tags.as_deref().unwrap_or_default();
    let tags: Vec<String> = query
        .tags
        .iter()
        .flatten()
        .filter(|tag| has.contains(tag))
        .cloned()
        .collect();
    Some(IdentityAttribute {
        value,
        tags: (!tags.is_empty()).then_some(tags),
        ..content.clone()
    })
}

fn own(attribute: &LocalAttribute) -> Option<&IdentityAttribute> {
    match &attribute.content {
        Attribute::Identity(content) if attribute.kind == AttributeKind::OwnIdentityAttribute => {
            Some(content)
        }
        _ => None,
    }
}

fn name_of(
    attribute: &LocalAttribute,
    query: &IdentityAttributeQuery,
    holdings: &Holdings,
) -> Option<AttributeValue> {
    if !attribute.is_default || attribute.content.value_type() != "Surname" {
        return None;
    }
    AttributeValue::of_parts(&query.value_type, |value_type| {
        holdings
            .iter()
            .filter(|one| one.is_default && one.content.value_type() == value_type)
            .find_map(own)
            .map(|content| &content.value)
    })
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
