//! The wire types of the Backbone's Consumer API, with a typed HTTP client behind the feature `client`.
//!
//! One module per resource of the API; each names the paths its types travel on, below the
//! version prefix ([`API_PREFIX_V2`]). The client and the server of this project both use these
//! types, so that the two cannot drift apart.
//!
//! Conventions of the API: property names are camelCase; optional properties of an answer are
//! written as `null`, optional properties of a request may be left out or `null`; unknown
//! properties are ignored; dates are [`tessera_core_types::CoreDate`]; binary values are
//! [`Bytes`]. Types with secrets in them ([`SecretText`], [`PasswordBytes`]) do not show them in
//! `Debug` and wipe them when dropped.

pub mod announcements;
pub mod authentication;
mod bytes;
pub mod challenges;
#[cfg(feature = "client")]
pub mod client;
pub mod datawallet;
pub mod deletion_processes;
pub mod devices;
mod envelope;
pub mod error_codes;
pub mod external_events;
pub mod feature_flags;
pub mod files;
pub mod identities;
pub mod limits;
pub mod messages;
pub mod notifications;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod quotas;
pub mod relationship_templates;
pub mod relationships;
pub mod sync_runs;
pub mod tags;
pub mod tokens;
pub mod version;

pub use bytes::{Bytes, PasswordBytes};
pub use envelope::{Envelope, ErrorBody, ErrorEnvelope, PageQuery, Pagination};
pub use tessera_core_types::SecretText;

/// Path prefix of the API's second version, which runtime 7.x and Tessera speak.
pub const API_PREFIX_V2: &str = "/api/v2";
/// Path prefix of the API's first version, which runtime 6.x speaks.
pub const API_PREFIX_V1: &str = "/api/v1";
/// Request header of SyncRuns and Datawallet calls: the highest datawallet version that the
/// client understands, an unsigned 16-bit number; a missing header counts as 0.
pub const SUPPORTED_DATAWALLET_VERSION_HEADER: &str = "x-supported-datawallet-version";
/// Code of the 507 that a Backbone of this project answers when there is no room for what a call
/// would store; nothing of the call is done then.
pub const DISK_FULL_CODE: &str = "error.tessera.backbone.diskFull";
/// Header that a client may send to find a call again in the server's log; it is echoed.
pub const CORRELATION_ID_HEADER: &str = "x-correlation-id";
