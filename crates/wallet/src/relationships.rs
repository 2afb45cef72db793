//! Relationships: what is known of them, and taking over what the Backbone says.

mod checking;
mod ending;
mod standing;
mod steps;

use tessera_backbone_api::relationships::{
    RelationshipAuditLogEntry, RelationshipAuditLogReason, RelationshipMetadata,
    RelationshipStatus as ApiStatus,
};
use tessera_core_types::{CoreDate, RelationshipId};
use tessera_crypto::channel::RelationshipSecrets;

pub(crate) use ending::forget;
pub(crate) use standing::step_of;
pub(crate) use steps::{allowed, at_the_backbone};

use crate::{
    Changed, Result, Wallet, WalletError,
    attributes::{RelationshipEnd, relationship_ended},
    model::{
        AuditLogEntry, AuditLogReason, HistoryEvent, HistoryRecord, Relationship,
        RelationshipStatus, SecretKind,
    },
    store::{self, Transaction},
};

impl Wallet {
    /// All Relationships, the newest first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn relationships(&self) -> Result<Vec<Relationship>> {
        Ok(self
            .inner
            .store
            .read(|transaction| store::relationships::list(transaction))
            .await?)
    }

    /// A Relationship.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn relationship(&self, id: &RelationshipId) -> Result<Relationship> {
        let id = id.clone();
        self.inner
            .store
            .read(move |transaction| load(transaction, &id))
            .await
    }
}

/// The channels of a Relationship.
pub(crate) fn secrets(
    transaction: &Transaction<'_>,
    relationship: &Relationship,
) -> Result<RelationshipSecrets> {
    let missing = WalletError::SecretNotFound("the keys of the Relationship");
    let container = store::secrets::active(transaction, relationship.secret_id.as_str())?
        .filter(|container| container.kind == SecretKind::CryptoRelationshipSecrets)
        .ok_or(missing)?;
    Ok(RelationshipSecrets::from_stored_json(
        container.secret.expose(),
    )?)
}

/// A Relationship that is there.
pub(crate) fn load(transaction: &Transaction<'_>, id: &RelationshipId) -> Result<Relationship> {
    store::relationships::by_id(transaction, id)?.ok_or(WalletError::NotFound("Relationship"))
}

/// What the Backbone says about a Relationship's life.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub id: RelationshipId,
    pub status: ApiStatus,
    pub audit_log: Vec<RelationshipAuditLogEntry>,
}

impl From<RelationshipMetadata> for Facts {
    fn from(metadata: RelationshipMetadata) -> Self {
        Self {
            id: metadata.id,
            status: metadata.status,
            audit_log: metadata.audit_log,
        }
    }
}

/// Takes over what the Backbone says about a stored Relationship, with what follows from it:
/// a Relationship that was rejected or revoked leaves nothing of what was shared for it, and what
/// was shared along one that the peer has decomposed is marked as deleted by it.
///
/// One that this side asked for becomes Active only when its acceptance was opened before: then
/// its channels are stored.
pub(crate) fn take_over(
    transaction: &Transaction<'_>,
    facts: &Facts,
    now: CoreDate,
) -> Result<Relationship> {
    let mut relationship = load(transaction, &facts.id)?;
    let (before, entries) = (relationship.status, relationship.audit_log.len());
    relationship.status = status(facts.status);
    relationship.audit_log = audit_log(&facts.audit_log);
    let never_opened = matches!(
        relationship.status,
        RelationshipStatus::Pending | RelationshipStatus::Rejected | RelationshipStatus::Revoked
    );
    if !never_opened {
        secrets(transaction, &relationship)?;
    }
    store::relationships::put(transaction, &relationship)?;
    let changed = before != relationship.status;
    if !changed && entries == relationship.audit_log.len() {
        return Ok(relationship);
    }
    let event = match relationship.status {
        RelationshipStatus::Active if before == RelationshipStatus::Pending => {
            HistoryEvent::RelationshipActivated
        }
        RelationshipStatus::Rejected if changed => HistoryEvent::RelationshipRejected,
        RelationshipStatus::Revoked if changed => HistoryEvent::RelationshipRevoked,
        _ => HistoryEvent::RelationshipChanged,
    };
    let is_over = matches!(
        event,
        HistoryEvent::RelationshipRejected | HistoryEvent::RelationshipRevoked
    );
    let end = if is_over {
        Some(RelationshipEnd::NeverWas)
    } else {
        decomposed_by_peer(&relationship).filter(|_| changed)
    };
    if let Some(end) = end {
        // What belongs to a newer Relationship with the same peer is not touched.
        let peer = &relationship.peer.address;
        let newest = store::relationships::newest_with(transaction, peer)?;
        if newest.is_none_or(|newest| newest.id == relationship.id) {
            relationship_ended(transaction, peer, relationship.status, end)?;
        }
    }
    record(transaction, &relationship, event, None, now)?;
    Ok(relationship)
}

/// That the peer has decomposed a Relationship, and when.
fn decomposed_by_peer(relationship: &Relationship) -> Option<RelationshipEnd> {
    let last = relationship.audit_log.last()?;
    let is_theirs = relationship.status == RelationshipStatus::DeletionProposed
        && last.created_by == relationship.peer.address;
    is_theirs.then_some(RelationshipEnd::DecomposedByPeer(last.created_at))
}

/// Writes down what happened to a Relationship.
pub(crate) fn record(
    transaction: &Transaction<'_>,
    relationship: &Relationship,
    event: HistoryEvent,
    code: Option<String>,
    now: CoreDate,
) -> Result<()> {
    let mut record = HistoryRecord::new(now, event);
    record.peer = Some(relationship.peer.address.clone());
    record.template_id = Some(relationship.template_id.clone());
    record.relationship_id = Some(relationship.id.clone());
    record.code = code;
    store::history::add(transaction, &record)?;
    Ok(())
}

/// The status in the words of the model.
pub(crate) fn status(status: ApiStatus) -> RelationshipStatus {
    match status {
        ApiStatus::Pending => RelationshipStatus::Pending,
        ApiStatus::Active => RelationshipStatus::Active,
        ApiStatus::Rejected => RelationshipStatus::Rejected,
        ApiStatus::Revoked => RelationshipStatus::Revoked,
        ApiStatus::Terminated => RelationshipStatus::Terminated,
        ApiStatus::DeletionProposed => RelationshipStatus::DeletionProposed,
        ApiStatus::ReadyForDeletion => RelationshipStatus::ReadyForDeletion,
    }
}

/// The audit log in the words of the model, the oldest entry first.
pub(crate) fn audit_log(entries: &[RelationshipAuditLogEntry]) -> Vec<AuditLogEntry> {
    let mut log: Vec<AuditLogEntry> = entries
        .iter()
        .map(|entry| AuditLogEntry {
            created_at: entry.created_at,
            created_by: entry.created_by.clone(),
            created_by_device: entry.created_by_device.clone(),
            reason: reason(entry.reason),
            old_status: entry.old_status.map(status),
            new_status: status(entry.new_status),
        })
        .collect();
    log.sort_by_key(|entry| entry.created_at);
    log
}

fn reason(reason: RelationshipAuditLogReason) -> AuditLogReason {
    use RelationshipAuditLogReason as Api;
    match reason {
        Api::Creation => AuditLogReason::Creation,
        Api::AcceptanceOfCreation => AuditLogReason::AcceptanceOfCreation,
        Api::RejectionOfCreation => AuditLogReason::RejectionOfCreation,
        Api::RevocationOfCreation => AuditLogReason::RevocationOfCreation,
        Api::Termination => AuditLogReason::Termination,
        Api::ReactivationRequested => AuditLogReason::ReactivationRequested,
        Api::AcceptanceOfReactivation => AuditLogReason::AcceptanceOfReactivation,
        Api::RejectionOfReactivation => AuditLogReason::RejectionOfReactivation,
        Api::RevocationOfReactivation => AuditLogReason::RevocationOfReactivation,
        Api::Decomposition => AuditLogReason::Decomposition,
        Api::DecompositionDueToIdentityDeletion => {
            AuditLogReason::DecompositionDueToIdentityDeletion
        }
    }
}

impl Wallet {
    /// Tells watchers what a Relationship's change may have changed.
    pub(crate) fn tell_relationships(&self) {
        self.tell(Changed::Relationships);
        self.tell(Changed::Requests);
        self.tell(Changed::Attributes);
    }
}
