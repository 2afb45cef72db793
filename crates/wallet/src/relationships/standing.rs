//! What can be done about a Relationship now.

use tessera_core_types::RelationshipId;

use super::{allowed, load};
use crate::{
    Result, Wallet,
    model::{AuditLogReason, OutboxKind, OutboxState, PeerDeletionStatus},
    store,
    views::{ContactStanding, PeerDeletionView, RelationshipStep},
};

/// Every step, and the operation that takes it.
const STEPS: [(RelationshipStep, OutboxKind); 9] = [
    (RelationshipStep::Accept, OutboxKind::AcceptRelationship),
    (RelationshipStep::Reject, OutboxKind::RejectRelationship),
    (RelationshipStep::Revoke, OutboxKind::RevokeRelationship),
    (
        RelationshipStep::AcceptReactivation,
        OutboxKind::AcceptReactivation,
    ),
    (
        RelationshipStep::RejectReactivation,
        OutboxKind::RejectReactivation,
    ),
    (
        RelationshipStep::RevokeReactivation,
        OutboxKind::RevokeReactivation,
    ),
    (
        RelationshipStep::RequestReactivation,
        OutboxKind::RequestReactivation,
    ),
    (
        RelationshipStep::Terminate,
        OutboxKind::TerminateRelationship,
    ),
    (
        RelationshipStep::Decompose,
        OutboxKind::DecomposeRelationship,
    ),
];

/// The step that an operation of this kind takes; `None` for one that takes none.
pub(crate) fn step_of(kind: OutboxKind) -> Option<RelationshipStep> {
    let (step, _) = STEPS.iter().find(|(_, of_step)| *of_step == kind)?;
    Some(*step)
}

impl Wallet {
    /// Where a Relationship stands, and which steps this side can take. While one waits to be sent
    /// there is no other.
    ///
    /// # Errors
    ///
    /// [`crate::WalletError::NotFound`].
    pub async fn standing(&self, id: &RelationshipId) -> Result<ContactStanding> {
        let (me, id) = (self.inner.me.address.clone(), id.clone());
        self.inner
            .store
            .read(move |transaction| {
                let relationship = load(transaction, &id)?;
                let operations = store::outbox::by_subject(transaction, id.as_str())?;
                let waiting = operations.iter().find_map(|operation| {
                    let waits =
                        matches!(operation.state, OutboxState::Queued | OutboxState::Sending);
                    step_of(operation.kind).filter(|_| waits)
                });
                let steps = STEPS
                    .iter()
                    .filter(|(_, kind)| {
                        waiting.is_none() && allowed(*kind, &relationship, &me).is_ok()
                    })
                    .map(|(step, _)| *step)
                    .collect();
                let log = &relationship.audit_log;
                let ended = log
                    .iter()
                    .rfind(|entry| entry.reason == AuditLogReason::Termination);
                let asked = log
                    .last()
                    .filter(|entry| entry.reason == AuditLogReason::ReactivationRequested);
                Ok(ContactStanding {
                    steps,
                    waiting,
                    ended_by_me: ended.map(|entry| entry.created_by == me),
                    reactivation_asked_by_me: asked.map(|entry| entry.created_by == me),
                    peer_deletion: relationship
                        .peer_deletion_info
                        .map(|info| PeerDeletionView {
                            is_deleted: info.deletion_status == PeerDeletionStatus::Deleted,
                            date: info.deletion_date,
                        }),
                })
            })
            .await
    }
}
