//! The embedded Backbone: a server of enmeshed's Consumer API on one SQLite file.
//!
//! As a library it runs inside another program, on loopback ([`Backbone::start`]); as the program
//! `tessera-backbone` it runs by itself. It answers the TypeScript runtimes 7.x (`/api/v2`) and
//! 6.x (`/api/v1`) like the real Backbone does.
//!
//! From the outside in: `http` (what holds for every call: envelope, errors, login, input),
//! `routes` (one module per resource: input checks, then one call of the store), `store` (one
//! module per resource: SQL, existence, permission, state, in one transaction with the external
//! events that it raises), `rules` (what needs no database).

mod app;
mod error;
mod http;
mod maintenance;
mod routes;
mod rules;
mod server;
mod settings;
mod store;

pub use error::BackboneError;
pub use server::Backbone;
pub use settings::{
    AdminSettings, AndroidApp, AppLinks, Configuration, PasswordHashCost, PasswordRule,
    QuotaPeriod, QuotaSetting, Settings, TlsSettings,
};
