//! The server over real HTTP, as clients meet it.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod announcements;
mod common;
mod configuration;
mod conventions;
mod coverage;
mod datawallet;
mod deleted_identities;
mod deletion_processes;
mod devices;
mod encryption;
mod every_endpoint;
mod external_events;
mod files;
mod full_disk;
mod hostile_input;
mod identities;
mod login;
mod many_connections;
mod messages;
mod openapi;
mod program;
mod rare_errors;
mod reading_and_writing;
mod relationship_states;
mod relationship_templates;
mod relationships;
mod running;
mod small_resources;
mod sync_runs;
mod tokens;
mod traces;
mod typed_client;
