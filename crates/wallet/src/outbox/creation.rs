//! Asking for a Relationship: how the answer to a template's Request is delivered.

use tessera_backbone_api::{
    client::ClientError,
    relationships::{self as api, CreateRelationshipRequest},
};
use tessera_content::{CreationContent, RelationshipCreationContent};
use tessera_core_types::{Address, CoreDate, RequestId};

use super::{CreationPayload, Outcome, failed, not_asked, read};
use crate::{
    Changed, Result, Wallet, WalletError,
    envelopes::{EnvelopeError, Part},
    incoming::load_request,
    model::{
        HistoryEvent, HistoryRecord, LocalRequestStatus, LocalResponseSource, OutboxKind,
        OutboxOperation, OutboxState, Relationship, RelationshipStatus,
    },
    relationships::{audit_log, status},
    requests::{is_existing, is_expired},
    store::{self, Transaction},
};

/// How the Backbone says that there is a Relationship to the peer.
const ALREADY_EXISTS: &str =
    "error.platform.validation.relationship.relationshipToTargetAlreadyExists";
const PEER_IS_TO_BE_DELETED: &str = "error.platform.validation.relationship.peerIsToBeDeleted";

/// How the Relationships to a peer stand to an operation.
enum Here {
    /// This very Relationship is stored: the operation was delivered.
    Own,
    /// Another one is in the way.
    Other(RelationshipStatus),
    /// None is in the way.
    None,
}

impl Wallet {
    /// Sends it, after the checks that tell why it can't work.
    pub(super) async fn deliver_creation(&self, operation: &OutboxOperation) -> Result<Outcome> {
        let payload: CreationPayload = read(operation)?;
        let peer = peer_of(operation)?;
        match self.here(operation, &payload).await? {
            Here::Own => return self.delivered(operation).await,
            Here::Other(status) => {
                let error = WalletError::RelationshipCurrentlyExists(status);
                return Ok(Outcome::Refused(error));
            }
            Here::None => {}
        }
        let template = self.template(&payload.template_id).await?;
        if template.is_expired_at(self.now()) {
            return Ok(Outcome::Refused(WalletError::TemplateExpired));
        }
        let request = self.request(&subject(operation)?).await?;
        if is_expired(request.content.expires_at, self.now()) {
            return Ok(Outcome::Refused(WalletError::AnswerExpired));
        }
        match self.client().can_create_relationship(peer).await {
            Err(error) if is_identity_gone(&error) => {
                return Ok(Outcome::Refused(WalletError::PeerDeleted));
            }
            Err(error) => return Ok(not_asked(error)),
            Ok(answer) if !answer.can_create => {
                return Ok(Outcome::Refused(why_not(answer.code)));
            }
            Ok(_) => {}
        }
        let sent = self
            .client()
            .create_relationship(&CreateRelationshipRequest {
                relationship_template_id: payload.template_id.clone(),
                creation_content: Some(payload.creation_content.clone()),
            })
            .await;
        match sent {
            Ok(answer) => {
                self.adopt(operation, &payload, answer).await?;
                Ok(Outcome::Delivered)
            }
            // The Backbone has just said that it can be made: somebody made it in between, and
            // that may have been this very call, repeated on the way.
            Err(error) if error.code() == ALREADY_EXISTS => Ok(Outcome::Unknown(error.into())),
            Err(error) if error.code() == PEER_IS_TO_BE_DELETED => {
                Ok(Outcome::Refused(WalletError::PeerToBeDeleted))
            }
            Err(error) => Ok(failed(error)),
        }
    }

    /// Finds out what came of an earlier try whose answer got lost.
    ///
    /// The Backbone does not tell which Relationships there are. It tells whether there is one to
    /// the peer; and it sends an event when the peer acts, which brings the id.
    pub(super) async fn reconcile_creation(&self, operation: &OutboxOperation) -> Result<Outcome> {
        let mut payload: CreationPayload = read(operation)?;
        match self.here(operation, &payload).await? {
            Here::Own => return self.delivered(operation).await,
            Here::Other(status) => {
                let error = WalletError::RelationshipCurrentlyExists(status);
                return Ok(Outcome::Refused(error));
            }
            Here::None if payload.exists => return Ok(Outcome::WaitsForPeer),
            Here::None => {}
        }
        let answer = match self
            .client()
            .can_create_relationship(peer_of(operation)?)
            .await
        {
            Ok(answer) => answer,
            Err(error) if is_identity_gone(&error) => {
                return Ok(Outcome::Refused(WalletError::PeerDeleted));
            }
            Err(error) => return Ok(Outcome::Unknown(error.into())),
        };
        if answer.can_create {
            // Either it never arrived, or it did and the peer has refused it since: then an event
            // says so.
            Box::pin(self.process_external_events(&mut Default::default())).await?;
            return match self.here(operation, &payload).await? {
                Here::Own => self.delivered(operation).await,
                Here::Other(status) => {
                    let error = WalletError::RelationshipCurrentlyExists(status);
                    Ok(Outcome::Refused(error))
                }
                Here::None => {
                    self.queue_again(operation).await?;
                    Ok(Outcome::WaitsForPeer)
                }
            };
        }
        if answer.code.as_deref() == Some(ALREADY_EXISTS) {
            payload.exists = true;
            let (id, payload) = (operation.id, payload.write()?);
            self.inner
                .store
                .write(move |transaction| store::outbox::set_payload(transaction, id, &payload))
                .await?;
        }
        Ok(Outcome::WaitsForPeer)
    }

    /// It surely did not arrive: due at once.
    pub(super) async fn queue_again(&self, operation: &OutboxOperation) -> Result<()> {
        let (id, now) = (operation.id, self.now());
        self.inner
            .store
            .write(move |transaction| {
                store::outbox::retry(transaction, id, "error.tessera.outbox.notArrived", now)
            })
            .await?;
        Ok(())
    }

    async fn here(&self, operation: &OutboxOperation, payload: &CreationPayload) -> Result<Here> {
        let (peer, payload) = (peer_of(operation)?.clone(), payload.clone());
        self.inner
            .store
            .read(move |transaction| {
                let known = store::relationships::by_peer(transaction, &peer)?;
                if known.iter().any(|one| one.secret_id == payload.secret_id) {
                    return Ok(Here::Own);
                }
                Ok(known
                    .iter()
                    .find(|one| is_existing(one.status))
                    .map_or(Here::None, |one| Here::Other(one.status)))
            })
            .await
    }

    /// The Relationship is stored already (an event brought it); only the mark is left.
    async fn delivered(&self, operation: &OutboxOperation) -> Result<Outcome> {
        let id = operation.id;
        self.inner
            .store
            .write(move |transaction| {
                let operation = store::outbox::by_id(transaction, id)?;
                let is_open =
                    operation.is_some_and(|operation| operation.state == OutboxState::Sending);
                if is_open {
                    store::outbox::complete(transaction, id)?;
                }
                Ok::<_, WalletError>(())
            })
            .await?;
        Ok(Outcome::Delivered)
    }

    /// Stores the Relationship that the Backbone has made.
    async fn adopt(
        &self,
        operation: &OutboxOperation,
        payload: &CreationPayload,
        answer: api::RelationshipMetadata,
    ) -> Result<()> {
        let me = self.inner.me.address.clone();
        let (operation, payload) = (operation.clone(), payload.clone());
        let now = self.now();
        self.inner
            .store
            .write(move |transaction| adopt(transaction, &me, &operation, &payload, &answer, now))
            .await?;
        self.tell(Changed::Relationships);
        self.tell(Changed::Requests);
        Ok(())
    }
}

/// An event names a Relationship that this identity asked for, but that is not stored: the answer to
/// asking got lost. Whether an operation is waiting for it; then it is stored.
///
/// # Errors
///
/// When the database fails.
pub(crate) fn adopt_from_event(
    transaction: &Transaction<'_>,
    me: &Address,
    answer: &api::Relationship,
    now: CoreDate,
) -> Result<bool> {
    for operation in store::outbox::open(transaction)? {
        let is_candidate = operation.kind == OutboxKind::CreateRelationship
            && operation.peer.as_ref() == Some(&answer.to);
        if !is_candidate {
            continue;
        }
        let payload: CreationPayload = read(&operation)?;
        let is_it = answer.relationship_template_id.as_ref() == Some(&payload.template_id)
            && answer.creation_content.as_ref() == Some(&payload.creation_content);
        if is_it {
            // Pending first; what happened since is taken over by the caller.
            let metadata = api::RelationshipMetadata {
                id: answer.id.clone(),
                relationship_template_id: answer.relationship_template_id.clone(),
                from: answer.from.clone(),
                to: answer.to.clone(),
                created_at: answer.created_at,
                status: api::RelationshipStatus::Pending,
                audit_log: answer.audit_log.iter().take(1).cloned().collect(),
            };
            adopt(transaction, me, &operation, &payload, &metadata, now)?;
            return Ok(true);
        }
    }
    Ok(false)
}

fn adopt(
    transaction: &Transaction<'_>,
    me: &Address,
    operation: &OutboxOperation,
    payload: &CreationPayload,
    answer: &api::RelationshipMetadata,
    now: CoreDate,
) -> Result<()> {
    let template = store::templates::by_id(transaction, &payload.template_id)?
        .ok_or(WalletError::NotFound("template"))?;
    let fits = answer.from == *me
        && answer.to == template.created_by
        && answer
            .relationship_template_id
            .as_ref()
            .is_none_or(|id| *id == template.id);
    if !fits {
        return Err(WalletError::Envelope(EnvelopeError::OtherRecord {
            part: Part::Creation,
            of: "Relationship",
        }));
    }
    let mut request = load_request(transaction, &subject(operation)?)?;
    let creation_content = request.response.as_ref().map(|response| {
        CreationContent::Response(RelationshipCreationContent {
            response: response.content.clone(),
        })
    });
    let relationship = Relationship {
        id: answer.id.clone(),
        is_own: true,
        status: status(answer.status),
        peer: template.identity,
        template_id: template.id,
        secret_id: payload.secret_id.clone(),
        creation_content,
        audit_log: audit_log(&answer.audit_log),
        peer_deletion_info: None,
        created_at: answer.created_at,
    };
    store::relationships::put(transaction, &relationship)?;
    if let Some(response) = &mut request.response {
        response.source = Some(LocalResponseSource::Relationship {
            reference: relationship.id.clone(),
        });
    }
    request.change_status(LocalRequestStatus::Completed, now);
    store::requests::put(transaction, &request)?;
    match operation.state {
        OutboxState::Queued => {
            store::outbox::fail(
                transaction,
                operation.id,
                "error.tessera.outbox.arrivedBefore",
            )?;
        }
        _ => store::outbox::complete(transaction, operation.id)?,
    }
    let mut record = HistoryRecord::new(now, HistoryEvent::RelationshipSent);
    record.peer = Some(relationship.peer.address.clone());
    record.template_id = Some(relationship.template_id.clone());
    record.request_id = Some(request.id.clone());
    record.relationship_id = Some(relationship.id.clone());
    store::history::add(transaction, &record)?;
    Ok(())
}

/// The Request that is answered.
fn subject(operation: &OutboxOperation) -> Result<RequestId> {
    RequestId::parse(&operation.subject).map_err(|_| store::StoreError::Damaged.into())
}

fn peer_of(operation: &OutboxOperation) -> Result<&Address> {
    operation
        .peer
        .as_ref()
        .ok_or_else(|| store::StoreError::Damaged.into())
}

/// The Backbone says this in words only.
pub(crate) fn is_identity_gone(error: &ClientError) -> bool {
    error.is_record_not_found()
        && matches!(error, ClientError::Backbone { message, .. }
            if message.contains("Identity not found."))
}

/// Why the Backbone says that no Relationship can be made.
pub(crate) fn why_not(code: Option<String>) -> WalletError {
    match code.as_deref() {
        Some(PEER_IS_TO_BE_DELETED) => WalletError::PeerToBeDeleted,
        Some(ALREADY_EXISTS) | None => WalletError::NotYetDecomposedByPeer,
        Some(other) => WalletError::Backbone(ClientError::Backbone {
            status: 200,
            code: other.to_owned(),
            message: "no Relationship can be made with this peer".to_owned(),
            id: None,
        }),
    }
}
