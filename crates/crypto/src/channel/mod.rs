//! The two channels of a Relationship, one in each direction.
//!
//! ```text
//! requestor                                       templator (made the template)
//! RequestSecrets::new ── public_request() ──────▶ RelationshipSecrets::templator
//! RelationshipSecrets::requestor ◀── public_response() ──┘
//!            transmit() ═══════ channel ════════▶ receive()
//!            receive()  ◀══════ channel ═════════ transmit()
//! ```
//!
//! Only a counter travels with what goes over a channel; the nonce is the channel's base nonce
//! plus the counter. The published packages start at counter 0 again and again, which gives the
//! content away to whoever holds two ciphers. Here a [`TransmitState`] seals only with a
//! [`Counter`], and a [`Counter`] comes only out of [`TransmitState::reserve`], which has stored
//! it before.

mod counter;
mod secrets;
mod state;

pub use counter::{ChannelId, Counter, CounterStore, device_part, next_counter};
pub use secrets::{RelationshipRole, RelationshipSecrets, RequestSecrets};
pub use state::{ReceiveState, TransmitState};
