//! Fetching what a Request needs, each by an index: what it costs does not grow with what the
//! person owns, only with what a condition may find.

use crate::{
    Result,
    model::{LocalAttribute, ShareDirection},
    requests::{LookedUpValue, Lookup},
    store::{self, Transaction, attributes::Shares},
    views::{AttributeOrder, AttributeSearch},
};

/// What is stored of what a lookup asks for. Own IdentityAttributes come with these records of
/// sharing them.
pub(crate) fn look_up(
    transaction: &Transaction<'_>,
    lookup: &Lookup,
    shares: Shares<'_>,
) -> Result<Vec<LocalAttribute>> {
    let page = |most: usize, search: AttributeSearch| {
        let limit = u32::try_from(most).unwrap_or(u32::MAX);
        own(transaction, &AttributeSearch { limit, ..search }, shares)
    };
    let every = AttributeSearch::default;
    match lookup {
        Lookup::Candidates { value_type, tags } => page(
            Lookup::ENOUGH,
            AttributeSearch {
                value_types: vec![value_type.clone()],
                tags: tags.clone(),
                ..every()
            },
        ),
        Lookup::OwnOfType(value_type) => page(
            Lookup::LOOKED_THROUGH,
            AttributeSearch {
                order: order_of(value_type.as_ref()),
                value_types: value_type.iter().cloned().collect(),
                ..every()
            },
        ),
        Lookup::OwnWithTag(tag) => page(
            Lookup::LOOKED_THROUGH,
            AttributeSearch {
                order: AttributeOrder::NewestFirst,
                tags: vec![tag.clone()],
                ..every()
            },
        ),
        Lookup::OwnWithText { value_type, text } => page(
            Lookup::LOOKED_THROUGH,
            AttributeSearch {
                text: text.clone(),
                order: order_of(value_type.as_ref()),
                value_types: value_type.iter().cloned().collect(),
                ..every()
            },
        ),
        Lookup::OwnOfValue(value) => of_value(transaction, value, shares),
        Lookup::Default { value_type } => {
            let default = store::attributes::default_of_with(transaction, value_type, shares)?;
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
        Lookup::Attribute(id) => Ok(store::attributes::versions_with(transaction, id, shares)?),
    }
}

/// Of one value type the default comes first; of all types that would be the first types only.
fn order_of(value_type: Option<&String>) -> AttributeOrder {
    match value_type {
        Some(_) => AttributeOrder::ByType,
        None => AttributeOrder::NewestFirst,
    }
}

/// A page of the newest versions of own IdentityAttributes.
fn own(
    transaction: &Transaction<'_>,
    search: &AttributeSearch,
    shares: Shares<'_>,
) -> Result<Vec<LocalAttribute>> {
    let mut found = Vec::new();
    for id in store::own_attributes::Wanted::of(transaction, search)?.page(u32::MAX)? {
        found.extend(store::attributes::by_id_with(transaction, &id, shares)?);
    }
    Ok(found)
}

/// With all versions.
fn of_value(
    transaction: &Transaction<'_>,
    wanted: &LookedUpValue,
    shares: Shares<'_>,
) -> Result<Vec<LocalAttribute>> {
    let newest = match wanted.value() {
        Some(value) => store::own_attributes::id_of_value(transaction, &value)?,
        None => None,
    };
    match newest {
        Some(id) => Ok(store::attributes::versions_with(transaction, &id, shares)?),
        None => Ok(Vec::new()),
    }
}
