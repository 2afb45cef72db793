//! Holding a Decision for some seconds before it is carried out, so that it can be taken back.
//!
//! ```text
//! hold ▶ Held ─ time is over ▶ accepted or rejected as ever, and gone in that transaction
//!          │ └─ impossible ▶ Failed: the Request waits again, with the reason
//!          └─ take_back ▶ gone: the Request waits again
//! ```
//!
//! As long as a Decision is held, nothing of it has happened, and its Request can be decided in no
//! other way. What is held is in the database: a program that ended, or was ended, carries it out
//! when it runs again.

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use tessera_content::{Decision, RejectParameters};
use tessera_core_types::{CoreDate, RequestId};

use super::{
    load_request,
    looking_at::{Files, Looking},
    note,
};
use crate::{
    Changed, Result, Wallet, WalletError,
    model::{HeldDecision, HeldState, HistoryEvent, HistoryRecord, LocalRequest},
    requests::{self, RandomIds, Verdict},
    store::{self, Transaction},
    views::HeldView,
};

/// The longest time for which a Decision is held.
pub const LONGEST_HOLD: Duration = Duration::from_secs(60 * 60);

/// What must be left of a Request's time when the time of holding is over: an answer must not come
/// too late because it was held.
const SPARE: TimeDelta = TimeDelta::minutes(1);

impl Wallet {
    /// Makes a Decision and holds it for `time` (at most [`LONGEST_HOLD`]), so that it can be taken
    /// back. [`Wallet::carry_out_due`] and every [`Wallet::sync`] carry it out when its time is over.
    ///
    /// It is carried out at once, and `None` is given, when `time` is zero, and when the Request
    /// would expire soon after.
    ///
    /// # Errors
    ///
    /// What is wrong with the Decision, as [`Wallet::accept`] and [`Wallet::reject_with`] say it;
    /// whether Files can be taken over is found out when it is carried out.
    /// [`WalletError::DecisionHeld`].
    pub async fn hold(
        &self,
        id: &RequestId,
        verdict: Verdict,
        decision: &Decision,
        time: Duration,
    ) -> Result<Option<HeldView>> {
        let now = self.now();
        let time = TimeDelta::from_std(time.min(LONGEST_HOLD)).unwrap_or(TimeDelta::zero());
        let (sender, made) = (self.sender(), decision.clone());
        let looking = match verdict {
            Verdict::Accept => Looking::to_keep(decision),
            Verdict::Reject => Looking::to_keep(&Decision::default()).with_files(Files::new()),
        };
        let held = self
            .look_at(id, looking, move |transaction, situation| {
                let request = &situation.request;
                require_held(transaction, &request.id, None)?;
                let mut ids = RandomIds(&*sender.randomness);
                requests::decide(&situation, verdict, &made, &mut ids)?;
                let due_at = now.plus(time);
                if time.is_zero() || ends_before(request, due_at.plus(SPARE)) {
                    return Ok(None);
                }
                note(transaction, request, HistoryEvent::DecisionHeld, now)?;
                let id = &request.id;
                let held =
                    store::held_decisions::insert(transaction, id, verdict, &made, now, due_at)?;
                Ok(Some(HeldView::from(held)))
            })
            .await?;
        match (&held, verdict) {
            (Some(_), _) => self.tell(Changed::Requests),
            (None, Verdict::Accept) => {
                self.accept(id, decision).await?;
            }
            (None, Verdict::Reject) => {
                self.reject_with(id, decision).await?;
            }
        }
        Ok(held)
    }

    /// The same for a rejection with one reason for all, as [`Wallet::reject_because`].
    ///
    /// # Errors
    ///
    /// As [`Wallet::hold`].
    pub async fn hold_rejection(
        &self,
        id: &RequestId,
        reason: &RejectParameters,
        time: Duration,
    ) -> Result<Option<HeldView>> {
        let request = self.request(id).await?;
        let decision = requests::rejection_because(&request.content, reason);
        self.hold(id, Verdict::Reject, &decision, time).await
    }

    /// Takes back a Decision that is held: nothing of it happens, and the Request waits again. Gives
    /// what was decided.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`], and [`WalletError::NotHeld`] when it is too late.
    pub async fn take_back(&self, id: &RequestId) -> Result<(Verdict, Decision)> {
        let (id, now) = (id.clone(), self.now());
        let held = self
            .inner
            .store
            .write(move |transaction| {
                let request = load_request(transaction, &id)?;
                let held = held(transaction, &id)?.ok_or(WalletError::NotHeld)?;
                store::held_decisions::forget(transaction, &id)?;
                note(transaction, &request, HistoryEvent::DecisionTakenBack, now)?;
                Ok::<_, WalletError>(held)
            })
            .await?;
        self.tell(Changed::Requests);
        Ok((held.verdict, held.decision))
    }

    /// The Decisions that are held or could not be carried out, by their Requests.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn held_decisions(&self) -> Result<BTreeMap<RequestId, HeldView>> {
        self.expire_due().await?;
        let held = self
            .inner
            .store
            .read(|transaction| store::held_decisions::list(transaction))
            .await?;
        Ok(held
            .into_iter()
            .map(|held| (held.request_id.clone(), held.into()))
            .collect())
    }

    /// Carries out the Decisions whose time is over, and tries to deliver them.
    ///
    /// # Errors
    ///
    /// What keeps one of them held for now: the database, or a Backbone that can't be asked about a
    /// File. The next [`Wallet::sync`] tries again. One that can't be carried out at all is no error
    /// here: its Request waits for the person again, and says why.
    pub async fn carry_out_due(&self) -> Result<()> {
        self.expire_due().await?;
        self.carry_out(HeldDecision::is_due_at).await
    }

    /// Carries out all that is held, whether its time is over or not: whoever closes the program has
    /// not taken it back.
    ///
    /// # Errors
    ///
    /// As [`Wallet::carry_out_due`].
    pub async fn carry_out_all(&self) -> Result<()> {
        self.expire_due().await?;
        self.carry_out(|held, _| held.state == HeldState::Held)
            .await
    }

    async fn carry_out(&self, is_meant: fn(&HeldDecision, CoreDate) -> bool) -> Result<()> {
        let (count, result) = self.commit_held(is_meant).await;
        if count > 0 {
            self.deliver_now().await;
            // What can't be settled now is with the next synchronisation.
            let _ = self.settle_files().await;
        }
        result
    }

    /// Carries out the Decisions whose time is over; their answers wait in the outbox then.
    ///
    /// # Errors
    ///
    /// As [`Wallet::carry_out_due`].
    pub(crate) async fn carry_out_held(&self) -> Result<()> {
        self.commit_held(HeldDecision::is_due_at).await.1
    }

    /// How long until a Decision has to be carried out that is held; `None` when none is, or when all
    /// wait for the next synchronisation.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn next_held_in(&self) -> Result<Option<Duration>> {
        let now = self.now();
        let held = self
            .inner
            .store
            .read(|transaction| store::held_decisions::list(transaction))
            .await?;
        Ok(held
            .into_iter()
            .filter(|held| held.state == HeldState::Held && held.error_code.is_none())
            .map(|held| match held.is_due_at(now) {
                true => Duration::ZERO,
                false => {
                    let millis = held.due_at.millis().saturating_sub(now.millis());
                    Duration::from_millis(u64::try_from(millis).unwrap_or_default())
                }
            })
            .min())
    }

    /// Commits what is meant; how many were, and the first failure that may pass.
    async fn commit_held(
        &self,
        is_meant: fn(&HeldDecision, CoreDate) -> bool,
    ) -> (usize, Result<()>) {
        let held = self
            .inner
            .store
            .read(|transaction| store::held_decisions::list(transaction))
            .await;
        let now = self.now();
        let meant = match held {
            Ok(held) => held.into_iter().filter(|held| is_meant(held, now)),
            Err(error) => return (0, Err(error.into())),
        };
        let (mut count, mut result) = (0, Ok(()));
        for held in meant {
            let committed = match self.commit_one(&held).await {
                Ok(()) => {
                    count += 1;
                    continue;
                }
                // It was taken back in between, or carried out by another call.
                Err(WalletError::NotHeld) => continue,
                Err(error) => error,
            };
            let noted = self.note_not_carried_out(&held, &committed).await;
            if noted.is_err() || may_pass(&committed) {
                result = result.and(noted).and(Err(committed));
            }
        }
        (count, result)
    }

    async fn commit_one(&self, held: &HeldDecision) -> Result<()> {
        let (id, number) = (&held.request_id, Some(held.number));
        match held.verdict {
            Verdict::Accept => self.commit_acceptance(id, &held.decision, number).await,
            Verdict::Reject => {
                let decision = held.decision.clone();
                self.commit_rejection(id, move |_| decision, number).await
            }
        }
    }

    /// Remembers why a Decision was not carried out.
    async fn note_not_carried_out(&self, held: &HeldDecision, why: &WalletError) -> Result<()> {
        let code = why.code().into_owned();
        tracing::info!(%code, "a held decision is not carried out");
        let (number, id, now) = (held.number, held.request_id.clone(), self.now());
        let may_pass = may_pass(why);
        self.inner
            .store
            .write(move |transaction| {
                // It went with its Request, or was taken back.
                if held_number(transaction, &id)? != Some(number) {
                    return Ok(());
                }
                let state = if may_pass {
                    HeldState::Held
                } else {
                    let request = load_request(transaction, &id)?;
                    let mut record = HistoryRecord::new(now, HistoryEvent::DecisionFailed);
                    record.peer = Some(request.peer);
                    record.request_id = Some(id);
                    record.code = Some(code.clone());
                    store::history::add(transaction, &record)?;
                    HeldState::Failed
                };
                store::held_decisions::set_error(transaction, number, state, &code)?;
                Ok::<_, WalletError>(())
            })
            .await?;
        self.tell(Changed::Requests);
        Ok(())
    }
}

/// Makes sure that a Decision may be carried out: the held one with this number is still held, or
/// (`None`) none is.
///
/// # Errors
///
/// [`WalletError::NotHeld`], [`WalletError::DecisionHeld`].
pub(super) fn require_held(
    transaction: &Transaction<'_>,
    id: &RequestId,
    number: Option<i64>,
) -> Result<()> {
    match (held_number(transaction, id)?, number) {
        (held, wanted) if held == wanted => Ok(()),
        (_, Some(_)) => Err(WalletError::NotHeld),
        (_, None) => Err(WalletError::DecisionHeld),
    }
}

/// The Decision on a Request that is held; one that failed is not.
fn held(transaction: &Transaction<'_>, id: &RequestId) -> Result<Option<HeldDecision>> {
    let found = store::held_decisions::by_request(transaction, id)?;
    Ok(found.filter(|held| held.state == HeldState::Held))
}

fn held_number(transaction: &Transaction<'_>, id: &RequestId) -> Result<Option<i64>> {
    Ok(held(transaction, id)?.map(|held| held.number))
}

/// Whether a Request's time is over before `date`.
fn ends_before(request: &LocalRequest, date: CoreDate) -> bool {
    request.content.expires_at.is_some_and(|end| end < date)
}

/// Whether what keeps a Decision from being carried out may pass by itself: the disk, or the way to
/// the Backbone, which has to be asked about Files.
fn may_pass(error: &WalletError) -> bool {
    match error {
        WalletError::Store(_) | WalletError::Backbone(_) => true,
        WalletError::Decision(error) => error.code.starts_with("error.transport.request."),
        _ => false,
    }
}
