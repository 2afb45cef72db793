//! What whoever starts a Backbone decides.

mod configuration;

use std::{fmt, net::IpAddr, path::PathBuf, sync::Arc};

use tessera_backbone_api::SecretText;
use tessera_core_types::{Clock, Randomness, SystemClock, SystemRandomness};

pub use configuration::{AndroidApp, AppLinks, Configuration, QuotaPeriod, QuotaSetting};

/// The settings of a Backbone; start from [`Settings::new`].
#[derive(Clone)]
pub struct Settings {
    /// The data file; made when it does not exist, with its folder. Beside it stand SQLite's own
    /// files (`-wal`, `-shm`) and the lock (`.lock`).
    pub data: PathBuf,
    /// The port on loopback; `None` or 0 for any that is free.
    pub port: Option<u16>,
    /// Where it listens instead of 127.0.0.1 and `::1`; then it serves everybody who reaches this
    /// address, so there should be TLS, here or in a proxy in front. Default `None`.
    pub listen: Option<IpAddr>,
    /// The certificate with which connections are encrypted; default `None`, they are not. The
    /// Admin API stays as it is, on loopback.
    pub tls: Option<TlsSettings>,
    /// How many connections are held at once; with one more, the one that was silent for the longest
    /// time is closed. Default 800, as many systems let a program have 1024 files open.
    pub max_connections: usize,
    /// How many bytes the data file may have; then nothing more is stored. `None` for as many as
    /// there is room for.
    pub max_data_bytes: Option<u64>,
    /// The host name in the base URL, which is part of every address: it cannot be changed once
    /// there are identities. Default `localhost`.
    pub host_name: String,
    /// The apps that may create identities and log in: client id and secret.
    pub clients: Vec<(String, SecretText)>,
    /// What passwords devices may have.
    pub password_rule: PasswordRule,
    /// How much work it is to check a device's password.
    pub password_hash_cost: PasswordHashCost,
    /// For how many seconds a device is locked after three wrong passwords; default 600.
    pub login_lock_seconds: i64,
    /// How many seconds an access token is valid for, at least 60; default 300.
    pub access_token_seconds: i64,
    /// How many recipients a message may have; default 100.
    pub max_message_recipients: usize,
    /// How many messages of one sender may wait for a recipient; default 20.
    pub max_unreceived_messages: u32,
    /// The codes of the texts that identities may have pushed to others; default none. Nothing is
    /// pushed, but clients send codes and want to know whether they are right.
    pub notification_codes: Vec<String>,
    /// Tags, quotas, app links and the like.
    pub configuration: Configuration,
    /// The Admin API, with which announcements are published; default off.
    pub admin: Option<AdminSettings>,
    /// Whether there is `POST /__test/runDeletionJob`, for which no login is needed. For running
    /// test suites; default off.
    pub has_test_hooks: bool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where ids, access tokens and salts come from.
    pub randomness: Arc<dyn Randomness>,
}

/// What connections are encrypted with. Both files are PEM, and are read when the Backbone starts.
#[derive(Debug, Clone)]
pub struct TlsSettings {
    /// The certificate for the host name, with those that lead to one that clients trust.
    pub certificate: PathBuf,
    /// Its private key (PKCS #8, SEC1 or PKCS #1).
    pub key: PathBuf,
}

/// The Admin API.
#[derive(Debug, Clone)]
pub struct AdminSettings {
    /// Its port on loopback; `None` or 0 for any that is free.
    pub port: Option<u16>,
    /// What whoever calls it must know; not empty.
    pub api_key: SecretText,
}

/// What passwords devices may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordRule {
    /// At least 10 characters, with upper case, lower case, a digit and something else. The rule
    /// of a real Backbone.
    Strong,
    /// At least one character. The rule of a real Backbone in development mode.
    NotEmpty,
}

/// The cost of Argon2id for the passwords of devices.
///
/// The passwords that wallets make for their devices are long and random, so the cost is no more
/// than the usual minimum: it protects the weak passwords of other clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordHashCost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl PasswordHashCost {
    /// 19 MiB, two passes.
    pub const DEFAULT: Self = Self {
        memory: 19 * 1024,
        passes: 2,
    };
    /// As little as Argon2 allows. For tests that make hundreds of devices.
    pub const LOWEST: Self = Self {
        memory: 8,
        passes: 1,
    };
}

impl Settings {
    /// The usual settings: any free port, client `test` with secret `test`, the computer's clock.
    #[must_use]
    pub fn new(data: PathBuf) -> Self {
        Self {
            data,
            port: None,
            listen: None,
            tls: None,
            max_connections: 800,
            max_data_bytes: None,
            host_name: "localhost".to_owned(),
            clients: vec![("test".to_owned(), SecretText::from("test"))],
            password_rule: PasswordRule::Strong,
            password_hash_cost: PasswordHashCost::DEFAULT,
            login_lock_seconds: tessera_backbone_api::limits::LOGIN_LOCK_SECONDS,
            access_token_seconds: tessera_backbone_api::limits::ACCESS_TOKEN_SECONDS,
            max_message_recipients: 100,
            max_unreceived_messages: tessera_backbone_api::limits::DEFAULT_MAX_UNRECEIVED_MESSAGES,
            notification_codes: Vec::new(),
            configuration: Configuration::default(),
            admin: None,
            has_test_hooks: false,
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
        }
    }

    /// Whether `host_name` can be part of an address: dot-separated lower-case labels, the last
    /// one of letters only, 3 to 45 characters.
    pub(crate) fn has_valid_host_name(&self) -> bool {
        let is_label = |label: &str| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let last = self.host_name.rsplit('.').next().unwrap_or_default();
        (3..=45).contains(&self.host_name.len())
            && self.host_name.split('.').all(is_label)
            && last.len() >= 2
            && last.bytes().all(|b| b.is_ascii_lowercase())
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("data", &self.data)
            .field("port", &self.port)
            .field("host_name", &self.host_name)
            .finish_non_exhaustive()
    }
}
