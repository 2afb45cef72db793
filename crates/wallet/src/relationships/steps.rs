//! The steps of a Relationship's life that this side takes.
//!
//! ```text
//! Pending ─ accept ▶ Active ─ terminate ▶ Terminated ─ decompose ▶ (gone here)
//!    │ reject, revoke          ▲  └─ request, accept, reject, revoke reactivation
//!    ▼                         └──── accepted
//! Rejected, Revoked
//! ```

use tessera_backbone_api::relationships::RelationshipAction;
use tessera_core_types::{Address, DeviceId, RelationshipId};

use super::{load, secrets};
use crate::{
    Result, Wallet, WalletError, envelopes,
    model::{
        AuditLogReason, NewOutboxOperation, OutboxKind, OutboxState, Relationship,
        RelationshipStatus,
    },
    outbox::DecisionPayload,
    store::{self, Transaction, counters::TransmitCounters},
    wallet::device_keys,
};

impl Wallet {
    /// Accepts a Relationship that a peer asked for. Being offline is no error: it stays Pending
    /// and the decision waits.
    ///
    /// # Errors
    ///
    /// [`WalletError::WrongRelationshipStatus`] when it is not Pending,
    /// [`WalletError::OnlyAllowedForPeer`] when this side asked for it,
    /// [`WalletError::DecisionWaits`] when another decision about it waits to be sent.
    pub async fn accept_relationship(&self, id: &RelationshipId) -> Result<Relationship> {
        self.step(id, OutboxKind::AcceptRelationship).await
    }

    /// Rejects a Relationship that a peer asked for. What each side has of the other is deleted
    /// when the Backbone knows it.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept_relationship`].
    pub async fn reject_relationship(&self, id: &RelationshipId) -> Result<Relationship> {
        self.step(id, OutboxKind::RejectRelationship).await
    }

    /// Takes back having asked for a Relationship, while it is Pending.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept_relationship`]; [`WalletError::OnlyAllowedForPeer`] when the peer
    /// asked.
    pub async fn revoke_relationship(&self, id: &RelationshipId) -> Result<Relationship> {
        self.step(id, OutboxKind::RevokeRelationship).await
    }

    /// Ends an Active Relationship. Either side can ask to take it up again; what each has of the
    /// other stays.
    ///
    /// # Errors
    ///
    /// [`WalletError::WrongRelationshipStatus`], [`WalletError::DecisionWaits`].
    pub async fn terminate_relationship(&self, id: &RelationshipId) -> Result<Relationship> {
        self.step(id, OutboxKind::TerminateRelationship).await
    }

    /// Asks the peer to take up a Terminated Relationship again.
    ///
    /// # Errors
    ///
    /// As [`Wallet::terminate_relationship`]; [`WalletError::ReactivationAlreadyRequested`].
    pub async fn request_reactivation(&self, id: &RelationshipId) -> Result<Relationship> {
        self.step(id, OutboxKind::RequestReactivation).await
    }

    /// Agrees to take up a Relationship again.
    ///
    /// # Errors
    ///
    /// As [`Wallet::terminate_relationship`]; [`WalletError::ReactivationNotRequested`],
    /// [`WalletError::OnlyAllowedForPeer`].
    pub async fn accept_reactivation(&self, id: &RelationshipId) -> Result<Relationship> {
        self.step(id, OutboxKind::AcceptReactivation).await
    }

    /// Refuses to take up a Relationship again.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept_reactivation`].
    pub async fn reject_reactivation(&self, id: &RelationshipId) -> Result<Relationship> {
        self.step(id, OutboxKind::RejectReactivation).await
    }

    /// Takes back having asked to take up a Relationship again.
    ///
    /// # Errors
    ///
    /// As [`Wallet::accept_reactivation`].
    pub async fn revoke_reactivation(&self, id: &RelationshipId) -> Result<Relationship> {
        self.step(id, OutboxKind::RevokeReactivation).await
    }

    /// Deletes an ended Relationship for this side, for good: its keys, its Messages, its Requests,
    /// and what each side has of the other, as soon as the Backbone knows it. Own
    /// IdentityAttributes and the history stay. A new Relationship to the peer is possible when
    /// the peer has deleted it, too.
    ///
    /// # Errors
    ///
    /// As [`Wallet::terminate_relationship`].
    pub async fn decompose_relationship(&self, id: &RelationshipId) -> Result<()> {
        self.queue_step(id, OutboxKind::DecomposeRelationship).await
    }

    async fn step(&self, id: &RelationshipId, kind: OutboxKind) -> Result<Relationship> {
        self.queue_step(id, kind).await?;
        self.relationship(id).await
    }

    async fn queue_step(&self, id: &RelationshipId, kind: OutboxKind) -> Result<()> {
        let (device, now) = (self.inner.device.id.clone(), self.now());
        let (me, id) = (self.inner.me.address.clone(), id.clone());
        self.inner
            .store
            .write(move |transaction| {
                let relationship = load(transaction, &id)?;
                allowed(kind, &relationship, &me)?;
                let operations = store::outbox::by_subject(transaction, relationship.id.as_str())?;
                let waiting = operations.iter().find(|operation| {
                    matches!(operation.state, OutboxState::Queued | OutboxState::Sending)
                });
                match waiting {
                    Some(operation) if operation.kind == kind => return Ok(()),
                    Some(_) => return Err(WalletError::DecisionWaits),
                    None => {}
                }
                let creation_response_content = match kind {
                    OutboxKind::AcceptRelationship => {
                        Some(acceptance(transaction, &relationship, &device)?.into())
                    }
                    _ => None,
                };
                let payload = DecisionPayload {
                    relationship_id: relationship.id.clone(),
                    known_entries: relationship.audit_log.len(),
                    creation_response_content,
                };
                store::outbox::add(
                    transaction,
                    &NewOutboxOperation {
                        kind,
                        subject: relationship.id.as_str().to_owned(),
                        peers: vec![relationship.peer.address],
                        payload: payload.write()?,
                        created_at: now,
                    },
                )?;
                Ok(())
            })
            .await?;
        self.deliver_now().await;
        Ok(())
    }
}

/// Whether this side may take a step now (enmeshed: in this order).
///
/// # Errors
///
/// [`WalletError::WrongRelationshipStatus`], then what is wrong with who asked for what.
pub(crate) fn allowed(kind: OutboxKind, relationship: &Relationship, me: &Address) -> Result<()> {
    use OutboxKind as Kind;
    use RelationshipStatus as Status;
    let status = relationship.status;
    let fits = match kind {
        Kind::AcceptRelationship | Kind::RejectRelationship | Kind::RevokeRelationship => {
            status == Status::Pending
        }
        Kind::TerminateRelationship => status == Status::Active,
        Kind::RequestReactivation
        | Kind::AcceptReactivation
        | Kind::RejectReactivation
        | Kind::RevokeReactivation => status == Status::Terminated,
        Kind::DecomposeRelationship => {
            matches!(status, Status::Terminated | Status::DeletionProposed)
        }
        Kind::CreateRelationship | Kind::SendMessage => false,
    };
    if !fits {
        return Err(WalletError::WrongRelationshipStatus(status));
    }
    let last = relationship.audit_log.last();
    let asked_by_me = last.is_some_and(|entry| entry.created_by == *me);
    let is_asked = last.is_some_and(|entry| entry.reason == AuditLogReason::ReactivationRequested);
    match kind {
        Kind::AcceptRelationship | Kind::RejectRelationship if relationship.is_own => {
            Err(WalletError::OnlyAllowedForPeer)
        }
        Kind::RevokeRelationship if !relationship.is_own => Err(WalletError::OnlyAllowedForPeer),
        Kind::RequestReactivation if is_asked => {
            Err(WalletError::ReactivationAlreadyRequested { by_me: asked_by_me })
        }
        Kind::AcceptReactivation | Kind::RejectReactivation | Kind::RevokeReactivation
            if !is_asked =>
        {
            Err(WalletError::ReactivationNotRequested)
        }
        Kind::AcceptReactivation | Kind::RejectReactivation if asked_by_me => {
            Err(WalletError::OnlyAllowedForPeer)
        }
        Kind::RevokeReactivation if !asked_by_me => Err(WalletError::OnlyAllowedForPeer),
        _ => Ok(()),
    }
}

/// What a step is to the Backbone, and what its audit log says of it; `None` for what is no step.
pub(crate) fn at_the_backbone(kind: OutboxKind) -> Option<(RelationshipAction, AuditLogReason)> {
    use AuditLogReason as Reason;
    use OutboxKind as Kind;
    use RelationshipAction as Action;
    Some(match kind {
        Kind::AcceptRelationship => (Action::Accept, Reason::AcceptanceOfCreation),
        Kind::RejectRelationship => (Action::Reject, Reason::RejectionOfCreation),
        Kind::RevokeRelationship => (Action::Revoke, Reason::RevocationOfCreation),
        Kind::TerminateRelationship => (Action::Terminate, Reason::Termination),
        Kind::RequestReactivation => (Action::RequestReactivation, Reason::ReactivationRequested),
        Kind::AcceptReactivation => (Action::AcceptReactivation, Reason::AcceptanceOfReactivation),
        Kind::RejectReactivation => (Action::RejectReactivation, Reason::RejectionOfReactivation),
        Kind::RevokeReactivation => (Action::RevokeReactivation, Reason::RevocationOfReactivation),
        Kind::DecomposeRelationship => (Action::Decompose, Reason::Decomposition),
        Kind::CreateRelationship | Kind::SendMessage => return None,
    })
}

/// The sealed acceptance. Its counter is used up in the same transaction that queues it.
fn acceptance(
    transaction: &Transaction<'_>,
    relationship: &Relationship,
    device: &DeviceId,
) -> Result<Vec<u8>> {
    let secrets = secrets(transaction, relationship)?;
    let counter = secrets
        .transmit()
        .reserve(device, &mut TransmitCounters(transaction))?;
    let device = device_keys(transaction)?;
    Ok(envelopes::acceptance::seal(
        &relationship.id,
        device.signature.private(),
        &secrets,
        counter,
    )?)
}
