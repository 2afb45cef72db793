//! What can go wrong with the database.

use std::io;

use rusqlite::ErrorCode;

/// What can go wrong with the database. Whatever it is, no part of the transaction at hand is
/// kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no database in the folder.
    #[error("there is no wallet in this folder")]
    NotFound,
    /// There is a database in the folder already; it is never overwritten.
    #[error("there is a wallet in this folder already")]
    Exists,
    /// Another program has the wallet open.
    #[error("the wallet is open in another program")]
    InUse,
    /// The key does not open the file, or the file is not a wallet's database. Which of the two
    /// cannot be told.
    #[error("the key does not open the database, or the file is no database")]
    WrongKey,
    /// The file is damaged.
    #[error("the database is damaged")]
    Damaged,
    /// The file was written by a newer version of the program.
    #[error("the database has version {found}, this program knows versions up to {known}")]
    NewerVersion {
        /// The version of the file.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// There is no space left on the disk.
    #[error("the disk is full")]
    Full,
    /// The file or its folder cannot be written, or not be read.
    #[error("the database cannot be written")]
    ReadOnly,
    /// The disk failed.
    #[error("the disk failed")]
    Io,
    /// Something is there already, or what it belongs to is not there.
    #[error("the change contradicts what is stored")]
    Constraint,
    /// What stands in a table is not what this program writes there.
    #[error("a stored {0} cannot be read")]
    Unreadable(&'static str),
    /// What was to be changed is not there.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// A counter of a channel cannot be given out.
    #[error(transparent)]
    Counter(#[from] tessera_crypto::CryptoError),
    /// The wallet was closed.
    #[error("the wallet is closed")]
    Closed,
    /// A programming mistake: the statement is wrong.
    #[error("the database refused a statement")]
    Internal,
}

impl StoreError {
    /// The code of the sentence a person reads.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "error.tessera.store.notFound",
            Self::Exists => "error.tessera.store.exists",
            Self::InUse => "error.tessera.store.inUse",
            Self::WrongKey => "error.tessera.store.wrongKey",
            Self::Damaged => "error.tessera.store.damaged",
            Self::NewerVersion { .. } => "error.tessera.store.newerVersion",
            Self::Full => "error.tessera.store.full",
            Self::ReadOnly => "error.tessera.store.readOnly",
            Self::Io => "error.tessera.store.io",
            Self::Constraint => "error.tessera.store.constraint",
            Self::Unreadable(_) => "error.tessera.store.unreadable",
            Self::Missing(_) => "error.transport.recordNotFound",
            Self::Counter(error) => error.code(),
            Self::Closed => "error.tessera.store.closed",
            Self::Internal => "error.tessera.store.internal",
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    /// Keeps what kind of failure it is and drops the text, in which values may stand.
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                // Also what a page is whose checksum is wrong.
                ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Self::Damaged,
                ErrorCode::DiskFull => Self::Full,
                ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
                    Self::ReadOnly
                }
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::InUse,
                ErrorCode::ConstraintViolation => Self::Constraint,
                ErrorCode::SystemIoFailure => Self::Io,
                _ => Self::Internal,
            },
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Unreadable("value"),
            _ => Self::Internal,
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::AlreadyExists => Self::Exists,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            _ => Self::Io,
        }
    }
}
