//! Pictures in, text out.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod documents;
mod drawing;
mod frames;
mod hostile;
mod kinds;
mod pictures;
mod scanning;
mod sources;
mod written;
