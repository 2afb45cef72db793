//! Taking a step of a Relationship's life at the Backbone.

use tessera_backbone_api::{
    client::ClientError,
    relationships::{RelationshipAction, RelationshipMetadata},
};

use super::{DecisionPayload, Outcome, failed, is_refusal, read};
use crate::{
    Result, Wallet, WalletError,
    model::{AuditLogReason, HistoryEvent, OutboxKind, OutboxOperation, Relationship},
    relationships::{
        Facts, allowed, at_the_backbone, audit_log, forget, load, record, status, take_over,
    },
    store,
};

/// How the Backbone says that this side has deleted a Relationship.
const ALREADY_DECOMPOSED: &str =
    "error.platform.validation.relationship.relationshipAlreadyDecomposed";

impl Wallet {
    /// Sends the decision.
    pub(super) async fn deliver_decision(&self, operation: &OutboxOperation) -> Result<Outcome> {
        let payload: DecisionPayload = read(operation)?;
        let (action, _) = step(operation)?;
        let (client, id) = (self.client(), &payload.relationship_id);
        let content = payload.creation_response_content.clone();
        let sent = match action {
            RelationshipAction::Accept => client.accept_relationship(id, content).await,
            other => client.change_relationship(id, other).await,
        };
        match sent {
            Ok(answer) => {
                self.decided(operation, Facts::from(answer)).await?;
                Ok(Outcome::Delivered)
            }
            // Its status has changed: perhaps because an earlier try arrived.
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
        let (_, reason) = step(operation)?;
        let answer = match self.client().relationship(&payload.relationship_id).await {
            Ok(answer) => answer,
            Err(error) if is_deleted_here(&error, operation.kind) => {
                self.forget_decomposed(operation).await?;
                return Ok(Outcome::Delivered);
            }
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
        let me = &self.inner.me.address;
        let log = audit_log(&facts.audit_log);
        let mut later = log.iter().skip(payload.known_entries);
        if later.any(|entry| entry.reason == reason && entry.created_by == *me) {
            self.decided(operation, facts).await?;
            return Ok(Outcome::Delivered);
        }
        let known = self.relationship(&payload.relationship_id).await?;
        let now_there = Relationship {
            status: status(facts.status),
            audit_log: log,
            ..known
        };
        let Err(refusal) = allowed(operation.kind, &now_there, me) else {
            self.queue_again(operation).await?;
            return Ok(Outcome::WaitsForPeer);
        };
        // The peer was faster, with another decision.
        let now = self.now();
        self.inner
            .store
            .write(move |transaction| take_over(transaction, &facts, now))
            .await?;
        self.tell_relationships();
        Ok(Outcome::Refused(refusal))
    }

    async fn decided(&self, operation: &OutboxOperation, facts: Facts) -> Result<()> {
        if operation.kind == OutboxKind::DecomposeRelationship {
            return self.forget_decomposed(operation).await;
        }
        let (id, now) = (operation.id, self.now());
        self.inner
            .store
            .write(move |transaction| {
                take_over(transaction, &facts, now)?;
                store::outbox::complete(transaction, id)?;
                Ok::<_, WalletError>(())
            })
            .await?;
        self.tell_relationships();
        Ok(())
    }

    /// This side has deleted the Relationship at the Backbone: now it goes here.
    async fn forget_decomposed(&self, operation: &OutboxOperation) -> Result<()> {
        let payload: DecisionPayload = read(operation)?;
        let (id, now) = (operation.id, self.now());
        self.inner
            .store
            .write(move |transaction| {
                let relationship = load(transaction, &payload.relationship_id)?;
                let event = HistoryEvent::RelationshipDecomposed;
                record(transaction, &relationship, event, None, now)?;
                forget(transaction, &relationship)?;
                store::outbox::complete(transaction, id)?;
                Ok::<_, WalletError>(())
            })
            .await?;
        self.tell_relationships();
        Ok(())
    }
}

fn step(operation: &OutboxOperation) -> Result<(RelationshipAction, AuditLogReason)> {
    at_the_backbone(operation.kind).ok_or_else(|| store::StoreError::Damaged.into())
}

/// Whether a Relationship can't be shown because this very operation has deleted it.
fn is_deleted_here(error: &ClientError, kind: OutboxKind) -> bool {
    kind == OutboxKind::DecomposeRelationship && error.code() == ALREADY_DECOMPOSED
}
