//! SHA-256 and SHA-512, used for files.

use sha2::{Digest, Sha256, Sha512};

/// The SHA-256 hash of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The SHA-512 hash of `bytes`.
#[must_use]
pub fn sha512(bytes: &[u8]) -> [u8; 64] {
    Sha512::digest(bytes).into()
}
