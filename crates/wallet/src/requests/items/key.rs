//! Keys of RelationshipAttributes: owner, key and value type are used once in a Relationship.

use tessera_content::{AttributeQuery, RelationshipAttribute};
use tessera_core_types::Address;

use crate::requests::{
    Situation,
    error::{Problem, code},
};

/// A RelationshipAttribute that accepting an item makes: there may be only one with this owner,
/// key and value type in a Relationship.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::requests) struct Key {
    owner: Address,
    key: String,
    value_type: String,
}

impl Key {
    /// Of the Attribute that answers a query, if that is a RelationshipAttribute of this
    /// Relationship.
    pub fn asked_for(query: &AttributeQuery, me: &Address) -> Option<Self> {
        match query {
            AttributeQuery::Relationship(query) => Some(Self {
                owner: query.owner.as_ref().unwrap_or(me).clone(),
                key: query.key.clone(),
                value_type: query.attribute_creation_hints.value_type.clone(),
            }),
            _ => None,
        }
    }

    /// Of an Attribute.
    pub fn of(attribute: &RelationshipAttribute, me: &Address) -> Self {
        Self {
            owner: attribute.owner.as_ref().unwrap_or(me).clone(),
            key: attribute.key.clone(),
            value_type: attribute.value.value_type().to_owned(),
        }
    }

    /// Whether the Attribute would be this identity's.
    pub fn is_own(&self, me: &Address) -> bool {
        self.owner == *me
    }

    /// Whether a RelationshipAttribute with this key can be made. A taken key is told differently
    /// by a required item, since its Request can never be accepted then.
    pub fn check(&self, is_required: bool, situation: &Situation) -> Result<(), Problem> {
        let peer = situation.peer();
        if self.owner != situation.me && self.owner != *peer {
            return Err(Problem::bad_item(
                "the Attribute would belong to neither side",
            ));
        }
        let is_taken = situation
            .holdings
            .takes_key(peer, &self.owner, &self.key, &self.value_type);
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
}
