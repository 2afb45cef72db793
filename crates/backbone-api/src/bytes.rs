//! Binary values and secrets as they stand in JSON.

use std::fmt;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tessera_core_types::SecretText;
use zeroize::Zeroize;

const ANY_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, ANY_PADDING);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, ANY_PADDING);

/// Reads base64url or standard base64, with or without padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    let engine = if text.contains(['-', '_']) {
        &URL_SAFE
    } else {
        &STANDARD
    };
    engine.decode(text).ok()
}

/// A binary value: written as base64url without padding, read as base64url or standard base64
/// with or without padding.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// Reads the text form; `None` when it is neither base64url nor standard base64.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        decode(text).map(Self)
    }

    /// The text form: base64url without padding.
    #[must_use]
    pub fn to_text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, owned.
    #[must_use]
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Bytes {
    /// Shows the length only: what travels as bytes is mostly ciphertext, and long.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({} bytes)", self.0.len())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_text(&text).ok_or_else(|| serde::de::Error::custom("not base64"))
    }
}

/// The password of a RelationshipTemplate or Token as the Backbone gets it: not what a person
/// typed but the key that was derived from it. Written as standard base64 with padding, in bodies
/// and in the query `password`; read like [`Bytes`]. Wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordBytes(Vec<u8>);

impl PasswordBytes {
    /// Wraps the bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Reads the text form; `None` when it is neither standard base64 nor base64url.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        decode(text).map(Self)
    }

    /// The text form: standard base64 with padding. For a query it must still be
    /// percent-encoded.
    #[must_use]
    pub fn to_text(&self) -> zeroize::Zeroizing<String> {
        zeroize::Zeroizing::new(BASE64_STANDARD.encode(&self.0))
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for PasswordBytes {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for PasswordBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordBytes(…)")
    }
}

impl Serialize for PasswordBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for PasswordBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = String::deserialize(deserializer)?;
        let password = Self::from_text(&text);
        text.zeroize();
        password.ok_or_else(|| serde::de::Error::custom("not base64"))
    }
}

#[cfg(feature = "openapi")]
macro_rules! base64_schema {
    ($($type:ident)*) => {$(
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "contentEncoding": "base64url"})
            }
        }
    )*};
}

#[cfg(feature = "openapi")]
base64_schema! { Bytes PasswordBytes }

/// How secret text travels: as a plain JSON string. For `#[serde(serialize_with = "…")]`, so that
/// each place where a secret leaves its type says so.
pub(crate) fn plain_secret<S: Serializer>(
    secret: &SecretText,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_base64url_without_padding_and_read_in_every_base64_form() {
        let bytes = Bytes(vec![0xfb, 0xff, 0xfe, 0x01]);
        assert_eq!(bytes.to_text(), "-__-AQ");
        for text in ["-__-AQ", "-__-AQ==", "+//+AQ", "+//+AQ=="] {
            assert_eq!(Bytes::from_text(text), Some(bytes.clone()), "{text}");
        }
        for text in ["-/", "*", "a", "a b c"] {
            assert_eq!(Bytes::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn passwords_are_written_as_standard_base64_with_padding() {
        let password = PasswordBytes::new(vec![0xfb, 0xff, 0xfe, 0x01]);
        assert_eq!(password.to_text().as_str(), "+//+AQ==");
        assert_eq!(PasswordBytes::from_text("-__-AQ"), Some(password));
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        assert_eq!(format!("{:?}", SecretText::from("hush")), "SecretText");
        assert_eq!(
            format!("{:?}", PasswordBytes::new(vec![1, 2])),
            "PasswordBytes(…)"
        );
        assert_eq!(format!("{:?}", Bytes(vec![1, 2])), "Bytes(2 bytes)");
    }
}
