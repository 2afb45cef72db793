//! Clock and randomness, given to whoever needs them, so that tests are exact.

use crate::CoreDate;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in UTC with milliseconds.
    fn now(&self) -> CoreDate;
}

/// Draws random bytes. An implementation for production draws them from the operating system.
pub trait Randomness: Send + Sync {
    /// Fills `bytes` with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The computer's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> CoreDate {
        CoreDate::from(chrono::Utc::now())
    }
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    /// # Panics
    ///
    /// When the operating system has no random bytes: nothing secret may be made then.
    #[expect(
        clippy::panic,
        reason = "a key from predictable bytes would be worse than ending"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            panic!("the operating system gives no random bytes: {error}");
        }
    }
}
