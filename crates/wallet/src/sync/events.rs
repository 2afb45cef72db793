//! External events: what peers and the Backbone did. Each is processed so that a second time
//! changes nothing.

use std::sync::Arc;

use tessera_backbone_api::{
    client::ClientError,
    external_events::{ExternalEvent, ExternalEventContent},
    relationships::{self as api, RelationshipMetadata},
    sync_runs::ExternalEventResult,
};
use tessera_core_types::{CoreDate, Randomness, RelationshipId};
use tessera_crypto::channel::{RelationshipSecrets, RequestSecrets};

use super::{fetching::Fetched, received::receive_relationship};
use crate::{
    Changed, Result, Wallet, WalletError, envelopes,
    envelopes::{EnvelopeError, Part},
    keys::SecretText,
    messages::{Channels, receive_message},
    model::{
        HistoryEvent, Identity, PeerDeletionInfo, PeerDeletionStatus, Relationship,
        SecretContainer, SecretKind,
    },
    outbox::adopt_from_event,
    relationships::{Facts, record, take_over},
    store::{self, Transaction},
    templates::{secret_container_id, shared_randomness},
    views::SyncReport,
};

const ALREADY_DECOMPOSED: &str =
    "error.platform.validation.relationship.relationshipAlreadyDecomposed";

/// So many events are fetched together and committed together: few enough that nobody who wants to
/// write waits long.
const BATCH: usize = 100;

/// With what events are processed.
pub(super) struct Hands {
    pub me: Identity,
    pub now: CoreDate,
    pub randomness: Arc<dyn Randomness>,
}

/// What an event led to.
#[derive(Default)]
struct Effect {
    /// The Relationship that changed.
    changed: Option<RelationshipId>,
    /// Whether watchers of Relationships look again.
    relationships: bool,
    /// Whether watchers of Messages look again.
    messages: bool,
}

impl Wallet {
    /// Processes external events in their order; gives what came of each, for the Backbone.
    ///
    /// Each stands for itself: one that fails changes nothing but that it is written down, where it
    /// is suspicious, and does not stop the others. What they are about is fetched together, while
    /// what was fetched before is taken over, and what they change is committed together.
    ///
    /// # Errors
    ///
    /// When the disk is full or the database fails, or the connection is gone: nothing more can be
    /// done then, and the events stay for another run.
    pub(super) async fn process_events(
        &self,
        events: &[ExternalEvent],
        report: &mut SyncReport,
    ) -> Result<Vec<ExternalEventResult>> {
        let mut results = Vec::with_capacity(events.len());
        let mut batches = events.chunks(BATCH).peekable();
        let mut ahead = match batches.peek() {
            Some(batch) => self.fetch(batch).await,
            None => return Ok(results),
        };
        while let Some(batch) = batches.next() {
            let fetched = ahead?;
            let hands = Hands {
                me: self.inner.me.clone(),
                now: self.now(),
                randomness: shared_randomness(self),
            };
            let events = batch.to_vec();
            let taken = self
                .inner
                .store
                .write(move |transaction| process_batch(transaction, &events, fetched, &hands));
            // What is fetched is taken over before it is said that the next can't be.
            let outcomes;
            (outcomes, ahead) = tokio::join!(
                taken,
                self.fetch(batches.peek().copied().unwrap_or_default())
            );
            let outcomes = outcomes?;
            let mut all = Effect::default();
            for (event, outcome) in batch.iter().zip(outcomes) {
                let error_code = match outcome {
                    Ok(effect) => {
                        report.events += 1;
                        all.relationships |= effect.relationships;
                        all.messages |= effect.messages;
                        let is_new =
                            |id: &RelationshipId| !report.changed_relationships.contains(id);
                        if let Some(id) = effect.changed.filter(is_new) {
                            report.changed_relationships.push(id);
                        }
                        None
                    }
                    Err(error) => {
                        tracing::warn!(code = %error.code(), "an external event failed");
                        // Perhaps it was written down that it came.
                        all.messages = true;
                        Some(error.code().chars().take(100).collect())
                    }
                };
                results.push(ExternalEventResult {
                    external_event_id: event.id.clone(),
                    error_code,
                });
            }
            if all.messages {
                self.tell(Changed::Messages);
            }
            if all.relationships || all.messages {
                self.tell_relationships();
            }
        }
        Ok(results)
    }
}

fn process_batch(
    transaction: &Transaction<'_>,
    events: &[ExternalEvent],
    mut fetched: Fetched,
    hands: &Hands,
) -> Result<Vec<Result<Effect>>> {
    let mut outcomes = Vec::with_capacity(events.len());
    let mut channels = Channels::default();
    for event in events {
        if !matches!(event.content, ExternalEventContent::MessageReceived { .. }) {
            channels = Channels::default();
        }
        match process(transaction, event, &mut fetched, &mut channels, hands) {
            Err(error @ WalletError::Store(_)) => return Err(error),
            outcome => outcomes.push(outcome),
        }
    }
    Ok(outcomes)
}

fn process(
    transaction: &Transaction<'_>,
    event: &ExternalEvent,
    fetched: &mut Fetched,
    channels: &mut Channels,
    hands: &Hands,
) -> Result<Effect> {
    let deletion = |deletion_date: Option<CoreDate>, deletion_status| {
        Some(PeerDeletionInfo {
            deletion_date: deletion_date.unwrap_or(event.created_at),
            deletion_status,
        })
    };
    match &event.content {
        ExternalEventContent::RelationshipStatusChanged { relationship_id }
        | ExternalEventContent::RelationshipReactivationRequested { relationship_id }
        | ExternalEventContent::RelationshipReactivationCompleted { relationship_id } => {
            match fetched.take_relationship(relationship_id)? {
                Some(answer) => relationship_changed(transaction, relationship_id, answer, hands),
                None => Ok(Effect::default()),
            }
        }
        ExternalEventContent::PeerToBeDeleted {
            relationship_id,
            deletion_date,
        } => {
            let info = deletion(*deletion_date, PeerDeletionStatus::ToBeDeleted);
            peer_deletion(transaction, relationship_id, info, hands.now)
        }
        ExternalEventContent::PeerDeleted {
            relationship_id,
            deletion_date,
        } => {
            let info = deletion(*deletion_date, PeerDeletionStatus::Deleted);
            peer_deletion(transaction, relationship_id, info, hands.now)
        }
        ExternalEventContent::PeerDeletionCancelled { relationship_id } => {
            peer_deletion(transaction, relationship_id, None, hands.now)
        }
        ExternalEventContent::MessageReceived { id } => {
            let Some(received) = fetched.take_message(id)? else {
                return Ok(Effect::default());
            };
            // It was fetched while those before it were taken over: one may have been the same.
            if !store::messages::is_new(transaction, id)? {
                return Ok(Effect::default());
            }
            receive_message(
                transaction,
                id,
                &received,
                &hands.me.address,
                channels,
                &*hands.randomness,
                hands.now,
            )?;
            Ok(Effect {
                messages: true,
                ..Effect::default()
            })
        }
        // Nothing to do for these, and nothing wrong with types that are not known.
        ExternalEventContent::RelationshipTemplateAllocationsExhausted { .. }
        | ExternalEventContent::TokenLocked { .. }
        | ExternalEventContent::FileOwnershipLocked { .. }
        | ExternalEventContent::FileOwnershipClaimed { .. }
        | ExternalEventContent::PeerFeatureFlagsChanged { .. }
        | ExternalEventContent::IdentityDeletionProcessStarted { .. }
        | ExternalEventContent::IdentityDeletionProcessStatusChanged { .. }
        | ExternalEventContent::Unknown { .. } => Ok(Effect::default()),
    }
}

/// Brings a Relationship up to date.
fn relationship_changed(
    transaction: &Transaction<'_>,
    id: &RelationshipId,
    answer: api::Relationship,
    hands: &Hands,
) -> Result<Effect> {
    let me = &hands.me.address;
    if answer.id != *id || (answer.from != *me && answer.to != *me) {
        return Err(WalletError::Envelope(EnvelopeError::OtherRecord {
            part: Part::Creation,
            of: "Relationship",
        }));
    }
    let is_known = store::relationships::by_id(transaction, id)?.is_some();
    if !is_known && answer.from != *me {
        receive_relationship(transaction, answer, hands)?;
    } else {
        update_relationship(transaction, answer, hands)?;
    }
    Ok(Effect {
        changed: Some(id.clone()),
        relationships: true,
        messages: false,
    })
}

/// Takes over what the Backbone says. What opens the channels is opened and verified first; if it is
/// not what it should be, the Relationship stays as it is, and that is written down.
fn update_relationship(
    transaction: &Transaction<'_>,
    answer: api::Relationship,
    hands: &Hands,
) -> Result<()> {
    let id = answer.id.clone();
    let outcome = store::attempt(transaction, || {
        let is_known = store::relationships::by_id(transaction, &id)?.is_some();
        if !is_known && !adopt_from_event(transaction, &hands.me.address, &answer, hands.now)? {
            return Err(WalletError::NotFound("Relationship"));
        }
        open_acceptance(transaction, &answer, &*hands.randomness, hands.now)?;
        take_over(transaction, &Facts::from(metadata(answer)), hands.now)?;
        Ok(())
    })?;
    if let Err(error @ (WalletError::Envelope(_) | WalletError::Crypto(_))) = &outcome {
        note_suspicion(transaction, &id, error, hands.now)?;
    }
    outcome
}

/// Writes down that something was refused, once.
fn note_suspicion(
    transaction: &Transaction<'_>,
    id: &RelationshipId,
    error: &WalletError,
    now: CoreDate,
) -> Result<()> {
    let code = error.code().into_owned();
    let Some(relationship) = store::relationships::by_id(transaction, id)? else {
        return Ok(());
    };
    let last = store::history::last_of(transaction, &relationship.peer.address)?;
    let is_known = last.is_some_and(|last| {
        last.event == HistoryEvent::SuspiciousRefused
            && last.relationship_id.as_ref() == Some(id)
            && last.code.as_deref() == Some(code.as_str())
    });
    if is_known {
        return Ok(());
    }
    let event = HistoryEvent::SuspiciousRefused;
    record(transaction, &relationship, event, Some(code), now)
}

fn peer_deletion(
    transaction: &Transaction<'_>,
    id: &RelationshipId,
    info: Option<PeerDeletionInfo>,
    now: CoreDate,
) -> Result<Effect> {
    let Some(mut relationship) = store::relationships::by_id(transaction, id)? else {
        return Ok(Effect::default());
    };
    if relationship.peer_deletion_info != info {
        relationship.peer_deletion_info = info;
        store::relationships::put(transaction, &relationship)?;
        let event = HistoryEvent::RelationshipChanged;
        record(transaction, &relationship, event, None, now)?;
    }
    Ok(Effect {
        relationships: true,
        ..Effect::default()
    })
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
    randomness: &dyn Randomness,
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
