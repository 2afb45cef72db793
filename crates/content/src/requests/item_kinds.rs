//! The kinds of RequestItems.

use std::fmt;

use serde_json::Value;
use tessera_core_types::{Address, AttributeId};

use super::{FormFieldSettings, ItemFrame, item::ItemContent};
use crate::{
    ContentError, Result,
    attributes::{Attribute, consent_link},
    json::{Fields, object, some},
    limits,
    queries::AttributeQuery,
};

/// Asks for an Attribute of the recipient.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadAttributeRequestItem {
    /// What every item has.
    pub frame: ItemFrame,
    /// Which Attribute.
    pub query: AttributeQuery,
}

impl ItemContent for ReadAttributeRequestItem {
    fn parse_content(frame: ItemFrame, fields: Fields<'_>) -> Result<Self> {
        Ok(Self {
            frame,
            query: fields.nested("query", AttributeQuery::parse)?,
        })
    }

    fn content_to_json(&self) -> Value {
        object([("query", Some(self.query.to_json()))])
    }
}

/// Asks for an Attribute of the recipient and proposes a value.
#[derive(Debug, Clone, PartialEq)]
pub struct ProposeAttributeRequestItem {
    /// What every item has.
    pub frame: ItemFrame,
    /// Which Attribute; no query for a third party.
    pub query: AttributeQuery,
    /// The proposal, of the kind and value type that are asked for.
    pub attribute: Attribute,
}

impl ItemContent for ProposeAttributeRequestItem {
    fn parse_content(frame: ItemFrame, fields: Fields<'_>) -> Result<Self> {
        let item = Self {
            frame,
            query: fields.nested("query", AttributeQuery::parse)?,
            attribute: fields.nested("attribute", Attribute::parse)?,
        };
        let fits_kind = matches!(
            (&item.query, &item.attribute),
            (AttributeQuery::Relationship(_), Attribute::Relationship(_))
                | (
                    AttributeQuery::Identity(_) | AttributeQuery::Iql(_),
                    Attribute::Identity(_)
                )
        );
        if !fits_kind {
            return Err(ContentError::malformed(
                "attribute",
                "is not of the kind asked for",
            ));
        }
        let value_type = item.query.value_type();
        if value_type.is_some_and(|value_type| value_type != item.attribute.value_type()) {
            return Err(ContentError::malformed(
                "attribute.value",
                "is not of the type asked for",
            ));
        }
        Ok(item)
    }

    fn content_to_json(&self) -> Value {
        object([
            ("query", Some(self.query.to_json())),
            ("attribute", Some(self.attribute.to_json())),
        ])
    }
}

/// Offers an Attribute for the recipient to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateAttributeRequestItem {
    /// What every item has.
    pub frame: ItemFrame,
    /// The Attribute; an empty owner stands for the recipient.
    pub attribute: Attribute,
}

impl ItemContent for CreateAttributeRequestItem {
    fn parse_content(frame: ItemFrame, fields: Fields<'_>) -> Result<Self> {
        Ok(Self {
            frame,
            attribute: fields.nested("attribute", Attribute::parse)?,
        })
    }

    fn content_to_json(&self) -> Value {
        object([("attribute", Some(self.attribute.to_json()))])
    }
}

/// Shares an Attribute of the sender, or one that it has with a third party.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareAttributeRequestItem {
    /// What every item has.
    pub frame: ItemFrame,
    /// The Attribute.
    pub attribute: Attribute,
    /// The id under which the sender holds it, and the recipient will; absent from v6.
    pub attribute_id: Option<AttributeId>,
    /// The sender's id in v6, under which the recipient does not store it.
    pub source_attribute_id: Option<AttributeId>,
    /// For a RelationshipAttribute the other party of the Relationship it belongs to.
    pub initial_attribute_peer: Option<Address>,
}

impl ShareAttributeRequestItem {
    /// Whether the item comes from v6 and is answered in its words.
    #[must_use]
    pub fn is_v6(&self) -> bool {
        self.attribute_id.is_none()
    }
}

impl ItemContent for ShareAttributeRequestItem {
    fn parse_content(frame: ItemFrame, fields: Fields<'_>) -> Result<Self> {
        let item = Self {
            frame,
            attribute: fields.nested("attribute", Attribute::parse)?,
            attribute_id: fields.optional_parsed("attributeId", ATTRIBUTE_ID, attribute_id)?,
            source_attribute_id: fields.optional_parsed(
                "sourceAttributeId",
                ATTRIBUTE_ID,
                attribute_id,
            )?,
            initial_attribute_peer: initial_attribute_peer(fields)?,
        };
        if item.attribute_id.is_none() && item.source_attribute_id.is_none() {
            return Err(ContentError::malformed("attributeId", "is missing"));
        }
        Ok(item)
    }

    fn content_to_json(&self) -> Value {
        object([
            ("attribute", Some(self.attribute.to_json())),
            ("attributeId", id_to_json(self.attribute_id.as_ref())),
            (
                "sourceAttributeId",
                id_to_json(self.source_attribute_id.as_ref()),
            ),
            (
                "initialAttributePeer",
                peer_to_json(self.initial_attribute_peer.as_ref()),
            ),
        ])
    }
}

/// Asks to delete an Attribute that was received from the sender.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteAttributeRequestItem {
    /// What every item has.
    pub frame: ItemFrame,
    /// Which one.
    pub attribute_id: AttributeId,
}

impl ItemContent for DeleteAttributeRequestItem {
    fn parse_content(frame: ItemFrame, fields: Fields<'_>) -> Result<Self> {
        Ok(Self {
            frame,
            attribute_id: fields.parsed("attributeId", ATTRIBUTE_ID, attribute_id)?,
        })
    }

    fn content_to_json(&self) -> Value {
        object([("attributeId", id_to_json(Some(&self.attribute_id)))])
    }
}

/// Asks to agree to a text, once.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsentRequestItem {
    /// What every item has.
    pub frame: ItemFrame,
    /// The text.
    pub consent: String,
    /// Where more is said. Open it on a click only, and only with http or https.
    pub link: Option<String>,
    /// What stands for the link; only with one.
    pub link_display_text: Option<String>,
}

impl ItemContent for ConsentRequestItem {
    fn parse_content(frame: ItemFrame, fields: Fields<'_>) -> Result<Self> {
        /// Shortest link and display text, longest display text.
        const MIN: usize = 3;
        const DISPLAY_TEXT: usize = 30;
        let optional = |name: &str, max| {
            fields
                .get(name)
                .map(|_| fields.text(name, MIN, max))
                .transpose()
        };
        let item = Self {
            frame,
            consent: fields.text("consent", 0, limits::CONSENT)?,
            link: optional("link", limits::LINK)?,
            link_display_text: optional("linkDisplayText", DISPLAY_TEXT)?,
        };
        let is_link = |link: &String| consent_link().is_some_and(|pattern| pattern.matches(link));
        if item.link.as_ref().is_some_and(|link| !is_link(link)) {
            return Err(ContentError::malformed("link", "is no link"));
        }
        if item.link_display_text.is_some() && item.link.is_none() {
            return Err(ContentError::malformed(
                "linkDisplayText",
                "stands without a link",
            ));
        }
        Ok(item)
    }

    fn content_to_json(&self) -> Value {
        object([
            ("consent", some(self.consent.as_str())),
            ("link", self.link.as_deref().map(Value::from)),
            (
                "linkDisplayText",
                self.link_display_text.as_deref().map(Value::from),
            ),
        ])
    }
}

/// Asks to confirm an action. Its title is in the frame; early v6 has none.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthenticationRequestItem {
    /// What every item has.
    pub frame: ItemFrame,
}

impl ItemContent for AuthenticationRequestItem {
    fn parse_content(frame: ItemFrame, _: Fields<'_>) -> Result<Self> {
        Ok(Self { frame })
    }

    fn content_to_json(&self) -> Value {
        object([])
    }
}

/// Asks a question. Its title is in the frame and always there.
#[derive(Debug, Clone, PartialEq)]
pub struct FormFieldRequestItem {
    /// What every item has.
    pub frame: ItemFrame,
    /// What kind of answer is wanted.
    pub settings: FormFieldSettings,
}

impl ItemContent for FormFieldRequestItem {
    fn parse_content(frame: ItemFrame, fields: Fields<'_>) -> Result<Self> {
        if frame.title.is_none() {
            return Err(ContentError::malformed("title", "is missing"));
        }
        Ok(Self {
            frame,
            settings: fields.nested("settings", FormFieldSettings::parse)?,
        })
    }

    fn content_to_json(&self) -> Value {
        object([("settings", Some(self.settings.to_json()))])
    }
}

/// Hands over a File.
#[derive(Clone, PartialEq)]
pub struct TransferFileOwnershipRequestItem {
    /// What every item has.
    pub frame: ItemFrame,
    /// The truncated reference of the File; it contains a key.
    pub file_reference: String,
    /// What proves that the sender hands it over; without (early v6) it cannot be accepted.
    pub ownership_token: Option<String>,
}

impl fmt::Debug for TransferFileOwnershipRequestItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransferFileOwnershipRequestItem")
            .field("frame", &self.frame)
            .finish_non_exhaustive()
    }
}

impl ItemContent for TransferFileOwnershipRequestItem {
    fn parse_content(frame: ItemFrame, fields: Fields<'_>) -> Result<Self> {
        Ok(Self {
            frame,
            file_reference: fields.text("fileReference", 1, limits::TEXT)?,
            ownership_token: fields.optional_text("ownershipToken", limits::TEXT)?,
        })
    }

    fn content_to_json(&self) -> Value {
        object([
            ("fileReference", some(self.file_reference.as_str())),
            (
                "ownershipToken",
                self.ownership_token.as_deref().map(Value::from),
            ),
        ])
    }
}

macro_rules! one_text {
    ($($(#[$doc:meta])* $item:ident { $(#[$field_doc:meta])* $field:ident = $name:literal })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $item {
            /// What every item has.
            pub frame: ItemFrame,
            $(#[$field_doc])*
            pub $field: String,
        }

        impl ItemContent for $item {
            fn parse_content(frame: ItemFrame, fields: Fields<'_>) -> Result<Self> {
                Ok(Self {
                    frame,
                    $field: fields.text($name, 0, limits::TEXT)?,
                })
            }

            fn content_to_json(&self) -> Value {
                object([($name, some(self.$field.as_str()))])
            }
        }
    )*};
}

one_text! {
    /// Offers a credential by OpenID4VCI.
    ShareCredentialOfferRequestItem {
        /// Where it is fetched.
        credential_offer_url = "credentialOfferUrl"
    }
    /// Asks for a credential by OpenID4VP.
    ShareAuthorizationRequestRequestItem {
        /// Where it is presented.
        authorization_request_url = "authorizationRequestUrl"
    }
    /// v6: asks for an answer in words.
    FreeTextRequestItem {
        /// The question.
        free_text = "freeText"
    }
}

/// v6: asks to be told when an Attribute appears.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisterAttributeListenerRequestItem {
    /// What every item has.
    pub frame: ItemFrame,
    /// Which Attribute.
    pub query: AttributeQuery,
}

impl ItemContent for RegisterAttributeListenerRequestItem {
    fn parse_content(frame: ItemFrame, fields: Fields<'_>) -> Result<Self> {
        Ok(Self {
            frame,
            query: fields.nested("query", AttributeQuery::parse)?,
        })
    }

    fn content_to_json(&self) -> Value {
        object([("query", Some(self.query.to_json()))])
    }
}

pub(super) const ATTRIBUTE_ID: &str = "must be the id of an Attribute";

pub(super) fn attribute_id(text: &str) -> Option<AttributeId> {
    AttributeId::parse(text).ok()
}

pub(super) fn id_to_json(id: Option<&AttributeId>) -> Option<Value> {
    id.map(|id| Value::from(id.as_str()))
}

/// The other party of the Relationship that a RelationshipAttribute belongs to, by its name of
/// 7.0.3 or the one before.
pub(super) fn initial_attribute_peer(fields: Fields<'_>) -> Result<Option<Address>> {
    let read =
        |name| fields.optional_parsed(name, "must be an address", |text| Address::parse(text).ok());
    match read("initialAttributePeer")? {
        None => read("thirdPartyAddress"),
        peer => Ok(peer),
    }
}

pub(super) fn peer_to_json(peer: Option<&Address>) -> Option<Value> {
    peer.map(|peer| Value::from(peer.as_str()))
}
