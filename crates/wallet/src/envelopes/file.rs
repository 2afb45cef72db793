//! Files: metadata under the key of the reference, content under a key of its own inside of them.

use serde::Deserialize;
use serde_json::{Value, json};
use tessera_core_types::{CoreDate, Randomness};
use tessera_crypto::{
    aead, encoding, hash,
    objects::{Cipher, HashAlgorithm, SecretKey, SignaturePrivateKey},
    sign,
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

/// The largest content of a File, in bytes: the cipher, which is a third longer, has to fit into
/// what a Backbone accepts.
pub const MAX_FILE_BYTES: usize = 7 * 1024 * 1024;

/// What the owner says about a new File.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileDescription {
    /// Its name.
    pub filename: String,
    /// Its media type.
    pub mimetype: String,
    /// A title.
    pub title: Option<String>,
    /// A description.
    pub description: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
}

/// A File as it is given to the Backbone.
pub struct SealedFile {
    /// The encrypted content.
    pub cipher: Vec<u8>,
    /// Its SHA-512.
    pub cipher_hash: Vec<u8>,
    /// The encrypted metadata.
    pub encrypted_properties: Vec<u8>,
    /// The device's signature over the SHA-512 of the content.
    pub owner_signature: Vec<u8>,
    /// The key of the metadata, which stands in the File's reference.
    pub metadata_key: SecretKey,
}

/// Seals a File with fresh keys.
///
/// # Errors
///
/// [`EnvelopeError::TooLarge`] for metadata that do not fit.
pub fn seal(
    content: &[u8],
    description: &FileDescription,
    device_key: &SignaturePrivateKey,
    randomness: &dyn Randomness,
) -> Result<SealedFile, EnvelopeError> {
    let file_key = SecretKey::generate(randomness);
    let cipher = aead::seal(&file_key, content, randomness).map_err(PART.crypto())?;
    let cipher = cipher.to_json(true).into_bytes();
    let plaintext_hash = hash::sha512(content);
    let signature =
        sign::sign(device_key, &plaintext_hash, HashAlgorithm::Sha512).map_err(PART.crypto())?;
    let key: Value = PART.parse("secretKey", &file_key.to_json(false))?;
    let mut metadata = json!({
        "@type": "FileMetadata",
        "filename": description.filename,
        "filesize": content.len(),
        "mimetype": description.mimetype,
        "plaintextHash": encoding::to_b64u(&plaintext_hash),
        "secretKey": key,
    });
    let optional = [
        ("title", description.title.as_ref().map(|text| json!(text))),
        (
            "description",
            description.description.as_ref().map(|text| json!(text)),
        ),
        (
            "tags",
            (!description.tags.is_empty()).then(|| json!(description.tags)),
        ),
    ];
    if let Some(properties) = metadata.as_object_mut() {
        for (name, value) in optional {
            if let Some(value) = value {
                properties.insert(name.to_owned(), value);
            }
        }
        // Written in the order of their names, as everything that is sealed.
        properties.sort_keys();
    }
    let metadata_key = SecretKey::generate(randomness);
    let text = PART.write("FileMetadata", &metadata)?;
    Ok(SealedFile {
        cipher_hash: hash::sha512(&cipher).to_vec(),
        cipher,
        encrypted_properties: PART.seal(&text, &metadata_key, randomness)?,
        owner_signature: signature.to_json(true).into_bytes(),
        metadata_key,
    })
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
