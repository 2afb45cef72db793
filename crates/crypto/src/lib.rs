//! enmeshed's cryptography over kept libraries, without I/O: byte for byte what its published
//! packages do, and stricter where they are weak.
//!
//! | for | module |
//! |---|---|
//! | text of bytes: base64url, base64, UTF-8 | [`encoding`] |
//! | hashes | [`hash`] |
//! | symmetric encryption, XChaCha20-Poly1305 | [`aead`] |
//! | signatures, Ed25519 | [`sign`] |
//! | session keys of two parties, X25519 | [`kx`] |
//! | keys out of a base key, BLAKE2b | [`kdf`] |
//! | what a server gets instead of a password, Argon2id | [`password`] |
//! | keys, ciphers and signatures as they travel in JSON | [`objects`] |
//! | the two channels of a Relationship and their counters | [`channel`] |
//!
//! Randomness is always given, as [`tessera_core_types::Randomness`].
//!
//! # Secrets
//!
//! Types that hold a secret wipe it when dropped, compare in constant time and print nothing but
//! their name. Their JSON comes as [`zeroize::Zeroizing`] text.
//!
//! # Stricter than the published packages
//!
//! What differs here, on purpose:
//!
//! * Keys of signatures and of exchange with the algorithm number 1 or 2 are refused; the packages
//!   would take the bytes as Ed25519 or X25519 all the same.
//! * Keys and channel nonces of another length than the only useful one are refused. The packages
//!   read some of them and fail at use.
//! * Key pairs whose halves do not belong together are refused. Signing with such a pair can give
//!   the private key away.
//! * A counter is sealed with only once; the packages start at 0 again after each restart.
//!   Since peers do that, a [`channel::ReceiveState`] opens any counter; the packages' check of
//!   the order, which they never switch on, does not exist here.

pub mod aead;
pub mod channel;
pub mod encoding;
mod error;
pub mod hash;
pub mod hazmat;
mod json;
pub mod kdf;
pub mod kx;
pub mod objects;
pub mod password;
pub mod sign;

pub use error::CryptoError;

/// A nonce of XChaCha20-Poly1305, or the base nonce of a channel.
pub type Nonce = [u8; NONCE_LENGTH];

/// The length of a [`Nonce`] in bytes.
pub const NONCE_LENGTH: usize = 24;

/// The length in bytes of secret keys, public keys and private exchange keys.
pub const KEY_LENGTH: usize = 32;
