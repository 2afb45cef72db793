//! Tokens: encrypted, but signed by nobody. What a token says is to be treated like user input.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tessera_content::{PasswordLocation, PasswordType};
use tessera_core_types::{Address, FileId, Randomness, RelationshipTemplateId};
use tessera_crypto::{encoding, objects::SecretKey};

use super::{EnvelopeError, Part};

const PART: Part = Part::Token;

/// What a Token holds.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenContent {
    /// A File.
    File {
        /// Its id.
        file_id: FileId,
        /// The key of its metadata.
        secret_key: SecretKey,
    },
    /// A RelationshipTemplate.
    RelationshipTemplate(TemplateInToken),
    /// The secrets for another device of an identity. They are not read here.
    DeviceSharedSecret,
    /// JSON of another type, or without one. It can hold anything.
    Other(Value),
}

/// A RelationshipTemplate as a Token hands it on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplateInToken {
    /// Who alone may load it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_identity: Option<Address>,
    /// What must be typed to load it; the salt is the template's, not the Token's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_protection: Option<ProtectionInToken>,
    /// The key of its content.
    pub secret_key: SecretKey,
    /// Its id.
    pub template_id: RelationshipTemplateId,
}

/// What must be typed to load a template that came in a Token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectionInToken {
    /// Where the password is found.
    pub password_location_indicator: Option<PasswordLocation>,
    /// PIN or password.
    pub password_type: PasswordType,
    /// 16 bytes.
    pub salt: [u8; 16],
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProtectionJson {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_location_indicator: Option<u8>,
    password_type: String,
    salt: String,
}

impl Serialize for ProtectionInToken {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ProtectionJson {
            password_location_indicator: self
                .password_location_indicator
                .map(PasswordLocation::indicator),
            password_type: self.password_type.to_string(),
            salt: encoding::to_b64u(&self.salt),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ProtectionInToken {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = |what| serde::de::Error::custom(what);
        let json = ProtectionJson::deserialize(deserializer)?;
        let location = json.password_location_indicator.map(PasswordLocation::of);
        let salt = encoding::from_b64u(&json.salt).ok();
        Ok(Self {
            password_location_indicator: match location {
                Some(None) => return Err(wrong("the location is not 0 to 99")),
                Some(known) => known,
                None => None,
            },
            password_type: PasswordType::parse(&json.password_type)
                .map_err(|_| wrong("the password type is unknown"))?,
            salt: salt
                .and_then(|salt| salt.try_into().ok())
                .ok_or_else(|| wrong("the salt is not 16 bytes long"))?,
        })
    }
}

/// What a File's Token says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileJson {
    file_id: FileId,
    secret_key: SecretKey,
}

/// The `@type` alone, so that nothing of another kind of content is kept.
#[derive(Deserialize)]
struct Typed {
    #[serde(rename = "@type", default)]
    kind: Option<String>,
}

/// Makes the content of a Token that hands on a template: the bytes to send to the Backbone.
///
/// # Errors
///
/// None in practice; the types allow them.
pub fn seal_template(
    template: &TemplateInToken,
    key: &SecretKey,
    randomness: &dyn Randomness,
) -> Result<Vec<u8>, EnvelopeError> {
    #[derive(Serialize)]
    struct Tagged<'a> {
        #[serde(rename = "@type")]
        kind: &'static str,
        #[serde(flatten)]
        template: &'a TemplateInToken,
    }
    let text = PART.write(
        "TokenContentRelationshipTemplate",
        &Tagged {
            kind: "TokenContentRelationshipTemplate",
            template,
        },
    )?;
    PART.seal(&text, key, randomness)
}

/// Opens the content of a Token.
///
/// # Errors
///
/// When it does not open with the key, is no JSON, or is not what its `@type` says.
pub fn open(content: &[u8], key: &SecretKey) -> Result<TokenContent, EnvelopeError> {
    let text = PART.open(content, key)?;
    let kind = serde_json::from_str::<Typed>(&text).map(|typed| typed.kind);
    match kind.ok().flatten().as_deref() {
        Some("TokenContentFile") => {
            let file: FileJson = PART.parse("TokenContentFile", &text)?;
            Ok(TokenContent::File {
                file_id: file.file_id,
                secret_key: file.secret_key,
            })
        }
        Some("TokenContentRelationshipTemplate") => PART
            .parse("TokenContentRelationshipTemplate", &text)
            .map(TokenContent::RelationshipTemplate),
        Some("TokenContentDeviceSharedSecret") => Ok(TokenContent::DeviceSharedSecret),
        _ => PART.parse("the content", &text).map(TokenContent::Other),
    }
}
