//! The keyring of the operating system.

use std::{
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use super::{KeyError, Keyring, SecretBytes};

/// Under which the keyring shows the wallet's entries.
#[cfg(target_os = "linux")]
const SERVICE: &str = "Tessera";

/// How long to wait for a keyring that has nothing to ask.
const STATE_TIMEOUT: Duration = Duration::from_secs(10);

/// The keyring of the operating system: the Secret Service on Linux. Builds for other systems say
/// [`KeyError::NotSupported`].
///
/// Every call runs on a thread of its own: the library must not be called from an asynchronous
/// task, and it waits without an end while the system asks the person for a password.
#[derive(Debug, Clone)]
pub struct SystemKeyring {
    timeout: Duration,
}

impl Default for SystemKeyring {
    /// Waits two minutes for a person who is asked to unlock the keyring.
    fn default() -> Self {
        Self::with_timeout(Duration::from_secs(120))
    }
}

impl SystemKeyring {
    /// Waits at most this long for each answer. A call that is given up goes on in the background
    /// until the keyring answers; its answer is dropped.
    #[must_use]
    pub fn with_timeout(timeout: Duration) -> Self {
        Self { timeout }
    }
}

impl Keyring for SystemKeyring {
    fn state(&self) -> Result<(), KeyError> {
        in_time(self.timeout.min(STATE_TIMEOUT), store::connect)
    }

    fn get(&self, name: &str) -> Result<Option<SecretBytes>, KeyError> {
        let name = name.to_owned();
        in_time(self.timeout, move || store::get(&name))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyError> {
        let (name, secret) = (name.to_owned(), SecretBytes::new(secret.to_vec()));
        in_time(self.timeout, move || store::set(&name, &secret))
    }

    fn delete(&self, name: &str) -> Result<(), KeyError> {
        let name = name.to_owned();
        in_time(self.timeout, move || store::delete(&name))
    }
}

/// Runs `call` on a thread of its own, for at most `timeout`.
fn in_time<T: Send + 'static>(
    timeout: Duration,
    call: impl FnOnce() -> Result<T, KeyError> + Send + 'static,
) -> Result<T, KeyError> {
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || {
            // Nobody listens any more when it took too long.
            let _ = sender.send(call());
        })
        .map_err(|_| KeyError::Failed)?;
    receiver
        .recv_timeout(timeout)
        .unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => Err(KeyError::Timeout),
            // The library panicked.
            RecvTimeoutError::Disconnected => Err(KeyError::Failed),
        })
}

#[cfg(target_os = "linux")]
mod store {
    use keyring_core::{Entry, Error, api::CredentialStoreApi};
    use zbus_secret_service_keyring_store::Store;

    use super::{KeyError, SERVICE, SecretBytes};

    pub(super) fn connect() -> Result<(), KeyError> {
        Store::new().map(drop).map_err(unreachable)
    }

    pub(super) fn get(name: &str) -> Result<Option<SecretBytes>, KeyError> {
        match entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(SecretBytes::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    pub(super) fn set(name: &str, secret: &[u8]) -> Result<(), KeyError> {
        entry(name)?.set_secret(secret).map_err(refused)
    }

    pub(super) fn delete(name: &str) -> Result<(), KeyError> {
        match entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(error)),
        }
    }

    fn entry(name: &str) -> Result<Entry, KeyError> {
        Store::new()
            .map_err(unreachable)?
            .build(SERVICE, name, None)
            .map_err(refused)
    }

    /// No bus, or nobody on it who keeps secrets. The library does not give its errors' types
    /// away, but D-Bus gives this one a fixed name.
    fn unreachable(error: Error) -> KeyError {
        if says(&error, "ServiceUnknown") {
            KeyError::ServiceMissing
        } else {
            KeyError::Missing
        }
    }

    fn refused(error: Error) -> KeyError {
        match &error {
            Error::NoEntry => KeyError::NoEntry,
            // The person was to be asked for the password and was not, or said no.
            Error::NoStorageAccess(cause) => match format!("{cause:?}").as_str() {
                "Locked" | "Prompt" => KeyError::Locked,
                _ => KeyError::Denied,
            },
            Error::PlatformFailure(_) if says(&error, "ServiceUnknown") => KeyError::ServiceMissing,
            _ => KeyError::Failed,
        }
    }

    fn says(error: &Error, name: &str) -> bool {
        format!("{error:?}").contains(name)
    }
}

#[cfg(not(target_os = "linux"))]
mod store {
    use super::{KeyError, SecretBytes};

    pub(super) fn connect() -> Result<(), KeyError> {
        Err(KeyError::NotSupported)
    }

    pub(super) fn get(_: &str) -> Result<Option<SecretBytes>, KeyError> {
        Err(KeyError::NotSupported)
    }

    pub(super) fn set(_: &str, _: &[u8]) -> Result<(), KeyError> {
        Err(KeyError::NotSupported)
    }

    pub(super) fn delete(_: &str) -> Result<(), KeyError> {
        Err(KeyError::NotSupported)
    }
}
