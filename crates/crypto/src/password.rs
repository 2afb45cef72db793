//! What a Backbone gets instead of a password or PIN: Argon2id.
//!
//! The hash is an access password, never an encryption key. PIN and password differ only in what
//! is shown: the same characters with the same salt give the same hash.

use argon2::{Algorithm, Argon2, Params, Version};
use tessera_core_types::Randomness;
use zeroize::Zeroizing;

use crate::{CryptoError, encoding};

/// The length of a salt in bytes.
pub const SALT_LENGTH: usize = 16;

/// The length of a hash in bytes.
pub const HASH_LENGTH: usize = 32;

const MEMORY_KIBIBYTES: u32 = 20 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;

/// A new salt. It travels in the reference, so the Backbone never sees it.
#[must_use]
pub fn generate_salt(randomness: &dyn Randomness) -> [u8; SALT_LENGTH] {
    let mut salt = [0; SALT_LENGTH];
    randomness.fill(&mut salt);
    salt
}

/// Hashes the password exactly as it was typed: not trimmed, not normalised.
///
/// Takes about a tenth of a second and 20 MiB; do not call it where something waits for input.
///
/// # Errors
///
/// [`CryptoError::WrongSalt`] when the salt is not 16 bytes long,
/// [`CryptoError::PasswordHash`] when Argon2id refuses.
pub fn hash(password: &str, salt: &[u8]) -> Result<Zeroizing<[u8; HASH_LENGTH]>, CryptoError> {
    if salt.len() != SALT_LENGTH {
        return Err(CryptoError::WrongSalt);
    }
    let params = Params::new(MEMORY_KIBIBYTES, PASSES, LANES, Some(HASH_LENGTH))
        .map_err(|_| CryptoError::PasswordHash)?;
    let mut hash = Zeroizing::new([0; HASH_LENGTH]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut *hash)
        .map_err(|_| CryptoError::PasswordHash)?;
    Ok(hash)
}

/// [`hash`] in the form a Backbone takes: standard base64 with padding (in a query it must be
/// percent-encoded).
///
/// # Errors
///
/// As [`hash`].
pub fn hash_base64(password: &str, salt: &[u8]) -> Result<Zeroizing<String>, CryptoError> {
    Ok(Zeroizing::new(encoding::to_b64(&*hash(password, salt)?)))
}
