//! Identities.

use rusqlite::{Connection, OptionalExtension, named_params};
use tessera_backbone_api::{
    error_codes,
    identities::{
        CreateIdentityResponse, CreatedFirstDevice, Identity, IdentityStatus, IsDeletedResponse,
    },
};
use tessera_core_types::{Address, CoreDate};

use super::{
    Change, challenges,
    columns::{Columns, name_of},
    deletion,
    devices::{self, NewDevice},
};
use crate::http::error::ApiError;

/// The tier of every identity that is not to be deleted.
const TIER_ID: &str = "TIRbasicbasicbasicba";
/// The tier of identities that are to be deleted; the protocol fixes it.
const DELETION_TIER_ID: &str = "TIR00000000000000001";

/// What an identity is made of.
pub struct NewIdentity {
    pub address: Address,
    pub public_key: [u8; 32],
    pub client_id: String,
    pub max_identities_of_client: Option<u32>,
    pub version: u8,
    /// The challenge that it signed.
    pub challenge_id: String,
    pub password_hash: String,
    pub communication_language: String,
}

/// An app, and how many identities it may make.
pub struct Client<'a> {
    pub id: &'a str,
    pub max_identities: Option<u32>,
}

fn is_used_up(connection: &Connection, client: &Client<'_>) -> Result<bool, ApiError> {
    let Some(max) = client.max_identities else {
        return Ok(false);
    };
    let made: u32 = connection
        .prepare_cached("SELECT count(*) FROM identities WHERE client_id = ?1")?
        .query_row([client.id], |row| row.get(0))?;
    Ok(made >= max)
}

/// Checks that an identity with this address can be made with this challenge.
pub fn check_new(
    connection: &Connection,
    address: &Address,
    challenge_id: &str,
    client: &Client<'_>,
    now: CoreDate,
) -> Result<(), ApiError> {
    challenges::check(connection, challenge_id, now)?;
    if is_used_up(connection, client)? {
        return Err(ApiError::rule(
            error_codes::CLIENT_REACHED_IDENTITIES_LIMIT,
            "The client's identity limit has been reached. A new identity cannot be created with this client.",
        ));
    }
    if status(connection, address)?.is_none() {
        return Ok(());
    }
    Err(ApiError::rule(
        error_codes::ADDRESS_ALREADY_EXISTS,
        "The given address already exists. Perhaps there is already an identity for the given key pair?",
    ))
}

/// Makes an identity and its first device.
pub fn create(change: &Change<'_>, new: NewIdentity) -> Result<CreateIdentityResponse, ApiError> {
    let client = Client {
        id: &new.client_id,
        max_identities: new.max_identities_of_client,
    };
    check_new(change, &new.address, &new.challenge_id, &client, change.now)?;
    change
        .prepare_cached(
            "INSERT INTO identities
                 (address, public_key, client_id, version, tier_id, status, created_at)
             VALUES (:address, :key, :client, :version, :tier, :status, :now)",
        )?
        .execute(named_params! {
            ":address": new.address.as_str(),
            ":key": new.public_key,
            ":client": new.client_id,
            ":version": new.version,
            ":tier": TIER_ID,
            ":status": name_of(&IdentityStatus::Active),
            ":now": change.now.millis(),
        })?;
    let device = devices::insert(
        change,
        NewDevice {
            address: new.address.clone(),
            created_by: None,
            password_hash: new.password_hash,
            communication_language: new.communication_language,
            is_backup_device: false,
        },
    )?;
    Ok(CreateIdentityResponse {
        address: new.address,
        created_at: change.now,
        device: CreatedFirstDevice {
            id: device.id,
            username: device.username,
            created_at: change.now,
        },
    })
}

/// The state of an identity; `None` when there is none.
pub fn status(
    connection: &Connection,
    address: &Address,
) -> Result<Option<IdentityStatus>, ApiError> {
    let mut statement =
        connection.prepare_cached("SELECT status FROM identities WHERE address = ?1")?;
    let status = statement.query_row([address.as_str()], |row| row.name("status"));
    Ok(status.optional()?)
}

/// Has an identity deleted at that time, or not any more.
pub fn set_to_be_deleted(
    change: &Change<'_>,
    address: &Address,
    at: Option<CoreDate>,
) -> Result<(), ApiError> {
    let (status, tier) = match at {
        Some(_) => (IdentityStatus::ToBeDeleted, DELETION_TIER_ID),
        None => (IdentityStatus::Active, TIER_ID),
    };
    change
        .prepare_cached(
            "UPDATE identities SET status = ?2, tier_id = ?3, grace_period_ends_at = ?4
             WHERE address = ?1",
        )?
        .execute((
            address.as_str(),
            name_of(&status),
            tier,
            at.map(CoreDate::millis),
        ))?;
    Ok(())
}

/// The public key that was given at creation.
pub fn public_key(connection: &Connection, address: &Address) -> Result<[u8; 32], ApiError> {
    let mut statement =
        connection.prepare_cached("SELECT public_key FROM identities WHERE address = ?1")?;
    let key = statement.query_row([address.as_str()], |row| row.get(0));
    key.optional()?
        .ok_or_else(|| ApiError::not_found("Identity"))
}

/// An identity as it sees itself.
pub fn get(connection: &Connection, address: &Address) -> Result<Identity, ApiError> {
    let mut statement = connection.prepare_cached("SELECT * FROM identities WHERE address = ?1")?;
    let identity = statement.query_row([address.as_str()], |row| {
        Ok(Identity {
            address: row.text("address")?,
            created_at: row.date("created_at")?,
            identity_version: row.get("version")?,
            tier_id: row.get("tier_id")?,
            status: row.name("status")?,
            deletion_grace_period_ends_at: row.optional_date("grace_period_ends_at")?,
        })
    });
    identity
        .optional()?
        .ok_or_else(|| ApiError::not_found("Identity"))
}

/// Whether the identity of that user name is deleted: it is gone, or its grace period is over. A
/// name that never existed is not.
pub fn is_deleted(
    connection: &Connection,
    username: &str,
    now: CoreDate,
) -> Result<IsDeletedResponse, ApiError> {
    let mut statement = connection.prepare_cached(
        "SELECT grace_period_ends_at FROM identities JOIN devices USING (address)
         WHERE devices.username = ?1",
    )?;
    let end = statement
        .query_row([username], |row| row.optional_date("grace_period_ends_at"))
        .optional()?
        .flatten();
    let deletion_date = match end.filter(|end| *end <= now) {
        Some(end) => Some(end),
        None => deleted_at(connection, username)?,
    };
    Ok(IsDeletedResponse {
        is_deleted: deletion_date.is_some(),
        deletion_date,
    })
}

/// When the identity of that user name was deleted.
fn deleted_at(connection: &Connection, username: &str) -> Result<Option<CoreDate>, ApiError> {
    let mut statement = connection
        .prepare_cached("SELECT deleted_at FROM deleted_usernames WHERE username_hash = ?1")?;
    let date = statement.query_row([deletion::username_hash(username)], |row| {
        row.date("deleted_at")
    });
    Ok(date.optional()?)
}
