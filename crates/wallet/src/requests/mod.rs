//! The decision engine: what a received Request asks, how it can be answered, and what that means.
//!
//! Everything here is a function of what it is given: no database, no network, no clock, no
//! randomness. [`Situation`] holds what is known, [`needed`] says what has to be fetched for it
//! here, [`file_offers`] what has to be found out at the Backbone.
//!
//! | step | function |
//! |---|---|
//! | a template was opened: what does it lead to | [`template_outcome`] |
//! | a Request is stored and becomes decidable | [`receive`], [`expire`], [`advance`] |
//! | it is shown | [`form`], [`default_decision`] |
//! | a Decision is tried | [`check`] |
//! | it is made | [`decide`]: the Response and the [`Change`]s, for one transaction |
//! | the answer is sent | [`delivery`] |
//!
//! The rules are enmeshed's, as its runtime 7 applies them, with one difference throughout: it
//! finds some problems only while it performs a Decision, and then leaves half of it done; here
//! [`check`] finds all of them. Each kind of RequestItem has a file of its own in `items/`.

mod candidates;
mod changes;
mod delivery;
mod error;
mod files;
mod form;
mod frame;
mod holdings;
mod items;
mod ledger;
mod life;
mod lookup;
mod parts;
mod receive;
mod situation;
mod template_outcome;

pub use changes::{Change, IdSource, RandomIds};
pub use delivery::{Delivery, delivery};
pub use error::{DecisionError, code};
pub(crate) use files::own_reference;
pub use files::{FileClaim, FileFact, FileOffer, LoadedFile, file_offers};
pub use form::{default_decision, form, rejection, rejection_because};
pub use frame::{Decided, Verdict, check, decide};
pub use holdings::Holdings;
pub use life::{
    WrongTransition, advance, expire, expiry_of_template_request, is_existing, is_expired,
    require_decision,
};
pub use lookup::{LookedUpValue, Lookup, needed};
pub use receive::{Arrival, NotReceived, ReceivedRequest, receive};
pub use situation::Situation;
pub use template_outcome::{
    TemplateFacts, TemplateOutcome, TemplateRequest, TemplateRequests, template_outcome,
};

#[cfg(test)]
mod tests;
