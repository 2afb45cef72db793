//! A place of the operating system that keeps small secrets for a person.

use zeroize::Zeroizing;

use super::KeyError;

/// Bytes that are wiped when dropped.
pub type SecretBytes = Zeroizing<Vec<u8>>;

/// A keyring. Every function may block, also for as long as it takes a person to type a password.
pub trait Keyring: Send + Sync {
    /// Whether the keyring can be reached at all. It may be locked all the same: that shows only
    /// when something is read or written.
    ///
    /// # Errors
    ///
    /// [`KeyError::Missing`], [`KeyError::ServiceMissing`], [`KeyError::NotSupported`],
    /// [`KeyError::Timeout`].
    fn state(&self) -> Result<(), KeyError>;

    /// What is kept under this name; `None` when nothing is.
    ///
    /// # Errors
    ///
    /// Those of [`Keyring::state`], [`KeyError::Locked`], [`KeyError::Denied`],
    /// [`KeyError::Failed`].
    fn get(&self, name: &str) -> Result<Option<SecretBytes>, KeyError>;

    /// Keeps `secret` under this name, in place of what was there.
    ///
    /// # Errors
    ///
    /// As [`Keyring::get`].
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyError>;

    /// Forgets what is kept under this name; nothing there is no error.
    ///
    /// # Errors
    ///
    /// As [`Keyring::get`].
    fn delete(&self, name: &str) -> Result<(), KeyError>;
}
