//! Challenges: how an identity or a device proves to a Backbone that it has its key.

use serde::{Deserialize, Serialize};
use tessera_backbone_api::{
    Bytes,
    challenges::{Challenge, SignedChallenge},
};
use tessera_core_types::{Address, ChallengeId, CoreDate, DeviceId};
use tessera_crypto::{
    objects::{HashAlgorithm, Signature, SignaturePrivateKey, SignaturePublicKey},
    sign,
};

use super::{EnvelopeError, Part};

const PART: Part = Part::Challenge;

/// Which key answers a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChallengeType {
    /// The identity's.
    Identity,
    /// The device's.
    Device,
    /// The one of a Relationship.
    Relationship,
}

/// The text that is signed: no `@type`, keys sorted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChallengeText {
    /// Who asked for the challenge; absent if it was asked for without a login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<Address>,
    /// With which device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by_device: Option<DeviceId>,
    /// When it can no longer be answered.
    pub expires_at: CoreDate,
    /// Its id.
    pub id: ChallengeId,
    /// Which key answers it.
    #[serde(rename = "type")]
    pub kind: ChallengeType,
}

/// Answers a challenge of the Backbone.
///
/// # Errors
///
/// None in practice; the types allow them.
pub fn answer(
    challenge: &Challenge,
    kind: ChallengeType,
    key: &SignaturePrivateKey,
) -> Result<SignedChallenge, EnvelopeError> {
    let text = PART.write(
        "the challenge",
        &ChallengeText {
            created_by: challenge.created_by.clone(),
            created_by_device: challenge.created_by_device.clone(),
            expires_at: challenge.expires_at,
            id: challenge.id.clone(),
            kind,
        },
    )?;
    let signature =
        sign::sign(key, text.as_bytes(), HashAlgorithm::Sha512).map_err(PART.crypto())?;
    Ok(SignedChallenge {
        challenge: text.to_string(),
        signature: Bytes::from(signature.to_json(true).into_bytes()),
    })
}

/// Verifies an answer to a challenge and reads its text. Whether it has expired, and whether the
/// Backbone knows it, is the caller's to ask.
///
/// # Errors
///
/// When the signature is not the one of `key` over the text, or the text is not a challenge.
pub fn verify(
    signed: &SignedChallenge,
    key: &SignaturePublicKey,
) -> Result<ChallengeText, EnvelopeError> {
    let signature =
        Signature::from_json(PART.text(signed.signature.as_slice())?).map_err(PART.crypto())?;
    PART.verify(key, &signed.challenge, &signature)?;
    PART.parse("the challenge", &signed.challenge)
}
