//! What the core is given instead of taking it: the clock and randomness.

use std::sync::Arc;

use tessera_core_types::{Clock, CoreDate, Randomness, SystemClock, SystemRandomness};

/// The clock and the source of randomness that a [`Wallet`](crate::Wallet) works with.
///
/// A program passes [`Environment::system`]; a test passes what makes it exact.
#[derive(Clone)]
pub struct Environment {
    /// Tells the time: expiry, history and audit entries are made with it.
    pub clock: Arc<dyn Clock>,
    /// Draws keys, nonces and ids. Whatever stands here must be fit for keys.
    pub randomness: Arc<dyn Randomness>,
}

impl Environment {
    /// The computer's clock and the operating system's generator.
    #[must_use]
    pub fn system() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
        }
    }

    /// Now, by the given clock.
    #[must_use]
    pub fn now(&self) -> CoreDate {
        self.clock.now()
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self::system()
    }
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Environment")
    }
}
