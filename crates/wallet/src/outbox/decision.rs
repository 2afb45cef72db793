//! Accepting, rejecting and revoking a Relationship at the Backbone.

use tessera_backbone_api::relationships::{
    RelationshipAuditLogReason, RelationshipMetadata, RelationshipStatus as ApiStatus,
};

use super::{DecisionPayload, Outcome, failed, is_refusal, read};
use crate::{
    Changed, Result, Wallet, WalletError,
    model::{OutboxKind, OutboxOperation},
    relationships::{Facts, take_over},
    store,
};

impl Wallet {
    /// Sends the decision.
    pub(super) async fn deliver_decision(&self, operation: &OutboxOperation) -> Result<Outcome> {
        let payload: DecisionPayload = read(operation)?;
        let (client, id) = (self.client(), &payload.relationship_id);
        let content = payload.creation_response_content.clone();
        let sent = match operation.kind {
            OutboxKind::AcceptRelationship => client.accept_relationship(id, content).await,
            OutboxKind::RejectRelationship => client.reject_relationship(id, content).await,
            _ => client.revoke_relationship(id, content).await,
        };
        match sent {
            Ok(answer) => {
                self.decided(operation, Facts::from(answer)).await?;
                Ok(Outcome::Delivered)
            }
            // It is no longer Pending: perhaps because an earlier try arrived.
            Err(error) if is_refusal(&error) => match self.reconcile_decision(operation).await? {
                Outcome::WaitsForPeer => Ok(Outcome::Refused(error.into())),
                other => Ok(other),
            },
            Err(error) => Ok(failed(error)),
        }
    }

    /// Finds out what came of an earlier try: the audit log tells.
    pub(super) async fn reconcile_decision(&self, operation: &OutboxOperation) -> Result<Outcome> {
        let payload: DecisionPayload = read(operation)?;
        let answer = match self.client().relationship(&payload.relationship_id).await {
            Ok(answer) => answer,
            Err(error) if error.is_record_not_found() => {
                return Ok(Outcome::Refused(error.into()));
            }
            Err(error) => return Ok(Outcome::Unknown(error.into())),
        };
        let facts = Facts::from(RelationshipMetadata {
            id: answer.id,
            relationship_template_id: answer.relationship_template_id,
            from: answer.from,
            to: answer.to,
            created_at: answer.created_at,
            status: answer.status,
            audit_log: answer.audit_log,
        });
        let reason = match operation.kind {
            OutboxKind::AcceptRelationship => RelationshipAuditLogReason::AcceptanceOfCreation,
            OutboxKind::RejectRelationship => RelationshipAuditLogReason::RejectionOfCreation,
            _ => RelationshipAuditLogReason::RevocationOfCreation,
        };
        let happened = facts
            .audit_log
            .iter()
            .any(|entry| entry.reason == reason && entry.created_by == self.inner.me.address);
        if happened {
            self.decided(operation, facts).await?;
            return Ok(Outcome::Delivered);
        }
        if facts.status == ApiStatus::Pending {
            self.queue_again(operation).await?;
            return Ok(Outcome::WaitsForPeer);
        }
        // The peer was faster, with another decision.
        let status = crate::relationships::status(facts.status);
        let now = self.now();
        self.inner
            .store
            .write(move |transaction| take_over(transaction, &facts, now))
            .await?;
        self.tell(Changed::Relationships);
        Ok(Outcome::Refused(WalletError::WrongRelationshipStatus(
            status,
        )))
    }

    async fn decided(&self, operation: &OutboxOperation, facts: Facts) -> Result<()> {
        let (id, now) = (operation.id, self.now());
        self.inner
            .store
            .write(move |transaction| {
                take_over(transaction, &facts, now)?;
                store::outbox::complete(transaction, id)?;
                Ok::<_, WalletError>(())
            })
            .await?;
        self.tell(Changed::Relationships);
        self.tell(Changed::Attributes);
        Ok(())
    }
}
