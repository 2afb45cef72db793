//! The core of Tessera: decides, remembers, delivers.

mod answers;
mod attributes;
mod contacts;
pub mod envelopes;
mod environment;
mod error;
mod events;
mod expiry;
mod file_transfer;
mod files;
mod identity;
mod incoming;
pub mod keys;
mod messages;
pub mod model;
mod names;
mod outbox;
mod relationships;
pub mod requests;
pub mod store;
mod sync;
mod tags;
mod templates;
pub mod views;
mod wallet;

pub use answers::AnswerError;
pub use envelopes::file::MAX_FILE_BYTES;
pub use environment::Environment;
pub use error::{Result, WalletError};
pub use events::{Changed, WalletEvent};
pub use file_transfer::{FileDescription, FileMetadata, UploadedFile};
pub use identity::NewProfile;
pub use templates::{NewTemplate, TemplatePassword, read_template_content};
pub use wallet::Wallet;
