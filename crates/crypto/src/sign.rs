//! Signatures: pure Ed25519 over the bytes of the message, without a hash before.

use ed25519_dalek::{Signer, VerifyingKey};

use crate::{
    CryptoError,
    objects::{HashAlgorithm, Signature, SignaturePrivateKey, SignaturePublicKey},
};

/// Signs `message`. `algorithm` is written beside the signature and changes nothing in it:
/// enmeshed writes [`HashAlgorithm::Sha512`] with keys of identities and devices and
/// [`HashAlgorithm::Sha256`] with keys of Relationships.
///
/// # Errors
///
/// [`CryptoError::WrongBuffer`] when there is nothing to sign.
pub fn sign(
    key: &SignaturePrivateKey,
    message: &[u8],
    algorithm: HashAlgorithm,
) -> Result<Signature, CryptoError> {
    if message.is_empty() {
        return Err(CryptoError::WrongBuffer);
    }
    let bytes = key.signing_key().sign(message).to_bytes();
    Ok(Signature::new(bytes.to_vec(), algorithm))
}

/// Whether `signature` was made over `message` with the private half of `key`.
///
/// As libsodium does, it refuses keys and points of small order and scalars above the group
/// order.
///
/// # Errors
///
/// [`CryptoError::WrongBuffer`] when the message is empty, [`CryptoError::SignatureVerify`] when
/// the signature is not 64 bytes long.
#[must_use = "a signature that does not fit is not an error but false"]
pub fn verify(
    key: &SignaturePublicKey,
    message: &[u8],
    signature: &Signature,
) -> Result<bool, CryptoError> {
    if message.is_empty() {
        return Err(CryptoError::WrongBuffer);
    }
    let bytes = signature.as_bytes().try_into();
    let signature =
        ed25519_dalek::Signature::from_bytes(bytes.map_err(|_| CryptoError::SignatureVerify)?);
    let Ok(verifying) = VerifyingKey::from_bytes(key.as_bytes()) else {
        return Ok(false);
    };
    // Not `verify`, which lets keys of small order through.
    Ok(verifying.verify_strict(message, &signature).is_ok())
}
