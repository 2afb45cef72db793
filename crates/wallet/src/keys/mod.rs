//! The key that opens the database, and where it is kept.
//!
//! A wallet's database is encrypted under 32 random bytes, the [`DatabaseKey`]. It is kept in one
//! of three ways ([`KeyProtection`]), which the file `key.json` beside the database names:
//!
//! | protection | the keyring holds | `key.json` holds | to open |
//! |---|---|---|---|
//! | `keyring` | the key | nothing secret | the keyring |
//! | `keyring+password` | the key, wrapped | salt and cost | both: neither alone is enough |
//! | `password` | nothing | the key, wrapped | the app password |
//!
//! *Wrapped* means encrypted (XChaCha20-Poly1305) under a key that Argon2id makes of the app
//! password. A key is never written in the clear, and never made anew for a database that exists:
//! when the keyring has lost it, that is said ([`KeyError::NoEntry`]).
//!
//! Everything here blocks (a keyring may ask the person, Argon2id takes its time): call it from a
//! blocking thread.

mod cost;
mod database_key;
mod error;
mod key_file;
mod keyring;
mod memory;
mod protect;
mod secret;
mod system;
mod wrap;

pub use cost::PasswordCost;
pub use database_key::DatabaseKey;
pub use error::KeyError;
pub use key_file::KEY_FILE;
pub use keyring::{Keyring, SecretBytes};
pub use memory::MemoryKeyring;
pub use protect::{KeyProtection, Unlock, create, open, protect_anew, protection};
pub use system::SystemKeyring;
pub use tessera_core_types::SecretText;
