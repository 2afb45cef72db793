//! What the wallet shows: plain data without secrets, made for a window or a command line.
//!
//! Every type here has a TypeScript twin that is generated from it (`./dev bindings`).
//! Text that came from a peer is carried as it came; whoever draws it treats it as text.

mod ask;
mod contacts;
mod data;
mod exchange;
mod file_keys;
mod form;
mod profile;
mod sent;

pub use ask::*;
pub use contacts::*;
pub use data::*;
pub use exchange::*;
pub(crate) use file_keys::without_file_keys;
pub use form::*;
pub use profile::*;
pub use sent::*;
