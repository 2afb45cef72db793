//! The file that says how the database key is kept.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{
    KeyError, KeyProtection, PasswordCost,
    wrap::{SALT_LENGTH, WRAPPED_LENGTH},
};
use crate::files;

/// The name of the key file in a wallet's folder.
pub const KEY_FILE: &str = "key.json";

const VERSION: u32 = 1;

/// Far more than a key file can need.
const MAX_LENGTH: u64 = 16 * 1024;

/// The content of a key file. It holds nothing that opens the database by itself.
pub(super) struct KeyFile {
    /// The name in the keyring: random, so that no two wallets share one.
    pub name: String,
    pub kept: Kept,
}

/// How the key is kept.
pub(super) enum Kept {
    Keyring,
    KeyringAndPassword(Stretch),
    Password(Stretch, Vec<u8>),
}

/// How a key is made of the app password.
#[derive(Clone, Copy)]
pub(super) struct Stretch {
    pub salt: [u8; SALT_LENGTH],
    pub cost: PasswordCost,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Json {
    version: u32,
    protection: KeyProtection,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost: Option<PasswordCost>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wrapped_key: Option<String>,
}

impl KeyFile {
    pub(super) fn protection(&self) -> KeyProtection {
        match self.kept {
            Kept::Keyring => KeyProtection::Keyring,
            Kept::KeyringAndPassword(_) => KeyProtection::KeyringAndPassword,
            Kept::Password(..) => KeyProtection::Password,
        }
    }

    /// Reads the key file of a folder; `None` when there is none.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, KeyError> {
        let file = match fs::File::open(folder.join(KEY_FILE)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut text = Vec::new();
        file.take(MAX_LENGTH + 1).read_to_end(&mut text)?;
        if text.len() as u64 > MAX_LENGTH {
            return Err(KeyError::KeyFileDamaged);
        }
        Self::parse(&text).map(Some)
    }

    fn parse(text: &[u8]) -> Result<Self, KeyError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let damaged = |_| KeyError::KeyFileDamaged;
        let Version { version } = serde_json::from_slice(text).map_err(damaged)?;
        if version > VERSION {
            return Err(KeyError::KeyFileNewer);
        }
        let json: Json = serde_json::from_slice(text).map_err(damaged)?;
        let is_name = (1..=64).contains(&json.name.len())
            && json.name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if version != VERSION || !is_name {
            return Err(KeyError::KeyFileDamaged);
        }
        let stretch = match (&json.salt, json.cost) {
            (Some(salt), Some(cost)) if cost.is_reasonable() => Some(Stretch {
                salt: bytes::<SALT_LENGTH>(salt)?,
                cost,
            }),
            (None, None) => None,
            _ => return Err(KeyError::KeyFileDamaged),
        };
        let kept = match (json.protection, stretch, &json.wrapped_key) {
            (KeyProtection::Keyring, None, None) => Kept::Keyring,
            (KeyProtection::KeyringAndPassword, Some(stretch), None) => {
                Kept::KeyringAndPassword(stretch)
            }
            (KeyProtection::Password, Some(stretch), Some(wrapped)) => {
                Kept::Password(stretch, bytes::<WRAPPED_LENGTH>(wrapped)?.to_vec())
            }
            _ => return Err(KeyError::KeyFileDamaged),
        };
        Ok(Self {
            name: json.name,
            kept,
        })
    }

    /// Writes the key file, in place of the one that was there: either the old or the new one is
    /// there at any instant, also after a power cut.
    pub(super) fn write(&self, folder: &Path) -> Result<(), KeyError> {
        let (stretch, wrapped) = match &self.kept {
            Kept::Keyring => (None, None),
            Kept::KeyringAndPassword(stretch) => (Some(stretch), None),
            Kept::Password(stretch, wrapped) => (Some(stretch), Some(wrapped)),
        };
        let json = Json {
            version: VERSION,
            protection: self.protection(),
            name: self.name.clone(),
            salt: stretch.map(|stretch| URL_SAFE_NO_PAD.encode(stretch.salt)),
            cost: stretch.map(|stretch| stretch.cost),
            wrapped_key: wrapped.map(|wrapped| URL_SAFE_NO_PAD.encode(wrapped)),
        };
        let text = serde_json::to_vec_pretty(&json).map_err(|_| KeyError::Failed)?;
        files::create_private_folder(folder)?;
        files::write_atomically(&folder.join(KEY_FILE), &text)?;
        Ok(())
    }
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], KeyError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(KeyError::KeyFileDamaged)
}
