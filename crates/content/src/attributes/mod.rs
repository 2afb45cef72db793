//! Attributes: what is said about a person, or between two.
//!
//! A value is checked against one table ([`ValueType`]); there is no struct per value type.

mod attribute;
mod characters;
mod description;
mod hints;
mod parts;
mod pattern;
mod rules;
mod table;
mod tags;
mod value;

pub use attribute::{Attribute, Confidentiality, IdentityAttribute, RelationshipAttribute};
pub use characters::{ForbiddenCharacter, find_forbidden_character, js_trim, normalize_input};
pub use description::{AllowedValue, InputKind, PartDescription, ValueTypeDescription};
pub use hints::{
    DataType, EditType, HintKey, RenderHints, TechnicalType, ValueHints, ValueHintsValue,
};
pub use table::{ValueKind, ValueType, countries, languages};
pub use tags::{Tag, TagCollection, check_tags};
pub use value::AttributeValue;

pub(crate) use attribute::{owner_of, owner_to_json, tags_of, tags_to_json};
pub(crate) use hints::number_to_json;
pub(crate) use pattern::Pattern;
pub(crate) use table::consent_link;
