//! The request for a Relationship, from who answers a template (*requestor*) to who made it
//! (*templator*).
//!
//! ```text
//! creationContent at the Backbone = RelationshipCreationContentCipher
//!   publicCreationContentCrypto: keys in the clear
//!   cipher, key of template key and ephemeral key
//!     { deviceSignature, relationshipSignature, serializedCreationContent: text }
//!       RelationshipCreationContentWrapper { content, identity, templateId }
//! ```
//!
//! The device signature is written because readers want the property; nobody but own devices
//! knows the key, so nobody can verify it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_core_types::{Address, Randomness, RelationshipTemplateId};
use tessera_crypto::{
    aead,
    channel::{RelationshipSecrets, RequestSecrets},
    objects::{
        Cipher, ExchangeKeypair, HashAlgorithm, RelationshipPublicRequest, Signature,
        SignaturePrivateKey, SignaturePublicKey,
    },
    sign,
};

use super::{EnvelopeError, Part, error::MAX_BYTES, parts::IdentityPart};

const PART: Part = Part::Creation;

/// Who answers, for [`seal`].
#[derive(Debug, Clone, Copy)]
pub struct Requestor<'a> {
    /// The own address.
    pub address: &'a Address,
    /// The own identity's public key.
    pub public_key: &'a SignaturePublicKey,
    /// The key of this device.
    pub device_key: &'a SignaturePrivateKey,
}

/// What the Backbone says about a request, for [`open`].
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Who sent it.
    pub from: &'a Address,
    /// Which template it answers.
    pub template_id: &'a RelationshipTemplateId,
    /// The host name of the own Backbone.
    pub hostname: &'a str,
}

/// A request for a Relationship that was opened and verified.
#[derive(Debug)]
pub struct OpenedCreation {
    /// What the requestor sends along, as it came: a RelationshipCreationContent, an
    /// ArbitraryRelationshipCreationContent or any JSON.
    pub content: Value,
    /// The requestor's identity key. It belongs to the sender's address.
    pub public_key: SignaturePublicKey,
    /// The channels to the requestor, with fresh own keys.
    pub secrets: RelationshipSecrets,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outer {
    #[serde(rename = "@type", skip_deserializing)]
    kind: &'static str,
    cipher: Cipher,
    public_creation_content_crypto: RelationshipPublicRequest,
}

/// Without `@type`, as every version writes it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    device_signature: Signature,
    relationship_signature: Signature,
    serialized_creation_content: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wrapper {
    #[serde(rename = "@type", skip_deserializing)]
    kind: &'static str,
    content: Value,
    identity: IdentityPart,
    template_id: RelationshipTemplateId,
}

/// Makes the request: the bytes to send to the Backbone as `creationContent`.
///
/// `secrets` must be stored before the bytes are sent: without them the answer can't be read.
///
/// # Errors
///
/// [`EnvelopeError::TooLarge`].
pub fn seal(
    content: &Value,
    requestor: Requestor<'_>,
    template_id: &RelationshipTemplateId,
    secrets: &RequestSecrets,
    randomness: &dyn Randomness,
) -> Result<Vec<u8>, EnvelopeError> {
    let serialized = PART.write(
        "RelationshipCreationContentWrapper",
        &Wrapper {
            kind: "RelationshipCreationContentWrapper",
            content: content.clone(),
            identity: IdentityPart {
                address: requestor.address.clone(),
                public_key: *requestor.public_key,
            },
            template_id: template_id.clone(),
        },
    )?;
    let sign =
        |key, algorithm| sign::sign(key, serialized.as_bytes(), algorithm).map_err(PART.crypto());
    let signed = PART.write(
        "RelationshipCreationContentSigned",
        &Signed {
            device_signature: sign(requestor.device_key, HashAlgorithm::Sha512)?,
            relationship_signature: sign(secrets.signature().private(), HashAlgorithm::Sha256)?,
            serialized_creation_content: serialized.to_string(),
        },
    )?;
    let cipher =
        aead::seal(secrets.request_key(), signed.as_bytes(), randomness).map_err(PART.crypto())?;
    let outer = PART.write(
        "RelationshipCreationContentCipher",
        &Outer {
            kind: "RelationshipCreationContentCipher",
            cipher,
            public_creation_content_crypto: secrets.public_request(),
        },
    )?;
    if outer.len() > MAX_BYTES {
        return Err(EnvelopeError::TooLarge { part: PART });
    }
    Ok(outer.as_bytes().to_vec())
}

/// Opens and verifies a request that came on an own template.
///
/// * `creation_content`: the bytes the Backbone gave.
/// * `template_key`: the key pair of the template.
/// * `randomness`: for the own keys of the new Relationship.
///
/// # Errors
///
/// When it does not open, its Relationship signature is wrong, the sender's address is not the
/// address of its key or not the one the Backbone names, or it answers another template.
pub fn open(
    creation_content: &[u8],
    template_key: &ExchangeKeypair,
    expected: Expected<'_>,
    randomness: &dyn Randomness,
) -> Result<OpenedCreation, EnvelopeError> {
    let outer: Outer = PART.parse(
        "RelationshipCreationContentCipher",
        PART.text(creation_content)?,
    )?;
    let public = &outer.public_creation_content_crypto;
    let secrets =
        RelationshipSecrets::templator(template_key, public, randomness).map_err(PART.crypto())?;
    let plain = aead::open(secrets.request_key(), &outer.cipher).map_err(PART.crypto())?;
    let signed: Signed = PART.parse(
        "RelationshipCreationContentSigned",
        &PART.plain_text(&plain)?,
    )?;
    PART.verify(
        &public.signature,
        &signed.serialized_creation_content,
        &signed.relationship_signature,
    )?;
    let wrapper: Wrapper = PART.parse(
        "RelationshipCreationContentWrapper",
        &signed.serialized_creation_content,
    )?;
    wrapper
        .identity
        .check(PART, expected.from, expected.hostname)?;
    if wrapper.template_id != *expected.template_id {
        return Err(EnvelopeError::OtherRecord {
            part: PART,
            of: "template",
        });
    }
    Ok(OpenedCreation {
        content: wrapper.content,
        public_key: wrapper.identity.public_key,
        secrets,
    })
}
