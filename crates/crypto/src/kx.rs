//! Session keys of two parties: X25519 with libsodium's `crypto_kx`.
//!
//! The *requestor* (who answers a template) is libsodium's server and the *templator* (who made
//! the template) its client, not the other way round.

use blake2::{Blake2b512, Digest};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::{
    CryptoError, KEY_LENGTH,
    objects::{ExchangeKeypair, ExchangePublicKey, SecretKey},
};

/// The two keys a party shares with the other.
#[derive(Debug, PartialEq, Eq)]
pub struct SessionKeys {
    /// For what comes from the peer.
    pub receive: SecretKey,
    /// For what goes to the peer.
    pub transmit: SecretKey,
}

/// The session keys of the requestor.
///
/// # Errors
///
/// [`CryptoError::KeyDerivation`] when the peer's key lies in a small subgroup.
pub fn requestor(
    own: &ExchangeKeypair,
    peer: &ExchangePublicKey,
) -> Result<SessionKeys, CryptoError> {
    let [transmit, receive] = derive(own, peer, peer, own.public())?;
    Ok(SessionKeys { receive, transmit })
}

/// The session keys of the templator.
///
/// # Errors
///
/// [`CryptoError::KeyDerivation`] when the peer's key lies in a small subgroup.
pub fn templator(
    own: &ExchangeKeypair,
    peer: &ExchangePublicKey,
) -> Result<SessionKeys, CryptoError> {
    let [receive, transmit] = derive(own, peer, own.public(), peer)?;
    Ok(SessionKeys { receive, transmit })
}

/// The two halves of `BLAKE2b-512(shared secret || client || server)`, with the public keys
/// as they were received.
fn derive(
    own: &ExchangeKeypair,
    peer: &ExchangePublicKey,
    client: &ExchangePublicKey,
    server: &ExchangePublicKey,
) -> Result<[SecretKey; 2], CryptoError> {
    let shared = StaticSecret::from(*own.private().as_bytes())
        .diffie_hellman(&PublicKey::from(*peer.as_bytes()));
    if !shared.was_contributory() {
        return Err(CryptoError::KeyDerivation);
    }
    let digest: Zeroizing<[u8; 2 * KEY_LENGTH]> = Zeroizing::new(
        Blake2b512::new()
            .chain_update(shared.as_bytes())
            .chain_update(client.as_bytes())
            .chain_update(server.as_bytes())
            .finalize()
            .into(),
    );
    let (first, second) = digest.split_at(KEY_LENGTH);
    Ok([
        SecretKey::from_slice(first)?,
        SecretKey::from_slice(second)?,
    ])
}
