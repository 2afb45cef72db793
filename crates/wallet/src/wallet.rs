//! The wallet: what programs hold in their hands.
//!
//! The flows have modules of their own, each an `impl` of [`Wallet`]: making a profile
//! (`identity`), templates (`templates`), received Requests (`incoming`), Relationships
//! (`relationships`), contacts and history (`contacts`), Attributes (`attributes`),
//! synchronisation (`sync`) and delivery (`outbox`).

mod opening;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use serde_json::Value;
use tessera_backbone_api::client::{AuthenticatedClient, Credentials};
use tessera_content::{BackboneUrl, Reference};
use tessera_core_types::{Address, CoreDate};
use tokio::sync::broadcast;

use crate::{
    Changed, Environment, Result, WalletError, WalletEvent,
    file_transfer::Unsettled,
    incoming::LastLook,
    keys::{self, KeyProtection, PasswordCost, SecretText, Unlock},
    model::{Device, Identity, Profile},
    requests::{FileFact, FileOffer},
    store::{self, Store, StoreError},
    sync::Progress,
    views::{CodeView, ProfileView},
};

pub(crate) use opening::{
    Missing, blocking, credentials, device_keys, identity_keys, new_client, open_store, profile_of,
};

/// How many events a slow watcher may be behind before it misses some.
const EVENTS_KEPT: usize = 256;

/// An open wallet. Clones are the same wallet.
///
/// Everything it does is on the disk when a function returns. Being offline is no error of a
/// decision: it waits in the outbox and is delivered by a later [`Wallet::sync`].
#[derive(Clone)]
pub struct Wallet {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    folder: PathBuf,
    unlock: std::sync::Mutex<Unlock>,
    pub(crate) store: Store,
    pub(crate) environment: Environment,
    /// Own address and public key.
    pub(crate) me: Identity,
    pub(crate) device: Device,
    client: RwLock<AuthenticatedClient>,
    events: broadcast::Sender<WalletEvent>,
    /// Whoever talks to the Backbone about the outbox or external events holds this.
    pub(crate) talking: tokio::sync::Mutex<()>,
    pub(crate) progress: std::sync::Mutex<Progress>,
    pub(crate) last_look: LastLook,
    /// The Files that a form shows as offered.
    pub(crate) shown_offers: std::sync::Mutex<BTreeMap<FileOffer, FileFact>>,
    /// Files of which nobody knows whether the Backbone has them.
    pub(crate) unsettled_uploads: std::sync::Mutex<Vec<Unsettled>>,
}

impl std::fmt::Debug for Wallet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wallet")
            .field("address", &self.inner.me.address)
            .finish_non_exhaustive()
    }
}

/// The parts of a wallet before it is one.
pub(crate) struct Parts {
    pub folder: PathBuf,
    pub unlock: Unlock,
    pub store: Store,
    pub environment: Environment,
}

impl Wallet {
    /// Whether the folder has a wallet, finished or not.
    ///
    /// # Errors
    ///
    /// When the folder can't be looked into.
    pub fn exists(folder: &Path) -> Result<bool> {
        Ok(Store::exists(folder)?)
    }

    /// Opens the wallet of a folder.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when there is none, [`StoreError::InUse`] when another program
    /// has it open, those of the key ([`keys::KeyError`]: wrong password, keyring missing, locked
    /// or without an entry) and of the database (damaged, of a newer version, disk full).
    /// [`WalletError::ProfileUnfinished`] when making it was interrupted before the Backbone knew
    /// it: then [`Wallet::create`] goes on where it stopped.
    pub async fn open(folder: &Path, unlock: Unlock, environment: Environment) -> Result<Self> {
        if !Store::exists(folder)? {
            return Err(StoreError::NotFound.into());
        }
        let parts = open_store(folder, unlock, environment, Missing::IsAnError).await?;
        let profile = parts
            .store
            .read(|transaction| store::profile::get(transaction))
            .await?;
        let device = parts
            .store
            .read(|transaction| store::profile::device(transaction))
            .await?;
        match (profile, device) {
            (Some(profile), Some(device)) if device.has_datawallet => {
                Self::assemble(parts, profile, device).await
            }
            (Some(profile), Some(device)) => Self::finish(parts, profile, device).await,
            _ => {
                parts.store.close().await?;
                Err(WalletError::ProfileUnfinished)
            }
        }
    }

    /// Puts a wallet together whose profile is complete.
    pub(crate) async fn assemble(parts: Parts, profile: Profile, device: Device) -> Result<Self> {
        let keys = parts.store.read(identity_keys).await?;
        let device_keys = parts.store.read(device_keys).await?;
        let client = new_client(&profile.backbone, &parts.environment)?
            .log_in_as(credentials(&device, &device_keys));
        Ok(Self {
            inner: Arc::new(Inner {
                folder: parts.folder,
                unlock: std::sync::Mutex::new(parts.unlock),
                store: parts.store,
                environment: parts.environment,
                me: Identity {
                    address: profile.address,
                    public_key: *keys.signature.public(),
                },
                device,
                client: RwLock::new(client),
                events: broadcast::channel(EVENTS_KEPT).0,
                talking: tokio::sync::Mutex::new(()),
                progress: std::sync::Mutex::default(),
                last_look: LastLook::default(),
                shown_offers: std::sync::Mutex::default(),
                unsettled_uploads: std::sync::Mutex::default(),
            }),
        })
    }

    /// Closes the wallet: what runs comes to its end, then the database is closed and the folder
    /// given back. Every later call fails with [`StoreError::Closed`].
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the last changes could not be moved into the database file; they are
    /// not lost.
    pub async fn close(&self) -> Result<()> {
        let closed = self.inner.store.close().await;
        self.inner.last_look.forget();
        // Passwords are wiped now, also when a clone of the wallet is still somewhere.
        *self.unlock() = Unlock::Passphrase(SecretText::default());
        let nobody = Credentials::new(self.inner.device.username.clone(), "");
        let client = self.client().anonymous().log_in_as(nobody);
        *self
            .inner
            .client
            .write()
            .unwrap_or_else(PoisonError::into_inner) = client;
        Ok(closed?)
    }

    /// The own address.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.inner.me.address
    }

    /// The profile.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn profile(&self) -> Result<ProfileView> {
        let profile = self.inner.store.read(profile_of).await?;
        let folder = self.inner.folder.clone();
        let protection = blocking(move || Ok(keys::protection(&folder)?)).await?;
        Ok(ProfileView {
            name: profile.name,
            address: profile.address,
            backbone_url: profile.backbone.base_url,
            created_at: profile.created_at,
            has_app_password: !matches!(protection, None | Some(KeyProtection::Keyring)),
        })
    }

    /// Gives the profile another name. It is never sent.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn rename(&self, name: &str) -> Result<()> {
        let name = name.to_owned();
        self.inner
            .store
            .write(move |transaction| store::profile::rename(transaction, &name))
            .await?;
        self.tell(Changed::Profile);
        Ok(())
    }

    /// Says where the Backbone is from now on, for one that moved to another port or path.
    ///
    /// # Errors
    ///
    /// [`WalletError::HostChanged`] for another host name: it is part of the address.
    pub async fn set_backbone_url(&self, base_url: &str) -> Result<()> {
        let mut profile = self.inner.store.read(profile_of).await?;
        profile.backbone.base_url = base_url.to_owned();
        let client = new_client(&profile.backbone, &self.inner.environment)?;
        if client.hostname() != self.inner.me.address.hostname() {
            return Err(WalletError::HostChanged);
        }
        profile.backbone.base_url = client.base_url().to_owned();
        let backbone = profile.backbone.clone();
        self.inner
            .store
            .write(move |transaction| store::profile::set_backbone(transaction, &backbone))
            .await?;
        let device_keys = self.inner.store.read(device_keys).await?;
        let client = client.log_in_as(credentials(&self.inner.device, &device_keys));
        *self
            .inner
            .client
            .write()
            .unwrap_or_else(PoisonError::into_inner) = client;
        self.tell(Changed::Profile);
        Ok(())
    }

    /// Protects the wallet in another way from now on: with the keyring, an app password, or
    /// both.
    ///
    /// # Errors
    ///
    /// Those of the keyring; the old way then still works.
    pub async fn protect(&self, new: Unlock) -> Result<()> {
        let folder = self.inner.folder.clone();
        let old = self.unlock().clone();
        let kept = new.clone();
        let randomness = Arc::clone(&self.inner.environment.randomness);
        blocking(move || {
            let cost = PasswordCost::RECOMMENDED;
            Ok(keys::protect_anew(
                &folder,
                &old,
                &kept,
                cost,
                &*randomness,
            )?)
        })
        .await?;
        *self.unlock() = new;
        self.tell(Changed::Profile);
        Ok(())
    }

    /// Whether this is what opens the wallet: for a lock screen.
    ///
    /// # Errors
    ///
    /// [`keys::KeyError::WrongPassword`] and the others of the key.
    pub async fn verify_unlock(&self, unlock: Unlock) -> Result<()> {
        let folder = self.inner.folder.clone();
        blocking(move || Ok(keys::open(&folder, &unlock).map(|_| ())?)).await
    }

    /// What a code says, before any server is asked.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn read_code(&self, reference: &Reference) -> Result<CodeView> {
        let own = self.backbone_url()?;
        let for_whom = reference.for_identity_truncated.as_ref();
        Ok(CodeView {
            is_own_backbone: reference.foreign_backbone(&own).is_none(),
            is_for_this_identity: for_whom
                .is_none_or(|truncated| truncated.fits(&self.inner.me.address)),
            ..CodeView::without_profile(reference)
        })
    }

    /// A setting: language, theme and the like.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn setting(&self, key: &str) -> Result<Option<Value>> {
        let key = shown_setting(key);
        Ok(self
            .inner
            .store
            .read(move |transaction| store::settings::get(transaction, &key))
            .await?)
    }

    /// Changes a setting.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn set_setting(&self, key: &str, value: Value) -> Result<()> {
        let key = shown_setting(key);
        self.inner
            .store
            .write(move |transaction| store::settings::set(transaction, &key, &value))
            .await?;
        self.tell(Changed::Settings);
        Ok(())
    }

    /// Watches the wallet: an event for everything that changes from now on. A watcher that is
    /// too slow misses some and should then look at everything again.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<WalletEvent> {
        self.inner.events.subscribe()
    }

    /// Tells watchers that something changed.
    pub(crate) fn tell(&self, what: Changed) {
        // Nobody has to watch.
        let _ = self.inner.events.send(WalletEvent::Changed { what });
    }

    pub(crate) fn now(&self) -> CoreDate {
        self.inner.environment.now()
    }

    pub(crate) fn client(&self) -> AuthenticatedClient {
        self.inner
            .client
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The own Backbone, as references name it.
    pub(crate) fn backbone_url(&self) -> Result<BackboneUrl> {
        BackboneUrl::parse(self.client().base_url())
            .map_err(|_| WalletError::NotFound("address of the Backbone"))
    }

    fn unlock(&self) -> std::sync::MutexGuard<'_, Unlock> {
        self.inner
            .unlock
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Host and port of a Backbone, for people.
pub(crate) fn shown_host(url: &BackboneUrl) -> String {
    let text = url.as_str();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest).to_owned()
}

/// Settings of programs and those of the wallet itself share a table.
fn shown_setting(key: &str) -> String {
    format!("app.{key}")
}
