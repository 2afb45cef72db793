//! The key of the database.

use tessera_core_types::Randomness;
use zeroize::Zeroizing;

use super::secret::equal_in_constant_time;

/// 32 random bytes under which a database is encrypted. Wiped when dropped, compared in constant
/// time, never printed.
#[derive(Clone)]
pub struct DatabaseKey(Zeroizing<[u8; Self::LENGTH]>);

impl DatabaseKey {
    /// The length in bytes.
    pub const LENGTH: usize = 32;

    /// A new random key.
    #[must_use]
    pub fn generate(randomness: &dyn Randomness) -> Self {
        let mut key = Self(Zeroizing::new([0; Self::LENGTH]));
        randomness.fill(&mut *key.0);
        key
    }

    /// The key with these bytes; `None` when they are not 32.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Zeroizing::new).map(Self)
    }

    /// The bytes. Whoever copies them has to wipe the copy.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

impl PartialEq for DatabaseKey {
    fn eq(&self, other: &Self) -> bool {
        equal_in_constant_time(&*self.0, &*other.0)
    }
}

impl Eq for DatabaseKey {}
