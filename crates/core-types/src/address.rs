//! Addresses of identities: `did:e:<hostname>:dids:<20 hex digits><2 hex digits>`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256, Sha512};

const METHOD: &str = "did:e:";
const SEPARATOR: &str = ":dids:";
const KEY_DIGITS: usize = 20;
const CHECKSUM_DIGITS: usize = 2;

/// The address of an identity, checked in form and checksum.
///
/// It does not say that a key belongs to it: [`Address::belongs_to`] does.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct Address(String);

/// Text that is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It does not have the form of an address.
    #[error("not an address of the form did:e:<hostname>:dids:<22 digits>")]
    Form,
    /// A digit is wrong.
    #[error("the address has a wrong checksum")]
    Checksum,
}

impl Address {
    /// Reads an address and checks its checksum.
    ///
    /// # Errors
    ///
    /// [`AddressError`]. Upstream accepts a host name of which the wanted one is only the
    /// beginning; here the form is exact, and comparing host names is the caller's.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let rest = text.strip_prefix(METHOD).ok_or(AddressError::Form)?;
        let (hostname, digits) = rest.split_once(SEPARATOR).ok_or(AddressError::Form)?;
        let is_hostname = !hostname.is_empty()
            && hostname
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        let is_hex = digits.len() == KEY_DIGITS + CHECKSUM_DIGITS
            && digits
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !is_hostname || !is_hex {
            return Err(AddressError::Form);
        }
        let (body, sum) = text.split_at(text.len() - CHECKSUM_DIGITS);
        if checksum(body) == sum {
            Ok(Self(text.to_owned()))
        } else {
            Err(AddressError::Checksum)
        }
    }

    /// The address of the identity with this Ed25519 public key (32 bytes) at the Backbone
    /// with this host name (no port).
    #[must_use]
    pub fn of_key(public_key: &[u8], hostname: &str) -> Self {
        let key_part = hex(&Sha256::digest(Sha512::digest(public_key))[..KEY_DIGITS / 2]);
        let body = format!("{METHOD}{hostname}{SEPARATOR}{key_part}");
        let sum = checksum(&body);
        Self(body + &sum)
    }

    /// The two addresses that stand for an identity that was deleted: the one the TypeScript
    /// runtime writes and the one the server writes (they encode the same text differently).
    #[must_use]
    pub fn of_deleted_identity(hostname: &str) -> [Self; 2] {
        const TEXT: &str = "deleted identity";
        let utf16: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [
            Self::of_key(TEXT.as_bytes(), hostname),
            Self::of_key(&utf16, hostname),
        ]
    }

    /// Whether this is the address of that public key (32 bytes), at whatever host.
    #[must_use]
    pub fn belongs_to(&self, public_key: &[u8]) -> bool {
        Self::of_key(public_key, self.hostname()) == *self
    }

    /// The host name of the Backbone at which the identity lives.
    #[must_use]
    pub fn hostname(&self) -> &str {
        let end = self.0.len() - SEPARATOR.len() - KEY_DIGITS - CHECKSUM_DIGITS;
        &self.0[METHOD.len()..end]
    }

    /// The last four characters: what a personalised reference says about whom it is for.
    #[must_use]
    pub fn truncated(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

fn checksum(body: &str) -> String {
    hex(&Sha256::digest(body.as_bytes())[..CHECKSUM_DIGITS / 2])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
