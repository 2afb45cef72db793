//! Delivery: what was decided reaches the Backbone, once, whatever happens in between.
//!
//! A decision is committed together with its operation. An operation is marked as being sent
//! before anything is sent; what is sent was made with the decision, so every try sends the same
//! bytes. When the answer of the Backbone is lost, or the program ends in between, the operation
//! stays marked, and the next pass first asks what came of it:
//!
//! ```text
//! Queued ─ claim ▶ Sending ─ answer ▶ Delivered, or Failed for good
//!    ▲                │
//!    │                └─ no answer: stays ─ next pass: was it there already? ─┐
//!    └───────────────────────────── surely not ◀──────────────────────────────┤
//!                                   Delivered, Failed ◀───────────────────────┘
//! ```

mod creation;
mod decision;
mod listing;
mod message;
mod queue;

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use tessera_backbone_api::{Bytes, client::ClientError};
use tessera_core_types::{
    CoreDate, RelationshipId, RelationshipSecretId, RelationshipTemplateId, RequestId,
};

use crate::{
    Changed, Result, Wallet, WalletError,
    incoming::{load_request, note},
    keys::SecretText,
    model::{HistoryEvent, HistoryRecord, LocalRequestStatus, OutboxKind, OutboxOperation},
    store::{self, Transaction},
    views::SyncReport,
};

pub(crate) use creation::{adopt_from_event, is_identity_gone, why_not};
pub(crate) use queue::queue_creation;

/// How long whoever decided waits for delivery.
const PATIENCE: Duration = Duration::from_secs(10);
/// The wait after the first failure; it doubles with each further one.
const FIRST_WAIT_SECONDS: i64 = 5;
/// The longest wait.
const LONGEST_WAIT_SECONDS: i64 = 15 * 60;

/// What is needed to ask for a Relationship.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreationPayload {
    /// The template that is answered.
    pub template_id: RelationshipTemplateId,
    /// The name of the secrets it was sealed with.
    pub secret_id: RelationshipSecretId,
    /// What is sent.
    pub creation_content: Bytes,
    /// The Backbone has said that a Relationship to the peer exists, after a try whose answer got
    /// lost: nothing may be sent again, its id comes with the peer's next step.
    #[serde(default)]
    pub exists: bool,
}

/// What is needed to take a step of a Relationship's life.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DecisionPayload {
    /// Which.
    pub relationship_id: RelationshipId,
    /// How many entries its audit log had when the step was decided: what comes later may be it.
    #[serde(default)]
    pub known_entries: usize,
    /// What is sent with an acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_response_content: Option<Bytes>,
}

impl CreationPayload {
    /// As it is stored.
    pub(crate) fn write(&self) -> Result<SecretText> {
        write(self)
    }
}

impl DecisionPayload {
    /// As it is stored.
    pub(crate) fn write(&self) -> Result<SecretText> {
        write(self)
    }
}

fn write(payload: &impl Serialize) -> Result<SecretText> {
    serde_json::to_string(payload)
        .map(SecretText::from)
        .map_err(|_| store::StoreError::Internal.into())
}

fn read<T: for<'a> Deserialize<'a>>(operation: &OutboxOperation) -> Result<T> {
    serde_json::from_str(operation.payload.expose()).map_err(|_| store::StoreError::Damaged.into())
}

/// What came of a try.
enum Outcome {
    /// The Backbone has it, and that is stored.
    Delivered,
    /// It was not sent, or refused for a reason that may pass.
    Later(WalletError),
    /// It may have arrived: it stays marked.
    Unknown(WalletError),
    /// Refused for good.
    Refused(WalletError),
    /// It is known to have arrived, but the peer has to act before it is known as what.
    WaitsForPeer,
}

impl Wallet {
    /// Tries to deliver what waits. Failures are no errors here: they are in the status.
    ///
    /// A network that swallows everything must not hold up whoever decided: after some seconds
    /// delivery goes on by itself.
    pub(crate) async fn deliver_now(&self) {
        let wallet = self.clone();
        let delivery = tokio::spawn(async move {
            let _talking = wallet.inner.talking.lock().await;
            let mut report = SyncReport::default();
            let result = wallet.deliver_all(&mut report).await;
            wallet.note_progress(&result, &report, false);
            wallet.tell(Changed::Sync);
        });
        if tokio::time::timeout(PATIENCE, delivery).await.is_err() {
            tracing::info!("delivery takes long and goes on by itself");
        }
    }

    /// Delivers what waits and is due, after asking for what was interrupted. Whoever calls it
    /// holds `talking`.
    ///
    /// The first failure that says that the Backbone can't be reached ends the pass.
    pub(crate) async fn deliver_all(&self, report: &mut SyncReport) -> Result<()> {
        let mut first_error = None;
        let interrupted = self
            .inner
            .store
            .read(|transaction| store::outbox::interrupted(transaction))
            .await?;
        for operation in interrupted {
            let outcome = match operation.kind {
                OutboxKind::CreateRelationship => self.reconcile_creation(&operation).await,
                OutboxKind::SendMessage => self.reconcile_message(&operation).await,
                _ => self.reconcile_decision(&operation).await,
            };
            let ended = self.settle(&operation, outcome, report).await?;
            if let Some(error) = ended {
                let is_offline = error.is_offline();
                first_error.get_or_insert(error);
                if is_offline {
                    break;
                }
            }
        }
        while first_error.as_ref().is_none_or(|error| !error.is_offline()) {
            let now = self.now();
            let claimed = self
                .inner
                .store
                .write(move |transaction| store::outbox::claim(transaction, now))
                .await?;
            let Some(operation) = claimed else { break };
            let outcome = match operation.kind {
                OutboxKind::CreateRelationship => self.deliver_creation(&operation).await,
                OutboxKind::SendMessage => self.deliver_message(&operation).await,
                _ => self.deliver_decision(&operation).await,
            };
            if let Some(error) = self.settle(&operation, outcome, report).await? {
                first_error.get_or_insert(error);
            }
        }
        report.waiting = self
            .inner
            .store
            .read(|transaction| store::outbox::waiting(transaction))
            .await?;
        first_error.map_or(Ok(()), Err)
    }

    /// Stores what came of a try. Gives the failure that leaves the operation waiting.
    async fn settle(
        &self,
        operation: &OutboxOperation,
        outcome: Result<Outcome>,
        report: &mut SyncReport,
    ) -> Result<Option<WalletError>> {
        let outcome = match outcome {
            Ok(outcome) => outcome,
            // The mark stays, so the next pass asks what came of it.
            Err(error @ WalletError::Store(_)) => return Err(error),
            Err(error @ (WalletError::Backbone(_) | WalletError::Envelope(_))) => {
                Outcome::Unknown(error)
            }
            Err(error) => Outcome::Refused(error),
        };
        let (id, attempts, now) = (operation.id, operation.attempts, self.now());
        match outcome {
            Outcome::Delivered => {
                report.delivered += 1;
                Ok(None)
            }
            Outcome::WaitsForPeer => Ok(None),
            Outcome::Unknown(error) => {
                tracing::info!(code = %error.code(), "an operation may have arrived or not");
                Ok(Some(error))
            }
            Outcome::Later(error) => {
                let code = error.code().into_owned();
                self.inner
                    .store
                    .write(move |transaction| {
                        let at = next_attempt_at(now, attempts);
                        store::outbox::retry(transaction, id, &code, at)
                    })
                    .await?;
                Ok(Some(error))
            }
            Outcome::Refused(error) => {
                tracing::warn!(code = %error.code(), "an operation was refused for good");
                let code = error.code().into_owned();
                let operation = operation.clone();
                self.inner
                    .store
                    .write(move |transaction| give_up(transaction, &operation, &code, now))
                    .await?;
                self.tell(Changed::Requests);
                self.tell(Changed::Attributes);
                self.tell(Changed::Relationships);
                Ok(None)
            }
        }
    }
}

/// What an answer without success means for an operation that was sent. Only a Backbone's own
/// refusal is one for good: a 404 or 403 can also come from whatever stands before it.
fn failed(error: ClientError) -> Outcome {
    if error.is_outcome_unknown() {
        Outcome::Unknown(error.into())
    } else if is_refusal(&error) {
        Outcome::Refused(error.into())
    } else {
        Outcome::Later(error.into())
    }
}

/// Whether the Backbone itself refuses, with a code of its own.
fn is_refusal(error: &ClientError) -> bool {
    match error {
        ClientError::Backbone {
            status: 400 | 404,
            code,
            ..
        } => code.starts_with("error.platform."),
        ClientError::Backbone { status, id, .. } => (400..500).contains(status) && id.is_some(),
        _ => false,
    }
}

/// What a failed question means for an operation that was not sent yet.
fn not_asked(error: ClientError) -> Outcome {
    Outcome::Later(error.into())
}

/// When to try again after so many attempts.
fn next_attempt_at(now: CoreDate, attempts: u32) -> CoreDate {
    let doubled = 1_i64 << attempts.saturating_sub(1).min(20);
    let seconds = (FIRST_WAIT_SECONDS * doubled).min(LONGEST_WAIT_SECONDS);
    now.plus(TimeDelta::seconds(seconds))
}

/// Gives an operation up for good.
pub(crate) fn give_up(
    transaction: &Transaction<'_>,
    operation: &OutboxOperation,
    code: &str,
    now: CoreDate,
) -> Result<()> {
    if operation.kind == OutboxKind::SendMessage {
        message::give_up(transaction, operation)?;
    }
    let request_id = match operation.kind {
        OutboxKind::CreateRelationship | OutboxKind::SendMessage => {
            RequestId::parse(&operation.subject).ok()
        }
        _ => None,
    };
    if let Some(request_id) = request_id {
        return give_up_answer(transaction, operation.id, &request_id, code, now);
    }
    store::outbox::fail(transaction, operation.id, code)?;
    let mut record = HistoryRecord::new(now, HistoryEvent::DeliveryFailed);
    record.peer = operation.peer.clone();
    record.relationship_id = RelationshipId::parse(&operation.subject).ok();
    record.code = Some(code.to_owned());
    store::history::add(transaction, &record)?;
    Ok(())
}

/// An answer, or an own Request, is finally not delivered: what was recorded as shared is taken
/// back, and the Request ends as `Expired`, with the code as the reason. Its template can be opened
/// again.
fn give_up_answer(
    transaction: &Transaction<'_>,
    operation: i64,
    request: &RequestId,
    code: &str,
    now: CoreDate,
) -> Result<()> {
    store::outbox::fail(transaction, operation, code)?;
    let mut request = load_request(transaction, request)?;
    store::ended::take_back(transaction, &request.id, &request.peer)?;
    request.change_status(LocalRequestStatus::Expired, now);
    if let Some(entry) = request.status_log.last_mut() {
        entry.code = Some(code.to_owned());
    }
    store::requests::put(transaction, &request)?;
    let mut record = HistoryRecord::new(now, HistoryEvent::DeliveryFailed);
    record.peer = Some(request.peer.clone());
    record.request_id = Some(request.id.clone());
    record.code = Some(code.to_owned());
    store::history::add(transaction, &record)?;
    let is_late = code == WalletError::AnswerExpired.code();
    if is_late {
        note(transaction, &request, HistoryEvent::RequestExpired, now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn waiting_doubles_up_to_a_quarter_of_an_hour() {
        let now = CoreDate::parse("2030-01-01").unwrap();
        let waits = [1, 2, 3, 4, 8, 9, 100]
            .map(|attempts| (next_attempt_at(now, attempts).millis() - now.millis()) / 1000);
        assert_eq!(waits, [5, 10, 20, 40, 640, 900, 900]);
    }
}
