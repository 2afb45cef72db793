//! Secrets that all devices of an identity share, as they lie in the synchronised collection
//! `Secrets`: keys of templates and of Relationships.

use tessera_core_types::Randomness;
use tessera_crypto::{
    aead, kdf,
    objects::{Cipher, SecretKey},
};
use zeroize::Zeroizing;

use super::{EnvelopeError, Part};

const PART: Part = Part::Secret;

/// Encrypts the JSON text of a secret.
///
/// `nonce` is the container's own number, which is also the number of the key (0 to 2147483647).
///
/// # Errors
///
/// When the number is too large.
pub fn seal(
    shared_base_key: &SecretKey,
    nonce: u32,
    secret: &str,
    randomness: &dyn Randomness,
) -> Result<Cipher, EnvelopeError> {
    let key = kdf::derive(shared_base_key, nonce, kdf::SECRET).map_err(PART.crypto())?;
    aead::seal(&key, secret.as_bytes(), randomness).map_err(PART.crypto())
}

/// Opens the JSON text of a secret. A container without a number has the number 0.
///
/// # Errors
///
/// When it was not made with this key and number.
pub fn open(
    shared_base_key: &SecretKey,
    nonce: Option<u32>,
    cipher: &Cipher,
) -> Result<Zeroizing<String>, EnvelopeError> {
    let key = kdf::derive(shared_base_key, nonce.unwrap_or_default(), kdf::SECRET)
        .map_err(PART.crypto())?;
    let plain = aead::open(&key, cipher).map_err(PART.crypto())?;
    PART.plain_text(&plain)
}
