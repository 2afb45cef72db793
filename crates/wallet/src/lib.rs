//! The core of Tessera: decides, remembers, delivers.

pub mod envelopes;
mod files;
pub mod keys;
pub mod model;
pub mod views;
