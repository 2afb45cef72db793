//! Ids: 20 characters, a prefix that says what they name, the rest out of `A-Z a-z 0-9`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use crate::Randomness;

/// The length of every id, prefix included.
pub const ID_LENGTH: usize = 20;

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Text that is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}… with {ID_LENGTH} letters and digits")]
pub struct IdError {
    /// The prefix that was wanted; empty for ids without one.
    pub prefix: &'static str,
}

/// Whether `text` is exactly `prefix` and letters and digits up to [`ID_LENGTH`] characters.
///
/// Upstream's own check is not anchored; no version ever writes what this refuses.
#[must_use]
pub fn is_id(prefix: &str, text: &str) -> bool {
    text.len() == ID_LENGTH
        && text.starts_with(prefix)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `length` random characters out of the alphabet of ids.
#[must_use]
pub fn random_characters(length: usize, randomness: &dyn Randomness) -> String {
    let mut text = String::with_capacity(length);
    let mut bytes = [0_u8; 32];
    while text.len() < length {
        randomness.fill(&mut bytes);
        // 248 = 4 * 62: larger bytes would make the first characters of the alphabet more likely.
        let usable = bytes.iter().filter(|byte| **byte < 248);
        for byte in usable.take(length - text.len()) {
            text.push(char::from(ALPHABET[usize::from(byte % 62)]));
        }
    }
    text
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ts_rs::TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind starts with.
            pub const PREFIX: &'static str = $prefix;

            /// Reads an id.
            ///
            /// # Errors
            ///
            /// When `text` is not the prefix and letters and digits, 20 characters in all.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                if is_id($prefix, text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError { prefix: $prefix })
                }
            }

            /// Makes a new one.
            #[must_use]
            pub fn generate(randomness: &dyn Randomness) -> Self {
                let rest = random_characters(ID_LENGTH - $prefix.len(), randomness);
                Self(format!("{}{rest}", $prefix))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A RelationshipTemplate, made by the Backbone.
    RelationshipTemplateId = "RLT";
    /// A Token, made by the Backbone.
    TokenId = "TOK";
    /// A File, made by the Backbone.
    FileId = "FIL";
    /// A Relationship, made by the Backbone.
    RelationshipId = "REL";
    /// A Message, made by the Backbone.
    MessageId = "MSG";
    /// A device, made by the Backbone.
    DeviceId = "DVC";
    /// The user name with which a device logs in, made by the Backbone.
    Username = "USR";
    /// A challenge, made by the Backbone.
    ChallengeId = "CHL";
    /// A sync run, made by the Backbone.
    SyncRunId = "SYR";
    /// An external event, made by the Backbone.
    ExternalEventId = "SYI";
    /// A modification of the datawallet, made by the Backbone.
    DatawalletModificationId = "DWM";
    /// An identity deletion process, made by the Backbone.
    IdentityDeletionProcessId = "IDP";
    /// A Request, made by a wallet.
    RequestId = "REQ";
    /// An Attribute, made by a wallet.
    AttributeId = "ATT";
    /// Forwarding details of an Attribute, made by a wallet.
    AttributeForwardingDetailsId = "ATTFD";
    /// A Notification, made by a wallet.
    NotificationId = "NOT";
    /// The key of a RelationshipTemplate, made by a wallet.
    TemplateKeyId = "TRPRTK";
    /// The name of a Relationship's secrets, made by a wallet.
    RelationshipSecretId = "TRPRSE";
    /// An id without a prefix, made by a wallet.
    GenericId = "";
}
