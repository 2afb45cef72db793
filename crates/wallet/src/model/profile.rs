//! The profile: an identity, its device, and the Backbone it lives at.

use tessera_core_types::{Address, CoreDate, DeviceId, Username};
use tessera_crypto::objects::{SecretKey, SignatureKeypair};

use crate::keys::SecretText;

/// The profile of a wallet; there is exactly one in each database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The name the person gave it; never sent.
    pub name: String,
    /// The address of its identity. It follows from the identity's key and the Backbone's host
    /// name, so it is known before the Backbone has heard of it.
    pub address: Address,
    /// The Backbone it lives at.
    pub backbone: BackboneSettings,
    /// When it was made here.
    pub created_at: CoreDate,
}

/// How to reach a Backbone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackboneSettings {
    /// Its address, with scheme and port. The host name is part of the addresses of identities.
    pub base_url: String,
    /// The OAuth client of this program there.
    pub client_id: String,
    /// The secret of that client.
    pub client_secret: SecretText,
}

/// The keys of the identity. Lost keys cannot be recovered, so they are stored before the
/// identity is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityKeys {
    /// Signs for the identity: enmeshed's `identity_signature`.
    pub signature: SignatureKeypair,
    /// Opens the datawallet: enmeshed's `identity_synchronization_master`.
    pub synchronization: SecretKey,
    /// Wraps what devices share: enmeshed's `shared_basekey`.
    pub shared_base: SecretKey,
}

/// What only this device has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceKeys {
    /// Signs for the device: enmeshed's `device_signature`.
    pub signature: SignatureKeypair,
    /// With which the device logs in.
    pub password: SecretText,
}

/// What the Backbone answered when the device was registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// With which it logs in.
    pub username: Username,
    /// When it was registered.
    pub created_at: CoreDate,
    /// Whether the Backbone has the datawallet already: the last step of making a profile.
    pub has_datawallet: bool,
}
