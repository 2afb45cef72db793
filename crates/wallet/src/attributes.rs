//! Attributes: what a person keeps, who has it, and what was received.
//!
//! [`Keeping`] says what can be done with Attributes and what follows from it: a function of what
//! it is given, without database and clock. The rest brings what it needs and stores what it says,
//! in one transaction with the Notifications that have to be sent.

mod actions;
mod contacts;
mod deletion;
mod derivation;
mod due;
mod ended;
mod error;
mod exchange;
mod given;
mod given_csv;
mod holders;
mod keeping;
mod listing;
mod marks;
pub(crate) mod succession;

pub use contacts::{Contact, Contacts};
pub use due::DueDeletions;
pub use ended::{RelationshipEnd, relationship_ended};
pub use error::AttributeError;
pub use given_csv::given_as_csv;
pub use keeping::{Keeping, Kept, OutgoingNotification};
pub(crate) use listing::attribute_view;
pub(crate) use marks::{Earlier, given_to, mark_given, mark_origin};
pub use succession::SuccessionProblem;
