//! The key that opens the database, and where it is kept.

mod secret;

pub use secret::SecretText;
