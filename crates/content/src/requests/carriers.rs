//! What carries Requests and Responses: contents of templates, Relationships and Messages.

use serde_json::Value;
use tessera_core_types::{Address, RequestId, is_id};

use super::{Notification, Request, Response};
use crate::{
    ContentError, Result,
    json::{Fields, json_type, list, object, some},
    limits,
};

/// A RelationshipTemplateContent: what a peer asks for when its template is loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationshipTemplateContent {
    /// A heading.
    pub title: Option<String>,
    /// Whatever the creator keeps here.
    pub metadata: Option<Value>,
    /// The Request when there is no Relationship yet.
    pub on_new_relationship: Request,
    /// The Request when there is an active one.
    pub on_existing_relationship: Option<Request>,
}

const TEMPLATE: &str = "RelationshipTemplateContent";
const CREATION: &str = "RelationshipCreationContent";
const ARBITRARY_TEMPLATE: &str = "ArbitraryRelationshipTemplateContent";
const ARBITRARY_CREATION: &str = "ArbitraryRelationshipCreationContent";
const ARBITRARY_MESSAGE: &str = "ArbitraryMessageContent";

impl RelationshipTemplateContent {
    /// Reads one; `@type` may be missing.
    ///
    /// # Errors
    ///
    /// As [`Request::parse`].
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, TEMPLATE)?;
        Ok(Self {
            title: fields.optional_text("title", limits::TITLE)?,
            metadata: fields.metadata()?,
            on_new_relationship: fields.nested("onNewRelationship", Request::parse)?,
            on_existing_relationship: fields
                .optional_nested("onExistingRelationship", Request::parse)?,
        })
    }

    /// As JSON with `@type`; the Requests inside have none.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let existing = self.on_existing_relationship.as_ref();
        object([
            ("@type", some(TEMPLATE)),
            ("title", self.title.as_deref().map(Value::from)),
            ("metadata", self.metadata.clone()),
            (
                "onNewRelationship",
                Some(self.on_new_relationship.to_nested_json()),
            ),
            (
                "onExistingRelationship",
                existing.map(Request::to_nested_json),
            ),
        ])
    }
}

/// What is in a RelationshipTemplate.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "one per template")]
pub enum TemplateContent {
    /// A Request.
    Request(RelationshipTemplateContent),
    /// The `value` of an ArbitraryRelationshipTemplateContent: no Request for this wallet.
    Arbitrary(Value),
    /// Anything else, as it came.
    Unknown(Value),
}

impl TemplateContent {
    /// Reads the content of a template.
    ///
    /// # Errors
    ///
    /// When it says that it is a RelationshipTemplateContent and is not.
    pub fn parse(json: &Value) -> Result<Self> {
        match type_of(json) {
            TEMPLATE => RelationshipTemplateContent::parse(json).map(Self::Request),
            ARBITRARY_TEMPLATE => arbitrary(json).map(Self::Arbitrary),
            _ => Ok(Self::Unknown(json.clone())),
        }
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Request(content) => content.to_json(),
            Self::Arbitrary(value) => arbitrary_to_json(ARBITRARY_TEMPLATE, value),
            Self::Unknown(json) => json.clone(),
        }
    }
}

/// A RelationshipCreationContent: the Response that travels with a new Relationship.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationshipCreationContent {
    /// The answer to the template's Request.
    pub response: Response,
}

impl RelationshipCreationContent {
    /// Reads one; `@type` may be missing.
    ///
    /// # Errors
    ///
    /// As [`Response::parse`].
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, CREATION)?;
        Ok(Self {
            response: fields.nested("response", Response::parse)?,
        })
    }

    /// As JSON with `@type`; the Response inside has none.
    #[must_use]
    pub fn to_json(&self) -> Value {
        object([
            ("@type", some(CREATION)),
            ("response", Some(self.response.to_nested_json())),
        ])
    }
}

/// What comes with a new Relationship.
#[derive(Debug, Clone, PartialEq)]
pub enum CreationContent {
    /// A Response.
    Response(RelationshipCreationContent),
    /// The `value` of an ArbitraryRelationshipCreationContent.
    Arbitrary(Value),
    /// Anything else, as it came.
    Unknown(Value),
}

impl CreationContent {
    /// Reads the creation content of a Relationship.
    ///
    /// # Errors
    ///
    /// When it says that it is a RelationshipCreationContent and is not.
    pub fn parse(json: &Value) -> Result<Self> {
        match type_of(json) {
            CREATION => RelationshipCreationContent::parse(json).map(Self::Response),
            ARBITRARY_CREATION => arbitrary(json).map(Self::Arbitrary),
            _ => Ok(Self::Unknown(json.clone())),
        }
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Response(content) => content.to_json(),
            Self::Arbitrary(value) => arbitrary_to_json(ARBITRARY_CREATION, value),
            Self::Unknown(json) => json.clone(),
        }
    }
}

/// Where an answered Request came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
pub enum RequestSourceType {
    /// A Message.
    Message,
    /// A RelationshipTemplate.
    RelationshipTemplate,
}

impl RequestSourceType {
    fn as_str(self) -> &'static str {
        match self {
            Self::Message => "Message",
            Self::RelationshipTemplate => "RelationshipTemplate",
        }
    }
}

/// A ResponseWrapper: a Response in a Message.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseWrapper {
    /// The Request that is answered.
    pub request_id: RequestId,
    /// The Message (`MSG…`) or template (`RLT…`) it came in.
    pub request_source_reference: String,
    /// Which of both.
    pub request_source_type: RequestSourceType,
    /// The answer.
    pub response: Response,
}

impl ResponseWrapper {
    /// Reads one; `@type` may be missing.
    ///
    /// # Errors
    ///
    /// As [`Response::parse`].
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, "ResponseWrapper")?;
        let is_source = |text: &str| is_id("MSG", text) || is_id("RLT", text);
        Ok(Self {
            request_id: fields.parsed("requestId", "must be the id of a Request", |id| {
                RequestId::parse(id).ok()
            })?,
            request_source_reference: fields.parsed(
                "requestSourceReference",
                "must be the id of a Message or a RelationshipTemplate",
                |text| is_source(text).then(|| text.to_owned()),
            )?,
            request_source_type: fields.parsed(
                "requestSourceType",
                "must be Message or RelationshipTemplate",
                |text| {
                    [
                        RequestSourceType::Message,
                        RequestSourceType::RelationshipTemplate,
                    ]
                    .into_iter()
                    .find(|kind| kind.as_str() == text)
                },
            )?,
            response: fields.nested("response", Response::parse)?,
        })
    }

    /// As JSON with `@type`; the Response inside has none.
    #[must_use]
    pub fn to_json(&self) -> Value {
        object([
            ("@type", some("ResponseWrapper")),
            ("requestId", some(self.request_id.as_str())),
            (
                "requestSourceReference",
                some(self.request_source_reference.as_str()),
            ),
            ("requestSourceType", some(self.request_source_type.as_str())),
            ("response", Some(self.response.to_nested_json())),
        ])
    }
}

/// How the body of a Mail is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
pub enum MailBodyFormat {
    /// As it is.
    PlainText,
    /// Markdown.
    Markdown,
}

/// A Mail: a text to persons.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// To whom, at least one.
    pub to: Vec<Address>,
    /// Who else reads it.
    pub cc: Vec<Address>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// How the text is written.
    pub body_format: MailBodyFormat,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail")
            .field("to", &self.to)
            .finish_non_exhaustive()
    }
}

impl Mail {
    /// Reads one; `@type`, `cc` and `bodyFormat` may be missing, and v6 wrote `content` instead
    /// of `body`.
    ///
    /// # Errors
    ///
    /// What is wrong with which property.
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of_type(json, "Mail")?;
        let address = |value: &Value| {
            value
                .as_str()
                .and_then(|text| Address::parse(text).ok())
                .ok_or_else(|| ContentError::malformed("", "must be an address"))
        };
        let body = if fields.get("body").is_some() {
            "body"
        } else {
            "content"
        };
        Ok(Self {
            to: fields.list("to", 1, limits::ADDRESSES, address)?,
            cc: fields
                .optional_list("cc", limits::ADDRESSES, address)?
                .unwrap_or_default(),
            subject: fields.text("subject", 0, limits::MAIL_SUBJECT)?,
            body: fields.text(body, 0, limits::MAIL_BODY)?,
            body_format: fields
                .optional_parsed(
                    "bodyFormat",
                    "must be PlainText or Markdown",
                    |text| match text {
                        "PlainText" => Some(MailBodyFormat::PlainText),
                        "Markdown" => Some(MailBodyFormat::Markdown),
                        _ => None,
                    },
                )?
                .unwrap_or(MailBodyFormat::PlainText),
        })
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let addresses =
            |addresses: &[Address]| list(addresses, |address| Value::from(address.as_str()));
        let format = match self.body_format {
            MailBodyFormat::PlainText => "PlainText",
            MailBodyFormat::Markdown => "Markdown",
        };
        object([
            ("@type", some("Mail")),
            ("to", addresses(&self.to)),
            ("cc", addresses(&self.cc)),
            ("subject", some(self.subject.as_str())),
            ("body", some(self.body.as_str())),
            ("bodyFormat", some(format)),
        ])
    }
}

/// What is in a Message.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "one per Message")]
pub enum MessageContent {
    /// A Request.
    Request(Request),
    /// The answer to one.
    Response(ResponseWrapper),
    /// A Notification.
    Notification(Notification),
    /// A Mail.
    Mail(Mail),
    /// The `value` of an ArbitraryMessageContent.
    Arbitrary(Value),
    /// Anything else, as it came.
    Unknown(Value),
}

impl MessageContent {
    /// Reads the content of a Message by its `@type`.
    ///
    /// # Errors
    ///
    /// When it says that it is something that is known here and is not.
    pub fn parse(json: &Value) -> Result<Self> {
        match type_of(json) {
            "Request" => Request::parse(json).map(Self::Request),
            "ResponseWrapper" => ResponseWrapper::parse(json).map(Self::Response),
            "Notification" => Notification::parse(json).map(Self::Notification),
            "Mail" => Mail::parse(json).map(Self::Mail),
            ARBITRARY_MESSAGE => arbitrary(json).map(Self::Arbitrary),
            _ => Ok(Self::Unknown(json.clone())),
        }
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Request(request) => request.to_json(),
            Self::Response(wrapper) => wrapper.to_json(),
            Self::Notification(notification) => notification.to_json(),
            Self::Mail(mail) => mail.to_json(),
            Self::Arbitrary(value) => arbitrary_to_json(ARBITRARY_MESSAGE, value),
            Self::Unknown(json) => json.clone(),
        }
    }
}

json_type!(
    RelationshipTemplateContent,
    TemplateContent,
    RelationshipCreationContent,
    CreationContent,
    ResponseWrapper,
    Mail,
    MessageContent,
);

fn type_of(json: &Value) -> &str {
    json.get("@type")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn arbitrary(json: &Value) -> Result<Value> {
    Fields::of(json)?.nested("value", |value| Ok(value.clone()))
}

fn arbitrary_to_json(name: &str, value: &Value) -> Value {
    object([("@type", some(name)), ("value", Some(value.clone()))])
}
