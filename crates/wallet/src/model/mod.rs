//! What the wallet remembers, as typed data.
//!
//! The types carry the protocol's own names. Their JSON (where they have one) is the protocol's as
//! well: it is what the command line prints. Secrets are in types of their own that print nothing
//! and have no JSON.
//!
//! Nothing here does I/O: [`crate::store`] reads and writes these types.

mod attribute;
mod held;
mod history;
mod message;
mod outbox;
mod profile;
mod relationship;
mod request;
mod secrets;
mod template;

pub use attribute::*;
pub use held::*;
pub use history::*;
pub use message::*;
pub use outbox::*;
pub use profile::*;
pub use relationship::*;
pub use request::*;
pub use secrets::*;
pub use template::*;

pub use crate::views::{HistoryEvent, LocalRequestStatus, RelationshipStatus};
