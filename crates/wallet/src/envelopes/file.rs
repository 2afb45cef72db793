//! Files: metadata under the key of the reference, content under a key of its own inside of them.

use serde::Deserialize;
use serde_json::Value;
use tessera_core_types::CoreDate;
use tessera_crypto::{
    aead, encoding, hash,
    objects::{Cipher, SecretKey},
};
use zeroize::Zeroizing;

use super::{EnvelopeError, Part};

const PART: Part = Part::File;

/// What a File says about itself. Nobody signs it: it is as trustworthy as whoever gave the key.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileMetadata {
    /// Its name.
    pub filename: String,
    /// The size of its content in bytes.
    pub filesize: u64,
    /// Its media type.
    pub mimetype: String,
    /// SHA-512 of its content, base64url.
    pub plaintext_hash: String,
    /// What its content is encrypted with.
    pub secret_key: SecretKey,
    /// A title.
    pub title: Option<String>,
    /// A description.
    pub description: Option<String>,
    /// Tags; older senders write none.
    pub tags: Option<Vec<Value>>,
    /// When the content last changed, by its owner's clock.
    pub filemodified: Option<CoreDate>,
}

/// Opens a File's `encryptedProperties` with the key of its reference.
///
/// # Errors
///
/// What does not open, and what is no metadata.
pub fn open_metadata(sealed: &[u8], key: &SecretKey) -> Result<FileMetadata, EnvelopeError> {
    PART.parse("FileMetadata", &PART.open(sealed, key)?)
}

/// Opens a File's content: what was downloaded is what was uploaded (`cipher_hash`, of the Backbone),
/// and what comes out is what the owner put in (the hash in the metadata, which the Backbone can't
/// change).
///
/// # Errors
///
/// [`EnvelopeError::CipherMismatch`], [`EnvelopeError::PlaintextMismatch`], and what does not open.
pub fn open_content(
    downloaded: &[u8],
    cipher_hash: &[u8],
    metadata: &FileMetadata,
) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    if hash::sha512(downloaded) != *cipher_hash {
        return Err(EnvelopeError::CipherMismatch);
    }
    let text = encoding::utf8(downloaded).map_err(PART.crypto())?;
    let cipher = Cipher::from_json(text).map_err(PART.crypto())?;
    let plain = aead::open(&metadata.secret_key, &cipher).map_err(PART.crypto())?;
    if encoding::to_b64u(&hash::sha512(&plain)) != metadata.plaintext_hash {
        return Err(EnvelopeError::PlaintextMismatch);
    }
    Ok(plain)
}
