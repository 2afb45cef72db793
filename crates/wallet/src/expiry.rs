//! Requests whose time is over.

use tessera_core_types::CoreDate;

use crate::{
    Changed, Result, Wallet, WalletError,
    model::{
        HeldState, HistoryEvent, HistoryRecord, LocalRequest, LocalRequestStatus, OutboxState,
    },
    outbox, requests,
    store::{self, Transaction},
};

impl Wallet {
    /// Lets expire what is due, as it has to be whenever Requests are read. The usual case, that
    /// nothing is, writes nothing.
    pub(crate) async fn expire_due(&self) -> Result<()> {
        let now = self.now();
        let due = self
            .inner
            .store
            .read(move |transaction| is_due(transaction, now))
            .await?;
        if due {
            let changed = self
                .inner
                .store
                .write(move |transaction| expire(transaction, now))
                .await?;
            if changed {
                self.tell(Changed::Requests);
            }
        }
        Ok(())
    }
}

/// Whether a Request may have to expire.
pub(crate) fn is_due(transaction: &Transaction<'_>, now: CoreDate) -> Result<bool> {
    Ok(!store::requests::expired_at(transaction, now)?.is_empty())
}

/// Lets expire what is due; whether anything did.
fn expire(transaction: &Transaction<'_>, now: CoreDate) -> Result<bool> {
    let mut changed = false;
    for request in store::requests::expired_at(transaction, now)? {
        changed |= if request.status == LocalRequestStatus::Decided {
            expire_decided(transaction, request, now)?
        } else {
            expire_one(transaction, request, now)?
        };
    }
    Ok(changed)
}

fn expire_one(
    transaction: &Transaction<'_>,
    mut request: LocalRequest,
    now: CoreDate,
) -> Result<bool> {
    if !requests::expire(&mut request, now) {
        return Ok(false);
    }
    fail_held(transaction, &request, now)?;
    store::requests::put(transaction, &request)?;
    let mut record = HistoryRecord::new(now, HistoryEvent::RequestExpired);
    record.peer = Some(request.peer.clone());
    record.request_id = Some(request.id.clone());
    store::history::add(transaction, &record)?;
    Ok(true)
}

/// A Decision that is held when its Request expires was not carried out. It goes with the Request's
/// being open, so that is written down.
fn fail_held(transaction: &Transaction<'_>, request: &LocalRequest, now: CoreDate) -> Result<()> {
    let held = store::held_decisions::by_request(transaction, &request.id)?;
    if held.is_some_and(|held| held.state == HeldState::Held) {
        let mut record = HistoryRecord::new(now, HistoryEvent::DecisionFailed);
        record.peer = Some(request.peer.clone());
        record.request_id = Some(request.id.clone());
        record.code = Some(WalletError::AnswerExpired.code().into_owned());
        store::history::add(transaction, &record)?;
    }
    Ok(())
}

/// An answer that was not delivered in time is taken back. One that may have been delivered is
/// left until that is known.
fn expire_decided(
    transaction: &Transaction<'_>,
    request: LocalRequest,
    now: CoreDate,
) -> Result<bool> {
    let operations = store::outbox::by_subject(transaction, request.id.as_str())?;
    if operations
        .iter()
        .any(|operation| operation.state == OutboxState::Sending)
    {
        return Ok(false);
    }
    let waiting = operations
        .iter()
        .find(|operation| operation.state == OutboxState::Queued);
    match waiting {
        Some(operation) => {
            let error = WalletError::AnswerExpired;
            outbox::give_up(transaction, operation, &error.code(), now)?;
            Ok(true)
        }
        None => expire_one(transaction, request, now),
    }
}
