//! Making, finding and moving the database key.

use std::{path::Path, sync::Arc};

use serde::{Deserialize, Serialize};
use tessera_core_types::{Randomness, random_characters};

use super::{
    DatabaseKey, KeyError, Keyring, PasswordCost, SecretText,
    key_file::{Kept, KeyFile, Stretch},
    wrap::{self, SALT_LENGTH},
};
use crate::files::DATABASE_FILE;

/// The length of a wallet's random name in the keyring.
const NAME_LENGTH: usize = 20;

/// How the key of a wallet is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyProtection {
    /// In the keyring.
    #[serde(rename = "keyring")]
    Keyring,
    /// In the keyring, wrapped under the app password.
    #[serde(rename = "keyring+password")]
    KeyringAndPassword,
    /// In the key file, wrapped under the app password.
    #[serde(rename = "password")]
    Password,
}

/// What a wallet is opened with, and how the key of a new one is kept.
#[derive(Clone)]
pub enum Unlock {
    /// The keyring alone.
    Keyring(Arc<dyn Keyring>),
    /// The app password alone, where there is no keyring.
    Passphrase(SecretText),
    /// Both.
    KeyringAndPassword(Arc<dyn Keyring>, SecretText),
}

impl Unlock {
    fn keyring(&self) -> Option<&dyn Keyring> {
        match self {
            Self::Keyring(keyring) | Self::KeyringAndPassword(keyring, _) => Some(&**keyring),
            Self::Passphrase(_) => None,
        }
    }

    fn password(&self) -> Option<&SecretText> {
        match self {
            Self::Keyring(_) => None,
            Self::Passphrase(password) | Self::KeyringAndPassword(_, password) => Some(password),
        }
    }
}

/// How the key of the wallet in `folder` is kept; `None` when it has no key file.
///
/// # Errors
///
/// [`KeyError::KeyFileDamaged`], [`KeyError::KeyFileNewer`], [`KeyError::Io`].
pub fn protection(folder: &Path) -> Result<Option<KeyProtection>, KeyError> {
    Ok(KeyFile::read(folder)?.map(|file| file.protection()))
}

/// Makes a key for a new wallet and keeps it as `unlock` says. It is kept before this returns, so
/// that no database is ever written under a key that could be lost. The folder is made if need be.
///
/// # Errors
///
/// [`KeyError::KeyFileExists`] when the folder has a key already: then [`open`] it.
/// [`KeyError::KeyFileMissing`] when it has a database without a key file: no new key opens it.
/// [`KeyError::PasswordEmpty`], and those of the keyring. The folder is then as it was.
pub fn create(
    folder: &Path,
    unlock: &Unlock,
    cost: PasswordCost,
    randomness: &dyn Randomness,
) -> Result<DatabaseKey, KeyError> {
    if KeyFile::read(folder)?.is_some() {
        return Err(KeyError::KeyFileExists);
    }
    if folder.join(DATABASE_FILE).try_exists()? {
        return Err(KeyError::KeyFileMissing);
    }
    let key = DatabaseKey::generate(randomness);
    keep(folder, &key, unlock, cost, randomness)?;
    Ok(key)
}

/// Finds the key of the wallet in `folder`. A password that is not needed is not looked at.
///
/// # Errors
///
/// [`KeyError::KeyFileMissing`]; [`KeyError::PasswordNeeded`] and [`KeyError::KeyringNeeded`]
/// when `unlock` is not enough; [`KeyError::WrongPassword`]; [`KeyError::NoEntry`] when the
/// keyring has lost the key; those of the keyring and of the key file.
pub fn open(folder: &Path, unlock: &Unlock) -> Result<DatabaseKey, KeyError> {
    let file = KeyFile::read(folder)?.ok_or(KeyError::KeyFileMissing)?;
    let context = context(file.protection(), &file.name);
    let from_keyring = || {
        let keyring = unlock.keyring().ok_or(KeyError::KeyringNeeded)?;
        keyring.get(&file.name)?.ok_or(KeyError::NoEntry)
    };
    let password = || unlock.password().ok_or(KeyError::PasswordNeeded);
    match &file.kept {
        Kept::Keyring => DatabaseKey::from_slice(&from_keyring()?).ok_or(KeyError::Failed),
        Kept::KeyringAndPassword(stretch) => {
            let password = password()?;
            let wrapped = from_keyring()?;
            wrap::unwrap(&wrapped, password, &stretch.salt, stretch.cost, &context)
        }
        Kept::Password(stretch, wrapped) => {
            wrap::unwrap(wrapped, password()?, &stretch.salt, stretch.cost, &context)
        }
    }
}

/// Keeps the key of the wallet in `folder` in another way from now on, or under another password.
/// The old way works until the new one is complete, and no longer.
///
/// `old` is what opened the wallet: its keyring forgets its entry.
///
/// # Errors
///
/// As [`create`] and [`open`]; the old way then still works.
pub fn protect_anew(
    folder: &Path,
    old: &Unlock,
    new: &Unlock,
    cost: PasswordCost,
    randomness: &dyn Randomness,
) -> Result<(), KeyError> {
    let key = open(folder, old)?;
    let file = KeyFile::read(folder)?.ok_or(KeyError::KeyFileMissing)?;
    keep(folder, &key, new, cost, randomness)?;
    if let (Some(keyring), false) = (old.keyring(), matches!(file.kept, Kept::Password(..))) {
        keyring.delete(&file.name)?;
    }
    Ok(())
}

/// Puts the key where `unlock` says under a new name, then writes the key file: whenever this
/// stops in between, the key file that is there still tells the truth.
fn keep(
    folder: &Path,
    key: &DatabaseKey,
    unlock: &Unlock,
    cost: PasswordCost,
    randomness: &dyn Randomness,
) -> Result<(), KeyError> {
    if unlock.password().is_some_and(SecretText::is_empty) {
        return Err(KeyError::PasswordEmpty);
    }
    let name = random_characters(NAME_LENGTH, randomness);
    let mut salt = [0; SALT_LENGTH];
    randomness.fill(&mut salt);
    let stretch = Stretch { salt, cost };
    let wrapped = |password, protection| {
        let context = context(protection, &name);
        wrap::wrap(key, password, &salt, cost, &context, randomness)
    };
    let kept = match unlock {
        Unlock::Keyring(keyring) => {
            put(&**keyring, &name, key.as_bytes())?;
            Kept::Keyring
        }
        Unlock::KeyringAndPassword(keyring, password) => {
            let wrapped = wrapped(password, KeyProtection::KeyringAndPassword)?;
            put(&**keyring, &name, &wrapped)?;
            Kept::KeyringAndPassword(stretch)
        }
        Unlock::Passphrase(password) => {
            Kept::Password(stretch, wrapped(password, KeyProtection::Password)?)
        }
    };
    let file = KeyFile { name, kept };
    file.write(folder).inspect_err(|_| {
        // Nothing points at the new entry. If it can't be removed either, it stays unused.
        if let Some(keyring) = unlock.keyring() {
            let _ = keyring.delete(&file.name);
        }
    })
}

/// Puts a secret into the keyring and reads it back: some say yes and keep nothing.
fn put(keyring: &dyn Keyring, name: &str, secret: &[u8]) -> Result<(), KeyError> {
    keyring.set(name, secret)?;
    match keyring.get(name)? {
        Some(kept) if super::secret::equal_in_constant_time(&kept, secret) => Ok(()),
        _ => Err(KeyError::Failed),
    }
}

/// What a wrapped key is bound to: it can't be moved to another wallet or another protection.
fn context(protection: KeyProtection, name: &str) -> Vec<u8> {
    format!("tessera database key 1 {protection:?} {name}").into_bytes()
}
