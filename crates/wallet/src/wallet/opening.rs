//! Opening a wallet's database, and what is read from it first.

use std::{path::Path, sync::Arc};

use tessera_backbone_api::client::{BackboneClient, ClientSettings, Credentials};
use tokio::task;

use super::Parts;
use crate::{
    Environment, Result, WalletError,
    keys::{self, PasswordCost, Unlock},
    model::{BackboneSettings, Device, DeviceKeys, IdentityKeys, Profile},
    store::{self, FolderLock, Store, StoreError, Transaction},
};

/// What to do when there is no database in a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    IsAnError,
    IsMade,
}

/// Opens the database of a folder, or makes it.
pub(crate) async fn open_store(
    folder: &Path,
    unlock: Unlock,
    environment: Environment,
    missing: Missing,
) -> Result<Parts> {
    let folder = folder.to_owned();
    blocking(move || {
        let lock = FolderLock::acquire(&folder)?;
        let store = if missing == Missing::IsAnError || Store::exists(&folder)? {
            Store::open(lock, &keys::open(&folder, &unlock)?)?
        } else {
            // A key without a database is left from an attempt that stopped in between.
            let key = match keys::protection(&folder)? {
                Some(_) => keys::open(&folder, &unlock)?,
                None => keys::create(
                    &folder,
                    &unlock,
                    PasswordCost::RECOMMENDED,
                    &*environment.randomness,
                )?,
            };
            Store::create(lock, &key)?
        };
        Ok(Parts {
            folder,
            unlock,
            store,
            environment,
        })
    })
    .await
}

/// Runs what blocks where nothing waits for input.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(StoreError::Internal.into()))
}

pub(crate) fn new_client(
    backbone: &BackboneSettings,
    environment: &Environment,
) -> Result<BackboneClient> {
    let mut settings = ClientSettings::new(
        backbone.base_url.clone(),
        backbone.client_id.clone(),
        backbone.client_secret.expose(),
    );
    settings.randomness = Arc::clone(&environment.randomness);
    Ok(BackboneClient::new(settings)?)
}

pub(crate) fn credentials(device: &Device, keys: &DeviceKeys) -> Credentials {
    Credentials::new(device.username.clone(), keys.password.expose())
}

pub(crate) fn profile_of(transaction: &Transaction<'_>) -> Result<Profile> {
    store::profile::get(transaction)?.ok_or(WalletError::ProfileUnfinished)
}

pub(crate) fn identity_keys(transaction: &Transaction<'_>) -> Result<IdentityKeys> {
    store::profile::identity_keys(transaction)?
        .ok_or(WalletError::SecretNotFound("the key of the identity"))
}

pub(crate) fn device_keys(transaction: &Transaction<'_>) -> Result<DeviceKeys> {
    store::profile::device_keys(transaction)?
        .ok_or(WalletError::SecretNotFound("the key of the device"))
}
