//! IdentityAttribute and RelationshipAttribute.

use chrono::NaiveDate;
use serde_json::Value;
use tessera_core_types::Address;

use super::{AttributeValue, TagCollection, ValueKind, check_tags};
use crate::{
    ContentError, Result,
    json::{Fields, bounded_text, json_type, list, object, some},
    limits,
};

/// Who may learn of a RelationshipAttribute besides its two parties.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "lowercase")]
pub enum Confidentiality {
    /// May be asked for.
    Public,
    /// Is never given.
    Private,
    /// May be asked for; the wallet warns.
    Protected,
}

impl Confidentiality {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Protected => "protected",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Public, Self::Private, Self::Protected]
            .into_iter()
            .find(|confidentiality| confidentiality.as_str() == text)
    }
}

/// A fact about a person, the same towards everybody.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityAttribute {
    /// Whom it is about. `None` is the empty text, which in Requests stands for the recipient.
    pub owner: Option<Address>,
    /// The fact.
    pub value: AttributeValue,
    /// At most 20, all different; an empty list differs from none.
    pub tags: Option<Vec<String>>,
}

impl IdentityAttribute {
    /// Reads one; `@type` may be missing, `validFrom` and `validTo` of v6 are dropped.
    ///
    /// # Errors
    ///
    /// When the owner is neither empty nor an address, or the value or a tag is not valid.
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, "IdentityAttribute")?;
        Ok(Self {
            owner: owner_of(fields)?,
            value: fields.nested("value", |value| {
                AttributeValue::parse_any(&[ValueKind::Identity, ValueKind::V6], value)
            })?,
            tags: tags_of(fields)?,
        })
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        object([
            ("@type", some("IdentityAttribute")),
            ("owner", owner_to_json(self.owner.as_ref())),
            ("value", Some(self.value.to_json())),
            ("tags", tags_to_json(self.tags.as_deref())),
        ])
    }

    /// The same with a trimmed value, as it is stored.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        Self {
            value: self.value.trimmed(),
            ..self.clone()
        }
    }
}

/// A fact within one Relationship, such as a customer number.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationshipAttribute {
    /// Whose it is. `None` is the empty text, which in Requests stands for the recipient.
    pub owner: Option<Address>,
    /// At most 100 code units; may be empty.
    pub key: String,
    /// The fact.
    pub value: AttributeValue,
    /// Who else may learn of it.
    pub confidentiality: Confidentiality,
    /// Not shown to persons by default.
    pub is_technical: bool,
}

impl RelationshipAttribute {
    /// Reads one; `@type` and `isTechnical` may be missing.
    ///
    /// # Errors
    ///
    /// As [`IdentityAttribute::parse`].
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, "RelationshipAttribute")?;
        Ok(Self {
            owner: owner_of(fields)?,
            key: fields.text("key", 0, limits::ATTRIBUTE_KEY)?,
            value: fields.nested("value", |value| {
                AttributeValue::parse(ValueKind::Relationship, value)
            })?,
            confidentiality: fields.parsed(
                "confidentiality",
                "must be public, private or protected",
                Confidentiality::parse,
            )?,
            is_technical: fields.optional_flag("isTechnical")?.unwrap_or(false),
        })
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        object([
            ("@type", some("RelationshipAttribute")),
            ("owner", owner_to_json(self.owner.as_ref())),
            ("key", some(self.key.as_str())),
            ("value", Some(self.value.to_json())),
            ("confidentiality", some(self.confidentiality.as_str())),
            ("isTechnical", some(self.is_technical)),
        ])
    }
}

/// Either kind of Attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribute {
    /// About a person.
    Identity(IdentityAttribute),
    /// Within a Relationship.
    Relationship(RelationshipAttribute),
}

impl Attribute {
    /// Reads one by its `@type`, which must be there.
    ///
    /// # Errors
    ///
    /// As [`IdentityAttribute::parse`]; [`ContentError::UnknownType`] for another type.
    pub fn parse(json: &Value) -> Result<Self> {
        match Fields::of(json)?.required_type()? {
            "IdentityAttribute" => IdentityAttribute::parse(json).map(Self::Identity),
            "RelationshipAttribute" => RelationshipAttribute::parse(json).map(Self::Relationship),
            _ => Err(ContentError::unknown_type()),
        }
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Identity(attribute) => attribute.to_json(),
            Self::Relationship(attribute) => attribute.to_json(),
        }
    }

    /// Whose it is; `None` stands for the recipient of a Request.
    #[must_use]
    pub fn owner(&self) -> Option<&Address> {
        match self {
            Self::Identity(attribute) => attribute.owner.as_ref(),
            Self::Relationship(attribute) => attribute.owner.as_ref(),
        }
    }

    /// The same with this owner.
    #[must_use]
    pub fn with_owner(mut self, owner: Address) -> Self {
        match &mut self {
            Self::Identity(attribute) => attribute.owner = Some(owner),
            Self::Relationship(attribute) => attribute.owner = Some(owner),
        }
        self
    }

    /// The fact.
    #[must_use]
    pub fn value(&self) -> &AttributeValue {
        match self {
            Self::Identity(attribute) => &attribute.value,
            Self::Relationship(attribute) => &attribute.value,
        }
    }

    /// The name of the value's type.
    #[must_use]
    pub fn value_type(&self) -> &'static str {
        self.value().value_type()
    }

    /// The tags; RelationshipAttributes have none.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        match self {
            Self::Identity(attribute) => attribute.tags.as_deref().unwrap_or_default(),
            Self::Relationship(_) => &[],
        }
    }

    /// The IdentityAttribute, if it is one.
    #[must_use]
    pub fn as_identity(&self) -> Option<&IdentityAttribute> {
        match self {
            Self::Identity(attribute) => Some(attribute),
            Self::Relationship(_) => None,
        }
    }

    /// The RelationshipAttribute, if it is one.
    #[must_use]
    pub fn as_relationship(&self) -> Option<&RelationshipAttribute> {
        match self {
            Self::Relationship(attribute) => Some(attribute),
            Self::Identity(_) => None,
        }
    }

    /// As it is stored: the strings of an identity value are trimmed, others are left alone.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        match self {
            Self::Identity(attribute) => Self::Identity(attribute.trimmed()),
            Self::Relationship(attribute) => Self::Relationship(attribute.clone()),
        }
    }

    /// Whether every character is one that Attributes may consist of.
    ///
    /// # Errors
    ///
    /// [`ContentError::ForbiddenCharacters`].
    pub fn check_characters(&self) -> Result<()> {
        self.value().check_characters()
    }

    /// Whether a date that may not lie in the future does not; see
    /// [`AttributeValue::check_date`].
    ///
    /// # Errors
    ///
    /// [`ContentError::Malformed`].
    pub fn check_date(&self, today: NaiveDate) -> Result<()> {
        self.value()
            .check_date(today)
            .map_err(|error| error.within("value"))
    }

    /// Whether every tag is valid for the value type.
    ///
    /// # Errors
    ///
    /// [`ContentError::InvalidTags`].
    pub fn check_tags(&self, collection: Option<&TagCollection>) -> Result<()> {
        check_tags(self.tags(), self.value_type(), collection)
    }
}

json_type!(IdentityAttribute, RelationshipAttribute, Attribute);

/// An owner: empty or an address.
pub(crate) fn owner_of(fields: Fields<'_>) -> Result<Option<Address>> {
    fields.parsed("owner", "must be empty or an address", |text| {
        if text.is_empty() {
            Some(None)
        } else {
            Address::parse(text).ok().map(Some)
        }
    })
}

pub(crate) fn owner_to_json(owner: Option<&Address>) -> Option<Value> {
    some(owner.map_or("", Address::as_str))
}

/// Tags: at most 20 different ones of at most 250 code units.
pub(crate) fn tags_of(fields: Fields<'_>) -> Result<Option<Vec<String>>> {
    let tags = fields.optional_list("tags", limits::TAGS, |tag| {
        bounded_text(tag, 0, limits::TAG)
    })?;
    if let Some(tags) = &tags {
        let twice = (1..tags.len()).any(|index| tags[..index].contains(&tags[index]));
        if twice {
            return Err(ContentError::malformed("tags", "has the same tag twice"));
        }
    }
    Ok(tags)
}

pub(crate) fn tags_to_json(tags: Option<&[String]>) -> Option<Value> {
    tags.and_then(|tags| list(tags, |tag| Value::from(tag.as_str())))
}
