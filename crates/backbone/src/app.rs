//! What every call has at hand.

use std::sync::Arc;

use tessera_core_types::{Address, CoreDate, DeviceId};
use tokio::sync::{broadcast, watch};

use crate::{
    rules::{access_tokens::AccessTokens, passwords::PasswordHasher},
    settings::Settings,
    store::Database,
};

/// The parts of a running Backbone.
pub struct App {
    pub settings: Settings,
    pub database: Database,
    pub access_tokens: AccessTokens,
    pub hasher: PasswordHasher,
    /// Tells the wallets that listen that there is something to fetch.
    pub hints: broadcast::Sender<Hint>,
    /// Turns true when the Backbone stops.
    pub stopping: watch::Receiver<bool>,
}

/// How handlers get at it.
pub type Shared = Arc<App>;

impl App {
    /// Now.
    pub fn now(&self) -> CoreDate {
        self.settings.clock.now()
    }
}

/// Something that the devices of an identity should fetch. Sent after the transaction that
/// caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Whose devices.
    pub address: Address,
    /// What they are told, a name of the real Backbone's push notifications.
    pub event: &'static str,
    /// The device that caused it and need not be told.
    pub except: Option<DeviceId>,
}
