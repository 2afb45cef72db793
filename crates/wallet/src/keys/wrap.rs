//! Wrapping the database key under an app password.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce, aead::Aead, aead::Payload};
use tessera_core_types::Randomness;
use zeroize::Zeroizing;

use super::{DatabaseKey, KeyError, PasswordCost, SecretText};

/// The length of a salt in bytes.
pub(super) const SALT_LENGTH: usize = 16;

const NONCE_LENGTH: usize = 24;
const TAG_LENGTH: usize = 16;

/// Nonce, encrypted key, tag.
pub(super) const WRAPPED_LENGTH: usize = NONCE_LENGTH + DatabaseKey::LENGTH + TAG_LENGTH;

/// Encrypts the key under the password. `context` is bound to the result: it opens only together
/// with the same one.
pub(super) fn wrap(
    key: &DatabaseKey,
    password: &SecretText,
    salt: &[u8; SALT_LENGTH],
    cost: PasswordCost,
    context: &[u8],
    randomness: &dyn Randomness,
) -> Result<Vec<u8>, KeyError> {
    let mut nonce = [0; NONCE_LENGTH];
    randomness.fill(&mut nonce);
    let payload = Payload {
        msg: key.as_bytes(),
        aad: context,
    };
    let sealed = cipher(password, salt, cost)?
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| KeyError::Failed)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Decrypts what [`wrap`] made. A wrong password and changed bytes can't be told apart.
pub(super) fn unwrap(
    wrapped: &[u8],
    password: &SecretText,
    salt: &[u8; SALT_LENGTH],
    cost: PasswordCost,
    context: &[u8],
) -> Result<DatabaseKey, KeyError> {
    let Some((nonce, sealed)) = wrapped.split_first_chunk::<NONCE_LENGTH>() else {
        return Err(KeyError::KeyFileDamaged);
    };
    let payload = Payload {
        msg: sealed,
        aad: context,
    };
    let key = cipher(password, salt, cost)?
        .decrypt(&XNonce::from(*nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| KeyError::WrongPassword)?;
    DatabaseKey::from_slice(&key).ok_or(KeyError::KeyFileDamaged)
}

fn cipher(
    password: &SecretText,
    salt: &[u8; SALT_LENGTH],
    cost: PasswordCost,
) -> Result<XChaCha20Poly1305, KeyError> {
    let mut key = Zeroizing::new([0; 32]);
    Params::new(cost.memory, cost.passes, 1, Some(key.len()))
        .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
        .and_then(|argon2| argon2.hash_password_into(password.expose().as_bytes(), salt, &mut *key))
        .map_err(|_| KeyError::KeyFileDamaged)?;
    Ok(XChaCha20Poly1305::new((&*key).into()))
}
