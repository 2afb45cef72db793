//! Payloads of datawallet modifications.
//!
//! Each is encrypted with a key of its own, derived from the identity's synchronisation key by
//! the index the Backbone gives the modification. Who writes has to know that index beforehand:
//! a wrong one makes the modification unreadable for every device, for ever.

use serde_json::Value;
use tessera_core_types::Randomness;
use tessera_crypto::{kdf, objects::SecretKey};

use super::{EnvelopeError, Part};

const PART: Part = Part::Datawallet;

/// Encrypts the payload of the modification that will get `index` (from 0).
///
/// # Errors
///
/// When the index is beyond 2147483647, or the payload too large.
pub fn seal(
    synchronisation_key: &SecretKey,
    index: u32,
    payload: &Value,
    randomness: &dyn Randomness,
) -> Result<Vec<u8>, EnvelopeError> {
    let key = kdf::derive(synchronisation_key, index, kdf::DATA_SYNC).map_err(PART.crypto())?;
    PART.seal(&PART.write("the payload", payload)?, &key, randomness)
}

/// Opens the payload of the modification with `index`.
///
/// # Errors
///
/// When it was not made for this index with this key, or is no JSON object.
pub fn open(
    synchronisation_key: &SecretKey,
    index: u32,
    payload: &[u8],
) -> Result<serde_json::Map<String, Value>, EnvelopeError> {
    let key = kdf::derive(synchronisation_key, index, kdf::DATA_SYNC).map_err(PART.crypto())?;
    PART.parse("the payload", &PART.open(payload, &key)?)
}
