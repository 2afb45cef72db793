//! The profile and what it is made of: one row each.

use rusqlite::{Connection, Row, Transaction, named_params};
use tessera_crypto::objects::{SecretKey, SignatureKeypair};
use zeroize::Zeroizing;

use super::{
    StoreError,
    columns::{Columns, Millis, Text},
    query::{change_one, first},
};
use crate::{
    keys::{SecretBytes, SecretText},
    model::{BackboneSettings, Device, DeviceKeys, IdentityKeys, Profile},
};

const PROFILE: &str = "SELECT * FROM profile WHERE id = 1";
const IDENTITY_KEYS: &str = "SELECT * FROM identity_keys WHERE id = 1";
const DEVICE_KEYS: &str = "SELECT * FROM device_keys WHERE id = 1";
const DEVICE: &str = "SELECT * FROM device WHERE id = 1";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[PROFILE, IDENTITY_KEYS, DEVICE_KEYS, DEVICE];

/// Stores a new profile with all of its keys.
///
/// # Errors
///
/// [`StoreError::Constraint`] when there is one: keys are never replaced.
pub fn create(
    transaction: &Transaction<'_>,
    profile: &Profile,
    identity: &IdentityKeys,
    device: &DeviceKeys,
) -> Result<(), StoreError> {
    transaction.execute(
        "INSERT INTO profile VALUES
            (1, :name, :address, :base_url, :client_id, :client_secret, :created_at)",
        named_params! {
            ":name": profile.name,
            ":address": Text(&profile.address),
            ":base_url": profile.backbone.base_url,
            ":client_id": profile.backbone.client_id,
            ":client_secret": profile.backbone.client_secret.expose(),
            ":created_at": Millis(profile.created_at),
        },
    )?;
    transaction.execute(
        "INSERT INTO identity_keys VALUES (1, :signature, :synchronization, :shared_base)",
        named_params! {
            ":signature": identity.signature.to_json(true).as_str(),
            ":synchronization": identity.synchronization.as_bytes(),
            ":shared_base": identity.shared_base.as_bytes(),
        },
    )?;
    transaction.execute(
        "INSERT INTO device_keys VALUES (1, :signature, :password)",
        named_params! {
            ":signature": device.signature.to_json(true).as_str(),
            ":password": device.password.expose(),
        },
    )?;
    Ok(())
}

/// The profile; `None` in a database that was made and not filled yet.
///
/// # Errors
///
/// When the database fails.
pub fn get(connection: &Connection) -> Result<Option<Profile>, StoreError> {
    first(connection, PROFILE, [], |row| {
        Ok(Profile {
            name: row.get("name")?,
            address: row.text("address")?,
            backbone: BackboneSettings {
                base_url: row.get("base_url")?,
                client_id: row.get("client_id")?,
                client_secret: secret_text(row, "client_secret")?,
            },
            created_at: row.date("created_at")?,
        })
    })
}

/// Changes how the Backbone is reached. Whether it is still the same Backbone is the caller's.
///
/// # Errors
///
/// [`StoreError::Missing`] without a profile.
pub fn set_backbone(
    transaction: &Transaction<'_>,
    backbone: &BackboneSettings,
) -> Result<(), StoreError> {
    change_one(
        transaction,
        "profile",
        "UPDATE profile
            SET base_url = :base_url, client_id = :client_id, client_secret = :client_secret
            WHERE id = 1",
        named_params! {
            ":base_url": backbone.base_url,
            ":client_id": backbone.client_id,
            ":client_secret": backbone.client_secret.expose(),
        },
    )
}

/// Changes the name the person gave the profile.
///
/// # Errors
///
/// [`StoreError::Missing`] without a profile.
pub fn rename(transaction: &Transaction<'_>, name: &str) -> Result<(), StoreError> {
    change_one(
        transaction,
        "profile",
        "UPDATE profile SET name = ?1 WHERE id = 1",
        [name],
    )
}

/// The keys of the identity.
///
/// # Errors
///
/// When the database fails.
pub fn identity_keys(connection: &Connection) -> Result<Option<IdentityKeys>, StoreError> {
    first(connection, IDENTITY_KEYS, [], |row| {
        Ok(IdentityKeys {
            signature: keypair(row)?,
            synchronization: secret_key(row, "synchronization")?,
            shared_base: secret_key(row, "shared_base")?,
        })
    })
}

/// The keys of the device.
///
/// # Errors
///
/// When the database fails.
pub fn device_keys(connection: &Connection) -> Result<Option<DeviceKeys>, StoreError> {
    first(connection, DEVICE_KEYS, [], |row| {
        Ok(DeviceKeys {
            signature: keypair(row)?,
            password: secret_text(row, "password")?,
        })
    })
}

/// The device as the Backbone registered it; `None` until it has.
///
/// # Errors
///
/// When the database fails.
pub fn device(connection: &Connection) -> Result<Option<Device>, StoreError> {
    first(connection, DEVICE, [], |row| {
        Ok(Device {
            id: row.text("device_id")?,
            username: row.text("username")?,
            created_at: row.date("created_at")?,
            has_datawallet: row.get("has_datawallet")?,
        })
    })
}

/// Stores what the Backbone answered when the device was registered.
///
/// # Errors
///
/// [`StoreError::Constraint`] when there is a device already, or no profile.
pub fn set_device(transaction: &Transaction<'_>, device: &Device) -> Result<(), StoreError> {
    transaction.execute(
        "INSERT INTO device VALUES (1, :device_id, :username, :created_at, :has_datawallet)",
        named_params! {
            ":device_id": Text(&device.id),
            ":username": Text(&device.username),
            ":created_at": Millis(device.created_at),
            ":has_datawallet": device.has_datawallet,
        },
    )?;
    Ok(())
}

/// Remembers that the Backbone has the datawallet: the profile is complete.
///
/// # Errors
///
/// [`StoreError::Missing`] without a device.
pub fn set_has_datawallet(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    change_one(
        transaction,
        "device",
        "UPDATE device SET has_datawallet = 1 WHERE id = 1",
        [],
    )
}

fn secret_text(row: &Row<'_>, column: &str) -> rusqlite::Result<SecretText> {
    row.get::<_, String>(column).map(SecretText::from)
}

fn secret_key(row: &Row<'_>, column: &str) -> rusqlite::Result<SecretKey> {
    let bytes = SecretBytes::new(row.get(column)?);
    SecretKey::from_slice(&bytes).map_err(|_| super::columns::unreadable_row())
}

fn keypair(row: &Row<'_>) -> rusqlite::Result<SignatureKeypair> {
    let json = Zeroizing::new(row.get::<_, String>("signature")?);
    SignatureKeypair::from_json(&json).map_err(|_| super::columns::unreadable_row())
}
