//! The core of Tessera: decides, remembers, delivers.

pub mod views;
