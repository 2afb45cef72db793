//! Notifications: what peers tell about Attributes, without waiting for an answer.
//!
//! [`process`] is a function of what it is given; what it needs is named by [`named_attributes`].
//! Which Notifications own actions lead to is said by [`crate::attributes::Keeping`].

mod error;
mod processing;
mod receiving;
mod telling;

pub use error::{NotificationError, NotificationProblem};
pub use processing::{NotificationEvent, Processed, Received, named_attributes, process};
pub(crate) use receiving::receive;
pub use telling::in_words_of;

#[cfg(test)]
mod tests;
