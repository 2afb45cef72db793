//! A typed HTTP client of the Consumer API, version 2.
//!
//! [`BackboneClient`] makes the calls that need no login, [`AuthenticatedClient`] those of a
//! device. Both are cheap to clone and share their connections. Every call is a future that can be
//! dropped at any time: nothing of it goes on in the background.
//!
//! What the client does by itself:
//!
//! * It logs in when a call needs an access token, and anew when fewer than 10 seconds of it are
//!   left or the server answers 401; the call is then repeated once. Calls in parallel share one
//!   login, also a failed one. A refused password ([`ClientError::NotAuthorizedGrant`]) and a
//!   locked device ([`ClientError::Locked`]) are never tried again without being asked to.
//! * It repeats calls that may be made twice without harm after a broken connection, a time limit,
//!   502, 503, 504, or 429 without a quota ([`RetryPolicy`]). A call that changes something is
//!   repeated only if it surely did not reach the server; otherwise
//!   [`ClientError::is_outcome_unknown`] tells the caller to look what came of it.
//! * It collects the pages of lists, from the beginning when a list changed meanwhile.
//! * It follows redirects on the same host only, reads answers up to a size, and shows no
//!   passwords, access tokens and query strings in errors and logs.

mod call;
mod channel;
mod connection;
mod download;
mod endpoints;
mod error;
mod live_updates;
mod session;
mod settings;

use std::sync::Arc;

use self::{channel::Channel, connection::Connection, session::Session};
pub use self::{
    download::FileDownload,
    endpoints::{FileContent, NewFile, NewIdentity, UploadProgress},
    error::{AnswerFault, ClientError, ExhaustedQuota, FileFault, Generation, NetworkFailure},
    live_updates::{LiveUpdate, LiveUpdates},
    settings::{ClientSettings, Credentials, RetryPolicy},
};

/// The datawallet version that calls of SyncRuns and Datawallet claim to understand.
pub const SUPPORTED_DATAWALLET_VERSION: u16 = 1;

/// A client that is not logged in.
#[derive(Clone, Debug)]
pub struct BackboneClient {
    channel: Channel,
}

/// A client that acts as a device of an identity. It logs in with its first call.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient {
    channel: Channel,
}

impl BackboneClient {
    /// Makes a client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ClientError::InvalidBaseUrl`], and [`ClientError::NoTls`] where the certificates of the
    /// system can't be read.
    pub fn new(settings: ClientSettings) -> Result<Self, ClientError> {
        let connection = Arc::new(Connection::new(settings)?);
        Ok(Self {
            channel: Channel {
                connection,
                session: None,
            },
        })
    }

    /// The same Backbone with a login. Keep and clone it: each has an access token of its own.
    #[must_use]
    pub fn log_in_as(&self, credentials: Credentials) -> AuthenticatedClient {
        AuthenticatedClient {
            channel: Channel {
                connection: Arc::clone(&self.channel.connection),
                session: Some(Arc::new(Session::new(credentials))),
            },
        }
    }

    /// The base URL without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.channel.connection.base_url().as_str()
    }

    /// The host name of the base URL, which is part of every address of this Backbone.
    #[must_use]
    pub fn hostname(&self) -> &str {
        self.channel.connection.base_url().hostname()
    }
}

impl AuthenticatedClient {
    /// The same Backbone without the login.
    #[must_use]
    pub fn anonymous(&self) -> BackboneClient {
        BackboneClient {
            channel: Channel {
                connection: Arc::clone(&self.channel.connection),
                session: None,
            },
        }
    }

    /// The base URL without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.channel.connection.base_url().as_str()
    }

    /// The host name of the base URL, which is part of every address of this Backbone.
    #[must_use]
    pub fn hostname(&self) -> &str {
        self.channel.connection.base_url().hostname()
    }

    /// Logs in now unless there is a good access token, e.g. to see whether the password is right.
    ///
    /// # Errors
    ///
    /// [`ClientError`]: [`NotAuthorizedGrant`](ClientError::NotAuthorizedGrant),
    /// [`Locked`](ClientError::Locked), [`NoAuthPossible`](ClientError::NoAuthPossible), or no
    /// usable answer.
    pub async fn log_in(&self) -> Result<(), ClientError> {
        if let Some(session) = &self.channel.session {
            session.token(&self.channel.connection, None).await?;
        }
        Ok(())
    }
}
