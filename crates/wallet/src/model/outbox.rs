//! What must still reach the Backbone.

use serde::{Deserialize, Serialize};
use tessera_core_types::{Address, CoreDate};

use crate::keys::SecretText;

/// An operation that must reach the Backbone, stored together with the decision it carries out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxOperation {
    /// Its number: operations that concern the same peer are sent in this order.
    pub id: i64,
    /// What to do.
    pub kind: OutboxKind,
    /// With what: the id of the Request, Relationship or Message.
    pub subject: String,
    /// The peer it concerns; `None` if it concerns several, or none.
    pub peer: Option<Address>,
    /// Everything that is needed to do it, as JSON.
    pub payload: SecretText,
    /// Where it stands.
    pub state: OutboxState,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before.
    pub next_attempt_at: CoreDate,
    /// Why the last try failed.
    pub last_error_code: Option<String>,
    /// When it was decided.
    pub created_at: CoreDate,
}

/// An operation to be stored; the store gives it its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOutboxOperation {
    /// What to do.
    pub kind: OutboxKind,
    /// With what: the id of the Request, Relationship or Message.
    pub subject: String,
    /// Whom it concerns: towards each of them it keeps its order.
    pub peers: Vec<Address>,
    /// Everything that is needed to do it, as JSON.
    pub payload: SecretText,
    /// When it was decided; from then on it is due.
    pub created_at: CoreDate,
}

/// The kinds of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OutboxKind {
    /// Ask for a Relationship; the subject is the Request that is answered.
    CreateRelationship,
    /// Accept a Relationship that a peer asked for.
    AcceptRelationship,
    /// Refuse one.
    RejectRelationship,
    /// Take back an own one.
    RevokeRelationship,
    /// End one.
    TerminateRelationship,
    /// Ask to take one up again.
    RequestReactivation,
    /// Agree to that.
    AcceptReactivation,
    /// Refuse that.
    RejectReactivation,
    /// Take back having asked for it.
    RevokeReactivation,
    /// Delete an ended one for this side.
    DecomposeRelationship,
    /// Send a Message.
    SendMessage,
}

/// Where an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OutboxState {
    /// Waits for its next try.
    Queued,
    /// Is being sent. Found at start-up it means that the program ended in between: whether it
    /// arrived must be asked before it is sent again.
    Sending,
    /// The Backbone has it.
    Delivered,
    /// Finally refused.
    Failed,
}
