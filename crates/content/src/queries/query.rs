//! The four queries.

use serde_json::{Map, Value};
use tessera_core_types::Address;

use super::IqlExpression;
use crate::{
    ContentError, Result,
    attributes::{
        AttributeValue, Confidentiality, RelationshipAttribute, ValueHints, ValueKind, ValueType,
        owner_of, owner_to_json, tags_of, tags_to_json,
    },
    json::{Fields, json_type, list, object, some},
    limits,
};

/// One of the four queries.
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeQuery {
    /// For an IdentityAttribute of a type.
    Identity(IdentityAttributeQuery),
    /// For an IdentityAttribute that an expression finds.
    Iql(IqlQuery),
    /// For a new RelationshipAttribute of this Relationship.
    Relationship(RelationshipAttributeQuery),
    /// For an existing RelationshipAttribute of another Relationship.
    ThirdParty(ThirdPartyRelationshipAttributeQuery),
}

impl AttributeQuery {
    /// Reads one by its `@type`, which must be there.
    ///
    /// # Errors
    ///
    /// [`ContentError::UnknownType`] for another query or a value type that is not known,
    /// [`ContentError::InvalidIql`], otherwise what is wrong with which property.
    pub fn parse(json: &Value) -> Result<Self> {
        match Fields::of(json)?.required_type()? {
            "IdentityAttributeQuery" => IdentityAttributeQuery::parse(json).map(Self::Identity),
            "IQLQuery" => IqlQuery::parse(json).map(Self::Iql),
            "RelationshipAttributeQuery" => {
                RelationshipAttributeQuery::parse(json).map(Self::Relationship)
            }
            "ThirdPartyRelationshipAttributeQuery" => {
                ThirdPartyRelationshipAttributeQuery::parse(json).map(Self::ThirdParty)
            }
            _ => Err(ContentError::unknown_type()),
        }
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Identity(query) => query.to_json(),
            Self::Iql(query) => query.to_json(),
            Self::Relationship(query) => query.to_json(),
            Self::ThirdParty(query) => query.to_json(),
        }
    }

    /// The value type that an answer has or, for an IQLQuery, that a new one should have.
    #[must_use]
    pub fn value_type(&self) -> Option<&str> {
        match self {
            Self::Identity(query) => Some(&query.value_type),
            Self::Iql(query) => query
                .attribute_creation_hints
                .as_ref()
                .map(|hints| &*hints.value_type),
            Self::Relationship(query) => Some(&query.attribute_creation_hints.value_type),
            Self::ThirdParty(_) => None,
        }
    }
}

/// Asks for an IdentityAttribute of the recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityAttributeQuery {
    /// The value type; of v7, or one that only v6 asks for.
    pub value_type: String,
    /// At least one of them must be among the Attribute's tags, if there are any.
    pub tags: Option<Vec<String>>,
}

impl IdentityAttributeQuery {
    /// Reads one; `@type` may be missing.
    ///
    /// # Errors
    ///
    /// As [`AttributeQuery::parse`].
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, "IdentityAttributeQuery")?;
        Ok(Self {
            value_type: value_type_of(fields, &[ValueKind::Identity, ValueKind::V6])?,
            tags: tags_of(fields)?,
        })
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        object([
            ("@type", some("IdentityAttributeQuery")),
            ("valueType", some(self.value_type.as_str())),
            ("tags", tags_to_json(self.tags.as_deref())),
        ])
    }

    /// Whether only v6 knows the value type: such a Request stays on the device that got it.
    #[must_use]
    pub fn is_v6_only(&self) -> bool {
        ValueType::of_kind(ValueKind::Identity, &self.value_type).is_none()
    }
}

/// Asks for an IdentityAttribute of the recipient that an IQL expression finds. enmeshed never
/// compares the answer with the expression; offer only what it finds.
#[derive(Debug, Clone, PartialEq)]
pub struct IqlQuery {
    /// The expression.
    pub query: IqlExpression,
    /// What a new Attribute should be; without, none can be made.
    pub attribute_creation_hints: Option<IqlCreationHints>,
}

/// What a new answer to an IQLQuery should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IqlCreationHints {
    /// The value type.
    pub value_type: String,
    /// Proposed tags.
    pub tags: Option<Vec<String>>,
}

impl IqlQuery {
    /// Reads one; `@type` may be missing.
    ///
    /// # Errors
    ///
    /// As [`AttributeQuery::parse`].
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, "IQLQuery")?;
        let text = fields.text("queryString", 0, limits::QUERY_STRING)?;
        Ok(Self {
            query: IqlExpression::parse(&text).map_err(|error| error.within("queryString"))?,
            attribute_creation_hints: fields.optional_nested(
                "attributeCreationHints",
                |hints| {
                    let hints = Fields::of_type(hints, "IQLQueryCreationHints")?;
                    Ok(IqlCreationHints {
                        value_type: value_type_of(hints, &[ValueKind::Identity, ValueKind::V6])?,
                        tags: tags_of(hints)?,
                    })
                },
            )?,
        })
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let hints = self.attribute_creation_hints.as_ref().map(|hints| {
            object([
                ("valueType", some(hints.value_type.as_str())),
                ("tags", tags_to_json(hints.tags.as_deref())),
            ])
        });
        object([
            ("@type", some("IQLQuery")),
            ("queryString", some(self.query.as_str())),
            ("attributeCreationHints", hints),
        ])
    }
}

/// Asks for a new RelationshipAttribute of this Relationship.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationshipAttributeQuery {
    /// Whose it will be. `None` is the empty text: the recipient's.
    pub owner: Option<Address>,
    /// Its key.
    pub key: String,
    /// What is fixed about it.
    pub attribute_creation_hints: RelationshipAttributeCreationHints,
}

/// What a query fixes about the RelationshipAttribute that answers it.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationshipAttributeCreationHints {
    /// Title of the value; a Consent has none.
    pub title: String,
    /// Description of the value.
    pub description: Option<String>,
    /// The value type.
    pub value_type: String,
    /// Who else may learn of it.
    pub confidentiality: Confidentiality,
    /// What guides the form; no side enforces it.
    pub value_hints: Option<ValueHints>,
}

const HINTS_TYPE: &str = "RelationshipAttributeCreationHints";

impl RelationshipAttributeQuery {
    /// Reads one; `@type` may be missing.
    ///
    /// # Errors
    ///
    /// As [`AttributeQuery::parse`].
    pub fn parse(json: &Value) -> Result<Self> {
        /// Longest title and description of a value.
        const TITLE: usize = 100;
        const DESCRIPTION: usize = 1000;
        let fields = Fields::of_type(json, "RelationshipAttributeQuery")?;
        Ok(Self {
            owner: owner_of(fields)?,
            key: fields.text("key", 0, limits::ATTRIBUTE_KEY)?,
            attribute_creation_hints: fields.nested("attributeCreationHints", |hints| {
                let hints = Fields::of_type(hints, HINTS_TYPE)?;
                Ok(RelationshipAttributeCreationHints {
                    title: hints.text("title", 0, TITLE)?,
                    description: hints.optional_text("description", DESCRIPTION)?,
                    value_type: value_type_of(hints, &[ValueKind::Relationship])?,
                    confidentiality: hints.parsed(
                        "confidentiality",
                        "must be public, private or protected",
                        Confidentiality::parse,
                    )?,
                    value_hints: hints.optional_nested("valueHints", |hints| {
                        ValueHints::parse(hints, "ValueHints")
                    })?,
                })
            })?,
        })
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let hints = &self.attribute_creation_hints;
        let hints = object([
            ("title", some(hints.title.as_str())),
            ("description", hints.description.as_deref().map(Value::from)),
            ("valueType", some(hints.value_type.as_str())),
            ("confidentiality", some(hints.confidentiality.as_str())),
            (
                "valueHints",
                hints
                    .value_hints
                    .as_ref()
                    .map(|hints| hints.to_json("ValueHints")),
            ),
        ]);
        object([
            ("@type", some("RelationshipAttributeQuery")),
            ("owner", owner_to_json(self.owner.as_ref())),
            ("key", some(self.key.as_str())),
            ("attributeCreationHints", Some(hints)),
        ])
    }
}

impl RelationshipAttributeQuery {
    /// The Attribute that answers, made of what the query fixes and what the person entered:
    /// `value` for most types, `consent` and its companions for a Consent.
    ///
    /// # Errors
    ///
    /// When what was entered is not valid for the value type.
    pub fn new_attribute(&self, entered: &Map<String, Value>) -> Result<RelationshipAttribute> {
        let hints = &self.attribute_creation_hints;
        let mut value = entered.clone();
        value.insert("@type".to_owned(), Value::from(hints.value_type.as_str()));
        if hints.value_type != "Consent" {
            value.insert("title".to_owned(), Value::from(hints.title.as_str()));
            if let Some(description) = &hints.description {
                value.insert("description".to_owned(), Value::from(description.as_str()));
            }
        }
        Ok(RelationshipAttribute {
            owner: self.owner.clone(),
            key: self.key.clone(),
            value: AttributeValue::parse(ValueKind::Relationship, &Value::Object(value))?,
            confidentiality: hints.confidentiality,
            is_technical: false,
        })
    }
}

/// Whose Attribute of another Relationship is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThirdPartyOwner {
    /// The recipient's.
    Recipient,
    /// The third party's.
    ThirdParty,
    /// Either's: the empty text.
    Either,
}

impl ThirdPartyOwner {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recipient => "recipient",
            Self::ThirdParty => "thirdParty",
            Self::Either => "",
        }
    }
}

/// Asks for a RelationshipAttribute that the recipient has with somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThirdPartyRelationshipAttributeQuery {
    /// Whose.
    pub owner: ThirdPartyOwner,
    /// With whom, at least one. `None` is the empty text: with anybody.
    pub third_party: Vec<Option<Address>>,
    /// Its key.
    pub key: String,
}

impl ThirdPartyRelationshipAttributeQuery {
    /// Reads one; `@type` may be missing, and a single address counts as a list of one.
    ///
    /// # Errors
    ///
    /// As [`AttributeQuery::parse`].
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, "ThirdPartyRelationshipAttributeQuery")?;
        let third_party = if fields.get("thirdParty").is_some_and(Value::is_string) {
            vec![fields.nested("thirdParty", third_party)?]
        } else {
            fields.list("thirdParty", 1, limits::ADDRESSES, third_party)?
        };
        Ok(Self {
            owner: fields.parsed("owner", "must be recipient, thirdParty or empty", |text| {
                match text {
                    "recipient" => Some(ThirdPartyOwner::Recipient),
                    "thirdParty" => Some(ThirdPartyOwner::ThirdParty),
                    "" => Some(ThirdPartyOwner::Either),
                    _ => None,
                }
            })?,
            third_party,
            key: fields.text("key", 0, limits::ATTRIBUTE_KEY)?,
        })
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        object([
            ("@type", some("ThirdPartyRelationshipAttributeQuery")),
            ("owner", some(self.owner.as_str())),
            ("key", some(self.key.as_str())),
            (
                "thirdParty",
                list(&self.third_party, |party| {
                    Value::from(party.as_ref().map_or("", Address::as_str))
                }),
            ),
        ])
    }

    /// Whether any Relationship is meant.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.third_party.contains(&None)
    }

    /// Whether the Relationship with this peer is queried.
    #[must_use]
    pub fn asks_for(&self, peer: &Address) -> bool {
        self.third_party
            .iter()
            .any(|party| party.as_ref().is_none_or(|party| party == peer))
    }
}

json_type!(
    AttributeQuery,
    IdentityAttributeQuery,
    IqlQuery,
    RelationshipAttributeQuery,
    ThirdPartyRelationshipAttributeQuery,
);

fn third_party(value: &Value) -> Result<Option<Address>> {
    match value.as_str() {
        Some("") => Ok(None),
        text => text
            .and_then(|text| Address::parse(text).ok())
            .map(Some)
            .ok_or_else(|| ContentError::malformed("", "must be empty or an address")),
    }
}

/// A value type of one of these kinds; another one is a type that is not known.
fn value_type_of(fields: Fields<'_>, kinds: &[ValueKind]) -> Result<String> {
    let name = fields.text("valueType", 0, limits::TEXT)?;
    let is_known = kinds
        .iter()
        .any(|kind| ValueType::of_kind(*kind, &name).is_some());
    if is_known {
        Ok(name)
    } else {
        Err(ContentError::UnknownType {
            path: "valueType".to_owned(),
        })
    }
}
