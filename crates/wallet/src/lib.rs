//! The core of Tessera: decides, remembers, delivers.
