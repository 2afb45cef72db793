//! The client against small servers that answer as told, or don't.

#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod answers;
mod authentication;
mod endpoints;
mod files;
mod lists;
mod live_updates;
mod secrets;
mod server;
