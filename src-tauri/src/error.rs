//! Every failure as the page gets it: a code it has words for, and English without secrets.

use std::fmt::Display;

use tessera_backbone::BackboneError;
use tessera_content::{ContentError, ReferenceError};
use tessera_paper::PaperError;
use tessera_scanner::ScanError;
use tessera_wallet::{AttributeError, WalletError, keys::KeyError};

pub use crate::views::ErrorView;

impl ErrorView {
    /// A failure of the shell itself.
    pub fn new(code: impl Into<String>, message: impl Display) -> Self {
        Self {
            code: code.into(),
            message: message.to_string(),
            about: None,
        }
    }

    /// No profile is open.
    pub fn no_profile() -> Self {
        Self::new("error.tessera.shell.noProfile", "no profile is open")
    }
}

macro_rules! views_of {
    ($($error:ty),*) => {$(
        impl From<$error> for ErrorView {
            fn from(error: $error) -> Self {
                Self::new(error.code().to_string(), error)
            }
        }
    )*};
}

impl From<WalletError> for ErrorView {
    fn from(error: WalletError) -> Self {
        let about = match &error {
            WalletError::Attribute(AttributeError::Duplicate { existing }) => {
                Some(existing.to_string())
            }
            _ => None,
        };
        Self {
            about,
            ..Self::new(error.code().to_string(), error)
        }
    }
}

views_of!(
    BackboneError,
    ContentError,
    ReferenceError,
    ScanError,
    KeyError,
    PaperError
);
