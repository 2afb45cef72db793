//! What is inside the strings that the Backbone stores and cannot read: sealing and opening, pure.
//!
//! | carried by | sealed with | proven by |
//! |---|---|---|
//! | RelationshipTemplate: [`template`] | the key in its reference | the creator's identity key |
//! | request for a Relationship: [`creation`] | a key of template key and ephemeral key | the requestor's Relationship key |
//! | its acceptance: [`acceptance`] | the channel templator → requestor | the templator's Relationship key |
//! | Message: [`message`] | its own key, which travels through the channel | the sender's Relationship key |
//! | File: [`mod@file`] | the key in its reference, and one inside | nothing |
//! | Token: [`token`] | the key in its reference | nothing |
//! | datawallet: [`datawallet`] | the identity's synchronisation key | nothing (only own devices have it) |
//!
//! Every signature is over the exact text that travels inside the envelope, which is verified as
//! it came and never written anew. What the published packages do not check, and this does: that
//! an address belongs to the key it comes with and to the sender the Backbone names, and that the
//! inner ids are those of the outer record.
//!
//! Nothing here does I/O. Input is hostile until it was opened *and* verified: it gives a typed
//! error, whose text never repeats what was inside.

pub mod acceptance;
pub mod challenge;
pub mod creation;
pub mod datawallet;
mod error;
pub mod file;
pub mod message;
mod parts;
pub mod secret_container;
pub mod template;
pub mod token;

pub use error::{EnvelopeError, Part};
