//! What the envelopes have in common.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tessera_core_types::{Address, Randomness};
use tessera_crypto::{
    CryptoError, aead, encoding,
    objects::{Cipher, SecretKey, Signature, SignaturePublicKey},
    sign,
};
use zeroize::Zeroizing;

use super::{EnvelopeError, Part, error::MAX_BYTES};

/// An identity as it stands inside signed text: without `@type`, its type is known.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IdentityPart {
    pub(super) address: Address,
    pub(super) public_key: SignaturePublicKey,
}

impl IdentityPart {
    /// That the address is the one of the key, of the sender that the Backbone names, and of the
    /// Backbone with this host name.
    pub(super) fn check(
        &self,
        part: Part,
        sender: &Address,
        hostname: &str,
    ) -> Result<(), EnvelopeError> {
        if !self.address.belongs_to(self.public_key.as_bytes()) {
            return Err(EnvelopeError::AddressOfOtherKey { part });
        }
        if self.address != *sender {
            return Err(EnvelopeError::OtherIdentity { part });
        }
        if self.address.hostname() != hostname {
            return Err(EnvelopeError::OtherBackbone { part });
        }
        Ok(())
    }
}

impl Part {
    /// Wraps an error of the cryptography.
    pub(super) fn crypto(self) -> impl Fn(CryptoError) -> EnvelopeError {
        move |error| EnvelopeError::Crypto { part: self, error }
    }

    /// Reads JSON. The text of serde's errors can repeat the input, so it is dropped.
    pub(super) fn parse<T: DeserializeOwned>(
        self,
        what: &'static str,
        text: &str,
    ) -> Result<T, EnvelopeError> {
        serde_json::from_str(text).map_err(|_| EnvelopeError::Malformed { part: self, what })
    }

    /// Writes JSON.
    pub(super) fn write(
        self,
        what: &'static str,
        value: &impl Serialize,
    ) -> Result<Zeroizing<String>, EnvelopeError> {
        serde_json::to_string(value)
            .map(Zeroizing::new)
            .map_err(|_| EnvelopeError::Malformed { part: self, what })
    }

    /// The text of an envelope that came from the Backbone.
    pub(super) fn text(self, bytes: &[u8]) -> Result<&str, EnvelopeError> {
        if bytes.len() > MAX_BYTES {
            return Err(EnvelopeError::TooLarge { part: self });
        }
        encoding::utf8(bytes).map_err(self.crypto())
    }

    /// Encrypts text with a random nonce; the bytes of the verbose cipher are what travels.
    pub(super) fn seal(
        self,
        text: &str,
        key: &SecretKey,
        randomness: &dyn Randomness,
    ) -> Result<Vec<u8>, EnvelopeError> {
        let cipher = aead::seal(key, text.as_bytes(), randomness).map_err(self.crypto())?;
        let bytes = cipher.to_json(true).into_bytes();
        if bytes.len() > MAX_BYTES {
            return Err(EnvelopeError::TooLarge { part: self });
        }
        Ok(bytes)
    }

    /// Opens what [`Part::seal`] made.
    pub(super) fn open(
        self,
        bytes: &[u8],
        key: &SecretKey,
    ) -> Result<Zeroizing<String>, EnvelopeError> {
        let cipher = Cipher::from_json(self.text(bytes)?).map_err(self.crypto())?;
        let plain = aead::open(key, &cipher).map_err(self.crypto())?;
        self.plain_text(&plain)
    }

    /// Decrypted bytes as text.
    pub(super) fn plain_text(self, plain: &[u8]) -> Result<Zeroizing<String>, EnvelopeError> {
        let text = encoding::utf8(plain).map_err(self.crypto())?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// Verifies a signature over text, exactly as the text came.
    pub(super) fn verify(
        self,
        key: &SignaturePublicKey,
        text: &str,
        signature: &Signature,
    ) -> Result<(), EnvelopeError> {
        if sign::verify(key, text.as_bytes(), signature).map_err(self.crypto())? {
            Ok(())
        } else {
            Err(EnvelopeError::SignatureNotValid { part: self })
        }
    }
}
