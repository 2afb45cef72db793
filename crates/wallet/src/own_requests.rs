//! Own Requests: what can be asked of whom, and what asking changes.
//!
//! [`can_create`] and [`sent`] are functions of what they are given; what the answer means is said
//! by [`crate::answers`]. An own Request that has expired can still be completed by an answer that
//! was given in time, see [`can_be_completed`].

mod asked;
mod checks;
mod flow;
mod items;
mod life;
mod passing_on;

pub use checks::{OwnRequest, OwnRequestError, can_create, needed};
pub(crate) use flow::{check, in_ids_of, mark_sent, tried};
pub(crate) use life::mark;
pub use life::{can_be_completed, sent};
