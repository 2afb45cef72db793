//! RelationshipTemplates.
//!
//! ```text
//! content at the Backbone = cipher, key of the reference
//!   RelationshipTemplateSigned { deviceSignature, serializedTemplate: text }
//!     RelationshipTemplateContentWrapper { content, identity, templateKey }
//! ```
//!
//! Despite its name the `deviceSignature` is made with the creator's *identity* key.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_core_types::{Address, Randomness};
use tessera_crypto::{
    objects::{
        HashAlgorithm, SecretKey, Signature, SignaturePrivateKey, SignaturePublicKey,
        TemplatePublicKey,
    },
    sign,
};

use super::{EnvelopeError, Part, parts::IdentityPart};

const PART: Part = Part::Template;

/// A template that was opened and verified.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenedTemplate {
    /// What it offers, as it came: a RelationshipTemplateContent, an
    /// ArbitraryRelationshipTemplateContent or any JSON.
    pub content: Value,
    /// Who made it. The key belongs to it.
    pub address: Address,
    /// The creator's identity key, which signed the template.
    pub public_key: SignaturePublicKey,
    /// With which a Relationship is asked for.
    pub template_key: TemplatePublicKey,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    #[serde(rename = "@type", skip_deserializing)]
    kind: &'static str,
    device_signature: Signature,
    serialized_template: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wrapper {
    #[serde(rename = "@type", skip_deserializing)]
    kind: &'static str,
    content: Value,
    identity: IdentityPart,
    template_key: TemplatePublicKey,
}

/// Makes the content of a template: the bytes to send to the Backbone.
///
/// * `content`: what it offers, with its `@type`.
/// * `address`, `identity_key`: the own identity.
/// * `template_key`: the public half of a key pair that was drawn for this template alone.
/// * `key`: drawn for this template alone; it goes into the reference.
///
/// # Errors
///
/// [`EnvelopeError::TooLarge`].
pub fn seal(
    content: &Value,
    address: &Address,
    identity_key: &SignaturePrivateKey,
    template_key: &TemplatePublicKey,
    key: &SecretKey,
    randomness: &dyn Randomness,
) -> Result<Vec<u8>, EnvelopeError> {
    let serialized_template = PART.write(
        "RelationshipTemplateContentWrapper",
        &Wrapper {
            kind: "RelationshipTemplateContentWrapper",
            content: content.clone(),
            identity: IdentityPart {
                address: address.clone(),
                public_key: identity_key.public_key(),
            },
            template_key: template_key.clone(),
        },
    )?;
    let device_signature = sign::sign(
        identity_key,
        serialized_template.as_bytes(),
        HashAlgorithm::Sha512,
    )
    .map_err(PART.crypto())?;
    let signed = PART.write(
        "RelationshipTemplateSigned",
        &Signed {
            kind: "RelationshipTemplateSigned",
            device_signature,
            serialized_template: serialized_template.to_string(),
        },
    )?;
    PART.seal(&signed, key, randomness)
}

/// Opens and verifies the content of a template.
///
/// * `content`: the bytes the Backbone gave.
/// * `key`: the key of the reference.
/// * `created_by`: who made it, as the Backbone says.
/// * `hostname`: the host name of the own Backbone.
///
/// # Errors
///
/// When it does not open with the key, is not a template, its signature is not the creator's, the
/// creator's address is not the address of its key, not `created_by`, or not of this Backbone.
pub fn open(
    content: &[u8],
    key: &SecretKey,
    created_by: &Address,
    hostname: &str,
) -> Result<OpenedTemplate, EnvelopeError> {
    let signed: Signed = PART.parse("RelationshipTemplateSigned", &PART.open(content, key)?)?;
    let wrapper: Wrapper = PART.parse(
        "RelationshipTemplateContentWrapper",
        &signed.serialized_template,
    )?;
    PART.verify(
        &wrapper.identity.public_key,
        &signed.serialized_template,
        &signed.device_signature,
    )?;
    wrapper.identity.check(PART, created_by, hostname)?;
    Ok(OpenedTemplate {
        content: wrapper.content,
        address: wrapper.identity.address,
        public_key: wrapper.identity.public_key,
        template_key: wrapper.template_key,
    })
}
