//! RequestItems: what all have in common, and telling them apart.

use std::fmt;

use serde_json::Value;

use super::item_kinds::{
    AuthenticationRequestItem, ConsentRequestItem, CreateAttributeRequestItem,
    DeleteAttributeRequestItem, FormFieldRequestItem, FreeTextRequestItem,
    ProposeAttributeRequestItem, ReadAttributeRequestItem, RegisterAttributeListenerRequestItem,
    ShareAttributeRequestItem, ShareAuthorizationRequestRequestItem,
    ShareCredentialOfferRequestItem, TransferFileOwnershipRequestItem,
};
use crate::{
    ContentError, Result,
    json::{Fields, json_type, merged, object, some},
    limits,
};

/// What every RequestItem has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemFrame {
    /// Whether the Request can only be accepted with it.
    pub must_be_accepted: bool,
    /// A heading: of authentication and form field items, in v6 of any.
    pub title: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Whatever the sender keeps here.
    pub metadata: Option<Value>,
    /// v7: not ticked beforehand even if it must be accepted.
    pub requires_interaction: Option<bool>,
    /// The same in v6.
    pub require_manual_decision: Option<bool>,
}

impl ItemFrame {
    /// What an item starts from that must be accepted or not.
    #[must_use]
    pub fn new(must_be_accepted: bool) -> Self {
        Self {
            must_be_accepted,
            ..Self::default()
        }
    }

    /// Whether the person must tick it, in the words of either version.
    #[must_use]
    pub fn needs_interaction(&self) -> bool {
        self.requires_interaction == Some(true) || self.require_manual_decision == Some(true)
    }

    fn parse(fields: Fields<'_>) -> Result<Self> {
        Ok(Self {
            must_be_accepted: fields.flag("mustBeAccepted")?,
            title: fields.optional_text("title", limits::TITLE)?,
            description: fields.optional_text("description", limits::DESCRIPTION)?,
            metadata: fields.metadata()?,
            requires_interaction: fields.optional_flag("requiresInteraction")?,
            require_manual_decision: fields.optional_flag("requireManualDecision")?,
        })
    }

    fn to_json(&self, type_name: &str) -> Value {
        object([
            ("@type", some(type_name)),
            ("mustBeAccepted", some(self.must_be_accepted)),
            ("title", self.title.as_deref().map(Value::from)),
            ("description", self.description.as_deref().map(Value::from)),
            ("metadata", self.metadata.clone()),
            (
                "requiresInteraction",
                self.requires_interaction.map(Value::from),
            ),
            (
                "requireManualDecision",
                self.require_manual_decision.map(Value::from),
            ),
        ])
    }
}

/// What one kind of RequestItem adds to the frame.
pub(super) trait ItemContent: Sized {
    /// Reads the further properties.
    fn parse_content(frame: ItemFrame, fields: Fields<'_>) -> Result<Self>;
    /// The further properties, as an object.
    fn content_to_json(&self) -> Value;
}

/// An item whose type is not known here, or with something of an unknown type inside: kept as it
/// came, shown as not understood, never answered.
#[derive(Clone, PartialEq)]
pub struct UnknownRequestItem {
    /// The item as it came.
    pub json: Value,
    /// What can be read of the frame; a required item if it does not say.
    pub frame: ItemFrame,
}

impl UnknownRequestItem {
    fn new(json: &Value, fields: Fields<'_>) -> Self {
        let text = |name, max| fields.optional_text(name, max).ok().flatten();
        Self {
            json: json.clone(),
            frame: ItemFrame {
                must_be_accepted: fields.flag("mustBeAccepted").unwrap_or(true),
                title: text("title", limits::TITLE),
                description: text("description", limits::DESCRIPTION),
                ..ItemFrame::default()
            },
        }
    }

    /// Its `@type`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        self.json["@type"].as_str().unwrap_or_default()
    }
}

impl fmt::Debug for UnknownRequestItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnknownRequestItem(…)")
    }
}

macro_rules! request_items {
    ($($(#[$doc:meta])* $variant:ident($content:ident) = $name:literal;)*) => {
        /// One thing that is asked for, offered or announced.
        #[derive(Debug, Clone, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "items live in one list and are few")]
        pub enum RequestItem {
            $($(#[$doc])* $variant($content),)*
            /// Not understood by this version.
            Unknown(UnknownRequestItem),
        }

        impl RequestItem {
            fn parse_known(fields: Fields<'_>, name: &str) -> Result<Self> {
                match name {
                    $($name => {
                        let frame = ItemFrame::parse(fields)?;
                        $content::parse_content(frame, fields).map(Self::$variant)
                    })*
                    _ => Err(ContentError::unknown_type()),
                }
            }

            /// As JSON with `@type`; an unknown one as it came.
            #[must_use]
            pub fn to_json(&self) -> Value {
                match self {
                    $(Self::$variant(item) => {
                        merged(item.frame.to_json($name), item.content_to_json())
                    })*
                    Self::Unknown(item) => item.json.clone(),
                }
            }

            /// Its `@type`.
            #[must_use]
            pub fn type_name(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $name,)*
                    Self::Unknown(item) => item.type_name(),
                }
            }

            /// What every item has; of an unknown one what can be read.
            #[must_use]
            pub fn frame(&self) -> &ItemFrame {
                match self {
                    $(Self::$variant(item) => &item.frame,)*
                    Self::Unknown(item) => &item.frame,
                }
            }
        }
    };
}

request_items! {
    /// Give an Attribute.
    ReadAttribute(ReadAttributeRequestItem) = "ReadAttributeRequestItem";
    /// Give an Attribute, for which a value is proposed.
    ProposeAttribute(ProposeAttributeRequestItem) = "ProposeAttributeRequestItem";
    /// Take an Attribute as it is.
    CreateAttribute(CreateAttributeRequestItem) = "CreateAttributeRequestItem";
    /// Receive an Attribute of the sender or of a third party.
    ShareAttribute(ShareAttributeRequestItem) = "ShareAttributeRequestItem";
    /// Delete a received Attribute.
    DeleteAttribute(DeleteAttributeRequestItem) = "DeleteAttributeRequestItem";
    /// Agree to a text, once.
    Consent(ConsentRequestItem) = "ConsentRequestItem";
    /// Confirm an action.
    Authentication(AuthenticationRequestItem) = "AuthenticationRequestItem";
    /// Answer a question.
    FormField(FormFieldRequestItem) = "FormFieldRequestItem";
    /// Take over a File.
    TransferFileOwnership(TransferFileOwnershipRequestItem) = "TransferFileOwnershipRequestItem";
    /// Fetch a credential (OpenID4VCI); not supported, can be rejected.
    ShareCredentialOffer(ShareCredentialOfferRequestItem) = "ShareCredentialOfferRequestItem";
    /// Present a credential (OpenID4VP); not supported, can be rejected.
    ShareAuthorizationRequest(ShareAuthorizationRequestRequestItem)
        = "ShareAuthorizationRequestRequestItem";
    /// v6: answer in words of one's own.
    FreeText(FreeTextRequestItem) = "FreeTextRequestItem";
    /// v6: tell when an Attribute appears; can only be rejected.
    RegisterAttributeListener(RegisterAttributeListenerRequestItem)
        = "RegisterAttributeListenerRequestItem";
}

impl RequestItem {
    /// Reads one by its `@type`, which must be there.
    ///
    /// # Errors
    ///
    /// When something that is known is wrong. Unknown types are no error, see
    /// [`RequestItem::Unknown`].
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of(json)?;
        match Self::parse_known(fields, fields.required_type()?) {
            Err(ContentError::UnknownType { .. }) => {
                Ok(Self::Unknown(UnknownRequestItem::new(json, fields)))
            }
            read => read,
        }
    }

    /// Whether the Request can only be accepted with it.
    #[must_use]
    pub fn must_be_accepted(&self) -> bool {
        self.frame().must_be_accepted
    }
}

json_type!(RequestItem);
