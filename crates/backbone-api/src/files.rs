//! `POST Files` (a form), `GET Files/{id}` (the bytes themselves), `GET Files/{id}/Metadata`,
//! `GET Files?ids=`, `DELETE Files/{id}`, and handing a file over:
//! `PATCH Files/{id}/RegenerateOwnershipToken`, `PATCH Files/{id}/ClaimOwnership`,
//! `POST Files/{id}/ValidateOwnershipToken`.

use serde::{Deserialize, Serialize};
use tessera_core_types::{Address, CoreDate, DeviceId, FileId};

use crate::{Bytes, SecretText};

/// The fields of the form of `POST Files`, read without regard to case. A further one, `owner`,
/// is ignored: the owner is whoever uploads.
pub mod form {
    /// The cipher, as a file part of 1 byte to [`crate::limits::MAX_FILE_BYTES`].
    pub const CONTENT: &str = "content";
    /// Base64url of 1 to [`crate::limits::MAX_CIPHER_HASH_BYTES`] bytes.
    pub const CIPHER_HASH: &str = "cipherHash";
    /// Base64url of 1 to [`crate::limits::MAX_OWNER_SIGNATURE_BYTES`] bytes.
    pub const OWNER_SIGNATURE: &str = "ownerSignature";
    /// A date in the future.
    pub const EXPIRES_AT: &str = "expiresAt";
    /// Base64url of at most [`crate::limits::MAX_ENCRYPTED_PROPERTIES_BYTES`] bytes.
    pub const ENCRYPTED_PROPERTIES: &str = "encryptedProperties";
}

/// Answer (201) of `POST Files`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UploadedFile {
    /// Its id.
    pub id: FileId,
    /// When.
    pub created_at: CoreDate,
    /// By whom.
    pub created_by: Address,
    /// With which device.
    pub created_by_device: DeviceId,
    /// The same as `createdAt`.
    pub modified_at: CoreDate,
    /// The same as `createdBy`.
    pub modified_by: Address,
    /// Always `None`.
    #[serde(default)]
    pub deleted_at: Option<CoreDate>,
    /// Always `None`.
    #[serde(default)]
    pub deleted_by: Option<Address>,
    /// Whose it is; the same as `createdBy` here.
    pub owner: Address,
    /// As given.
    pub owner_signature: Bytes,
    /// Who has it may take the file over. Only told here and when it is made anew.
    #[serde(serialize_with = "crate::bytes::plain_secret")]
    pub ownership_token: SecretText,
    /// Bytes of the cipher.
    pub cipher_size: u64,
    /// As given.
    pub cipher_hash: Bytes,
    /// As given.
    pub expires_at: CoreDate,
}

/// What is known about a file. Whoever knows the id may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FileMetadata {
    /// Its id.
    pub id: FileId,
    /// When it was uploaded.
    pub created_at: CoreDate,
    /// By whom.
    pub created_by: Address,
    /// With which device.
    pub created_by_device: DeviceId,
    /// The same as `createdAt`.
    pub modified_at: CoreDate,
    /// The same as `createdBy`.
    pub modified_by: Address,
    /// The same as `createdByDevice`.
    pub modified_by_device: DeviceId,
    /// Always `None`.
    #[serde(default)]
    pub deleted_at: Option<CoreDate>,
    /// Always `None`.
    #[serde(default)]
    pub deleted_by: Option<Address>,
    /// Always `None`.
    #[serde(default)]
    pub deleted_by_device: Option<DeviceId>,
    /// Whose it is.
    pub owner: Address,
    /// As given.
    pub owner_signature: Bytes,
    /// Whether nobody can take it over until its owner makes a new ownership token; absent from
    /// older servers, which means that it is not.
    #[serde(default)]
    pub ownership_is_locked: bool,
    /// Bytes of the cipher.
    pub cipher_size: u64,
    /// As given.
    pub cipher_hash: Bytes,
    /// Until when the file can be read.
    pub expires_at: CoreDate,
    /// As given.
    pub encrypted_properties: Bytes,
}

/// Body of `PATCH Files/{id}/ClaimOwnership` and `POST Files/{id}/ValidateOwnershipToken`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OwnershipTokenRequest {
    /// 1 to [`crate::limits::OWNERSHIP_TOKEN_CHARS`] characters of [`OWNERSHIP_TOKEN_ALPHABET`].
    #[serde(serialize_with = "crate::bytes::plain_secret")]
    pub ownership_token: SecretText,
}

/// Answer of `PATCH Files/{id}/ClaimOwnership` and `PATCH Files/{id}/RegenerateOwnershipToken`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NewOwnershipToken {
    /// Takes the place of the one before.
    #[serde(serialize_with = "crate::bytes::plain_secret")]
    pub new_ownership_token: SecretText,
}

/// Answer of `POST Files/{id}/ValidateOwnershipToken`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ValidateOwnershipTokenResponse {
    /// Whether the file could be taken over with it. Who asks with a wrong one and is not the
    /// owner locks the file.
    pub is_valid: bool,
}

/// The characters of an ownership token.
pub const OWNERSHIP_TOKEN_ALPHABET: &[u8; 86] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*()_-+=<>?/{}[]|~";
