//! When an Attribute answers a query.

use tessera_core_types::Address;

use super::{
    AttributeQuery, IdentityAttributeQuery, RelationshipAttributeQuery, ThirdPartyOwner,
    ThirdPartyRelationshipAttributeQuery,
};
use crate::{
    Result,
    attributes::{Attribute, Confidentiality, RelationshipAttribute},
};

/// Who asks whom.
#[derive(Debug, Clone, Copy)]
pub struct QueryParties<'a> {
    /// The recipient of the Request, who answers.
    pub me: &'a Address,
    /// Its sender, who asks.
    pub peer: &'a Address,
}

/// Why an Attribute does not answer a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum Mismatch {
    #[error("the other kind of Attribute is asked for")]
    Kind,
    #[error("it belongs to somebody else")]
    Owner,
    #[error("another value type is asked for")]
    ValueType,
    #[error("it has none of the tags that are asked for")]
    Tags,
    #[error("another key is asked for")]
    Key,
    #[error("another confidentiality is asked for")]
    Confidentiality,
    #[error("the title is fixed")]
    Title,
    #[error("the description is fixed")]
    Description,
    #[error("it is private")]
    Private,
    #[error("the Relationship it belongs to is not asked for")]
    ThirdParty,
    #[error("a newer version of it was shared already")]
    Outdated,
}

impl AttributeQuery {
    /// Whether this Attribute answers the query of `parties.peer` to `parties.me`. An Attribute
    /// without an owner counts as the recipient's.
    ///
    /// What depends on what the wallet holds is not asked: whether a newer version was shared,
    /// whether the key is taken, with whom the Relationship of an own Attribute is
    /// ([`ThirdPartyRelationshipAttributeQuery::asks_for`]). An IQLQuery is, as everywhere in
    /// enmeshed, not compared with the value.
    ///
    /// # Errors
    ///
    /// The first [`Mismatch`] as a `ContentError` with enmeshed's code.
    pub fn check_answer(&self, attribute: &Attribute, parties: QueryParties<'_>) -> Result<()> {
        let owner = attribute.owner().unwrap_or(parties.me);
        let mismatch = match (self, attribute) {
            (Self::Identity(query), Attribute::Identity(_)) => {
                identity(query, attribute, owner, parties)
            }
            (Self::Iql(_), Attribute::Identity(_)) => {
                (owner != parties.me).then_some(Mismatch::Owner)
            }
            (Self::Relationship(query), Attribute::Relationship(attribute)) => {
                relationship(query, attribute, owner, parties)
            }
            (Self::ThirdParty(query), Attribute::Relationship(attribute)) => {
                third_party(query, attribute, owner, parties)
            }
            _ => Some(Mismatch::Kind),
        };
        mismatch.map_or(Ok(()), |mismatch| Err(mismatch.into()))
    }
}

fn identity(
    query: &IdentityAttributeQuery,
    attribute: &Attribute,
    owner: &Address,
    parties: QueryParties<'_>,
) -> Option<Mismatch> {
    let tags = query.tags.as_deref().unwrap_or_default();
    if owner != parties.me {
        Some(Mismatch::Owner)
    } else if attribute.value_type() != query.value_type {
        Some(Mismatch::ValueType)
    } else if !tags.is_empty() && !tags.iter().any(|tag| attribute.tags().contains(tag)) {
        Some(Mismatch::Tags)
    } else {
        None
    }
}

fn relationship(
    query: &RelationshipAttributeQuery,
    attribute: &RelationshipAttribute,
    owner: &Address,
    parties: QueryParties<'_>,
) -> Option<Mismatch> {
    let hints = &query.attribute_creation_hints;
    let has_title = hints.value_type != "Consent";
    if owner != query.owner.as_ref().unwrap_or(parties.me) {
        Some(Mismatch::Owner)
    } else if attribute.key != query.key {
        Some(Mismatch::Key)
    } else if attribute.confidentiality != hints.confidentiality {
        Some(Mismatch::Confidentiality)
    } else if attribute.value.value_type() != hints.value_type {
        Some(Mismatch::ValueType)
    } else if has_title && attribute.value.text("title") != Some(&hints.title) {
        Some(Mismatch::Title)
    } else if has_title && attribute.value.text("description") != hints.description.as_deref() {
        Some(Mismatch::Description)
    } else {
        None
    }
}

fn third_party(
    query: &ThirdPartyRelationshipAttributeQuery,
    attribute: &RelationshipAttribute,
    owner: &Address,
    parties: QueryParties<'_>,
) -> Option<Mismatch> {
    let is_mine = owner == parties.me;
    let is_named = query
        .third_party
        .iter()
        .flatten()
        .any(|party| party == owner);
    let is_third_party = is_named || (query.is_open() && !is_mine);
    let fits = match query.owner {
        ThirdPartyOwner::Recipient => is_mine,
        ThirdPartyOwner::ThirdParty => is_third_party,
        ThirdPartyOwner::Either => is_mine || is_third_party,
    };
    if owner == parties.peer || !fits {
        Some(Mismatch::Owner)
    } else if attribute.key != query.key {
        Some(Mismatch::Key)
    } else if attribute.confidentiality == Confidentiality::Private {
        Some(Mismatch::Private)
    } else {
        None
    }
}
