//! The core of Tessera: decides, remembers, delivers.

pub mod answers;
pub mod attributes;
mod contacts;
pub mod envelopes;
mod environment;
mod error;
mod events;
mod expiry;
mod file_transfer;
mod files;
mod finding;
mod identity;
mod incoming;
pub mod keys;
mod look_alikes;
mod messages;
pub mod model;
mod names;
pub mod notifications;
mod outbox;
pub mod own_requests;
mod receipts;
mod relationships;
pub mod requests;
pub mod store;
mod sync;
mod tags;
mod templates;
pub mod views;
mod wallet;

pub use answers::AnswerError;
pub use attributes::{AttributeError, given_as_csv};
pub use contacts::ContactError;
pub use envelopes::file::MAX_FILE_BYTES;
pub use environment::Environment;
pub use error::{Result, WalletError};
pub use events::{Changed, WalletEvent};
pub use file_transfer::{
    FileDescription, FileLink, FileMetadata, Progress, UploadProgress, UploadedFile,
};
pub use identity::NewProfile;
pub use incoming::LONGEST_HOLD;
pub use templates::{NewTemplate, TemplatePassword, read_template_content};
pub use wallet::Wallet;
