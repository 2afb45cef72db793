//! Secret keys and what they encrypt.

use std::fmt;

use tessera_core_types::Randomness;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{algorithm, check_encryption_algorithm, exactly};
use crate::{
    CryptoError, KEY_LENGTH,
    json::{Field, Object, Out, Written, json_forms, secret},
};

/// The longest ciphertext that readers accept, tag included.
pub(crate) const MAX_CIPHERTEXT_LENGTH: usize = 100 * 1024 * 1024;

const MIN_CIPHERTEXT_LENGTH: usize = 2;
const NONCE_LENGTHS: (usize, usize) = (12, 24);

/// A key of symmetric encryption, 32 bytes: `{"key","alg":3}`.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretKey([u8; KEY_LENGTH]);

secret!(SecretKey, |key| &key.0);
json_forms!(SecretKey, "CryptoSecretKey", Last, Zeroizing<String>);

impl SecretKey {
    /// A new random key.
    #[must_use]
    pub fn generate(randomness: &dyn Randomness) -> Self {
        let mut key = Self([0; KEY_LENGTH]);
        randomness.fill(&mut key.0);
        key
    }

    /// The key with these bytes.
    ///
    /// # Errors
    ///
    /// [`CryptoError::WrongSecretKey`] when they are not 32.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, CryptoError> {
        exactly(bytes, CryptoError::WrongSecretKey).map(|bytes| Self(*bytes))
    }

    /// The bytes. Whoever copies them has to wipe the copy.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }

    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        check_encryption_algorithm(object)?;
        let text = object.text("key").ok_or(CryptoError::WrongSecretKey)?;
        Self::from_slice(&Zeroizing::new(crate::encoding::from_b64u(text)?))
    }

    pub(crate) fn written(&self) -> Written {
        Written(vec![("key", Out::bytes(&self.0)), algorithm()])
    }
}

/// Something encrypted: `{"cph","alg":3,"nnc"}` or, on the channels of a Relationship,
/// `{"cph","alg":3,"cnt"}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Cipher {
    ciphertext: Vec<u8>,
    nonce: CipherNonce,
}

/// With which nonce something was encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CipherNonce {
    /// With this one, 12 to 24 bytes long; only ciphers with 24 can be opened.
    Nonce(Vec<u8>),
    /// With the channel's base nonce and this counter.
    Counter(u32),
}

json_forms!(Cipher, "CryptoCipher", Last, String);

impl Cipher {
    /// `ciphertext` ends with its 16-byte tag.
    pub(crate) fn new(ciphertext: Vec<u8>, nonce: CipherNonce) -> Self {
        Self { ciphertext, nonce }
    }

    /// The ciphertext with its 16-byte tag at the end: 2 bytes to 100 MiB.
    #[must_use]
    pub fn ciphertext(&self) -> &[u8] {
        &self.ciphertext
    }

    /// With which nonce it was encrypted.
    #[must_use]
    pub fn nonce(&self) -> &CipherNonce {
        &self.nonce
    }

    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        if !is_present(object, "cph") {
            return Err(CryptoError::NoNonceNorCounter);
        }
        let counter = match (is_present(object, "nnc"), object.get("cnt")) {
            (false, None) => return Err(CryptoError::NoNonceNorCounter),
            (true, Some(_)) => return Err(CryptoError::NonceAndCounter),
            (true, None) => None,
            (false, Some(_)) => Some(object.number("cnt")),
        };
        check_encryption_algorithm(object)?;
        let mut ciphertext = object.bytes("cph", MIN_CIPHERTEXT_LENGTH, MAX_CIPHERTEXT_LENGTH)?;
        let nonce = match counter {
            None => {
                let (min, max) = NONCE_LENGTHS;
                CipherNonce::Nonce(std::mem::take(&mut *object.bytes("nnc", min, max)?))
            }
            Some(counter) => CipherNonce::Counter(
                counter
                    .and_then(|counter| u32::try_from(counter).ok())
                    .ok_or(CryptoError::WrongCounter)?,
            ),
        };
        Ok(Self::new(std::mem::take(&mut *ciphertext), nonce))
    }

    pub(crate) fn written(&self) -> Written {
        let nonce = match &self.nonce {
            CipherNonce::Nonce(nonce) => ("nnc", Out::bytes(nonce)),
            CipherNonce::Counter(counter) => ("cnt", Out::Number(*counter)),
        };
        Written(vec![
            ("cph", Out::bytes(&self.ciphertext)),
            algorithm(),
            nonce,
        ])
    }
}

/// Whether a property is there and not an empty text.
fn is_present(object: &Object, name: &str) -> bool {
    match object.get(name) {
        Some(Field::Text(text)) => !text.is_empty(),
        field => field.is_some(),
    }
}

impl fmt::Debug for Cipher {
    /// The length of the ciphertext instead of the ciphertext.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cipher")
            .field("ciphertext", &self.ciphertext.len())
            .field("nonce", &self.nonce)
            .finish()
    }
}
