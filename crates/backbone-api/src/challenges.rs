//! `POST Challenges` (with or without login, no body), `GET Challenges/{id}`.

use serde::{Deserialize, Serialize};
use tessera_core_types::{Address, ChallengeId, CoreDate, DeviceId};

use crate::Bytes;

/// A challenge of the server, which an identity signs to prove that it has its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    /// Its id.
    pub id: ChallengeId,
    /// Ten minutes after its creation.
    pub expires_at: CoreDate,
    /// Who asked for it; `None` when asked anonymously.
    #[serde(default)]
    pub created_by: Option<Address>,
    /// With which device; `None` when asked anonymously.
    #[serde(default)]
    pub created_by_device: Option<DeviceId>,
}

/// A signed challenge, part of `POST Identities` and `POST Devices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignedChallenge {
    /// JSON text with at least `expiresAt`, `id` and `type`; its UTF-8 bytes are what is signed.
    pub challenge: String,
    /// UTF-8 JSON `{"sig":…,"alg":2,"@type":"CryptoSignature"}`: a plain Ed25519 signature with the
    /// identity's key.
    pub signature: Bytes,
}
