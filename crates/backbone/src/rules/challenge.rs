//! Signed challenges: whoever creates an identity or a device proves to have the identity's key.

use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;
use tessera_backbone_api::{Bytes, challenges::SignedChallenge, error_codes};

use crate::http::{error::ApiError, input::is_id_form};

#[derive(Deserialize)]
struct PublicKeyJson {
    r#pub: Bytes,
}

#[derive(Deserialize)]
struct SignatureJson {
    sig: Bytes,
}

#[derive(Deserialize)]
struct ChallengeJson {
    id: String,
    #[serde(rename = "expiresAt")]
    _expires_at: tessera_core_types::CoreDate,
}

/// The 32 bytes of the Ed25519 key in the JSON form in which identities send it.
pub fn read_public_key(key: &Bytes) -> Result<[u8; 32], ApiError> {
    let json: PublicKeyJson = serde_json::from_slice(key.as_slice())
        .map_err(|_| ApiError::unparsable("identityPublicKey", "not a public key"))?;
    json.r#pub
        .as_slice()
        .try_into()
        .map_err(|_| ApiError::unparsable("identityPublicKey", "not a public key of 32 bytes"))
}

/// Checks that the parts are there.
pub fn check_form(challenge: &SignedChallenge) -> Result<(), ApiError> {
    if challenge.challenge.is_empty() {
        return Err(ApiError::invalid(
            "signedChallenge.challenge",
            "must not be empty",
        ));
    }
    if challenge.signature.as_slice().is_empty() {
        return Err(ApiError::invalid(
            "signedChallenge.signature",
            "must not be empty",
        ));
    }
    Ok(())
}

/// Checks the signature with the identity's public key, and gives the id of the challenge.
pub fn check_signature(challenge: &SignedChallenge, key: &[u8; 32]) -> Result<String, ApiError> {
    let unparsable = |what| ApiError::unparsable(what, "not JSON of the expected form");
    let json: SignatureJson = serde_json::from_slice(challenge.signature.as_slice())
        .map_err(|_| unparsable("signedChallenge.signature"))?;
    let is_signed = VerifyingKey::from_bytes(key)
        .and_then(|key| {
            let signature = Signature::from_slice(json.sig.as_slice())?;
            key.verify_strict(challenge.challenge.as_bytes(), &signature)
        })
        .is_ok();
    if !is_signed {
        return Err(ApiError::rule(
            error_codes::INVALID_SIGNATURE,
            "The given signature is not valid.",
        ));
    }
    let json: ChallengeJson = serde_json::from_str(&challenge.challenge)
        .map_err(|_| unparsable("signedChallenge.challenge"))?;
    if is_id_form("CHL", &json.id) {
        Ok(json.id)
    } else {
        Err(ApiError::invalid_id("signedChallenge.challenge.id"))
    }
}
