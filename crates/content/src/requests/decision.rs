//! The Decision of a person (or a program) on a Request, as JSON:
//!
//! ```json
//! { "items": [ { "accept": true, "existingAttributeId": "ATT…" },
//!              { "accept": false, "code": "…", "message": "…" },
//!              { "items": [ { "accept": true } ] } ] }
//! ```

use std::fmt;

use serde_json::{Map, Value};
use tessera_core_types::AttributeId;

use super::{
    FormFieldResponse,
    item_kinds::{ATTRIBUTE_ID, attribute_id},
};
use crate::{
    ContentError, Result,
    attributes::{Attribute, tags_of},
    json::{Fields, json_type, list, object, some},
    limits,
};

/// What was decided, item by item, in the order of the Request. Whether the Request as a whole is
/// accepted or rejected is said elsewhere.
#[derive(Debug, Clone, PartialEq, Default, ts_rs::TS)]
pub struct Decision {
    /// One for each node of the Request.
    pub items: Vec<DecisionNode>,
}

/// What was decided on an item, or on the items of a group.
#[derive(Debug, Clone, PartialEq, ts_rs::TS)]
#[ts(
    type = "({ accept: true } & Record<string, unknown>) | { accept: false, code?: string, message?: string } | { items: Array<DecisionNode> }"
)]
pub enum DecisionNode {
    /// The item is accepted.
    Accept(AcceptParameters),
    /// The item is rejected.
    Reject(RejectParameters),
    /// The answers to a group. That a group stands where the Request has one is for the check to
    /// find out, so anything can be in here.
    Group(Vec<DecisionNode>),
}

/// Why an item is rejected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RejectParameters {
    /// For programs. More than 200 code units cannot be sent.
    pub code: Option<String>,
    /// For persons. More than 1000 code units cannot be sent.
    pub message: Option<String>,
}

/// With what an item is accepted. Which parameters count depends on the item; each is read when
/// it is asked for, so that a wrong one is an error of its item and not of the whole Decision.
#[derive(Clone, PartialEq, Default)]
pub struct AcceptParameters {
    parameters: Map<String, Value>,
}

impl AcceptParameters {
    /// None: for items that want none.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// With one parameter more. For forms that build a Decision.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.to_owned(), value.into());
        self
    }

    /// All parameters as given, without `accept`.
    #[must_use]
    pub fn raw(&self) -> &Map<String, Value> {
        &self.parameters
    }

    fn fields(&self) -> Fields<'_> {
        Fields::of_map(&self.parameters)
    }

    /// `existingAttributeId` of Read items.
    ///
    /// # Errors
    ///
    /// When it is not the id of an Attribute.
    pub fn existing_attribute_id(&self) -> Result<Option<AttributeId>> {
        self.fields()
            .optional_parsed("existingAttributeId", ATTRIBUTE_ID, attribute_id)
    }

    /// `newAttribute` of Read items.
    ///
    /// # Errors
    ///
    /// When it is not a valid Attribute.
    pub fn new_attribute(&self) -> Result<Option<Attribute>> {
        self.fields()
            .optional_nested("newAttribute", Attribute::parse)
    }

    /// `tags` to be added, of Read and Propose items.
    ///
    /// # Errors
    ///
    /// When there are more than 20, one is too long or stands there twice.
    pub fn tags(&self) -> Result<Option<Vec<String>>> {
        tags_of(self.fields())
    }

    /// `attributeId` of Propose and ShareAuthorizationRequest items.
    ///
    /// # Errors
    ///
    /// When it is not the id of an Attribute.
    pub fn attribute_id(&self) -> Result<Option<AttributeId>> {
        self.fields()
            .optional_parsed("attributeId", ATTRIBUTE_ID, attribute_id)
    }

    /// `attribute` of Propose items.
    ///
    /// # Errors
    ///
    /// When it is not a valid Attribute.
    pub fn attribute(&self) -> Result<Option<Attribute>> {
        self.fields().optional_nested("attribute", Attribute::parse)
    }

    /// `deletionDate` of Delete items, as text: one that is no date is another error than none.
    ///
    /// # Errors
    ///
    /// When it is not a text.
    pub fn deletion_date(&self) -> Result<Option<String>> {
        self.fields().optional_text("deletionDate", limits::TEXT)
    }

    /// `response` to form fields.
    ///
    /// # Errors
    ///
    /// When it is neither a text, a number, true, false nor a list of texts.
    pub fn response(&self) -> Result<Option<FormFieldResponse>> {
        self.fields()
            .optional_nested("response", FormFieldResponse::parse)
    }

    /// `freeText` of FreeText items of v6.
    ///
    /// # Errors
    ///
    /// When it is not a text.
    pub fn free_text(&self) -> Result<Option<String>> {
        self.fields().optional_text("freeText", limits::TEXT)
    }
}

impl fmt::Debug for AcceptParameters {
    /// Only the names: what is given does not belong into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.parameters.keys()).finish()
    }
}

impl Decision {
    /// Reads one. Unknown properties are ignored.
    ///
    /// # Errors
    ///
    /// When it does not have the form of a Decision. Parameters are not looked at.
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of(json)?;
        Ok(Self {
            items: fields.list("items", 0, limits::ITEMS, |node| {
                DecisionNode::parse_within(node, limits::DECISION_DEPTH)
            })?,
        })
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        object([("items", list(&self.items, DecisionNode::to_json))])
    }
}

impl DecisionNode {
    /// Accepts an item that wants no parameters.
    #[must_use]
    pub fn accept() -> Self {
        Self::Accept(AcceptParameters::none())
    }

    /// Rejects an item without saying why.
    #[must_use]
    pub fn reject() -> Self {
        Self::Reject(RejectParameters::default())
    }

    /// Reads one.
    ///
    /// # Errors
    ///
    /// As [`Decision::parse`].
    pub fn parse(json: &Value) -> Result<Self> {
        Self::parse_within(json, limits::DECISION_DEPTH)
    }

    fn parse_within(json: &Value, depth: usize) -> Result<Self> {
        let fields = Fields::of(json)?;
        if depth == 0 {
            return Err(ContentError::too_large("", limits::DECISION_DEPTH));
        }
        if fields.get("items").is_some() {
            return fields
                .list("items", 0, limits::ITEMS, |node| {
                    Self::parse_within(node, depth - 1)
                })
                .map(Self::Group);
        }
        if fields.flag("accept")? {
            let mut parameters = fields.map().clone();
            parameters.shift_remove("accept");
            return Ok(Self::Accept(AcceptParameters { parameters }));
        }
        Ok(Self::Reject(RejectParameters {
            code: fields.optional_text("code", limits::TEXT)?,
            message: fields.optional_text("message", limits::TEXT)?,
        }))
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Accept(accepted) => {
                let mut json = Map::from_iter([("accept".to_owned(), Value::Bool(true))]);
                json.extend(accepted.parameters.clone());
                Value::Object(json)
            }
            Self::Reject(rejected) => object([
                ("accept", some(false)),
                ("code", rejected.code.as_deref().map(Value::from)),
                ("message", rejected.message.as_deref().map(Value::from)),
            ]),
            Self::Group(items) => object([("items", list(items, Self::to_json))]),
        }
    }
}

json_type!(Decision, DecisionNode);
