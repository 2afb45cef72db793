//! How hard guessing an app password is made.

use serde::{Deserialize, Serialize};

/// The cost of one guess at an app password with Argon2id, one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasswordCost {
    /// Memory in KiB, 8 to 262,144 (256 MiB).
    pub memory: u32,
    /// Passes over it, 1 to 16.
    pub passes: u32,
}

impl PasswordCost {
    /// What wallets are protected with: 64 MiB, 3 passes. RFC 9106 recommends it where 2 GiB are
    /// too much, with four lanes; one lane costs a guesser the same and needs no threads here.
    pub const RECOMMENDED: Self = Self {
        memory: 64 * 1024,
        passes: 3,
    };

    /// Next to nothing: for tests.
    pub const MINIMAL: Self = Self {
        memory: 8,
        passes: 1,
    };

    /// Whether it is within bounds: a key file comes from outside and must not make the program
    /// take all memory, or run for hours.
    #[must_use]
    pub fn is_reasonable(self) -> bool {
        (8..=256 * 1024).contains(&self.memory) && (1..=16).contains(&self.passes)
    }
}
