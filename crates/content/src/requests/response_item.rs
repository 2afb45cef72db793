//! ResponseItems: the answers to single items.

use serde_json::Value;
use tessera_core_types::{Address, AttributeId, CoreDate};

use super::{
    FormFieldResponse,
    item_kinds::{ATTRIBUTE_ID, attribute_id, id_to_json, initial_attribute_peer, peer_to_json},
};
use crate::{
    ContentError, Result,
    attributes::{Attribute, IdentityAttribute},
    json::{Fields, json_type, object, some, without_type},
    limits,
};

/// The answer to one item. Ids are those of the recipient's own Attributes; both sides use them
/// from then on.
#[derive(Debug, Clone, PartialEq)]
pub enum ResponseItem {
    /// Accepted, and nothing more to say.
    Accept,
    /// The Attribute that was asked for.
    ReadAttributeAccept {
        /// Its id.
        attribute_id: AttributeId,
        /// What it says.
        attribute: Attribute,
        /// For a RelationshipAttribute of another Relationship, the other party of that.
        initial_attribute_peer: Option<Address>,
    },
    /// The Attribute that was chosen, which need not be the proposal.
    ProposeAttributeAccept {
        /// Its id.
        attribute_id: AttributeId,
        /// What it says.
        attribute: Attribute,
    },
    /// The offered Attribute was taken.
    CreateAttributeAccept {
        /// Its id.
        attribute_id: AttributeId,
    },
    /// The Attribute will be deleted.
    DeleteAttributeAccept {
        /// When.
        deletion_date: CoreDate,
    },
    /// The answer to a form field.
    FormFieldAccept {
        /// The answer.
        response: FormFieldResponse,
    },
    /// The File was taken over.
    TransferFileOwnershipAccept {
        /// The id of the Attribute that refers to it.
        attribute_id: AttributeId,
        /// That Attribute.
        attribute: IdentityAttribute,
    },
    /// The peer has this Attribute already.
    AttributeAlreadySharedAccept {
        /// Its id.
        attribute_id: AttributeId,
    },
    /// The peer has an older version of this Attribute.
    AttributeSuccessionAccept {
        /// The version the peer has.
        predecessor_id: AttributeId,
        /// The new one.
        successor_id: AttributeId,
        /// What the new one says.
        successor_content: Attribute,
    },
    /// Rejected.
    Reject {
        /// Why, for programs.
        code: Option<String>,
        /// Why, for persons.
        message: Option<String>,
    },
    /// Failed; no known wallet says so.
    Error {
        /// Why, for programs.
        code: String,
        /// Why, for persons.
        message: String,
    },
    /// v6: a shared Attribute was stored under a new id.
    ShareAttributeAccept {
        /// That id.
        attribute_id: AttributeId,
    },
    /// v6: an answer in words.
    FreeTextAccept {
        /// The answer.
        free_text: String,
    },
    /// v6: an Attribute will be told about.
    RegisterAttributeListenerAccept {
        /// The id of the listener, at most 30 characters.
        listener_id: String,
    },
    /// Not understood by this version: as it came.
    Unknown(UnknownResponseItem),
}

/// A ResponseItem of an unknown type, as it came.
#[derive(Clone, PartialEq)]
pub struct UnknownResponseItem(pub Value);

impl std::fmt::Debug for UnknownResponseItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UnknownResponseItem(…)")
    }
}

/// Whether an item was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, ts_rs::TS)]
pub enum ResponseItemResult {
    /// It was.
    Accepted,
    /// It was not.
    Rejected,
    /// It failed.
    Error,
}

impl ResponseItemResult {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "Accepted",
            Self::Rejected => "Rejected",
            Self::Error => "Error",
        }
    }
}

/// Longest id of a listener.
const LISTENER_ID: usize = 30;

impl ResponseItem {
    /// Reads one by its `@type`, which must be there.
    ///
    /// # Errors
    ///
    /// When something that is known is wrong. An unknown type is kept whole.
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of(json)?;
        match Self::parse_known(fields) {
            Err(ContentError::UnknownType { .. }) => {
                Ok(Self::Unknown(UnknownResponseItem(json.clone())))
            }
            read => read,
        }
    }

    fn parse_known(fields: Fields<'_>) -> Result<Self> {
        let id = |name| fields.parsed(name, ATTRIBUTE_ID, attribute_id);
        let attribute = |name| fields.nested(name, Attribute::parse);
        let item = match fields.required_type()? {
            "AcceptResponseItem" => Self::Accept,
            "ReadAttributeAcceptResponseItem" => Self::ReadAttributeAccept {
                attribute_id: id("attributeId")?,
                attribute: attribute("attribute")?,
                initial_attribute_peer: initial_attribute_peer(fields)?,
            },
            "ProposeAttributeAcceptResponseItem" => Self::ProposeAttributeAccept {
                attribute_id: id("attributeId")?,
                attribute: attribute("attribute")?,
            },
            "CreateAttributeAcceptResponseItem" => Self::CreateAttributeAccept {
                attribute_id: id("attributeId")?,
            },
            "DeleteAttributeAcceptResponseItem" => Self::DeleteAttributeAccept {
                deletion_date: fields.parsed("deletionDate", "must be a date", |date| {
                    CoreDate::parse(date).ok()
                })?,
            },
            "FormFieldAcceptResponseItem" => Self::FormFieldAccept {
                response: fields.nested("response", |response| {
                    let response = FormFieldResponse::parse(response)?;
                    if response.can_be_sent() {
                        Ok(response)
                    } else {
                        Err(ContentError::too_large("", limits::FORM_FIELD_RESPONSE))
                    }
                })?,
            },
            "TransferFileOwnershipAcceptResponseItem" => Self::TransferFileOwnershipAccept {
                attribute_id: id("attributeId")?,
                attribute: fields.nested("attribute", IdentityAttribute::parse)?,
            },
            "AttributeAlreadySharedAcceptResponseItem" => Self::AttributeAlreadySharedAccept {
                attribute_id: id("attributeId")?,
            },
            "AttributeSuccessionAcceptResponseItem" => Self::AttributeSuccessionAccept {
                predecessor_id: id("predecessorId")?,
                successor_id: id("successorId")?,
                successor_content: attribute("successorContent")?,
            },
            "RejectResponseItem" => Self::Reject {
                code: fields.optional_text("code", limits::REJECT_CODE)?,
                message: fields.optional_text("message", limits::REJECT_MESSAGE)?,
            },
            "ErrorResponseItem" => Self::Error {
                code: fields.text("code", 0, limits::REJECT_CODE)?,
                message: fields.text("message", 0, limits::REJECT_MESSAGE)?,
            },
            "ShareAttributeAcceptResponseItem" => Self::ShareAttributeAccept {
                attribute_id: id("attributeId")?,
            },
            "FreeTextAcceptResponseItem" => Self::FreeTextAccept {
                free_text: fields.text("freeText", 0, limits::TEXT)?,
            },
            "RegisterAttributeListenerAcceptResponseItem" => {
                Self::RegisterAttributeListenerAccept {
                    listener_id: fields.text("listenerId", 0, LISTENER_ID)?,
                }
            }
            _ => return Err(ContentError::unknown_type()),
        };
        let result = fields.text("result", 0, limits::TITLE)?;
        if item
            .result()
            .is_some_and(|wanted| wanted.as_str() == result)
        {
            Ok(item)
        } else {
            Err(ContentError::malformed("result", "does not fit the type"))
        }
    }

    /// As JSON with `@type`; an unknown one as it came.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let result = self.result().map(|result| Value::from(result.as_str()));
        let kind = some(self.type_name());
        match self {
            Self::ReadAttributeAccept {
                attribute_id,
                attribute,
                initial_attribute_peer,
            } => object([
                ("@type", kind),
                ("result", result),
                ("attributeId", id_to_json(Some(attribute_id))),
                ("attribute", Some(attribute.to_json())),
                (
                    "initialAttributePeer",
                    peer_to_json(initial_attribute_peer.as_ref()),
                ),
            ]),
            Self::ProposeAttributeAccept {
                attribute_id,
                attribute,
            } => object([
                ("@type", kind),
                ("result", result),
                ("attributeId", id_to_json(Some(attribute_id))),
                ("attribute", Some(attribute.to_json())),
            ]),
            Self::TransferFileOwnershipAccept {
                attribute_id,
                attribute,
            } => object([
                ("@type", kind),
                ("result", result),
                ("attributeId", id_to_json(Some(attribute_id))),
                ("attribute", Some(without_type(attribute.to_json()))),
            ]),
            Self::CreateAttributeAccept { attribute_id }
            | Self::AttributeAlreadySharedAccept { attribute_id }
            | Self::ShareAttributeAccept { attribute_id } => object([
                ("@type", kind),
                ("result", result),
                ("attributeId", id_to_json(Some(attribute_id))),
            ]),
            Self::DeleteAttributeAccept { deletion_date } => object([
                ("@type", kind),
                ("result", result),
                ("deletionDate", some(deletion_date.to_string())),
            ]),
            Self::FormFieldAccept { response } => object([
                ("@type", kind),
                ("result", result),
                ("response", Some(response.to_json())),
            ]),
            Self::AttributeSuccessionAccept {
                predecessor_id,
                successor_id,
                successor_content,
            } => object([
                ("@type", kind),
                ("result", result),
                ("predecessorId", id_to_json(Some(predecessor_id))),
                ("successorId", id_to_json(Some(successor_id))),
                ("successorContent", Some(successor_content.to_json())),
            ]),
            Self::Reject { code, message } => object([
                ("@type", kind),
                ("result", result),
                ("code", code.as_deref().map(Value::from)),
                ("message", message.as_deref().map(Value::from)),
            ]),
            Self::Error { code, message } => object([
                ("@type", kind),
                ("result", result),
                ("code", some(code.as_str())),
                ("message", some(message.as_str())),
            ]),
            Self::FreeTextAccept { free_text } => object([
                ("@type", kind),
                ("result", result),
                ("freeText", some(free_text.as_str())),
            ]),
            Self::RegisterAttributeListenerAccept { listener_id } => object([
                ("@type", kind),
                ("result", result),
                ("listenerId", some(listener_id.as_str())),
            ]),
            Self::Accept => object([("@type", kind), ("result", result)]),
            Self::Unknown(item) => item.0.clone(),
        }
    }

    /// Its `@type`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        match self {
            Self::Accept => "AcceptResponseItem",
            Self::ReadAttributeAccept { .. } => "ReadAttributeAcceptResponseItem",
            Self::ProposeAttributeAccept { .. } => "ProposeAttributeAcceptResponseItem",
            Self::CreateAttributeAccept { .. } => "CreateAttributeAcceptResponseItem",
            Self::DeleteAttributeAccept { .. } => "DeleteAttributeAcceptResponseItem",
            Self::FormFieldAccept { .. } => "FormFieldAcceptResponseItem",
            Self::TransferFileOwnershipAccept { .. } => "TransferFileOwnershipAcceptResponseItem",
            Self::AttributeAlreadySharedAccept { .. } => "AttributeAlreadySharedAcceptResponseItem",
            Self::AttributeSuccessionAccept { .. } => "AttributeSuccessionAcceptResponseItem",
            Self::Reject { .. } => "RejectResponseItem",
            Self::Error { .. } => "ErrorResponseItem",
            Self::ShareAttributeAccept { .. } => "ShareAttributeAcceptResponseItem",
            Self::FreeTextAccept { .. } => "FreeTextAcceptResponseItem",
            Self::RegisterAttributeListenerAccept { .. } => {
                "RegisterAttributeListenerAcceptResponseItem"
            }
            Self::Unknown(item) => item.0["@type"].as_str().unwrap_or_default(),
        }
    }

    /// Whether the item was accepted; of an unknown one it is not known.
    #[must_use]
    pub fn result(&self) -> Option<ResponseItemResult> {
        match self {
            Self::Unknown(_) => None,
            Self::Reject { .. } => Some(ResponseItemResult::Rejected),
            Self::Error { .. } => Some(ResponseItemResult::Error),
            _ => Some(ResponseItemResult::Accepted),
        }
    }
}

json_type!(ResponseItem);
