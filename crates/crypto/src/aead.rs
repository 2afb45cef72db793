//! Symmetric encryption: XChaCha20-Poly1305 without associated data.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use tessera_core_types::Randomness;
use zeroize::Zeroizing;

use crate::{
    CryptoError, NONCE_LENGTH, Nonce,
    objects::{Cipher, CipherNonce, MAX_CIPHERTEXT_LENGTH, SecretKey},
};

/// What encryption adds to the length.
const TAG_LENGTH: usize = 16;

/// Encrypts `plaintext` with a fresh random nonce, which the cipher carries.
///
/// # Errors
///
/// [`CryptoError::WrongSerializedBuffer`] when the ciphertext would be longer than the 100 MiB
/// that readers accept.
pub fn seal(
    key: &SecretKey,
    plaintext: &[u8],
    randomness: &dyn Randomness,
) -> Result<Cipher, CryptoError> {
    let mut nonce = [0; NONCE_LENGTH];
    randomness.fill(&mut nonce);
    let ciphertext = encrypt(key, &nonce, plaintext)?;
    Ok(Cipher::new(ciphertext, CipherNonce::Nonce(nonce.to_vec())))
}

/// Opens a cipher that carries its nonce.
///
/// # Errors
///
/// [`CryptoError::WrongNonce`] when it carries a counter instead (a
/// [`ReceiveState`](crate::channel::ReceiveState) opens those), [`CryptoError::Decrypt`] when key,
/// nonce or ciphertext are not the ones of the encryption.
pub fn open(key: &SecretKey, cipher: &Cipher) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    match cipher.nonce() {
        CipherNonce::Nonce(nonce) => {
            let nonce = nonce.as_slice().try_into();
            decrypt(
                key,
                &nonce.map_err(|_| CryptoError::Decrypt)?,
                cipher.ciphertext(),
            )
        }
        CipherNonce::Counter(_) => Err(CryptoError::WrongNonce),
    }
}

/// The nonce of one counter of a channel: the counter is added to the last four bytes of the
/// channel's base nonce, little-endian, and a carry out of them is lost.
#[must_use]
pub fn counter_nonce(base: &Nonce, counter: u32) -> Nonce {
    let mut nonce = *base;
    if let Some(tail) = nonce.last_chunk_mut::<4>() {
        *tail = u32::from_le_bytes(*tail)
            .wrapping_add(counter)
            .to_le_bytes();
    }
    nonce
}

pub(crate) fn encrypt(
    key: &SecretKey,
    nonce: &Nonce,
    plaintext: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    if plaintext.len() > MAX_CIPHERTEXT_LENGTH - TAG_LENGTH {
        return Err(CryptoError::WrongSerializedBuffer);
    }
    XChaCha20Poly1305::new(key.as_bytes().into())
        .encrypt(&XNonce::from(*nonce), Payload::from(plaintext))
        .map_err(|_| CryptoError::WrongSerializedBuffer)
}

pub(crate) fn decrypt(
    key: &SecretKey,
    nonce: &Nonce,
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    XChaCha20Poly1305::new(key.as_bytes().into())
        .decrypt(&XNonce::from(*nonce), Payload::from(ciphertext))
        .map(Zeroizing::new)
        .map_err(|_| CryptoError::Decrypt)
}
