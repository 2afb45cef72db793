//! Why an envelope was refused.

use tessera_crypto::CryptoError;

/// Why an envelope could not be made, opened or believed. Its text holds nothing of the content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// It does not open, or a part of it is no key, cipher or signature.
    #[error("{part}: {error}")]
    Crypto {
        /// What was being made or opened.
        part: Part,
        /// What is wrong.
        error: CryptoError,
    },
    /// It is not the JSON it should be.
    #[error("{part}: {what} is missing or not of the form it should have")]
    Malformed {
        /// What was being opened.
        part: Part,
        /// Which layer or property.
        what: &'static str,
    },
    /// It is larger than a Backbone accepts.
    #[error("{part}: it is larger than {MAX_BYTES} bytes")]
    TooLarge {
        /// What was being opened.
        part: Part,
    },
    /// The signature over it does not fit its signer's key.
    #[error("{part}: its signature is not valid")]
    SignatureNotValid {
        /// What was being opened.
        part: Part,
    },
    /// The address inside is not the address of the key inside.
    #[error("{part}: the address in it does not belong to the key in it")]
    AddressOfOtherKey {
        /// What was being opened.
        part: Part,
    },
    /// The identity inside is not the one that the Backbone names.
    #[error("{part}: it names another identity than the Backbone does")]
    OtherIdentity {
        /// What was being opened.
        part: Part,
    },
    /// The identity inside lives at another Backbone.
    #[error("{part}: it names an identity of another Backbone")]
    OtherBackbone {
        /// What was being opened.
        part: Part,
    },
    /// It was made for another record than the one it came with.
    #[error("{part}: it belongs to another {of}")]
    OtherRecord {
        /// What was being opened.
        part: Part,
        /// What kind of record.
        of: &'static str,
    },
    /// The envelope of a Message does not name this identity.
    #[error("{}: it was not sent to this identity", Part::Message)]
    NotInRecipients,
    /// A Message has no signature for this identity.
    #[error("{}: it has no signature for this identity", Part::Message)]
    NoSignatureForRecipient,
    /// The signed text of a Message does not name this identity: it was meant for others.
    #[error("{}: it was meant for others", Part::Message)]
    NotAmongSignedRecipients,
    /// What was downloaded is not what was uploaded.
    #[error("{}: it was changed at the Backbone or on the way", Part::File)]
    CipherMismatch,
    /// What comes out of a File is not what its owner put in.
    #[error("{}: its content is not what its owner put in", Part::File)]
    PlaintextMismatch,
}

/// The largest envelope, in bytes after base64: what a Backbone accepts.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// What an envelope carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Part {
    /// A RelationshipTemplate.
    #[error("the template")]
    Template,
    /// The request for a Relationship.
    #[error("the request for a Relationship")]
    Creation,
    /// The acceptance of a Relationship.
    #[error("the acceptance of the Relationship")]
    Acceptance,
    /// A Message.
    #[error("the message")]
    Message,
    /// A File.
    #[error("the file")]
    File,
    /// A Token.
    #[error("the token")]
    Token,
    /// A signed challenge.
    #[error("the challenge")]
    Challenge,
    /// A modification of the datawallet.
    #[error("the datawallet modification")]
    Datawallet,
    /// A synchronised secret.
    #[error("the secret")]
    Secret,
}

impl EnvelopeError {
    /// enmeshed's code where it has one (`error.crypto.…`, `error.transport.signatureNotValid` for
    /// everything that is not what it claims to be), else ours.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Crypto { error, .. } => error.code(),
            Self::Malformed { .. } => "error.tessera.envelopes.malformed",
            Self::TooLarge { .. } => "error.tessera.envelopes.tooLarge",
            Self::NotInRecipients => "error.transport.messages.ownAddressNotInList",
            Self::NoSignatureForRecipient => "error.transport.messages.signatureListMismatch",
            Self::NotAmongSignedRecipients => "error.transport.messages.plaintextMismatch",
            Self::SignatureNotValid {
                part: Part::Message,
            } => "error.transport.messages.signatureNotValid",
            Self::CipherMismatch => "error.transport.files.cipherMismatch",
            Self::PlaintextMismatch => "error.transport.files.plaintextHashMismatch",
            Self::SignatureNotValid { .. }
            | Self::AddressOfOtherKey { .. }
            | Self::OtherIdentity { .. }
            | Self::OtherBackbone { .. }
            | Self::OtherRecord { .. } => "error.transport.signatureNotValid",
        }
    }

    /// Whether it opened, but is not what it claims to be: somebody tries to pass for somebody
    /// else, or the Backbone mixes things up.
    #[must_use]
    pub fn is_suspicious(&self) -> bool {
        self.code() == "error.transport.signatureNotValid"
    }
}
