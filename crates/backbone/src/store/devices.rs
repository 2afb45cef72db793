//! Devices, and logging in with them.

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use tessera_backbone_api::{
    devices::{Device, LastLogin},
    error_codes, limits,
};
use tessera_core_types::{Address, CoreDate, DeviceId, Username};

use super::{
    Change,
    columns::Columns,
    page::{Page, PageWanted},
};
use crate::http::{caller::Caller, error::ApiError};

/// What a device is made of.
pub struct NewDevice {
    pub address: Address,
    /// `None` for the first one of an identity: it counts as made by itself.
    pub created_by: Option<DeviceId>,
    pub password_hash: String,
    pub communication_language: String,
    pub is_backup_device: bool,
}

/// Makes a device.
pub fn insert(change: &Change<'_>, new: NewDevice) -> Result<Device, ApiError> {
    if new.is_backup_device && has_backup_device(change, &new.address)? {
        return Err(ApiError::rule(
            error_codes::ONLY_ONE_BACKUP_DEVICE_CAN_EXIST,
            "Only one backup device can exist per identity.",
        ));
    }
    let id = DeviceId::generate(change.randomness);
    let device = Device {
        created_by_device: new.created_by.unwrap_or_else(|| id.clone()),
        id,
        username: Username::generate(change.randomness),
        created_at: change.now,
        last_login: None,
        communication_language: new.communication_language,
        is_backup_device: new.is_backup_device,
    };
    change
        .prepare_cached(
            "INSERT INTO devices (id, address, username, password_hash, created_by_device,
                 communication_language, is_backup_device, created_at)
             VALUES (:id, :address, :username, :hash, :created_by, :language, :backup, :now)",
        )?
        .execute(named_params! {
            ":id": device.id.as_str(),
            ":address": new.address.as_str(),
            ":username": device.username.as_str(),
            ":hash": new.password_hash,
            ":created_by": device.created_by_device.as_str(),
            ":language": device.communication_language,
            ":backup": device.is_backup_device,
            ":now": change.now.millis(),
        })?;
    Ok(device)
}

fn has_backup_device(connection: &Connection, address: &Address) -> Result<bool, ApiError> {
    let mut statement = connection
        .prepare_cached("SELECT 1 FROM devices WHERE address = ?1 AND is_backup_device")?;
    Ok(statement.exists([address.as_str()])?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        id: row.text("id")?,
        username: row.text("username")?,
        created_at: row.date("created_at")?,
        created_by_device: row.text("created_by_device")?,
        last_login: row
            .optional_date("last_login_at")?
            .map(|time| LastLogin { time }),
        communication_language: row.get("communication_language")?,
        is_backup_device: row.get("is_backup_device")?,
    })
}

/// One device.
pub fn get(connection: &Connection, id: &DeviceId) -> Result<Device, ApiError> {
    let mut statement = connection.prepare_cached("SELECT * FROM devices WHERE id = ?1")?;
    let device = statement.query_row([id.as_str()], read).optional()?;
    device.ok_or_else(|| ApiError::not_found("Device"))
}

/// The devices of an identity, or those of them that are named (a JSON array of ids).
pub fn list(
    connection: &Connection,
    address: &Address,
    ids: Option<&str>,
    wanted: PageWanted,
) -> Result<Page<Device>, ApiError> {
    const FROM: &str = "FROM devices WHERE address = :address
        AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))";
    let total = connection
        .prepare_cached(&format!("SELECT count(*) {FROM}"))?
        .query_row(
            named_params! { ":address": address.as_str(), ":ids": ids },
            |row| row.get(0),
        )?;
    let records = connection
        .prepare_cached(&format!(
            "SELECT * {FROM} ORDER BY created_at, id LIMIT :size OFFSET :offset"
        ))?
        .query_map(
            named_params! {
                ":address": address.as_str(),
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

/// Changes a device's language.
pub fn set_language(change: &Change<'_>, id: &DeviceId, language: &str) -> Result<(), ApiError> {
    change
        .prepare_cached("UPDATE devices SET communication_language = ?2 WHERE id = ?1")?
        .execute((id.as_str(), language))?;
    Ok(())
}

/// The hash of a device's password.
pub fn password_hash(connection: &Connection, id: &DeviceId) -> Result<Option<String>, ApiError> {
    let mut statement =
        connection.prepare_cached("SELECT password_hash FROM devices WHERE id = ?1")?;
    Ok(statement
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?)
}

/// Changes a device's password.
pub fn set_password_hash(change: &Change<'_>, id: &DeviceId, hash: &str) -> Result<(), ApiError> {
    change
        .prepare_cached("UPDATE devices SET password_hash = ?2 WHERE id = ?1")?
        .execute((id.as_str(), hash))?;
    Ok(())
}

/// Deletes a device of the caller that never logged in.
pub fn delete(change: &Change<'_>, caller: &Caller, id: &str) -> Result<(), ApiError> {
    let owner: Option<(Address, Option<CoreDate>)> = change
        .prepare_cached("SELECT address, last_login_at FROM devices WHERE id = ?1")?
        .query_row([id], |row| {
            Ok((row.text("address")?, row.optional_date("last_login_at")?))
        })
        .optional()?;
    let Some((address, last_login)) = owner else {
        return Err(ApiError::not_found("Device"));
    };
    let refused = |reason| {
        Err(ApiError::rule(
            error_codes::DEVICE_CANNOT_BE_DELETED,
            reason,
        ))
    };
    if last_login.is_some() {
        return refused("The device cannot be deleted because it has already been onboarded.");
    }
    if address != caller.address {
        return refused(
            "You are not allowed to delete this device as it belongs to another identity.",
        );
    }
    change
        .prepare_cached("DELETE FROM devices WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

/// Whether a device that has an access token may still call: it is there and not locked.
pub fn may_call(connection: &Connection, caller: &Caller, now: CoreDate) -> Result<bool, ApiError> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM devices
         WHERE id = ?1 AND address = ?2 AND (locked_until IS NULL OR locked_until <= ?3)",
    )?;
    Ok(statement.exists((
        caller.device.as_str(),
        caller.address.as_str(),
        now.millis(),
    ))?)
}

/// What a login is checked against.
pub struct Credentials {
    pub caller: Caller,
    pub password_hash: String,
}

/// Looks a user name up, without regard to case.
pub fn credentials(
    connection: &Connection,
    username: &str,
) -> Result<Option<Credentials>, ApiError> {
    let mut statement = connection
        .prepare_cached("SELECT id, address, password_hash FROM devices WHERE username = ?1")?;
    let credentials = statement.query_row([username], |row| {
        Ok(Credentials {
            caller: Caller {
                address: row.text("address")?,
                device: row.text("id")?,
            },
            password_hash: row.get("password_hash")?,
        })
    });
    Ok(credentials.optional()?)
}

/// What came of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginOutcome {
    Succeeded,
    /// Wrong password, or the identity's grace period is over.
    Refused,
    /// Too many wrong passwords.
    Locked,
}

/// Counts a login whose password was right or wrong. The count is taken here, one login after the
/// other, so that many at once do not get more tries.
pub fn record_login(
    change: &Change<'_>,
    caller: &Caller,
    is_right: bool,
    lock_seconds: i64,
) -> Result<LoginOutcome, ApiError> {
    let device = change
        .prepare_cached(
            "SELECT failed_logins, locked_until, is_backup_device, grace_period_ends_at
             FROM devices JOIN identities USING (address) WHERE id = ?1",
        )?
        .query_row([caller.device.as_str()], |row| {
            Ok((
                row.get::<_, u32>("failed_logins")?,
                row.optional_date("locked_until")?,
                row.get::<_, bool>("is_backup_device")?,
                row.optional_date("grace_period_ends_at")?,
            ))
        })
        .optional()?;
    let Some((failed, locked_until, is_backup_device, grace_period_ends_at)) = device else {
        return Ok(LoginOutcome::Refused);
    };
    if locked_until.is_some_and(|until| until > change.now) {
        return Ok(LoginOutcome::Locked);
    }
    if !is_right {
        let is_last = failed + 1 >= limits::MAX_LOGIN_FAILURES;
        let until = change.now.plus(TimeDelta::seconds(lock_seconds)).millis();
        change
            .prepare_cached(
                "UPDATE devices SET failed_logins = ?2, locked_until = ?3 WHERE id = ?1",
            )?
            .execute((
                caller.device.as_str(),
                if is_last { 0 } else { failed + 1 },
                is_last.then_some(until),
            ))?;
        return Ok(if is_last {
            LoginOutcome::Locked
        } else {
            LoginOutcome::Refused
        });
    }
    if grace_period_ends_at.is_some_and(|end| end <= change.now) {
        return Ok(LoginOutcome::Refused);
    }
    change
        .prepare_cached(
            "UPDATE devices SET failed_logins = 0, locked_until = NULL, is_backup_device = 0,
                 last_login_at = ?2 WHERE id = ?1",
        )?
        .execute((caller.device.as_str(), change.now.millis()))?;
    if is_backup_device {
        change.hint(&caller.address, "BackupDeviceUsed", None);
    }
    Ok(LoginOutcome::Succeeded)
}
