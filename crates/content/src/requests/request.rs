//! The Request: a list of items and groups of items.

use serde_json::Value;
use tessera_core_types::{CoreDate, RequestId};

use super::RequestItem;
use crate::{
    ContentError, Result,
    json::{Fields, json_type, list, object, some, without_type},
    limits,
};

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Set by the sender if it travels in a Message, absent in a template.
    pub id: Option<RequestId>,
    /// At least one, in the order in which they are shown and answered.
    pub items: Vec<RequestNode>,
    /// A heading.
    pub title: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Whatever the sender keeps here; it is not copied into the Response.
    pub metadata: Option<Value>,
    /// It is expired when it is later than this.
    pub expires_at: Option<CoreDate>,
}

/// An item, or a group of them.
#[derive(Debug, Clone, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "nodes live in one list, and nearly all are items"
)]
pub enum RequestNode {
    /// One item.
    Item(RequestItem),
    /// A group.
    Group(RequestItemGroup),
}

/// Items that belong together. Whether they must be accepted is said by each of them.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestItemGroup {
    /// At least one. A group inside a group is kept as [`RequestItem::Unknown`]: enmeshed can
    /// never process it.
    pub items: Vec<RequestItem>,
    /// A heading.
    pub title: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Whatever the sender keeps here.
    pub metadata: Option<Value>,
}

const GROUP: &str = "RequestItemGroup";

impl Request {
    /// Reads one; `@type` may be missing, since it is where a property can only hold a Request.
    ///
    /// Items of a type that is not known, or with something of an unknown type inside, are kept
    /// whole as [`RequestItem::Unknown`]; see [`Request::is_understood`].
    ///
    /// # Errors
    ///
    /// When something that is known is wrong: the Request as a whole is unreadable then, as it is
    /// for everybody. [`ContentError::TooLarge`] for texts and lists beyond [`limits`].
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, "Request")?;
        let request = Self {
            id: fields.optional_parsed("id", "must be the id of a Request", |id| {
                RequestId::parse(id).ok()
            })?,
            items: fields.list("items", 1, limits::ITEMS, RequestNode::parse)?,
            title: fields.optional_text("title", limits::TITLE)?,
            description: fields.optional_text("description", limits::DESCRIPTION)?,
            metadata: fields.metadata()?,
            expires_at: fields.optional_parsed("expiresAt", "must be a date", |date| {
                CoreDate::parse(date).ok()
            })?,
        };
        if request.all_items().count() > limits::ITEMS {
            return Err(ContentError::too_large("items", limits::ITEMS));
        }
        Ok(request)
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        object([
            ("@type", some("Request")),
            ("id", self.id.as_ref().map(|id| Value::from(id.as_str()))),
            ("items", list(&self.items, RequestNode::to_json)),
            ("title", self.title.as_deref().map(Value::from)),
            ("description", self.description.as_deref().map(Value::from)),
            ("metadata", self.metadata.clone()),
            (
                "expiresAt",
                self.expires_at.map(|date| Value::from(date.to_string())),
            ),
        ])
    }

    /// As JSON without `@type`: in a property that can only hold a Request.
    #[must_use]
    pub fn to_nested_json(&self) -> Value {
        without_type(self.to_json())
    }

    /// Every item, those in groups included, in order.
    pub fn all_items(&self) -> impl Iterator<Item = &RequestItem> {
        self.items.iter().flat_map(RequestNode::items)
    }

    /// Every item, to be changed.
    pub fn all_items_mut(&mut self) -> impl Iterator<Item = &mut RequestItem> {
        self.items.iter_mut().flat_map(|node| match node {
            RequestNode::Item(item) => std::slice::from_mut(item),
            RequestNode::Group(group) => group.items.as_mut_slice(),
        })
    }

    /// Whether every item is of a known type. If not, the Request can be shown, but never be
    /// answered.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.all_items()
            .all(|item| !matches!(item, RequestItem::Unknown(_)))
    }

    /// Whether it expired before `now`; at that very moment it has not yet.
    #[must_use]
    pub fn is_expired(&self, now: CoreDate) -> bool {
        self.expires_at.is_some_and(|date| now > date)
    }
}

impl RequestNode {
    fn parse(json: &Value) -> Result<Self> {
        if Fields::of(json)?.required_type()? == GROUP {
            RequestItemGroup::parse(json).map(Self::Group)
        } else {
            RequestItem::parse(json).map(Self::Item)
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Item(item) => item.to_json(),
            Self::Group(group) => group.to_json(),
        }
    }

    /// The item, or the items of the group.
    pub fn items(&self) -> impl Iterator<Item = &RequestItem> {
        match self {
            Self::Item(item) => std::slice::from_ref(item),
            Self::Group(group) => group.items.as_slice(),
        }
        .iter()
    }
}

impl RequestItemGroup {
    /// Reads one; `@type` may be missing.
    ///
    /// # Errors
    ///
    /// As [`Request::parse`].
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, GROUP)?;
        Ok(Self {
            items: fields.list("items", 1, limits::ITEMS, RequestItem::parse)?,
            title: fields.optional_text("title", limits::TITLE)?,
            description: fields.optional_text("description", limits::DESCRIPTION)?,
            metadata: fields.metadata()?,
        })
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        object([
            ("@type", some(GROUP)),
            ("items", list(&self.items, RequestItem::to_json)),
            ("title", self.title.as_deref().map(Value::from)),
            ("description", self.description.as_deref().map(Value::from)),
            ("metadata", self.metadata.clone()),
        ])
    }
}

json_type!(Request, RequestItemGroup);
