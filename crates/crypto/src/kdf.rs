//! Keys out of a base key: libsodium's `crypto_kdf_derive_from_key`.

use blake2::{
    Blake2bMac,
    digest::{FixedOutput, consts::U32},
};
use zeroize::Zeroizing;

use crate::{CryptoError, KEY_LENGTH, objects::SecretKey};

/// From an identity's synchronisation key, by index: the payload of one datawallet modification.
pub const DATA_SYNC: &str = "DataSync";
/// From the base key all devices share, by the container's nonce: one synchronised secret.
pub const SECRET: &str = "SECRET01";
/// From a device's own base key, id 1: the secrets kept on one device.
pub const DEVICE: &str = "DEVICE01";
/// From the session keys of template key and ephemeral key, id 1: the content of the request for
/// a Relationship.
pub const REQUEST: &str = "REQTMP01";
/// From the session keys of the exchange keys, id 1: the channel from requestor to templator.
pub const REQUESTOR_CHANNEL: &str = "RELREQ01";
/// From the session keys of the exchange keys, id 1: the channel from templator to requestor.
pub const TEMPLATOR_CHANNEL: &str = "RELTEM01";

const CONTEXT_LENGTH: usize = 8;
const MAX_KEY_ID: u32 = 0x7fff_ffff;

/// Derives the key with the number `key_id` (0 to 2147483647) for `context` (8 ASCII
/// characters, usually one of the constants here).
///
/// # Errors
///
/// [`CryptoError::WrongContext`], [`CryptoError::WrongKeyId`].
pub fn derive(base: &SecretKey, key_id: u32, context: &str) -> Result<SecretKey, CryptoError> {
    if context.len() != CONTEXT_LENGTH || !context.is_ascii() {
        return Err(CryptoError::WrongContext);
    }
    if key_id > MAX_KEY_ID {
        return Err(CryptoError::WrongKeyId);
    }
    // Shorter salts and personalisations are filled up with zeros, as libsodium does.
    let salt = u64::from(key_id).to_le_bytes();
    let mac = Blake2bMac::<U32>::new_with_salt_and_personal(
        Some(base.as_bytes()),
        &salt,
        context.as_bytes(),
    )
    .map_err(|_| CryptoError::WrongContext)?;
    let derived: Zeroizing<[u8; KEY_LENGTH]> = Zeroizing::new(mac.finalize_fixed().into());
    SecretKey::from_slice(&*derived)
}
