//! The boundary at which a panic inside of a library for pictures ends.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work`; `None` when it panics. The panic is reported as always, nothing is silenced.
///
/// Only for work on values that are not looked at afterwards: `work` gets its own copies.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    let outcome = catch_unwind(AssertUnwindSafe(work)).ok();
    if outcome.is_none() {
        tracing::warn!("a decoder panicked and was given up");
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::panic, reason = "that is what is tested")]
    fn a_panic_becomes_nothing() {
        assert_eq!(guarded(|| 7), Some(7));
        assert_eq!(guarded(|| -> u8 { panic!("inside of a decoder") }), None);
    }
}
