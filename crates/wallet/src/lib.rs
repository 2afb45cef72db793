//! The core of Tessera: decides, remembers, delivers.

pub mod envelopes;
mod files;
pub mod keys;
pub mod model;
pub mod requests;
pub mod store;
pub mod views;
