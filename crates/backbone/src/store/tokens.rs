//! Tokens: who sees them, and when they lock.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use tessera_backbone_api::{
    Bytes, PasswordBytes, error_codes,
    external_events::ExternalEventContent,
    limits,
    tokens::{CreateTokenRequest, CreatedToken, Token, TokenMetadata},
};
use tessera_core_types::{Address, CoreDate, TokenId};

use super::{
    Change,
    columns::Columns,
    events::{self, NewEvent},
    page::{Page, PageWanted},
    quotas,
};
use crate::{
    http::{caller::Caller, error::ApiError},
    rules::record_passwords,
};

const NAME: &str = "Token";

/// Makes a token; without a caller an empty one that belongs to nobody yet.
pub fn create(
    change: &Change<'_>,
    caller: Option<&Caller>,
    new: CreateTokenRequest,
) -> Result<CreatedToken, ApiError> {
    if let Some(caller) = caller {
        quotas::check(change, &caller.address, "NumberOfTokens")?;
    }
    let id = TokenId::generate(change.randomness);
    let password = new
        .password
        .map(|password| record_passwords::seal(&password, change.randomness));
    change
        .prepare_cached(
            "INSERT INTO tokens (id, created_by, created_by_device, content, expires_at,
                 for_identity, password, created_at)
             VALUES (:id, :created_by, :device, :content, :expires_at, :for, :password, :now)",
        )?
        .execute(named_params! {
            ":id": id.as_str(),
            ":created_by": caller.map(|caller| caller.address.as_str()),
            ":device": caller.map(|caller| caller.device.as_str()),
            ":content": new.content.as_ref().map(Bytes::as_slice),
            ":expires_at": new.expires_at.millis(),
            ":for": new.for_identity.as_ref().map(Address::as_str),
            ":password": password,
            ":now": change.now.millis(),
        })?;
    Ok(CreatedToken {
        id,
        created_at: change.now,
    })
}

/// A token with what decides who sees it.
struct Stored {
    token: Token,
    password: Option<Vec<u8>>,
    failed_passwords: u32,
    is_allocated: bool,
}

impl Stored {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let password: Option<Vec<u8>> = row.get("password")?;
        Ok(Self {
            token: Token {
                id: row.text("id")?,
                created_by: row.optional_text("created_by")?,
                created_by_device: row.optional_text("created_by_device")?,
                for_identity: row.optional_text("for_identity")?,
                created_at: row.date("created_at")?,
                expires_at: row.date("expires_at")?,
                content: row.optional_bytes("content")?,
                is_password_protected: password.is_some(),
            },
            password,
            failed_passwords: row.get("failed_passwords")?,
            is_allocated: row.get("is_allocated")?,
        })
    }

    fn find(connection: &Connection, id: &str, viewer: Option<&Caller>) -> Result<Self, ApiError> {
        let viewer = viewer.map(|caller| caller.address.as_str());
        connection
            .prepare_cached(
                "SELECT t.*, EXISTS (SELECT 1 FROM token_allocations a
                     WHERE a.token_id = t.id AND a.address = :viewer) AS is_allocated
                 FROM tokens t WHERE t.id = :id",
            )?
            .query_row(named_params! { ":id": id, ":viewer": viewer }, Self::read)
            .optional()?
            .ok_or_else(not_found)
    }

    /// An anonymous caller counts as the creator of a token that has none.
    fn is_created_by(&self, viewer: Option<&Caller>) -> bool {
        self.token.created_by.as_ref() == viewer.map(|caller| &caller.address)
    }

    fn is_for(&self, viewer: Option<&Caller>) -> bool {
        match &self.token.for_identity {
            Some(address) => viewer.is_some_and(|caller| caller.address == *address),
            None => true,
        }
    }

    fn is_locked(&self) -> bool {
        self.failed_passwords >= limits::MAX_TOKEN_PASSWORD_FAILURES
    }
}

fn not_found() -> ApiError {
    ApiError::not_found(NAME)
}

fn locked() -> ApiError {
    ApiError::rule(
        error_codes::TOO_MANY_FAILED_PASSWORD_ATTEMPTS,
        "The token is locked because of too many failed password attempts.",
    )
}

/// A token that the caller may read without changing anything, if it is one: its own or one that
/// it allocated.
pub fn get_without_allocation(
    connection: &Connection,
    caller: Option<&Caller>,
    id: &str,
) -> Result<Option<Token>, ApiError> {
    let stored = Stored::find(connection, id, caller)?;
    Ok((stored.is_created_by(caller) || stored.is_allocated).then_some(stored.token))
}

/// Loads a token for the caller. A wrong password is counted although the call fails, so the
/// failure is the inner result.
pub fn load(
    change: &Change<'_>,
    caller: Option<&Caller>,
    id: &str,
    password: Option<&PasswordBytes>,
) -> Result<Result<Token, ApiError>, ApiError> {
    let stored = Stored::find(change, id, caller)?;
    if stored.is_created_by(caller) || stored.is_allocated {
        return Ok(Ok(stored.token));
    }
    if stored.token.expires_at <= change.now {
        return Err(not_found());
    }
    if stored.is_locked() {
        return Err(locked());
    }
    if !stored.is_for(caller) {
        return Err(not_found());
    }
    if !record_passwords::opens(stored.password.as_deref(), password) {
        return count_failure(change, &stored).map(Err);
    }
    if let Some(caller) = caller {
        change
            .prepare_cached(
                "INSERT INTO token_allocations (token_id, address, created_at) VALUES (?1, ?2, ?3)",
            )?
            .execute((id, caller.address.as_str(), change.now.millis()))?;
    }
    Ok(Ok(stored.token))
}

/// Counts a wrong password and says what the caller gets for it.
fn count_failure(change: &Change<'_>, stored: &Stored) -> Result<ApiError, ApiError> {
    change
        .prepare_cached("UPDATE tokens SET failed_passwords = failed_passwords + 1 WHERE id = ?1")?
        .execute([stored.token.id.as_str()])?;
    if stored.failed_passwords + 1 < limits::MAX_TOKEN_PASSWORD_FAILURES {
        return Ok(not_found());
    }
    if let Some(creator) = &stored.token.created_by {
        let content = ExternalEventContent::TokenLocked {
            token_id: stored.token.id.clone(),
        };
        events::raise(change, NewEvent::new(creator.clone(), content))?;
        change.hint(creator, "TokenLocked", None);
    }
    Ok(locked())
}

/// Those of the named tokens (a JSON array of ids) that the caller created or allocated, also
/// expired ones.
pub fn list(
    connection: &Connection,
    caller: &Caller,
    ids: &str,
    wanted: PageWanted,
) -> Result<Page<Token>, ApiError> {
    const FROM: &str = "FROM tokens t
        LEFT JOIN token_allocations a ON a.token_id = t.id AND a.address = :caller
        WHERE t.id IN (SELECT value FROM json_each(:ids))
          AND (t.created_by = :caller OR a.address IS NOT NULL)";
    let address = caller.address.as_str();
    let total = connection
        .prepare_cached(&format!("SELECT count(*) {FROM}"))?
        .query_row(named_params! { ":ids": ids, ":caller": address }, |row| {
            row.get(0)
        })?;
    let records = connection
        .prepare_cached(&format!(
            "SELECT t.*, a.address IS NOT NULL AS is_allocated {FROM}
             ORDER BY t.created_at, t.id LIMIT :size OFFSET :offset"
        ))?
        .query_map(
            named_params! {
                ":ids": ids,
                ":caller": address,
                ":size": wanted.size,
                ":offset": wanted.offset(),
            },
            |row| Stored::read(row).map(|stored| stored.token),
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Page {
        records,
        total,
        wanted,
    })
}

/// Fills an empty token; the caller becomes its creator. A wrong password is counted although the
/// call fails, so the failure is the inner result.
pub fn update_content(
    change: &Change<'_>,
    caller: &Caller,
    id: &str,
    content: &Bytes,
    password: Option<&PasswordBytes>,
) -> Result<Result<TokenMetadata, ApiError>, ApiError> {
    let stored = Stored::find(change, id, Some(caller))?;
    if stored.token.expires_at <= change.now {
        return Err(not_found());
    }
    if stored.is_locked() {
        return Err(locked());
    }
    let is_own = stored.is_created_by(Some(caller));
    if !stored.is_for(Some(caller)) && !is_own {
        return Err(not_found());
    }
    let needs_password = !is_own && !stored.is_allocated;
    if needs_password && !record_passwords::opens(stored.password.as_deref(), password) {
        return count_failure(change, &stored).map(Err);
    }
    if stored.token.content.is_some() {
        return Err(ApiError::rule(
            error_codes::CONTENT_UPDATE_NOT_POSSIBLE_BECAUSE_CONTENT_ALREADY_EXISTS,
            "The content of the token cannot be updated because it already exists.",
        ));
    }
    change
        .prepare_cached(
            "UPDATE tokens SET content = ?2, created_by = ?3, created_by_device = ?4 WHERE id = ?1",
        )?
        .execute((
            id,
            content.as_slice(),
            caller.address.as_str(),
            caller.device.as_str(),
        ))?;
    Ok(Ok(TokenMetadata {
        id: stored.token.id,
        created_by: Some(caller.address.clone()),
        created_by_device: Some(caller.device.clone()),
        for_identity: stored.token.for_identity,
        created_at: stored.token.created_at,
        expires_at: stored.token.expires_at,
        is_password_protected: stored.token.is_password_protected,
    }))
}

/// Deletes a token of the caller.
pub fn delete(change: &Change<'_>, caller: &Caller, id: &str) -> Result<(), ApiError> {
    let stored = Stored::find(change, id, Some(caller))?;
    if !stored.is_created_by(Some(caller)) {
        return Err(ApiError::forbidden());
    }
    change
        .prepare_cached("DELETE FROM tokens WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

/// Whether a token's lifetime is that of one which is made anonymously.
pub fn is_short_lived(expires_at: CoreDate, now: CoreDate) -> bool {
    expires_at
        < now.plus(chrono::TimeDelta::seconds(
            limits::MAX_ANONYMOUS_TOKEN_SECONDS,
        ))
}
