//! The built program, as a script calls it, against a Backbone in this process.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a test that can't go on ends"
)]

mod bad_input;
mod contacts;
mod decisions;
mod files;
mod holding;
mod log;
mod mail;
mod main_job;
#[path = "../../../wallet/tests/flow_support/proxy.rs"]
#[allow(dead_code, reason = "one story uses some of it")]
mod proxy;
mod receipts;
mod stage;
mod usage;
