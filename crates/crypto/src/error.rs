//! What can go wrong, with enmeshed's codes.

/// Why something was refused. Never holds a secret or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// A cipher without nonce and counter, or without a ciphertext.
    #[error("the cipher has no ciphertext, or neither nonce nor counter")]
    NoNonceNorCounter,
    /// A cipher with both.
    #[error("the cipher has a nonce and a counter")]
    NonceAndCounter,
    /// An encryption algorithm other than XChaCha20-Poly1305 (3).
    #[error("the encryption algorithm is not supported")]
    WrongEncryptionAlgorithm,
    /// A counter that is not a whole number from 0 to 4294967295.
    #[error("the counter is missing or not a whole number from 0 to 4294967295")]
    WrongCounter,
    /// Bytes of a size outside the limits of their property.
    #[error("a value is too short or too long")]
    WrongSerializedBuffer,
    /// A secret key that is missing or not 32 bytes long.
    #[error("the secret key is missing or not {} bytes long", crate::KEY_LENGTH)]
    WrongSecretKey,
    /// The ciphertext does not open: another key, or changed, or of a wrong size.
    #[error("the ciphertext cannot be decrypted with this key")]
    Decrypt,
    /// A cipher of a channel without the channel.
    #[error("the cipher has a counter, but its channel is not known")]
    WrongNonce,
    /// The hash number of a signature is not 1 to 3.
    #[error("the hash algorithm is not supported")]
    WrongHashAlgorithm,
    /// A signature or its key has a wrong length. A signature of the right length that does not
    /// fit is not an error but `false`.
    #[error("the signature or its key has a wrong length")]
    SignatureVerify,
    /// A missing signature, or nothing to sign or to verify.
    #[error("a value is missing or empty")]
    WrongBuffer,
    /// A signature key other than Ed25519 (3), or none.
    #[error("the algorithm of the signature key is not supported")]
    WrongSignatureAlgorithm,
    /// An exchange key other than X25519 (3), or none.
    #[error("the algorithm of the exchange key is not supported")]
    WrongExchangeAlgorithm,
    /// The peer's key has a wrong length or lies in a small subgroup.
    #[error("no session keys can be derived from the exchange key")]
    KeyDerivation,
    /// A channel state that is not the wanted one of receiving (1) and transmitting (2).
    #[error("the type of the channel state is wrong")]
    WrongStateType,

    /// Text that is not strict base64 of the wanted alphabet.
    #[error("the text is not base64 of the wanted form")]
    NotBase64,
    /// Bytes that are not UTF-8.
    #[error("the bytes are not UTF-8")]
    NotUtf8,
    /// Text that is not JSON.
    #[error("the text is not JSON")]
    NotJson,
    /// A private key of a wrong length.
    #[error("the private key has a wrong length")]
    WrongKeyLength,
    /// The public and the private half of a key do not belong together.
    #[error("the public and the private key do not belong together")]
    KeypairMismatch,
    /// The id of a template's key is missing or not one.
    #[error("the id of the template key is missing or wrong")]
    WrongTemplateKeyId,
    /// Stored secrets that are neither a templator's (1) nor a requestor's (2).
    #[error("the type of the relationship secrets is not supported")]
    WrongRelationshipType,
    /// A context that is not 8 ASCII characters.
    #[error("the context of a derived key must be 8 characters long")]
    WrongContext,
    /// A key id above 2147483647.
    #[error("the id of a derived key is too large")]
    WrongKeyId,
    /// A salt that is not 16 bytes long.
    #[error("the salt is not {} bytes long", crate::password::SALT_LENGTH)]
    WrongSalt,
    /// The password is too long, or its hash needs more memory than there is.
    #[error("the password cannot be hashed")]
    PasswordHash,
    /// A device has used all its counters of a channel.
    #[error("this device has sent as much over this relationship as it may")]
    CounterExhausted,
    /// The store remembers a counter that is not one of this device.
    #[error("the stored counter belongs to another device")]
    CounterOfOtherDevice,
    /// A counter was reserved for another channel than the one it is used on.
    #[error("the counter was reserved for another channel")]
    CounterOfOtherChannel,
}

impl CryptoError {
    /// enmeshed's code where it has one (`error.crypto.…`), else ours
    /// (`error.tessera.crypto.…`).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoNonceNorCounter => "error.crypto.validation.noNonceNorCounter",
            Self::NonceAndCounter => "error.crypto.validation.nonceAndCounter",
            Self::WrongEncryptionAlgorithm => "error.crypto.wrongEncryptionAlgorithm",
            Self::WrongCounter => "error.crypto.encryption.wrongCounter",
            Self::WrongSerializedBuffer => "error.crypto.wrongSerializedBuffer",
            Self::WrongSecretKey => "error.crypto.encryption.wrongSecretKey",
            Self::Decrypt => "error.crypto.encryption.decrypt",
            Self::WrongNonce => "error.crypto.encryption.wrongNonce",
            Self::WrongHashAlgorithm => "error.crypto.hash.wrongHashAlgorithm",
            Self::SignatureVerify => "error.crypto.signature.verify",
            Self::WrongBuffer => "error.crypto.wrongBuffer",
            Self::WrongSignatureAlgorithm => "error.crypto.signature.wrongAlgorithm",
            Self::WrongExchangeAlgorithm => "error.crypto.exchange.wrongExchangeAlgorithm",
            Self::KeyDerivation => "error.crypto.exchange.keyDerivation",
            Self::WrongStateType => "error.crypto.state.wrongType",
            Self::NotBase64 => "error.tessera.crypto.notBase64",
            Self::NotUtf8 => "error.tessera.crypto.notUtf8",
            Self::NotJson => "error.tessera.crypto.notJson",
            Self::WrongKeyLength => "error.tessera.crypto.wrongKeyLength",
            Self::KeypairMismatch => "error.tessera.crypto.keypairMismatch",
            Self::WrongTemplateKeyId => "error.tessera.crypto.wrongTemplateKeyId",
            Self::WrongRelationshipType => "error.tessera.crypto.wrongRelationshipType",
            Self::WrongContext => "error.tessera.crypto.wrongContext",
            Self::WrongKeyId => "error.tessera.crypto.wrongKeyId",
            Self::WrongSalt => "error.tessera.crypto.wrongSalt",
            Self::PasswordHash => "error.tessera.crypto.passwordHash",
            Self::CounterExhausted => "error.tessera.crypto.counterExhausted",
            Self::CounterOfOtherDevice => "error.tessera.crypto.counterOfOtherDevice",
            Self::CounterOfOtherChannel => "error.tessera.crypto.counterOfOtherChannel",
        }
    }
}
