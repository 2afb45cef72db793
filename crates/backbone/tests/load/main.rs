//! The program under load: killed at any moment, and used for long.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod dice;
mod invariants;
mod kills;
mod person;
mod program;
mod soak;
mod worker;

/// A number from the environment, for those who want more than the tests do by themselves.
fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap(),
        Err(_) => default,
    }
}
