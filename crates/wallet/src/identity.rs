//! Making a profile: an identity, its first device and its datawallet.
//!
//! Each step is stored before the next one begins, and each can be done again:
//!
//! 1. The database is made and its key kept.
//! 2. All keys are drawn and stored. Only then does the Backbone hear of them: an identity whose
//!    keys were lost could never be used again.
//! 3. The Backbone registers the identity and names the device. If its answer got lost, the
//!    identity exists but the name of its device can't be asked for; so new keys are drawn. Nothing
//!    is lost with the old ones, for nobody ever saw that identity.
//! 4. The datawallet is made, with the device as its first object.

mod device_password;

use std::path::Path;

use serde_json::{Value, json};
use tessera_backbone_api::{
    Bytes,
    client::{AuthenticatedClient, BackboneClient, ClientError, NewIdentity},
    datawallet::{DatawalletModificationType, NewDatawalletModification},
    sync_runs::{FinalizeDatawalletVersionUpgradeRequest, StartSyncRunRequest, SyncRunType},
};
use tessera_core_types::{Address, Randomness};
use tessera_crypto::objects::{SecretKey, SignatureKeypair};

use crate::{
    Environment, Result, Wallet, WalletError,
    envelopes::{challenge, challenge::ChallengeType, datawallet},
    keys::Unlock,
    model::{
        BackboneSettings, Device, DeviceKeys, HistoryEvent, HistoryRecord, IdentityKeys, Profile,
    },
    store::{self, StoreError, Transaction},
    sync,
    wallet::{Missing, Parts, credentials, device_keys, identity_keys, new_client, open_store},
};

/// The version of the datawallet that this program writes: that of enmeshed 6 and 7.
pub(crate) const DATAWALLET_VERSION: u16 = 1;

/// What a new profile is made of.
#[derive(Debug, Clone)]
pub struct NewProfile {
    /// Its name, for the person; never sent.
    pub name: String,
    /// Where it will live.
    pub backbone: BackboneSettings,
}

impl Wallet {
    /// Makes a wallet in a folder: database, identity, device, datawallet. After a failure the
    /// same call goes on where it stopped; keys are never replaced by others once the Backbone
    /// has answered.
    ///
    /// # Errors
    ///
    /// [`WalletError::Exists`] when there is a finished one. [`WalletError::ClientNotAccepted`]
    /// when the Backbone does not know the client id. [`WalletError::AddressMismatch`] when it
    /// computes another address: it has another host name than the one in its URL. Those of the
    /// key and the database, and no connection: then the same call later goes on.
    pub async fn create(
        folder: &Path,
        new: NewProfile,
        unlock: Unlock,
        environment: Environment,
    ) -> Result<Self> {
        // Before anything is made: a URL that can't be one.
        let client = new_client(&new.backbone, &environment)?;
        let parts = open_store(folder, unlock, environment, Missing::IsMade).await?;
        match Self::set_up(&parts, &client, new).await {
            Ok((profile, device)) => Self::finish(parts, profile, device).await,
            Err(error) => {
                // The folder is given back, so that the next attempt can have it.
                parts.store.close().await?;
                Err(error)
            }
        }
    }

    /// Steps 2 and 3.
    async fn set_up(
        parts: &Parts,
        client: &BackboneClient,
        new: NewProfile,
    ) -> Result<(Profile, Device)> {
        let known = parts
            .store
            .read(|transaction| store::profile::device(transaction))
            .await?;
        if let Some(device) = known {
            if device.has_datawallet {
                return Err(WalletError::Exists);
            }
            let profile = parts
                .store
                .read(|transaction| store::profile::get(transaction))
                .await?;
            return Ok((profile.ok_or(StoreError::Damaged)?, device));
        }
        // Once for keys that are there from an earlier attempt, and once for new ones.
        for is_last in [false, true] {
            let profile = Self::keys_for(parts, client, &new).await?;
            match Self::register(parts, client, &profile).await {
                Err(WalletError::Backbone(error)) if is_taken(&error) && !is_last => {
                    tracing::info!("an identity of an interrupted attempt is given up");
                    parts.store.write(discard_unregistered).await?;
                }
                registered => return registered.map(|device| (profile, device)),
            }
        }
        Err(WalletError::ProfileUnfinished)
    }

    /// The keys of the profile: those that are there, or new ones, stored.
    async fn keys_for(parts: &Parts, client: &BackboneClient, new: &NewProfile) -> Result<Profile> {
        let hostname = client.hostname().to_owned();
        let backbone = BackboneSettings {
            base_url: client.base_url().to_owned(),
            ..new.backbone.clone()
        };
        let name = new.name.clone();
        let now = parts.environment.now();
        let randomness = std::sync::Arc::clone(&parts.environment.randomness);
        parts
            .store
            .write(move |transaction| {
                if let Some(mut profile) = store::profile::get(transaction)? {
                    if profile.address.hostname() == hostname {
                        store::profile::rename(transaction, &name)?;
                        store::profile::set_backbone(transaction, &backbone)?;
                        profile.name = name;
                        profile.backbone = backbone;
                        return Ok::<_, WalletError>(profile);
                    }
                    discard_unregistered(transaction)?;
                }
                let (identity, device) = draw_keys(&*randomness);
                let key = identity.signature.public();
                let profile = Profile {
                    name,
                    address: Address::of_key(key.as_bytes(), &hostname),
                    backbone,
                    created_at: now,
                };
                store::profile::create(transaction, &profile, &identity, &device)?;
                Ok(profile)
            })
            .await
    }

    async fn register(parts: &Parts, client: &BackboneClient, profile: &Profile) -> Result<Device> {
        let identity = parts.store.read(identity_keys).await?;
        let device = parts.store.read(device_keys).await?;
        let challenge = client.create_challenge().await?;
        let key = identity.signature.private();
        let public = identity.signature.public().to_json(true);
        let created = client
            .create_identity(NewIdentity {
                identity_public_key: Bytes::from(public.into_bytes()),
                device_password: device.password.clone(),
                device_communication_language: None,
                signed_challenge: challenge::answer(&challenge, ChallengeType::Identity, key)?,
            })
            .await
            .map_err(registration_error)?;
        if created.address != profile.address {
            return Err(WalletError::AddressMismatch);
        }
        let device = Device {
            id: created.device.id,
            username: created.device.username,
            created_at: created.device.created_at,
            has_datawallet: false,
        };
        let stored = device.clone();
        parts
            .store
            .write(move |transaction| store::profile::set_device(transaction, &stored))
            .await?;
        Ok(device)
    }

    /// Step 4, and the wallet is complete.
    pub(crate) async fn finish(parts: Parts, profile: Profile, device: Device) -> Result<Self> {
        match Self::make_datawallet(&parts, &profile, &device).await {
            Ok(device) => Self::assemble(parts, profile, device).await,
            Err(error) => {
                parts.store.close().await?;
                Err(error)
            }
        }
    }

    async fn make_datawallet(parts: &Parts, profile: &Profile, device: &Device) -> Result<Device> {
        let keys = parts.store.read(identity_keys).await?;
        let device_keys = parts.store.read(device_keys).await?;
        let client = new_client(&profile.backbone, &parts.environment)?
            .log_in_as(credentials(device, &device_keys));
        // An answer that got lost: the datawallet is there already.
        let index = match client.datawallet().await? {
            Some(datawallet) if datawallet.version > DATAWALLET_VERSION => {
                return Err(WalletError::DatawalletTooNew);
            }
            Some(_) => {
                let modifications = client.datawallet_modifications(None).await?;
                modifications.last().map(|modification| modification.index)
            }
            None => {
                let public = device_keys.signature.public().to_json(false);
                let first = device_modifications(
                    &keys.synchronization,
                    &device_payloads(device, &public, parts.environment.now())?,
                    device,
                    &*parts.environment.randomness,
                )?;
                upgrade_datawallet(&client, first).await?
            }
        };
        let record = HistoryRecord::new(parts.environment.now(), HistoryEvent::ProfileCreated);
        parts
            .store
            .write(move |transaction| {
                sync::set_local_index(transaction, index)?;
                store::profile::set_has_datawallet(transaction)?;
                store::history::add(transaction, &record)
            })
            .await?;
        Ok(Device {
            has_datawallet: true,
            ..device.clone()
        })
    }
}

async fn upgrade_datawallet(
    client: &AuthenticatedClient,
    modifications: Vec<NewDatawalletModification>,
) -> Result<Option<i64>> {
    let started = client
        .start_sync_run(&StartSyncRunRequest {
            r#type: Some(SyncRunType::DatawalletVersionUpgrade),
            duration: None,
        })
        .await?;
    let run = started.sync_run.ok_or(WalletError::NotFound("sync run"))?;
    let finalized = client
        .finalize_datawallet_version_upgrade(
            &run.id,
            &FinalizeDatawalletVersionUpgradeRequest {
                new_datawallet_version: DATAWALLET_VERSION,
                datawallet_modifications: modifications,
            },
        )
        .await?;
    Ok(finalized.new_datawallet_modification_index)
}

/// Whether the key has an identity already.
fn is_taken(error: &ClientError) -> bool {
    error.code() == "error.platform.validation.device.addressAlreadyExists"
}

/// A wrong client id is answered like this, and only here.
fn registration_error(error: ClientError) -> WalletError {
    if matches!(error.status(), Some(400)) && error.code() == "error.platform.unauthorized" {
        WalletError::ClientNotAccepted
    } else {
        error.into()
    }
}

/// Forgets the keys of an identity that the Backbone never confirmed.
fn discard_unregistered(transaction: &Transaction<'_>) -> Result<()> {
    for table in ["device_keys", "identity_keys", "profile"] {
        let sql = format!("DELETE FROM {table} WHERE NOT EXISTS (SELECT 1 FROM device)");
        transaction.execute(&sql, []).map_err(StoreError::from)?;
    }
    Ok(())
}

fn draw_keys(randomness: &dyn Randomness) -> (IdentityKeys, DeviceKeys) {
    let identity = IdentityKeys {
        signature: SignatureKeypair::generate(randomness),
        synchronization: SecretKey::generate(randomness),
        shared_base: SecretKey::generate(randomness),
    };
    let device = DeviceKeys {
        signature: SignatureKeypair::generate(randomness),
        password: device_password::draw(randomness),
    };
    (identity, device)
}

/// The device as other devices of the identity will read it: technical part, then the person's.
fn device_payloads(
    device: &Device,
    public_key: &str,
    now: tessera_core_types::CoreDate,
) -> Result<[Value; 2]> {
    let public_key: Value = serde_json::from_str(public_key)
        .map_err(|_| WalletError::SecretNotFound("the key of the device"))?;
    let technical = json!({
        "@type": "Device",
        "createdAt": device.created_at,
        "createdByDevice": device.id,
        "datawalletVersion": DATAWALLET_VERSION,
        "isBackupDevice": false,
        "lastLoginAt": now,
        "operatingSystem": "",
        "publicKey": public_key,
        "type": 3,
        "username": device.username,
    });
    Ok([technical, json!({ "name": "Tessera" })])
}

fn device_modifications(
    synchronisation_key: &SecretKey,
    payloads: &[Value; 2],
    device: &Device,
    randomness: &dyn Randomness,
) -> Result<Vec<NewDatawalletModification>> {
    (0_u32..)
        .zip(["TechnicalData", "Userdata"])
        .zip(payloads)
        .map(|((index, category), payload)| {
            let sealed = datawallet::seal(synchronisation_key, index, payload, randomness)?;
            Ok(NewDatawalletModification {
                r#type: DatawalletModificationType::Create,
                object_identifier: device.id.as_str().to_owned(),
                collection: "Devices".to_owned(),
                payload_category: Some(category.to_owned()),
                encrypted_payload: Some(Bytes::from(sealed)),
                datawallet_version: DATAWALLET_VERSION,
            })
        })
        .collect()
}
