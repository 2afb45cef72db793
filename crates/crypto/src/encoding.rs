//! Bytes as text. The decoders are as strict as libsodium's: no white space, no other alphabet,
//! padding exactly where it belongs, no stray bits in the last character.

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};

use crate::CryptoError;

/// base64url without padding: the form of all bytes in enmeshed's JSON.
#[must_use]
pub fn to_b64u(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url without padding.
///
/// # Errors
///
/// [`CryptoError::NotBase64`].
pub fn from_b64u(text: &str) -> Result<Vec<u8>, CryptoError> {
    BASE64_URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| CryptoError::NotBase64)
}

/// Standard base64 with padding: the form of password hashes sent to a Backbone and of the salt
/// inside a reference.
#[must_use]
pub fn to_b64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// Reads standard base64 with padding.
///
/// # Errors
///
/// [`CryptoError::NotBase64`].
pub fn from_b64(text: &str) -> Result<Vec<u8>, CryptoError> {
    BASE64_STANDARD
        .decode(text)
        .map_err(|_| CryptoError::NotBase64)
}

/// Reads UTF-8. One leading byte order mark is dropped, as JavaScript's decoder does.
///
/// # Errors
///
/// [`CryptoError::NotUtf8`].
pub fn utf8(bytes: &[u8]) -> Result<&str, CryptoError> {
    let text = std::str::from_utf8(bytes).map_err(|_| CryptoError::NotUtf8)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}
