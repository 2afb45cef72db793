//! The language of enmeshed: references, attributes, queries, Requests and Responses, without I/O.
//!
//! Everything is read from JSON or text by a `parse` and written by `to_json`; what holds a value
//! of these types holds a valid one. Reading is as lenient as enmeshed's readers are and as strict
//! as it takes to be sure; writing is exact: keys sorted, `@type` where it is written and only
//! there, nothing `null`.
//!
//! | for | module |
//! |---|---|
//! | what a QR code holds | [`references`] |
//! | what is said about a person | [`attributes`] |
//! | what is asked for | [`queries`] |
//! | asking and answering | [`requests`] |
//! | how large all of it may be | [`limits`] |

pub mod attributes;
mod error;
mod json;
pub mod limits;
pub mod queries;
pub mod references;
pub mod requests;

pub use attributes::*;
pub use error::{ContentError, Result};
pub use json::{parse_json, utf16_length};
pub use queries::*;
pub use references::*;
pub use requests::*;
