//! The decision engine: what a received Request asks, how it can be answered, and what that means.
//!
//! Everything here is a function of what it is given: no database, no network, no clock, no
//! randomness. [`Situation`] holds what is known, [`needed`] says what has to be fetched for it.
//!
//! | step | function |
//! |---|---|
//! | a template was opened: what does it lead to | [`template_outcome`] |
//! | its Request is stored and becomes decidable | [`expiry_of_template_request`], [`require_decision`], [`expire`], [`advance`] |
//! | it is shown | [`form`], [`candidates`] |
//! | a Decision is tried | [`check`] |
//! | it is made | [`decide`]: the Response and the [`Change`]s, for one transaction |
//!
//! The rules are enmeshed's, as its runtime 7 applies them, with one difference throughout: it
//! finds some problems only while it performs a Decision, and then leaves half of it done; here
//! [`check`] finds all of them. Each kind of RequestItem has a file of its own in `items/`.

mod candidates;
mod changes;
mod error;
mod form;
mod frame;
mod holdings;
mod items;
mod ledger;
mod life;
mod lookup;
mod situation;
mod template_outcome;

pub use candidates::{candidates, new_attribute};
pub use changes::{Change, IdSource, RandomIds};
pub use error::{DecisionError, code};
pub use form::{default_decision, form, rejection};
pub use frame::{Decided, Verdict, check, decide};
pub use holdings::Holdings;
pub use life::{
    WrongTransition, advance, expire, expiry_of_template_request, is_existing, is_expired,
    require_decision,
};
pub use lookup::{Lookup, needed};
pub use situation::Situation;
pub use template_outcome::{
    TemplateFacts, TemplateOutcome, TemplateRequest, TemplateRequests, template_outcome,
};

#[cfg(test)]
mod tests;
