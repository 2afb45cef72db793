//! The acceptance of a Relationship, from who made the template (*templator*) to who answered it
//! (*requestor*).
//!
//! ```text
//! creationResponseContent at the Backbone = RelationshipCreationResponseContentCipher
//!   publicCreationResponseContentCrypto: keys in the clear
//!   cipher, channel templator → requestor
//!     { deviceSignature, relationshipSignature, serializedCreationResponseContent: text }
//!       RelationshipCreationResponseContentWrapper { relationshipId }
//! ```
//!
//! The published packages never open this cipher, so there the keys of the templator are bound to
//! nothing. Here a Relationship becomes Active only when it opens and fits. What remains: none of
//! the keys is signed with an identity key, so the Backbone stays trusted for the exchange.

use serde::{Deserialize, Serialize};
use tessera_core_types::RelationshipId;
use tessera_crypto::{
    channel::{Counter, RelationshipSecrets, RequestSecrets},
    objects::{Cipher, HashAlgorithm, RelationshipPublicResponse, Signature, SignaturePrivateKey},
    sign,
};

use super::{EnvelopeError, Part};

const PART: Part = Part::Acceptance;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outer {
    #[serde(rename = "@type", skip_deserializing)]
    kind: &'static str,
    cipher: Cipher,
    public_creation_response_content_crypto: RelationshipPublicResponse,
}

/// Without `@type`, as every version writes it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    device_signature: Signature,
    relationship_signature: Signature,
    serialized_creation_response_content: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wrapper {
    #[serde(rename = "@type", skip_deserializing)]
    kind: &'static str,
    relationship_id: RelationshipId,
}

/// Makes the acceptance: the bytes to send to the Backbone as `creationResponseContent`.
///
/// `counter` was reserved on the channel of `secrets`; it is used up.
///
/// # Errors
///
/// [`tessera_crypto::CryptoError::CounterOfOtherChannel`].
pub fn seal(
    relationship_id: &RelationshipId,
    device_key: &SignaturePrivateKey,
    secrets: &RelationshipSecrets,
    counter: Counter,
) -> Result<Vec<u8>, EnvelopeError> {
    let serialized = PART.write(
        "RelationshipCreationResponseContentWrapper",
        &Wrapper {
            kind: "RelationshipCreationResponseContentWrapper",
            relationship_id: relationship_id.clone(),
        },
    )?;
    let sign =
        |key, algorithm| sign::sign(key, serialized.as_bytes(), algorithm).map_err(PART.crypto());
    let signed = PART.write(
        "RelationshipCreationResponseContentSigned",
        &Signed {
            device_signature: sign(device_key, HashAlgorithm::Sha512)?,
            relationship_signature: sign(secrets.signature().private(), HashAlgorithm::Sha256)?,
            serialized_creation_response_content: serialized.to_string(),
        },
    )?;
    let cipher = secrets
        .transmit()
        .seal(counter, signed.as_bytes())
        .map_err(PART.crypto())?;
    let outer = PART.write(
        "RelationshipCreationResponseContentCipher",
        &Outer {
            kind: "RelationshipCreationResponseContentCipher",
            cipher,
            public_creation_response_content_crypto: secrets.public_response(),
        },
    )?;
    Ok(outer.as_bytes().to_vec())
}

/// Opens and verifies the acceptance of an own request; gives the channels to the templator.
///
/// * `response_content`: the bytes the Backbone gave.
/// * `request`: the secrets with which the request was made.
/// * `relationship_id`: the Relationship that was asked for.
///
/// # Errors
///
/// When it does not open with the channel it announces, its signature is wrong, or it accepts
/// another Relationship.
pub fn open(
    response_content: &[u8],
    request: &RequestSecrets,
    relationship_id: &RelationshipId,
) -> Result<RelationshipSecrets, EnvelopeError> {
    let outer: Outer = PART.parse(
        "RelationshipCreationResponseContentCipher",
        PART.text(response_content)?,
    )?;
    let public = &outer.public_creation_response_content_crypto;
    let secrets = RelationshipSecrets::requestor(request, public).map_err(PART.crypto())?;
    let plain = secrets
        .receive()
        .open(&outer.cipher)
        .map_err(PART.crypto())?;
    let signed: Signed = PART.parse(
        "RelationshipCreationResponseContentSigned",
        &PART.plain_text(&plain)?,
    )?;
    PART.verify(
        secrets.peer_signature(),
        &signed.serialized_creation_response_content,
        &signed.relationship_signature,
    )?;
    let wrapper: Wrapper = PART.parse(
        "RelationshipCreationResponseContentWrapper",
        &signed.serialized_creation_response_content,
    )?;
    if wrapper.relationship_id != *relationship_id {
        return Err(EnvelopeError::OtherRecord {
            part: PART,
            of: "Relationship",
        });
    }
    Ok(secrets)
}
