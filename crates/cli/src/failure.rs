//! Failures and how they are told: a code for programs, a sentence for persons.

use std::{borrow::Cow, error::Error as _, io, path::PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use serde_json::{Value, json};
use tessera_content::{ContentError, ReferenceError};
use tessera_scanner::ScanError;
use tessera_wallet::{WalletError, keys::KeyError, views::DecisionCheck};

/// Why there is no document. No text of it holds a secret, a reference or what an Attribute says.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The arguments can't be understood.
    #[error("{0}; see tessera --help")]
    Usage(String),
    /// What should be the folder of a wallet is something else.
    #[error("{} is not a folder", path.display())]
    NoFolder { path: PathBuf },
    /// A file can't be read.
    #[error("{} can't be read: {kind}", file.display())]
    Unreadable { file: PathBuf, kind: io::ErrorKind },
    /// A file can't be written.
    #[error("{} can't be written: {kind}", file.display())]
    Unwritable { file: PathBuf, kind: io::ErrorKind },
    /// A file is larger than anything that is meant to be in it.
    #[error("{} has more than {limit} bytes", file.display())]
    TooLarge { file: PathBuf, limit: usize },
    /// A file is not text.
    #[error("{} is not text in UTF-8", file.display())]
    NotText { file: PathBuf },
    /// A file is not JSON.
    #[error("{} is not JSON, see line {line}, column {column}", file.display())]
    NotJson {
        file: PathBuf,
        line: usize,
        column: usize,
    },
    /// A file is JSON, but not what it should be.
    #[error("{}: {source}", file.display())]
    Content { file: PathBuf, source: ContentError },
    /// A file is not a picture with one QR code.
    #[error("{}: {source}", file.display())]
    Picture { file: PathBuf, source: ScanError },
    /// What was read is no reference.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// The app password can't be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The wallet says no.
    #[error(transparent)]
    Wallet(#[from] WalletError),
    /// A Request can't be accepted like this; the whole check says why.
    #[error("{source}")]
    Decision {
        source: WalletError,
        check: Box<DecisionCheck>,
    },
    /// The document can't be printed.
    #[error("standard output can't be written: {0}")]
    Output(io::ErrorKind),
    /// A mistake of this program.
    #[error("the program failed; run it with RUST_LOG=debug to see where")]
    Unexpected,
}

impl Failure {
    /// What is wrong with the arguments. The library's own sentences repeat what was typed, which
    /// may be a PIN in the wrong place; these name the argument only.
    pub fn usage(error: &clap::Error) -> Self {
        Self::Usage(usage(error))
    }

    /// enmeshed's code where it has one, else `error.tessera.…`.
    pub fn code(&self) -> Cow<'_, str> {
        match self {
            Self::Usage(_) => "error.tessera.cli.usage".into(),
            Self::NoFolder { .. } => "error.tessera.cli.noFolder".into(),
            Self::Unreadable { .. } => "error.tessera.cli.fileUnreadable".into(),
            Self::Unwritable { .. } => "error.tessera.cli.fileUnwritable".into(),
            Self::TooLarge { .. } => "error.tessera.cli.fileTooLarge".into(),
            Self::NotText { .. } => "error.tessera.cli.notText".into(),
            Self::NotJson { .. } => ContentError::NotJson.code().into(),
            Self::Content { source, .. } => source.code().into(),
            Self::Picture { source, .. } => source.code().into(),
            Self::Reference(error) => error.code().into(),
            Self::Key(error) => error.code().into(),
            Self::Wallet(error) | Self::Decision { source: error, .. } => error.code(),
            Self::Output(_) => "error.tessera.cli.output".into(),
            Self::Unexpected => "error.tessera.cli.unexpected".into(),
        }
    }

    /// As it is printed: `{"error":{"code":…,"message":…}}`, for a Decision with its `check`.
    pub fn to_json(&self) -> Value {
        let mut error = json!({ "code": self.code(), "message": self.to_string() });
        if let Self::Decision { check, .. } = self {
            error["check"] = json!(check);
        }
        json!({ "error": error })
    }
}

fn usage(error: &clap::Error) -> String {
    let named = |kind| match error.get(kind) {
        Some(ContextValue::String(name)) => name.clone(),
        Some(ContextValue::Strings(names)) => names.join(", "),
        _ => String::new(),
    };
    let argument = || named(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("missing: {}", argument()),
        ErrorKind::ArgumentConflict => match named(ContextKind::PriorArg) {
            prior if prior.is_empty() || prior == argument() => {
                format!("{} can only be given once", argument())
            }
            prior => format!("{} and {prior} exclude each other", argument()),
        },
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => match error.source() {
            Some(reason) => format!("{}: {reason}", argument()),
            None => format!("{}: the value is missing or wrong", argument()),
        },
        ErrorKind::UnknownArgument => {
            let argument = argument();
            match argument.split('=').next() {
                // What does not look like an option may be a secret at a place where none is read.
                Some(option) if option.starts_with("--") => format!("unknown option {option}"),
                _ => "there is an argument too many".to_owned(),
            }
        }
        ErrorKind::InvalidSubcommand
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            match named(ContextKind::SuggestedSubcommand) {
                known if known.is_empty() => "a command is missing, or not one".to_owned(),
                known => format!("not a command; perhaps it should be: {known}"),
            }
        }
        _ => "the arguments can't be understood".to_owned(),
    }
}
