//! The calls, by resource. What they send and answer, and with what codes they fail, stands at the
//! wire types; all fail with [`ClientError`](super::ClientError).

mod datawallet;
mod devices;
mod identities;
mod messages;
mod other;
mod relationship_templates;
mod relationships;
mod sync_runs;
mod tokens;

pub use identities::NewIdentity;
