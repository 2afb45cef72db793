//! External events: what peers and the Backbone did. Each is processed so that a second time
//! changes nothing.

use tessera_backbone_api::{
    client::ClientError,
    external_events::{ExternalEvent, ExternalEventContent},
    relationships::{self as api, RelationshipMetadata},
};
use tessera_core_types::{CoreDate, RelationshipId};
use tessera_crypto::channel::{RelationshipSecrets, RequestSecrets};

use crate::{
    Result, Wallet, WalletError, envelopes,
    envelopes::{EnvelopeError, Part},
    keys::SecretText,
    model::{
        HistoryEvent, PeerDeletionInfo, PeerDeletionStatus, Relationship, SecretContainer,
        SecretKind,
    },
    relationships::{Facts, record, take_over},
    store::{self, Transaction},
    templates::{secret_container_id, shared_randomness},
    views::SyncReport,
};

const ALREADY_DECOMPOSED: &str =
    "error.platform.validation.relationship.relationshipAlreadyDecomposed";

impl Wallet {
    pub(super) async fn process_event(
        &self,
        event: &ExternalEvent,
        report: &mut SyncReport,
    ) -> Result<()> {
        match &event.content {
            ExternalEventContent::RelationshipStatusChanged { relationship_id }
            | ExternalEventContent::RelationshipReactivationRequested { relationship_id }
            | ExternalEventContent::RelationshipReactivationCompleted { relationship_id } => {
                let is_new = !report.changed_relationships.contains(relationship_id);
                if self.relationship_changed(relationship_id).await? && is_new {
                    report.changed_relationships.push(relationship_id.clone());
                }
                Ok(())
            }
            ExternalEventContent::PeerToBeDeleted {
                relationship_id,
                deletion_date,
            } => {
                let info = PeerDeletionInfo {
                    deletion_date: deletion_date.unwrap_or(event.created_at),
                    deletion_status: PeerDeletionStatus::ToBeDeleted,
                };
                self.peer_deletion(relationship_id, Some(info)).await
            }
            ExternalEventContent::PeerDeleted {
                relationship_id,
                deletion_date,
            } => {
                let info = PeerDeletionInfo {
                    deletion_date: deletion_date.unwrap_or(event.created_at),
                    deletion_status: PeerDeletionStatus::Deleted,
                };
                self.peer_deletion(relationship_id, Some(info)).await
            }
            ExternalEventContent::PeerDeletionCancelled { relationship_id } => {
                self.peer_deletion(relationship_id, None).await
            }
            ExternalEventContent::MessageReceived { id } => self.receive_message(id).await,
            // Nothing to do for these, and nothing wrong with types that are not known.
            ExternalEventContent::RelationshipTemplateAllocationsExhausted { .. }
            | ExternalEventContent::TokenLocked { .. }
            | ExternalEventContent::FileOwnershipLocked { .. }
            | ExternalEventContent::FileOwnershipClaimed { .. }
            | ExternalEventContent::PeerFeatureFlagsChanged { .. }
            | ExternalEventContent::IdentityDeletionProcessStarted { .. }
            | ExternalEventContent::IdentityDeletionProcessStatusChanged { .. }
            | ExternalEventContent::Unknown { .. } => Ok(()),
        }
    }

    /// Brings a Relationship up to date; whether there is one.
    async fn relationship_changed(&self, id: &RelationshipId) -> Result<bool> {
        let answer = match self.client().relationship(id).await {
            Ok(answer) => answer,
            // Of something that is gone by now.
            Err(error) if is_gone(&error) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        let me = &self.inner.me.address;
        if answer.id != *id || (answer.from != *me && answer.to != *me) {
            return Err(WalletError::Envelope(EnvelopeError::OtherRecord {
                part: Part::Creation,
                of: "Relationship",
            }));
        }
        let (wanted, stored) = (id.clone(), &self.inner.store);
        let known = stored
            .read(move |transaction| store::relationships::by_id(transaction, &wanted))
            .await?
            .is_some();
        if !known {
            if answer.from != *me {
                self.receive_relationship(answer).await?;
                self.tell_relationships();
                return Ok(true);
            }
            if !self.adopt_from_event(&answer).await? {
                return Err(WalletError::NotFound("Relationship"));
            }
        }
        self.update_relationship(answer).await?;
        self.tell_relationships();
        Ok(true)
    }

    /// Takes over what the Backbone says. What opens the channels is opened and verified first;
    /// if it is not what it should be, the Relationship stays as it is, and that is written down.
    async fn update_relationship(&self, answer: api::Relationship) -> Result<()> {
        let now = self.now();
        let randomness = shared_randomness(self);
        let id = answer.id.clone();
        let outcome = self
            .inner
            .store
            .write(move |transaction| {
                open_acceptance(transaction, &answer, &*randomness, now)?;
                let facts = Facts::from(metadata(answer));
                take_over(transaction, &facts, now)?;
                Ok(())
            })
            .await;
        if let Err(error @ (WalletError::Envelope(_) | WalletError::Crypto(_))) = &outcome {
            self.note_suspicion(&id, error).await?;
        }
        outcome
    }

    /// Writes down that something was refused, once.
    async fn note_suspicion(&self, id: &RelationshipId, error: &WalletError) -> Result<()> {
        let (id, code, now) = (id.clone(), error.code().into_owned(), self.now());
        self.inner
            .store
            .write(move |transaction| {
                let relationship = crate::relationships::load(transaction, &id)?;
                let peer = &relationship.peer.address;
                let newest = store::history::by_peer(transaction, peer)?;
                let is_known = newest.first().is_some_and(|last| {
                    last.event == HistoryEvent::SuspiciousRefused
                        && last.relationship_id.as_ref() == Some(&id)
                        && last.code.as_deref() == Some(code.as_str())
                });
                if is_known {
                    return Ok(());
                }
                let event = HistoryEvent::SuspiciousRefused;
                record(transaction, &relationship, event, Some(code), now)
            })
            .await
    }

    async fn peer_deletion(
        &self,
        id: &RelationshipId,
        info: Option<PeerDeletionInfo>,
    ) -> Result<()> {
        let (id, now) = (id.clone(), self.now());
        self.inner
            .store
            .write(move |transaction| {
                let Some(mut relationship) = store::relationships::by_id(transaction, &id)? else {
                    return Ok::<_, WalletError>(());
                };
                if relationship.peer_deletion_info == info {
                    return Ok(());
                }
                relationship.peer_deletion_info = info;
                store::relationships::put(transaction, &relationship)?;
                let event = HistoryEvent::RelationshipChanged;
                record(transaction, &relationship, event, None, now)
            })
            .await?;
        self.tell_relationships();
        Ok(())
    }
}

/// Whether an event is about something that is gone.
pub(crate) fn is_gone(error: &ClientError) -> bool {
    error.is_record_not_found() || error.code() == ALREADY_DECOMPOSED
}

fn metadata(answer: api::Relationship) -> RelationshipMetadata {
    RelationshipMetadata {
        id: answer.id,
        relationship_template_id: answer.relationship_template_id,
        from: answer.from,
        to: answer.to,
        created_at: answer.created_at,
        status: answer.status,
        audit_log: answer.audit_log,
    }
}

/// Turns the secrets of an own request into channels when the peer has accepted.
fn open_acceptance(
    transaction: &Transaction<'_>,
    answer: &api::Relationship,
    randomness: &dyn tessera_core_types::Randomness,
    now: CoreDate,
) -> Result<()> {
    let relationship = crate::relationships::load(transaction, &answer.id)?;
    let Some(request) = request_secrets(transaction, &relationship)? else {
        return Ok(());
    };
    let content = match (&answer.creation_response_content, answer.status) {
        (
            _,
            api::RelationshipStatus::Pending
            | api::RelationshipStatus::Rejected
            | api::RelationshipStatus::Revoked,
        ) => return Ok(()),
        (Some(content), _) => content,
        (None, _) => {
            return Err(WalletError::Envelope(EnvelopeError::Malformed {
                part: Part::Acceptance,
                what: "creationResponseContent",
            }));
        }
    };
    let secrets: RelationshipSecrets =
        envelopes::acceptance::open(content.as_slice(), &request, &relationship.id)?;
    store::secrets::put(
        transaction,
        &SecretContainer {
            id: secret_container_id(randomness)?,
            name: relationship.secret_id.as_str().to_owned(),
            kind: SecretKind::CryptoRelationshipSecrets,
            secret: SecretText::from(secrets.to_stored_json()),
            valid_from: now,
            valid_to: None,
        },
    )?;
    Ok(())
}

/// The secrets of an own request that was not accepted yet.
fn request_secrets(
    transaction: &Transaction<'_>,
    relationship: &Relationship,
) -> Result<Option<RequestSecrets>> {
    let container = store::secrets::active(transaction, relationship.secret_id.as_str())?
        .ok_or(WalletError::SecretNotFound("the keys of the Relationship"))?;
    if container.kind != SecretKind::CryptoRelationshipRequestSecrets {
        return Ok(None);
    }
    Ok(Some(RequestSecrets::from_stored_json(
        container.secret.expose(),
    )?))
}
