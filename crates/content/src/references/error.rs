//! What can be wrong with a reference.

use super::ReferenceKind;

/// A text that is not a reference, or not the wanted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// A link of something else.
    #[error("a link, but not one of enmeshed")]
    WrongUrl,
    /// It does not parse. The reason is for logs.
    #[error("not a reference: {0}")]
    Invalid(InvalidReference),
    /// A reference to something that is neither a RelationshipTemplate, a Token nor a File.
    #[error("a reference to something unknown")]
    WrongCode,
    /// A reference to another kind of object than the one that is wanted.
    #[error("a reference to another kind of object: {found:?}")]
    WrongKind {
        /// What it refers to.
        found: ReferenceKind,
    },
    /// A link cannot be written without a Backbone.
    #[error("the reference names no Backbone")]
    MissingBackboneBaseUrl,
}

impl ReferenceError {
    /// enmeshed's code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongUrl => "error.appruntime.appStringProcessor.wrongURL",
            Self::Invalid(_) => "error.appruntime.appStringProcessor.invalidReference",
            Self::WrongCode => "error.appruntime.appStringProcessor.wrongCode",
            Self::WrongKind { .. } => "error.runtime.invalidReference",
            Self::MissingBackboneBaseUrl => "error.core-types.missingBackboneBaseUrl",
        }
    }
}

/// What exactly does not parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum InvalidReference {
    #[error("far too long")]
    TooLong,
    #[error("not base64url without padding")]
    NotBase64,
    #[error("not UTF-8")]
    NotUtf8,
    #[error("not a URL")]
    NotUrl,
    #[error("a URL with a user name or password")]
    UserInfo,
    #[error("a URL whose path does not end with /r/ and an id")]
    Path,
    #[error("a wrong number of components")]
    Components,
    #[error("an id that is not 20 letters and digits")]
    Id,
    #[error("a base URL that is not http(s)://host/path")]
    BackboneBaseUrl,
    #[error("an encryption algorithm other than 3")]
    Algorithm,
    #[error("a key that is not 32 bytes in base64url")]
    Key,
    #[error("a personalisation that is not four digits of 0-9a-f")]
    ForIdentityTruncated,
    #[error("a password protection with a wrong number of pieces")]
    ProtectionPieces,
    #[error("an unknown password type")]
    PasswordType,
    #[error("a salt that is not 16 bytes in padded base64")]
    Salt,
    #[error("a password location that is not 0 to 99")]
    PasswordLocation,
}
