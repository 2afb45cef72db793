//! Encryption with a nonce of the caller's choice: only to make recorded ciphers again.
//!
//! Two texts under one key and nonce are readable by whoever holds both ciphers, and further ones
//! can be forged. Nothing but tests has a reason to call this: [`aead::seal`]
//! draws its nonce, and a [`TransmitState`] takes only reserved counters.

use crate::{
    CryptoError, Nonce, aead,
    channel::TransmitState,
    objects::{Cipher, CipherNonce, SecretKey},
};

/// Encrypts with exactly this nonce.
///
/// # Errors
///
/// As [`aead::seal`].
pub fn seal_with_nonce(
    key: &SecretKey,
    nonce: &Nonce,
    plaintext: &[u8],
) -> Result<Cipher, CryptoError> {
    let ciphertext = aead::encrypt(key, nonce, plaintext)?;
    Ok(Cipher::new(ciphertext, CipherNonce::Nonce(nonce.to_vec())))
}

/// Encrypts on a channel with exactly this counter, reserved or not.
///
/// # Errors
///
/// As [`aead::seal`].
pub fn seal_with_counter(
    channel: &TransmitState,
    counter: u32,
    plaintext: &[u8],
) -> Result<Cipher, CryptoError> {
    channel.seal_at(counter, plaintext)
}
