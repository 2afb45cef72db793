//! Why a key cannot be had.

use std::io;

/// Why the database key cannot be had, or cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no session bus, so no keyring can be reached.
    #[error("no keyring of the system can be reached")]
    Missing,
    /// There is a session bus, but no program that keeps secrets answers on it.
    #[error("no program of the system keeps secrets")]
    ServiceMissing,
    /// The keyring is locked, and was not unlocked when the system asked.
    #[error("the keyring is locked")]
    Locked,
    /// The keyring is there and open, but has no entry for this wallet. Where a database exists
    /// its key is lost; no other key opens it.
    #[error("the keyring has no key for this wallet")]
    NoEntry,
    /// The keyring refused, or has no place to keep secrets in.
    #[error("the keyring refuses to keep or give the key")]
    Denied,
    /// The keyring did not answer in time; perhaps it still waits for the person.
    #[error("the keyring did not answer in time")]
    Timeout,
    /// The keyring failed in another way, or gave something that is no key.
    #[error("the keyring failed")]
    Failed,
    /// This build has no keyring for this operating system.
    #[error("this build does not know the keyring of this operating system")]
    NotSupported,
    /// The app password is wrong.
    #[error("the app password is wrong")]
    WrongPassword,
    /// The wallet has an app password, and none was given.
    #[error("the wallet has an app password")]
    PasswordNeeded,
    /// An app password must have at least one character.
    #[error("the app password is empty")]
    PasswordEmpty,
    /// The wallet's key is in the keyring, and only a password was given.
    #[error("the wallet's key is in the keyring of the system")]
    KeyringNeeded,
    /// There is no key file in the folder.
    #[error("the folder has no key file")]
    KeyFileMissing,
    /// There is a key file in the folder already; it is never overwritten by a new key.
    #[error("the folder has a key file already")]
    KeyFileExists,
    /// The key file is not one, or asks for more memory or time than is reasonable.
    #[error("the key file is damaged")]
    KeyFileDamaged,
    /// The key file was written by a newer version of the program.
    #[error("the key file is of a newer version")]
    KeyFileNewer,
    /// The key file cannot be read or written.
    #[error("the key file cannot be read or written: {0}")]
    Io(io::ErrorKind),
}

impl KeyError {
    /// The code of the sentence a person reads.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "error.tessera.keyring.missing",
            Self::ServiceMissing => "error.tessera.keyring.serviceMissing",
            Self::Locked => "error.tessera.keyring.locked",
            Self::NoEntry => "error.tessera.keyring.noEntry",
            Self::Denied => "error.tessera.keyring.denied",
            Self::Timeout => "error.tessera.keyring.timeout",
            Self::Failed => "error.tessera.keyring.failed",
            Self::NotSupported => "error.tessera.keyring.notSupported",
            Self::WrongPassword => "error.tessera.keys.wrongPassword",
            Self::PasswordNeeded => "error.tessera.keys.passwordNeeded",
            Self::PasswordEmpty => "error.tessera.keys.passwordEmpty",
            Self::KeyringNeeded => "error.tessera.keys.keyringNeeded",
            Self::KeyFileMissing => "error.tessera.keys.keyFileMissing",
            Self::KeyFileExists => "error.tessera.keys.keyFileExists",
            Self::KeyFileDamaged => "error.tessera.keys.keyFileDamaged",
            Self::KeyFileNewer => "error.tessera.keys.keyFileNewer",
            Self::Io(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
                "error.tessera.store.full"
            }
            Self::Io(io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied) => {
                "error.tessera.store.readOnly"
            }
            Self::Io(_) => "error.tessera.store.io",
        }
    }
}

impl From<io::Error> for KeyError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind())
    }
}
