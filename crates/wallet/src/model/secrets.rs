//! Secrets with a name: the keys of templates and Relationships.

use tessera_core_types::{CoreDate, GenericId};

use crate::keys::SecretText;

/// A secret as enmeshed's collection `Secrets` keeps it, found by its name.
///
/// A secret that is replaced (the request's secrets by the Relationship's, on acceptance) stays
/// behind inactive; at most one of a name is active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretContainer {
    /// The id of this version (`TRPSEC…`).
    pub id: GenericId,
    /// By which it is found: the id of a template key (`TRPRTK…`) or of a Relationship's secrets
    /// (`TRPRSE…`).
    pub name: String,
    /// What it holds.
    pub kind: SecretKind,
    /// The JSON of that, with `@type`.
    pub secret: SecretText,
    /// Since when it holds.
    pub valid_from: CoreDate,
    /// Until when it held; `None` for the active one.
    pub valid_to: Option<CoreDate>,
}

/// What a [`SecretContainer`] holds, named by its `@type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// The key pair of an own template.
    CryptoExchangeKeypair,
    /// What the requestor keeps until the answer comes.
    CryptoRelationshipRequestSecrets,
    /// The two channels of a Relationship.
    CryptoRelationshipSecrets,
}

impl SecretKind {
    const ALL: [Self; 3] = [
        Self::CryptoExchangeKeypair,
        Self::CryptoRelationshipRequestSecrets,
        Self::CryptoRelationshipSecrets,
    ];

    /// Its `@type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CryptoExchangeKeypair => "CryptoExchangeKeypair",
            Self::CryptoRelationshipRequestSecrets => "CryptoRelationshipRequestSecrets",
            Self::CryptoRelationshipSecrets => "CryptoRelationshipSecrets",
        }
    }

    /// The kind with this `@type`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
