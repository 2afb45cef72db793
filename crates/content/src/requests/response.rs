//! The Response: one answer for each item of a Request, in its shape and order.

use serde_json::Value;
use tessera_core_types::RequestId;

use super::ResponseItem;
use crate::{
    ContentError, Result,
    json::{Fields, json_type, list, object, some, without_type},
    limits,
};

/// Whether a Request was accepted as a whole.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, ts_rs::TS,
)]
pub enum ResponseResult {
    /// Accepted, even if every optional item was rejected.
    Accepted,
    /// Rejected with everything in it.
    Rejected,
}

impl ResponseResult {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "Accepted",
            Self::Rejected => "Rejected",
        }
    }
}

/// What answers a Request.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Whether the Request was accepted.
    pub result: ResponseResult,
    /// Which Request; for one out of a template the id that its recipient gave it.
    pub request_id: RequestId,
    /// One for each node of the Request.
    pub items: Vec<ResponseNode>,
}

/// The answer to an item or to a group.
#[derive(Debug, Clone, PartialEq)]
pub enum ResponseNode {
    /// To an item.
    Item(ResponseItem),
    /// To the items of a group, a ResponseItemGroup.
    Group(Vec<ResponseItem>),
}

const GROUP: &str = "ResponseItemGroup";

impl Response {
    /// Reads one; `@type` may be missing, as it is where a property can only hold a Response.
    ///
    /// # Errors
    ///
    /// When something that is known is wrong. Items of an unknown type are kept whole.
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, "Response")?;
        let response = Self {
            result: fields.parsed(
                "result",
                "must be Accepted or Rejected",
                |text| match text {
                    "Accepted" => Some(ResponseResult::Accepted),
                    "Rejected" => Some(ResponseResult::Rejected),
                    _ => None,
                },
            )?,
            request_id: fields.parsed("requestId", "must be the id of a Request", |id| {
                RequestId::parse(id).ok()
            })?,
            items: fields.list("items", 1, limits::ITEMS, ResponseNode::parse)?,
        };
        if response.all_items().count() > limits::ITEMS {
            return Err(ContentError::too_large("items", limits::ITEMS));
        }
        Ok(response)
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        object([
            ("@type", some("Response")),
            ("result", some(self.result.as_str())),
            ("requestId", some(self.request_id.as_str())),
            ("items", list(&self.items, ResponseNode::to_json)),
        ])
    }

    /// As JSON without `@type`: in a property that can only hold a Response.
    #[must_use]
    pub fn to_nested_json(&self) -> Value {
        without_type(self.to_json())
    }

    /// Every item, those in groups included, in order.
    pub fn all_items(&self) -> impl Iterator<Item = &ResponseItem> {
        self.items.iter().flat_map(ResponseNode::items)
    }
}

impl ResponseNode {
    fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of(json)?;
        if fields.required_type()? == GROUP {
            fields
                .list("items", 1, limits::ITEMS, ResponseItem::parse)
                .map(Self::Group)
        } else {
            ResponseItem::parse(json).map(Self::Item)
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Item(item) => item.to_json(),
            Self::Group(items) => object([
                ("@type", some(GROUP)),
                ("items", list(items, ResponseItem::to_json)),
            ]),
        }
    }

    /// The item, or the items of the group.
    pub fn items(&self) -> impl Iterator<Item = &ResponseItem> {
        match self {
            Self::Item(item) => std::slice::from_ref(item),
            Self::Group(items) => items.as_slice(),
        }
        .iter()
    }
}

json_type!(Response);
