//! Fetching what a Request needs, each by an index: what it costs does not grow with what the
//! person owns, only with what a condition may find.

use crate::{
    Result,
    model::{LocalAttribute, ShareDirection},
    requests::{LookedUpValue, Lookup},
    store::{self, Transaction},
    views::AttributeSearch,
};

/// What is stored of what a lookup asks for.
pub(crate) fn look_up(
    transaction: &Transaction<'_>,
    lookup: &Lookup,
) -> Result<Vec<LocalAttribute>> {
    let everything = AttributeSearch {
        limit: u32::MAX,
        ..AttributeSearch::default()
    };
    match lookup {
        Lookup::Candidates { value_type, tags } => own(
            transaction,
            &AttributeSearch {
                value_types: vec![value_type.clone()],
                tags: tags.clone(),
                limit: u32::try_from(Lookup::ENOUGH).unwrap_or(u32::MAX),
                ..everything
            },
        ),
        Lookup::OwnOfType(value_type) => own(
            transaction,
            &AttributeSearch {
                value_types: value_type.iter().cloned().collect(),
                ..everything
            },
        ),
        Lookup::OwnWithTag(tag) => own(
            transaction,
            &AttributeSearch {
                tags: vec![tag.clone()],
                ..everything
            },
        ),
        Lookup::OwnOfValue(value) => of_value(transaction, value),
        Lookup::Default { value_type } => {
            let default = store::attributes::default_of(transaction, value_type)?;
            Ok(default.into_iter().collect())
        }
        Lookup::RelationshipKey { key, peer } => {
            Ok(store::attributes::by_key(transaction, key, peer.as_ref())?)
        }
        Lookup::ReceivedFrom { peer, value_type } => {
            let received = store::attributes::by_peer(transaction, peer, ShareDirection::Received)?;
            Ok(received
                .into_iter()
                .filter(|attribute| attribute.content.value_type() == value_type)
                .collect())
        }
        Lookup::Attribute(id) => Ok(store::attributes::versions(transaction, id)?),
    }
}

/// A page of the newest versions of own IdentityAttributes.
fn own(transaction: &Transaction<'_>, search: &AttributeSearch) -> Result<Vec<LocalAttribute>> {
    let mut found = Vec::new();
    for id in store::own_attributes::page(transaction, search)? {
        found.extend(store::attributes::by_id(transaction, &id)?);
    }
    Ok(found)
}

/// With all versions. What has parts of its own may be written in several ways that mean the same:
/// there every value of the type is looked at.
fn of_value(transaction: &Transaction<'_>, wanted: &LookedUpValue) -> Result<Vec<LocalAttribute>> {
    let Some(value) = wanted.value() else {
        return Ok(Vec::new());
    };
    let has_parts = value
        .properties()
        .values()
        .any(|part| part.is_object() || part.is_array());
    let newest = if has_parts {
        let of_type = Lookup::OwnOfType(Some(value.value_type().to_owned()));
        let mut all = look_up(transaction, &of_type)?.into_iter();
        all.find(|attribute| *attribute.content.value() == value)
    } else {
        store::own_attributes::of_value(transaction, &value)?
    };
    match newest {
        Some(attribute) => Ok(store::attributes::versions(transaction, &attribute.id)?),
        None => Ok(Vec::new()),
    }
}
