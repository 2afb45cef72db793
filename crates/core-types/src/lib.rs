//! What every part of Tessera names things with: ids, addresses, dates, secret text, and the two sources that
//! make a program inexact, the clock and randomness, as things that are given.
//!
//! Text comes in through `parse`; what holds a value of these types holds a valid one.
//! Nothing here does I/O except [`SystemClock`] and [`SystemRandomness`].

mod address;
mod date;
mod environment;
mod ids;
#[cfg(feature = "schema")]
mod schema;
mod secret;

pub use address::{Address, AddressError};
pub use date::{CoreDate, DateError};
pub use environment::{Clock, Randomness, SystemClock, SystemRandomness};
pub use ids::*;
pub use secret::SecretText;
