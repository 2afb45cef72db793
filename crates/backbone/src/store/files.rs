//! Files: who reads them, and how they are handed over.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use tessera_backbone_api::{
    Bytes, SecretText, error_codes,
    external_events::ExternalEventContent,
    files::{FileMetadata, NewOwnershipToken, UploadedFile, ValidateOwnershipTokenResponse},
};
use tessera_core_types::{CoreDate, FileId};

use super::{
    Change,
    columns::Columns,
    events::{self, NewEvent},
    page::{Page, PageWanted},
    quotas,
};
use crate::{
    http::{caller::Caller, error::ApiError},
    rules::ownership_tokens,
};

const NAME: &str = "File";

/// What a file is made of.
pub struct NewFile {
    pub cipher: Vec<u8>,
    pub cipher_hash: Bytes,
    pub owner_signature: Bytes,
    pub encrypted_properties: Bytes,
    pub expires_at: CoreDate,
}

/// Stores a file.
pub fn upload(
    change: &Change<'_>,
    caller: &Caller,
    new: NewFile,
) -> Result<UploadedFile, ApiError> {
    quotas::check(change, &caller.address, "NumberOfFiles")?;
    quotas::check(change, &caller.address, "UsedFileStorageSpace")?;
    let id = FileId::generate(change.randomness);
    let ownership_token = ownership_tokens::generate(change.randomness);
    let cipher_size = new.cipher.len() as u64;
    change
        .prepare_cached(
            "INSERT INTO files (id, created_by, created_by_device, owner, owner_signature,
                 ownership_token, cipher_size, cipher_hash, encrypted_properties, expires_at,
                 created_at)
             VALUES (:id, :caller, :device, :caller, :signature, :token, :size, :hash, :properties,
                 :expires_at, :now)",
        )?
        .execute(named_params! {
            ":id": id.as_str(),
            ":caller": caller.address.as_str(),
            ":device": caller.device.as_str(),
            ":signature": new.owner_signature.as_slice(),
            ":token": ownership_tokens::hash(&ownership_token),
            ":size": i64::try_from(cipher_size).unwrap_or(i64::MAX),
            ":hash": new.cipher_hash.as_slice(),
            ":properties": new.encrypted_properties.as_slice(),
            ":expires_at": new.expires_at.millis(),
            ":now": change.now.millis(),
        })?;
    change
        .prepare_cached("INSERT INTO file_ciphers (file_id, cipher) VALUES (?1, ?2)")?
        .execute((id.as_str(), &new.cipher))?;
    Ok(UploadedFile {
        id,
        created_at: change.now,
        created_by: caller.address.clone(),
        created_by_device: caller.device.clone(),
        modified_at: change.now,
        modified_by: caller.address.clone(),
        deleted_at: None,
        deleted_by: None,
        owner: caller.address.clone(),
        owner_signature: new.owner_signature,
        ownership_token,
        cipher_size,
        cipher_hash: new.cipher_hash,
        expires_at: new.expires_at,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<FileMetadata> {
    let created_at = row.date("created_at")?;
    Ok(FileMetadata {
        id: row.text("id")?,
        created_at,
        created_by: row.text("created_by")?,
        created_by_device: row.text("created_by_device")?,
        modified_at: created_at,
        modified_by: row.text("created_by")?,
        modified_by_device: row.text("created_by_device")?,
        deleted_at: None,
        deleted_by: None,
        deleted_by_device: None,
        owner: row.text("owner")?,
        owner_signature: row.bytes("owner_signature")?,
        ownership_is_locked: row.get("ownership_is_locked")?,
        cipher_size: u64::try_from(row.get::<_, i64>("cipher_size")?).unwrap_or_default(),
        cipher_hash: row.bytes("cipher_hash")?,
        expires_at: row.date("expires_at")?,
        encrypted_properties: row.bytes("encrypted_properties")?,
    })
}

/// What is known about a file that has not expired. Whoever knows its id may ask.
pub fn metadata(
    connection: &Connection,
    id: &str,
    now: CoreDate,
) -> Result<FileMetadata, ApiError> {
    connection
        .prepare_cached("SELECT * FROM files WHERE id = ?1 AND expires_at > ?2")?
        .query_row((id, now.millis()), read)
        .optional()?
        .ok_or_else(|| ApiError::not_found(NAME))
}

/// The cipher of a file that has not expired.
pub fn cipher(connection: &Connection, id: &str, now: CoreDate) -> Result<Vec<u8>, ApiError> {
    connection
        .prepare_cached(
            "SELECT cipher FROM files JOIN file_ciphers ON file_id = id
             WHERE id = ?1 AND expires_at > ?2",
        )?
        .query_row((id, now.millis()), |row| row.get(0))
        .optional()?
        .ok_or_else(|| ApiError::not_found(NAME))
}

/// The files that the caller created and that have not expired, also those that it handed over, or
/// those of them that are named (a JSON array of ids).
pub fn list(
    connection: &Connection,
    caller: &Caller,
    ids: Option<&str>,
    now: CoreDate,
    wanted: PageWanted,
) -> Result<Page<FileMetadata>, ApiError> {
    const FROM: &str = "FROM files WHERE created_by = :caller AND expires_at > :now
        AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))";
    let (caller, now) = (caller.address.as_str(), now.millis());
    let total = connection
        .prepare_cached(&format!("SELECT count(*) {FROM}"))?
        .query_row(
            named_params! { ":caller": caller, ":now": now, ":ids": ids },
            |row| row.get(0),
        )?;
    let records = connection
        .prepare_cached(&format!(
            "SELECT * {FROM} ORDER BY created_at, id LIMIT :size OFFSET :offset"
        ))?
        .query_map(
            named_params! {
                ":caller": caller,
                ":now": now,
                ":ids": ids,
                ":size": wanted.size,
                ":offset": wanted.offset(),
            },
            read,
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Page {
        records,
        total,
        wanted,
    })
}

/// Deletes a file that the caller created; owning it is not enough.
pub fn delete(change: &Change<'_>, caller: &Caller, id: &str) -> Result<(), ApiError> {
    if metadata(change, id, change.now)?.created_by != caller.address {
        return Err(ApiError::forbidden());
    }
    change
        .prepare_cached("DELETE FROM files WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

fn is_token(change: &Change<'_>, id: &FileId, token: &SecretText) -> Result<bool, ApiError> {
    let stored: Vec<u8> = change
        .prepare_cached("SELECT ownership_token FROM files WHERE id = ?1")?
        .query_row([id.as_str()], |row| row.get(0))?;
    Ok(ownership_tokens::is_same(token, &stored))
}

/// Keeps everybody from taking the file over until its owner makes a new token.
fn lock(change: &Change<'_>, file: FileMetadata) -> Result<(), ApiError> {
    change
        .prepare_cached("UPDATE files SET ownership_is_locked = 1 WHERE id = ?1")?
        .execute([file.id.as_str()])?;
    let content = ExternalEventContent::FileOwnershipLocked { file_id: file.id };
    events::raise(change, NewEvent::new(file.owner, content))
}

/// Gives a file to an owner, with a new token.
fn hand_over(
    change: &Change<'_>,
    id: &FileId,
    owner: &Caller,
) -> Result<NewOwnershipToken, ApiError> {
    let token = ownership_tokens::generate(change.randomness);
    change
        .prepare_cached(
            "UPDATE files SET owner = ?2, ownership_token = ?3, ownership_is_locked = 0
             WHERE id = ?1",
        )?
        .execute((
            id.as_str(),
            owner.address.as_str(),
            ownership_tokens::hash(&token),
        ))?;
    Ok(NewOwnershipToken {
        new_ownership_token: token,
    })
}

/// Makes a new token for a file of the caller, and unlocks it.
pub fn regenerate_ownership_token(
    change: &Change<'_>,
    caller: &Caller,
    id: &str,
) -> Result<NewOwnershipToken, ApiError> {
    let file = metadata(change, id, change.now)?;
    if file.owner != caller.address {
        return Err(ApiError::forbidden());
    }
    hand_over(change, &file.id, caller)
}

/// Whether the file could be taken over with that token.
pub fn validate_ownership_token(
    change: &Change<'_>,
    caller: &Caller,
    id: &str,
    token: &SecretText,
) -> Result<ValidateOwnershipTokenResponse, ApiError> {
    let file = metadata(change, id, change.now)?;
    let is_valid = !file.ownership_is_locked && is_token(change, &file.id, token)?;
    if !is_valid && !file.ownership_is_locked && file.owner != caller.address {
        lock(change, file)?;
    }
    Ok(ValidateOwnershipTokenResponse { is_valid })
}

/// Takes a file over. A wrong token locks the file although the call fails, so the failure is the
/// inner result.
pub fn claim_ownership(
    change: &Change<'_>,
    caller: &Caller,
    id: &str,
    token: &SecretText,
) -> Result<Result<NewOwnershipToken, ApiError>, ApiError> {
    let file = metadata(change, id, change.now)?;
    if file.owner == caller.address {
        return Err(ApiError::rule(
            error_codes::CANNOT_CLAIM_OWNERSHIP_OF_OWN_FILE,
            "You cannot claim the ownership of a file that is already yours.",
        ));
    }
    if file.ownership_is_locked {
        return Err(ApiError::forbidden());
    }
    if !is_token(change, &file.id, token)? {
        lock(change, file)?;
        return Ok(Err(ApiError::forbidden()));
    }
    let new_token = hand_over(change, &file.id, caller)?;
    let content = ExternalEventContent::FileOwnershipClaimed {
        file_id: file.id,
        new_owner_address: caller.address.clone(),
    };
    events::raise(change, NewEvent::new(file.owner, content))?;
    Ok(Ok(new_token))
}
