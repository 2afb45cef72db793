//! What holds for every call: the envelope, errors, login, input.

pub mod answer;
mod bodies;
pub mod caller;
pub mod connections;
pub mod error;
pub mod form;
pub mod input;
mod json;
pub mod layers;
pub mod query;
pub mod tls;
