//! Queries: what a Request asks for, and when an Attribute answers.

mod iql;
mod matching;
mod query;

pub use iql::{IqlCondition, IqlExpression, IqlFeature, IqlTest};
pub use matching::{Mismatch, QueryParties};
pub use query::{
    AttributeQuery, IdentityAttributeQuery, IqlCreationHints, IqlQuery,
    RelationshipAttributeCreationHints, RelationshipAttributeQuery, ThirdPartyOwner,
    ThirdPartyRelationshipAttributeQuery,
};
