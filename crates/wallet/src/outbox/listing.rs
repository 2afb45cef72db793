//! The outbox as a person sees it.

use std::collections::BTreeMap;

use tessera_content::{MessageContent, ResponseResult};
use tessera_core_types::{Address, CoreDate, RelationshipId, RequestId};

use super::read;
use crate::{
    Result, Wallet, WalletError,
    contacts::peer_view,
    incoming::load_request,
    messages::MessagePayload,
    model::{HeldDecision, HeldState, OutboxKind, OutboxOperation, OutboxState},
    relationships::step_of,
    requests::Verdict,
    store::{self, Transaction},
    views::{OutboxAbout, OutboxEntry, OutboxEntryState, PeerView},
};

/// How many of what was sent, and of what failed, are listed.
const NEWEST: u32 = 50;

impl Wallet {
    /// What is held, waits or is being sent, the oldest first; then the newest of what failed and of
    /// what was sent, at most 50 of each.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn outbox_entries(&self) -> Result<Vec<OutboxEntry>> {
        self.expire_due().await?;
        self.inner
            .store
            .read(|transaction| {
                let (mut entries, mut known) = (Vec::new(), BTreeMap::new());
                for held in store::held_decisions::list(transaction)? {
                    entries.push(held_entry(transaction, held)?);
                }
                let mut open = store::outbox::open(transaction)?;
                open.sort_by_key(|operation| operation.id);
                let failed = store::outbox::newest(transaction, OutboxState::Failed, NEWEST)?;
                let sent = store::outbox::newest(transaction, OutboxState::Delivered, NEWEST)?;
                for operation in open.into_iter().chain(failed).chain(sent) {
                    entries.push(entry(transaction, &mut known, operation)?);
                }
                Ok::<_, WalletError>(entries)
            })
            .await
    }

    /// Tries to deliver an operation now, with everything that has to go out before it. Whether that
    /// worked is in the list.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`] when no operation of this number waits.
    pub async fn retry_now(&self, number: i64) -> Result<()> {
        let now = self.now();
        self.inner
            .store
            .write(move |transaction| {
                let operation = store::outbox::by_id(transaction, number)?;
                let waits = operation.is_some_and(|operation| {
                    matches!(operation.state, OutboxState::Queued | OutboxState::Sending)
                });
                if !waits {
                    return Err(WalletError::NotFound("operation that waits"));
                }
                Ok(store::outbox::wake_up_to(transaction, number, now)?)
            })
            .await?;
        self.deliver_now().await;
        Ok(())
    }
}

fn held_entry(transaction: &Transaction<'_>, held: HeldDecision) -> Result<OutboxEntry> {
    let request = load_request(transaction, &held.request_id)?;
    let is_held = held.state == HeldState::Held;
    Ok(OutboxEntry {
        number: None,
        about: OutboxAbout::Answer {
            request_id: held.request_id,
            verdict: held.verdict,
        },
        title: request.content.title,
        peers: vec![peer_view(transaction, &request.peer, request.created_at)?],
        message: None,
        received: 0,
        state: if is_held {
            OutboxEntryState::Held
        } else {
            OutboxEntryState::Failed
        },
        since: held.held_at,
        attempts: u32::from(held.error_code.is_some()),
        next_attempt_at: is_held.then_some(held.due_at),
        error_code: held.error_code,
    })
}

/// What an operation is about. What it belongs to may be gone by now.
struct Subject {
    about: OutboxAbout,
    title: Option<String>,
    peers: Vec<Address>,
    /// The Message that it sends or has sent, if that is stored.
    message: Option<i64>,
}

fn entry(
    transaction: &Transaction<'_>,
    known: &mut BTreeMap<Address, PeerView>,
    operation: OutboxOperation,
) -> Result<OutboxEntry> {
    let subject = subject(transaction, &operation)?;
    let received = match subject.message {
        Some(number) => store::deliveries::fetched(transaction, number)?.len(),
        None => 0,
    };
    let mut peers = Vec::new();
    for peer in subject.peers {
        if let Some(known) = known.get(&peer) {
            peers.push(known.clone());
        } else {
            let view = peer_view(transaction, &peer, operation.created_at)?;
            known.insert(peer, view.clone());
            peers.push(view);
        }
    }
    let state = match operation.state {
        OutboxState::Queued => OutboxEntryState::Queued,
        OutboxState::Sending => OutboxEntryState::Sending,
        OutboxState::Delivered => OutboxEntryState::Sent,
        OutboxState::Failed => OutboxEntryState::Failed,
    };
    Ok(OutboxEntry {
        number: Some(operation.id),
        about: subject.about,
        title: subject.title,
        peers,
        message: subject.message,
        received: u32::try_from(received).unwrap_or(u32::MAX),
        state,
        since: operation.created_at,
        attempts: operation.attempts,
        next_attempt_at: next(&operation),
        error_code: operation.last_error_code,
    })
}

fn next(operation: &OutboxOperation) -> Option<CoreDate> {
    (operation.state == OutboxState::Queued).then_some(operation.next_attempt_at)
}

fn subject(transaction: &Transaction<'_>, operation: &OutboxOperation) -> Result<Subject> {
    let peers: Vec<Address> = operation.peer.iter().cloned().collect();
    if let Some(step) = step_of(operation.kind)
        && let Ok(relationship_id) = RelationshipId::parse(&operation.subject)
    {
        return Ok(Subject {
            about: OutboxAbout::Step {
                relationship_id,
                step,
            },
            title: None,
            peers,
            message: None,
        });
    }
    if let Ok(request_id) = RequestId::parse(&operation.subject)
        && let Some(request) = store::requests::by_id(transaction, &request_id)?
    {
        let message = carrier(transaction, operation, &request_id)?;
        let about = if request.is_own {
            OutboxAbout::Request { request_id }
        } else {
            let response = request.response.as_ref();
            let verdict = match response.map(|response| response.content.result) {
                Some(ResponseResult::Rejected) => Verdict::Reject,
                _ => Verdict::Accept,
            };
            OutboxAbout::Answer {
                request_id,
                verdict,
            }
        };
        return Ok(Subject {
            about,
            title: request.content.title,
            peers,
            message,
        });
    }
    message(transaction, operation, peers)
}

/// The Message that carries a Request or its answer.
fn carrier(
    transaction: &Transaction<'_>,
    operation: &OutboxOperation,
    request_id: &RequestId,
) -> Result<Option<i64>> {
    if operation.kind != OutboxKind::SendMessage {
        return Ok(None);
    }
    match read::<MessagePayload>(operation) {
        Ok(payload) => {
            let message = store::messages::by_number(transaction, payload.number)?;
            Ok(message.map(|message| message.number))
        }
        // What was sent has no payload any more; what it carried knows the Message.
        Err(_) => Ok(store::messages::number_of_request(transaction, request_id)?),
    }
}

fn message(
    transaction: &Transaction<'_>,
    operation: &OutboxOperation,
    peers: Vec<Address>,
) -> Result<Subject> {
    // What was sent has no payload any more; its subject is the number then.
    let number = match operation.kind {
        OutboxKind::SendMessage => match read::<MessagePayload>(operation) {
            Ok(payload) => Some(payload.number),
            Err(_) => operation.subject.parse().ok(),
        },
        _ => None,
    };
    let message = match number {
        Some(number) => store::messages::by_number(transaction, number)?,
        None => None,
    };
    let Some(message) = message else {
        return Ok(Subject {
            about: OutboxAbout::Message,
            title: None,
            peers,
            message: None,
        });
    };
    let peers = message.recipients.into_iter().map(|one| one.address);
    let (about, title) = match message.content {
        MessageContent::Notification(_) => (OutboxAbout::Notification, None),
        MessageContent::Mail(mail) => (OutboxAbout::Message, Some(mail.subject)),
        _ => (OutboxAbout::Message, None),
    };
    Ok(Subject {
        about,
        title,
        peers: peers.collect(),
        message: Some(message.number),
    })
}
