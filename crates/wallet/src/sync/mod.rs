//! Synchronisation: what peers and the Backbone did comes in, what waits goes out.
//!
//! ```text
//! sync run → datawallet up to date → external events, one after the other → finalise → again?
//!         └▶ nothing new → datawallet up to date
//! outbox
//! ```
//!
//! One run at a time: whoever asks while one is under way waits for it, and shares a later run
//! with all others who wait. What own devices wrote into the datawallet is not taken over yet;
//! the index is kept right, so that what is written later is readable.

mod answered;
mod events;
mod fetching;
mod received;
mod watching;

pub(crate) use answered::{Question, take_answer, take_answer_to_template};
pub(crate) use events::is_gone;

use std::{sync::PoisonError, time::Duration};

use tessera_backbone_api::{
    client::ClientError,
    sync_runs::{FinalizeExternalEventSyncRequest, StartSyncRunRequest, SyncRun, SyncRunType},
};
use tessera_core_types::CoreDate;

use crate::{
    Changed, Result, Wallet, WalletError,
    identity::DATAWALLET_VERSION,
    store::{self, StoreError, Transaction},
    views::{SyncReport, SyncState, SyncStatus},
};

/// Where the newest index of the datawallet that this device has seen is kept.
const LOCAL_INDEX: &str = "sync.localDatawalletModificationIndex";
/// How many runs follow each other at most, while new events keep coming.
const MAX_ROUNDS: usize = 20;
/// How long another device's run (or an interrupted own one) is waited for: it ends after 10
/// seconds by itself.
const WAITS: usize = 12;
const WAIT: Duration = Duration::from_secs(1);
/// How long a program waits between two runs when all is well, and after failures.
const USUAL_PAUSE: Duration = Duration::from_secs(15);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// The same while the Backbone itself says when there is something, and nothing waits to be sent.
const LIVE_PAUSE: Duration = Duration::from_secs(300);

const ANOTHER_RUN: &str =
    "error.platform.validation.syncRun.cannotStartSyncRunWhenAnotherSyncRunIsRunning";
const IN_DELETION: &str =
    "error.platform.validation.syncRun.cannotStartSyncRunWhileIdentityIsToBeDeleted";
const RUN_ENDED: &str = "error.platform.validation.syncRun.syncRunAlreadyFinalized";
const TOO_NEW: &str = "error.platform.validation.datawallet.insufficientSupportedDatawalletVersion";

/// How synchronisation is doing, in memory.
#[derive(Default)]
pub(crate) struct Progress {
    is_syncing: bool,
    last_success_at: Option<CoreDate>,
    error: Option<(String, bool)>,
    failures: u32,
    is_something_waiting: bool,
    /// Whether the Backbone says by itself when there is something.
    is_live: bool,
    /// Runs that were begun.
    begun: u64,
    /// The last run that came to its end well: which one it was, and what it did.
    last: Option<(u64, SyncReport)>,
}

impl Wallet {
    /// Fetches what happened and delivers what waits.
    ///
    /// Calls that come while a run is under way wait for it, and then share one run.
    ///
    /// # Errors
    ///
    /// The first failure. [`WalletError::is_offline`] tells the usual one. What could be done was
    /// done; the rest waits for the next run.
    pub async fn sync(&self) -> Result<SyncReport> {
        let begun_before = self.progress(|progress| progress.begun);
        let _talking = self.inner.talking.lock().await;
        let shared =
            self.progress(|progress| progress.last.clone().filter(|(run, _)| *run > begun_before));
        if let Some((_, report)) = shared {
            return Ok(report);
        }
        let run = self.progress(|progress| {
            progress.begun += 1;
            progress.is_syncing = true;
            progress.begun
        });
        self.tell(Changed::Sync);
        let under_way = UnderWay(self);
        let mut report = SyncReport::default();
        let result = self.run(&mut report).await;
        self.note_progress(&result, &report, true);
        if result.is_ok() {
            self.progress(|progress| progress.last = Some((run, report.clone())));
        }
        drop(under_way);
        result.map(|()| report)
    }

    async fn run(&self, report: &mut SyncReport) -> Result<()> {
        self.expire_due().await?;
        if !self.delete_due_attributes().await?.deleted.is_empty() {
            self.tell(Changed::Attributes);
        }
        let carried_out = self.carry_out_held().await;
        let now = self.now();
        self.inner
            .store
            .write(move |transaction| store::outbox::wake(transaction, now))
            .await?;
        let received = self.process_external_events(report).await;
        match received {
            Err(error) if error.is_offline() => Err(error),
            received => {
                let delivered = self.deliver_all(report).await;
                let settled = self.settle_files().await;
                carried_out.and(received).and(delivered).and(settled)
            }
        }
    }

    /// How synchronisation is doing.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn sync_status(&self) -> Result<SyncStatus> {
        let waiting = self
            .inner
            .store
            .read(|transaction| store::outbox::waiting(transaction))
            .await?;
        Ok(self.progress(|progress| SyncStatus {
            state: match &progress.error {
                _ if progress.is_syncing => SyncState::Syncing,
                Some((_, true)) => SyncState::Offline,
                Some((_, false)) => SyncState::Failed,
                None => SyncState::Idle,
            },
            last_success_at: progress.last_success_at,
            error_code: progress.error.as_ref().map(|(code, _)| code.clone()),
            waiting,
            is_live: progress.is_live,
        }))
    }

    /// How long a program should wait before it syncs by itself again: some seconds when all is
    /// well, longer and longer after failures, and minutes while the Backbone itself says when
    /// there is something and nothing waits to be sent.
    #[must_use]
    pub fn next_sync_in(&self) -> Duration {
        self.progress(|progress| {
            let is_well = progress.failures == 0 && !progress.is_something_waiting;
            if progress.is_live && is_well {
                return LIVE_PAUSE;
            }
            USUAL_PAUSE
                .saturating_mul(2_u32.saturating_pow(progress.failures))
                .min(LONGEST_PAUSE)
        })
    }

    fn progress<T>(&self, look: impl FnOnce(&mut Progress) -> T) -> T {
        let mut progress = self
            .inner
            .progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        look(&mut progress)
    }

    /// Remembers how talking to the Backbone went; `complete` when it was a whole run.
    pub(crate) fn note_progress(&self, result: &Result<()>, report: &SyncReport, complete: bool) {
        let now = self.now();
        self.progress(|progress| {
            progress.is_something_waiting = report.waiting > 0;
            match result {
                Ok(()) => {
                    progress.failures = 0;
                    progress.error = None;
                    if complete {
                        progress.last_success_at = Some(now);
                    }
                }
                Err(error) => {
                    progress.failures = progress.failures.saturating_add(1);
                    progress.error = Some((error.code().into_owned(), error.is_offline()));
                }
            }
        });
    }

    /// Processes the external events there are. Whoever calls it holds `talking`.
    pub(crate) async fn process_external_events(&self, report: &mut SyncReport) -> Result<()> {
        for _ in 0..MAX_ROUNDS {
            let Some(run) = self.start_run().await? else {
                return self.pull_datawallet().await;
            };
            self.pull_datawallet().await?;
            let events = self.client().external_events(&run.id).await?;
            let results = self.process_events(&events, report).await?;
            let finalized = self
                .client()
                .finalize_external_event_sync(
                    &run.id,
                    &FinalizeExternalEventSyncRequest {
                        external_event_results: results,
                        datawallet_modifications: Vec::new(),
                    },
                )
                .await;
            match finalized {
                Ok(answer) if answer.new_unsynced_external_events_exist => {}
                Ok(_) => return Ok(()),
                // It took too long and another device took over: the events come again, and
                // processing one twice changes nothing.
                Err(error) if error.code() == RUN_ENDED => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Starts a sync run; `None` when there is nothing new, or nothing may be fetched.
    async fn start_run(&self) -> Result<Option<SyncRun>> {
        let request = StartSyncRunRequest {
            r#type: Some(SyncRunType::ExternalEventSync),
            duration: None,
        };
        for attempt in 1.. {
            match self.client().start_sync_run(&request).await {
                Ok(answer) => return Ok(answer.sync_run),
                Err(error) if error.code() == IN_DELETION => return Ok(None),
                Err(error) if error.code() == ANOTHER_RUN && attempt < WAITS => {
                    tokio::time::sleep(WAIT).await;
                }
                Err(error) => return Err(too_new(error)),
            }
        }
        Ok(None)
    }

    /// Takes note of what own devices wrote into the datawallet.
    async fn pull_datawallet(&self) -> Result<()> {
        let local_index = self.inner.store.read(local_index).await?;
        if let Some(datawallet) = self.client().datawallet().await?
            && datawallet.version > DATAWALLET_VERSION
        {
            return Err(WalletError::DatawalletTooNew);
        }
        let modifications = self
            .client()
            .datawallet_modifications(local_index)
            .await
            .map_err(too_new)?;
        if let Some(newest) = modifications.iter().map(|one| one.index).max() {
            self.inner
                .store
                .write(move |transaction| set_local_index(transaction, Some(newest)))
                .await?;
        }
        Ok(())
    }
}

/// Tells that a run is over, also when nobody waits for it any more and it is dropped.
struct UnderWay<'a>(&'a Wallet);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.progress(|progress| progress.is_syncing = false);
        self.0.tell(Changed::Sync);
    }
}

fn too_new(error: ClientError) -> WalletError {
    if error.code() == TOO_NEW {
        WalletError::DatawalletTooNew
    } else {
        error.into()
    }
}

/// The newest index of the datawallet that this device has seen.
fn local_index(transaction: &Transaction<'_>) -> Result<Option<i64>, StoreError> {
    Ok(store::settings::get::<Option<i64>>(transaction, LOCAL_INDEX)?.flatten())
}

/// Remembers it.
pub(crate) fn set_local_index(
    transaction: &Transaction<'_>,
    index: Option<i64>,
) -> Result<(), StoreError> {
    store::settings::set(transaction, LOCAL_INDEX, &index)
}
