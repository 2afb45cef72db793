//! Which Attributes must be at hand to show and decide a Request, so that they can be fetched by
//! index instead of all.

use std::fmt;

use tessera_content::{Attribute, AttributeValue, Decision, Request, ValueKind};
use tessera_core_types::{Address, AttributeId};

use super::{candidates::MAX_CANDIDATES, items};
use crate::model::{AttributeKind, LocalAttribute};

/// Attributes that must be at hand, with their records of sharing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lookup {
    /// What is offered first: the newest versions of own IdentityAttributes of this value type
    /// and, unless there are none, with one of these tags. The default comes first, then the
    /// newest; [`Lookup::ENOUGH`] of them are enough.
    Candidates {
        /// The value type.
        value_type: String,
        /// The tags.
        tags: Vec<String>,
    },
    /// What a condition may find: all newest versions of own IdentityAttributes of this value
    /// type, of every type for `None`.
    OwnOfType(Option<String>),
    /// What a condition may find: all newest versions of own IdentityAttributes with this tag.
    OwnWithTag(String),
    /// What a condition may find: the newest versions of own IdentityAttributes with the words of
    /// this text in their value, which has this type if one is named.
    OwnWithText {
        /// The value type.
        value_type: Option<String>,
        /// The text, with letters or digits in it.
        text: String,
    },
    /// The newest version of an own IdentityAttribute with this value, and those before it.
    OwnOfValue(LookedUpValue),
    /// The default of this value type.
    Default {
        /// The value type.
        value_type: String,
    },
    /// All versions of Own- and PeerRelationshipAttributes with this key.
    RelationshipKey {
        /// The key.
        key: String,
        /// Of the Relationship to this peer only.
        peer: Option<Address>,
    },
    /// All versions of PeerIdentityAttributes and ThirdPartyRelationshipAttributes that this peer
    /// gave, of this value type.
    ReceivedFrom {
        /// The peer.
        peer: Address,
        /// The value type.
        value_type: String,
    },
    /// The Attribute with this id, whatever it is, with all of its versions.
    Attribute(AttributeId),
}

impl Lookup {
    /// How many of the Attributes that [`Lookup::Candidates`] finds are enough.
    pub const ENOUGH: usize = MAX_CANDIDATES;

    /// Through how many Attributes that a condition may find it is looked, the default and the
    /// newest first. Nobody chooses among more than a few; what is looked for by a text is found
    /// among any number.
    pub const LOOKED_THROUGH: usize = 1_000;

    /// Whether this is what a condition may find.
    #[must_use]
    pub fn is_of_condition(&self) -> bool {
        matches!(
            self,
            Self::OwnOfType(_) | Self::OwnWithTag(_) | Self::OwnWithText { .. }
        )
    }

    /// Whether this is one of the Attributes that must be at hand. Versions that come along are
    /// not meant; neither is that some are enough.
    #[must_use]
    pub fn finds(&self, attribute: &LocalAttribute) -> bool {
        let content = &attribute.content;
        let is_own = attribute.kind == AttributeKind::OwnIdentityAttribute;
        let is_newest_own = is_own && attribute.succeeded_by.is_none();
        let is_with = |peer: &Address| {
            let origin = attribute.origin();
            origin.is_some_and(|origin| origin.peer == *peer)
        };
        match self {
            Self::Candidates { value_type, tags } => {
                let has_one = || tags.iter().any(|tag| content.tags().contains(tag));
                is_newest_own
                    && content.value_type() == value_type
                    && (tags.is_empty() || has_one())
            }
            Self::OwnOfType(value_type) => {
                is_newest_own
                    && value_type
                        .as_ref()
                        .is_none_or(|name| content.value_type() == name)
            }
            Self::OwnWithTag(tag) => is_newest_own && content.tags().contains(tag),
            Self::OwnWithText { value_type, text } => {
                is_newest_own
                    && value_type
                        .as_ref()
                        .is_none_or(|name| content.value_type() == name)
                    && has_words(content.value(), text)
            }
            Self::OwnOfValue(value) => {
                is_newest_own && value.value().as_ref() == Some(content.value())
            }
            Self::Default { value_type } => {
                is_own && attribute.is_default && content.value_type() == value_type
            }
            Self::RelationshipKey { key, peer } => {
                let is_of_relationship = matches!(
                    attribute.kind,
                    AttributeKind::OwnRelationshipAttribute
                        | AttributeKind::PeerRelationshipAttribute
                );
                let has_key =
                    |content: &tessera_content::RelationshipAttribute| content.key == *key;
                is_of_relationship
                    && content.as_relationship().is_some_and(has_key)
                    && peer.as_ref().is_none_or(is_with)
            }
            Self::ReceivedFrom { peer, value_type } => {
                let is_received = matches!(
                    attribute.kind,
                    AttributeKind::PeerIdentityAttribute
                        | AttributeKind::ThirdPartyRelationshipAttribute
                );
                is_received && is_with(peer) && content.value_type() == value_type
            }
            Self::Attribute(id) => attribute.id == *id,
        }
    }
}

/// Whether all words of a text are somewhere in a value.
fn has_words(value: &AttributeValue, text: &str) -> bool {
    let value = value.to_json().to_string().to_lowercase();
    text.to_lowercase()
        .split(|character: char| !character.is_alphanumeric())
        .all(|word| value.contains(word))
}

/// A value that is looked up. Printing it shows nothing of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LookedUpValue(String);

impl LookedUpValue {
    /// The value as it is stored: trimmed.
    #[must_use]
    pub fn of(value: &AttributeValue) -> Self {
        Self(value.trimmed().to_json().to_string())
    }

    /// That value. It is always there: what was written can be read.
    #[must_use]
    pub fn value(&self) -> Option<AttributeValue> {
        let json = serde_json::from_str(&self.0).ok()?;
        AttributeValue::parse_any(&[ValueKind::Identity, ValueKind::V6], &json).ok()
    }
}

impl fmt::Debug for LookedUpValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LookedUpValue(…)")
    }
}

/// Lookups that are being collected.
pub(super) type Lookups = Vec<Lookup>;

/// What keeping this Attribute as an own one needs: the one with the same value, and the default.
pub(super) fn own_by_value(attribute: &Attribute, lookups: &mut Lookups) {
    if let Attribute::Identity(content) = attribute {
        lookups.push(Lookup::Default {
            value_type: content.value.value_type().to_owned(),
        });
        lookups.push(Lookup::OwnOfValue(LookedUpValue::of(&content.value)));
    }
}

/// What has to be at hand to show `request` of `peer`, or (with a `decision`) to check and perform
/// that on it: then nothing is fetched that could be chosen and is not. Every lookup is named
/// once, in order.
#[must_use]
pub fn needed(request: &Request, peer: &Address, decision: Option<&Decision>) -> Vec<Lookup> {
    let mut lookups = Lookups::new();
    for item in request.all_items().map(items::of) {
        match decision {
            None => item.lookups_to_ask(peer, &mut lookups),
            Some(_) => item.lookups(peer, &mut lookups),
        }
    }
    for parameters in decision.map(items::accepted).unwrap_or_default() {
        lookups.extend(items::named_attributes(parameters).map(Lookup::Attribute));
        for entered in items::entered_attributes(parameters) {
            own_by_value(&entered, &mut lookups);
        }
    }
    lookups.sort();
    lookups.dedup();
    lookups
}
