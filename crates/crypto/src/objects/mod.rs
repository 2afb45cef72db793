//! Keys, ciphers and signatures as they travel in JSON.
//!
//! Each has two JSON forms, *verbose* with `@type` and *plain* without; readers accept both,
//! ignore unknown properties and do not look at the `@type`. Serialised inside another structure
//! an object takes the plain form.

mod cipher;
mod exchange;
mod relationship;
mod signature;

pub(crate) use cipher::MAX_CIPHERTEXT_LENGTH;
pub use cipher::{Cipher, CipherNonce, SecretKey};
pub use exchange::{ExchangeKeypair, ExchangePrivateKey, ExchangePublicKey, TemplatePublicKey};
pub use relationship::{
    PublicState, RelationshipPublicRequest, RelationshipPublicResponse, StateType,
};
pub use signature::{
    HashAlgorithm, Signature, SignatureKeypair, SignaturePrivateKey, SignaturePublicKey,
};

use zeroize::Zeroizing;

use crate::{
    CryptoError, NONCE_LENGTH, Nonce,
    json::{Object, Out},
};

/// The number of XChaCha20-Poly1305, of Ed25519 and of X25519 in their respective lists, and the
/// only one of each in use.
const ALGORITHM: u32 = 3;

fn has_algorithm(object: &Object) -> bool {
    object.number("alg") == Some(u64::from(ALGORITHM))
}

/// The property that names the algorithm.
pub(crate) fn algorithm() -> (&'static str, Out) {
    ("alg", Out::Number(ALGORITHM))
}

/// Refuses an encryption algorithm other than ours.
pub(crate) fn check_encryption_algorithm(object: &Object) -> Result<(), CryptoError> {
    if has_algorithm(object) {
        Ok(())
    } else {
        Err(CryptoError::WrongEncryptionAlgorithm)
    }
}

/// The 24 bytes in the property `nnc`.
pub(crate) fn read_nonce(object: &Object) -> Result<Nonce, CryptoError> {
    object
        .bytes("nnc", NONCE_LENGTH, NONCE_LENGTH)?
        .as_slice()
        .try_into()
        .map_err(|_| CryptoError::WrongSerializedBuffer)
}

/// Bytes of a fixed length out of `bytes`, or `error`.
fn exactly<const N: usize>(
    bytes: &[u8],
    error: CryptoError,
) -> Result<Zeroizing<[u8; N]>, CryptoError> {
    bytes.try_into().map(Zeroizing::new).map_err(|_| error)
}
