//! The data: one SQLite file, one module per resource.
//!
//! What changes something is made as a whole on the one writing connection, together with the
//! external events that it raises. What only reads has connections of its own and does not wait.

mod access_token_key;
pub mod announcements;
pub mod challenges;
mod change;
mod columns;
mod database;
pub mod datawallet;
pub mod deletion;
pub mod deletion_processes;
pub mod devices;
pub mod events;
pub mod feature_flags;
pub mod files;
pub mod identities;
pub mod messages;
mod migrations;
pub mod notifications;
pub mod page;
pub mod push;
pub mod quotas;
pub mod relationship_templates;
pub mod relationships;
pub mod sync_runs;
pub mod tokens;
mod writer;

pub use change::Change;
pub use database::Database;
