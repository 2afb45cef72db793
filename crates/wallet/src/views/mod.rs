//! What the wallet shows: plain data without secrets, made for a window or a command line.
//!
//! Every type here has a TypeScript twin that is generated from it (`./dev bindings`).
//! Text that came from a peer is carried as it came; whoever draws it treats it as text.

mod ask;
mod checks;
mod contacts;
mod data;
mod deliveries;
mod derivation;
mod exchange;
mod files;
mod form;
mod found;
mod given;
mod held;
mod keys;
mod mail;
mod outbox;
mod profile;
mod receipts;
mod request_lists;
mod sender;
mod sent;
mod timeline;

pub use ask::*;
pub use checks::*;
pub use contacts::*;
pub use data::*;
pub use deliveries::*;
pub use derivation::*;
pub use exchange::*;
pub use files::*;
pub use form::*;
pub use found::*;
pub use given::*;
pub use held::*;
pub(crate) use keys::without_keys;
pub use mail::*;
pub use outbox::*;
pub use profile::*;
pub use receipts::*;
pub use request_lists::*;
pub use sender::*;
pub use sent::*;
pub use timeline::*;
