//! The core of Tessera: decides, remembers, delivers.

pub mod keys;
pub mod model;
pub mod views;
