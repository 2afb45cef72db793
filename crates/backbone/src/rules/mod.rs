//! What needs no database.

pub mod access_tokens;
pub mod challenge;
pub mod languages;
pub mod ownership_tokens;
pub mod passwords;
pub mod record_passwords;
pub mod relationship_actions;
