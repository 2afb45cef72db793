//! What comes from outside, made up by a machine.
//!
//! Each target is a function of bytes. It takes them for what a peer, a Backbone, a camera or a person
//! could hand over, and does with them what the wallet would do. It must come back, whatever the bytes
//! are; what it asserts besides always holds. [`TARGETS`] lists them.
//!
//! libFuzzer calls them from `targets/` (`./dev fuzz`), the test in `tests/` with their seeds and some
//! changes to these. Seeds are made of what the tests of the crates read (see [`seeds`]).

mod envelopes;
mod pictures;
mod references;
mod requests;
pub mod seeds;
mod texts;
mod world;

pub use envelopes::envelope;
pub use pictures::{frame, picture};
pub use references::reference;
pub use requests::{incoming, request};
pub use texts::{content, decision};

use seeds::Seeds;

/// A target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name, also of its program.
    pub name: &'static str,
    /// What is done with bytes.
    pub run: fn(&[u8]),
    /// What to begin with.
    pub seeds: fn() -> Seeds,
    /// How many bytes an input has at most.
    pub longest: usize,
}

/// All targets.
pub const TARGETS: [Target; 8] = [
    Target {
        name: "content",
        run: content,
        seeds: seeds::of_content,
        longest: 16 * 1024,
    },
    Target {
        name: "decision",
        run: decision,
        seeds: seeds::of_decisions,
        longest: 16 * 1024,
    },
    Target {
        name: "envelope",
        run: envelope,
        seeds: seeds::of_envelopes,
        longest: 16 * 1024,
    },
    Target {
        name: "frame",
        run: frame,
        seeds: seeds::of_frames,
        longest: 64 * 1024,
    },
    Target {
        name: "incoming",
        run: incoming,
        seeds: seeds::of_incoming,
        longest: 16 * 1024,
    },
    Target {
        name: "picture",
        run: picture,
        seeds: seeds::of_pictures,
        longest: 64 * 1024,
    },
    Target {
        name: "reference",
        run: reference,
        seeds: seeds::of_references,
        longest: 4 * 1024,
    },
    Target {
        name: "request",
        run: request,
        seeds: seeds::of_requests,
        longest: 16 * 1024,
    },
];
