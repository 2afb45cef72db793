//! The calls, by resource. What they send and answer, and with what codes they fail, stands at the
//! wire types; all fail with [`ClientError`](super::ClientError).

mod datawallet;
mod deletion_processes;
mod devices;
mod files;
mod identities;
mod messages;
mod other;
mod relationship_templates;
mod relationships;
mod sync_runs;
mod tokens;

pub(super) use files::Upload;
pub use files::{FileContent, NewFile, UploadProgress};
pub use identities::NewIdentity;
