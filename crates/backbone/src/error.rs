//! Why a Backbone could not be started or stopped.

use std::{io, path::PathBuf};

/// Why a Backbone could not be started. Errors of single calls go to whoever made the call.
#[derive(Debug, thiserror::Error)]
pub enum BackboneError {
    /// Another program listens there.
    #[error("port {port} is in use by another program")]
    PortInUse {
        /// The port that was asked for.
        port: u16,
    },
    /// The system does not let this program listen there.
    #[error("cannot listen: {0}")]
    Listen(#[source] io::Error),
    /// Another Backbone has the file open.
    #[error("{} is in use by another Backbone", file.display())]
    FileInUse {
        /// The data file.
        file: PathBuf,
    },
    /// The file is not a Backbone's.
    #[error("{} is not the data file of a Backbone", file.display())]
    NotABackbone {
        /// The data file.
        file: PathBuf,
    },
    /// A newer version of this program wrote the file.
    #[error(
        "{} was written by a newer version of this program (its schema is {found}, this program knows {known})",
        file.display()
    )]
    FileTooNew {
        /// The data file.
        file: PathBuf,
        /// The file's schema.
        found: u32,
        /// The newest schema that this program knows.
        known: u32,
    },
    /// There is no room for the file.
    #[error("no space left on the device of {}", file.display())]
    DiskFull {
        /// The data file.
        file: PathBuf,
    },
    /// The file or its folder cannot be read or written.
    #[error("cannot open {}: {source}", file.display())]
    Open {
        /// The data file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// SQLite refuses the file.
    #[error("cannot open {}: {source}", file.display())]
    Database {
        /// The data file.
        file: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The certificate or its key cannot be used.
    #[error("{} cannot be used for TLS: {reason}", file.display())]
    Tls {
        /// The file with the certificate, or with the key.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// A setting cannot be used.
    #[error("{0}")]
    Setting(&'static str),
}

impl BackboneError {
    /// A stable name of the error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::PortInUse { .. } => "error.tessera.backbone.portInUse",
            Self::Listen(_) => "error.tessera.backbone.cannotListen",
            Self::FileInUse { .. } => "error.tessera.backbone.fileInUse",
            Self::NotABackbone { .. } => "error.tessera.backbone.notABackbone",
            Self::FileTooNew { .. } => "error.tessera.backbone.fileTooNew",
            Self::DiskFull { .. } => tessera_backbone_api::DISK_FULL_CODE,
            Self::Open { .. } | Self::Database { .. } => "error.tessera.backbone.cannotOpenFile",
            Self::Tls { .. } | Self::Setting(_) => "error.tessera.backbone.invalidSetting",
        }
    }

    /// An error of the file system, told apart where that helps.
    pub(crate) fn open(file: &std::path::Path, source: io::Error) -> Self {
        let file = file.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { file },
            _ => Self::Open { file, source },
        }
    }

    /// An error of SQLite, told apart where that helps.
    pub(crate) fn database(file: &std::path::Path, source: rusqlite::Error) -> Self {
        let file = file.to_owned();
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull { file },
            Some(rusqlite::ErrorCode::NotADatabase) => Self::NotABackbone { file },
            _ => Self::Database { file, source },
        }
    }
}
