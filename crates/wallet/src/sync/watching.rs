//! Keeping in step with the Backbone: when to synchronise without being asked to.
//!
//! ```text
//! the Backbone says that there is something ─┐
//! a program asks (`hurry`)                   ├▶ sync ▶ wait
//! the computer woke up, the clock was set    │
//! the pause is over                         ─┘
//! ```
//!
//! Where a Backbone offers live updates it is asked seldom, and only to be sure; where it does not,
//! the pauses of [`Wallet::next_sync_in`] count.

use std::time::Duration;

use tessera_backbone_api::client::{ClientError, LiveUpdate, LiveUpdates};
use tokio::{sync::Notify, time::Instant};

use crate::{Changed, Wallet};

/// A wait is cut into pieces of this length: after each it shows whether the computer slept.
const PIECE: Duration = Duration::from_secs(5);
/// So much more or less on the clock than was waited means that the computer slept, or that the
/// clock was set.
const JUMP_MILLISECONDS: i64 = 20_000;
/// The wait before listening anew; it doubles with each failure.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(60);
/// The wait where live updates are not offered at all.
const NOT_OFFERED_RETRY: Duration = Duration::from_secs(60 * 60);
/// A connection that lasted so long was a good one.
const GOOD_CONNECTION: Duration = Duration::from_secs(60);

impl Wallet {
    /// Keeps the wallet in step with its Backbone, for as long as this future is polled:
    /// synchronises at once, whenever the Backbone says that there is something, when `hurry` is
    /// notified, when the computer wakes up, and else now and then.
    ///
    /// Failures are in [`Wallet::sync_status`], and the next try follows later.
    pub async fn keep_in_sync(&self, hurry: &Notify) {
        let (news, woken) = (Notify::new(), Notify::new());
        let synchronising = async {
            loop {
                if let Err(error) = self.sync().await {
                    tracing::info!(code = %error.code(), "synchronisation failed");
                }
                tokio::select! {
                    () = hurry.notified() => {}
                    () = news.notified() => {}
                    () = self.pause(&woken) => {}
                }
            }
        };
        tokio::join!(synchronising, self.listen(&news, &woken));
    }

    /// Waits, but no longer than until the computer wakes up: then `woken` is notified. How long is
    /// asked again and again: what a person decides meanwhile may have to wait to be sent.
    async fn pause(&self, woken: &Notify) {
        let began = Instant::now();
        loop {
            let left = self.next_sync_in().saturating_sub(began.elapsed());
            if left.is_zero() {
                return;
            }
            let piece = left.min(PIECE);
            let before = self.now();
            tokio::time::sleep(piece).await;
            let passed = self.now().millis() - before.millis();
            let waited = i64::try_from(piece.as_millis()).unwrap_or(i64::MAX);
            if (passed - waited).abs() > JUMP_MILLISECONDS {
                tracing::debug!("the computer slept, or its clock was set");
                woken.notify_one();
                return;
            }
        }
    }

    /// Listens to the Backbone and notifies `news`. A connection from before the computer slept is
    /// dead without anybody having said so: `woken` makes a new one.
    async fn listen(&self, news: &Notify, woken: &Notify) {
        let mut wait = FIRST_RETRY;
        loop {
            let began = Instant::now();
            let ended = tokio::select! {
                ended = self.hear(news) => Some(ended),
                () = woken.notified() => None,
            };
            self.note_live(false);
            let Some(ended) = ended else {
                wait = FIRST_RETRY;
                continue;
            };
            if began.elapsed() > GOOD_CONNECTION {
                wait = FIRST_RETRY;
            }
            let now = match ended {
                Err(error) if is_not_offered(&error) => NOT_OFFERED_RETRY,
                _ => wait,
            };
            wait = wait.saturating_mul(2).min(LONGEST_RETRY);
            tokio::select! {
                () = tokio::time::sleep(now) => {}
                () = woken.notified() => wait = FIRST_RETRY,
            }
        }
    }

    /// Listens until the connection ends.
    async fn hear(&self, news: &Notify) -> Result<(), ClientError> {
        let mut updates: LiveUpdates = self.client().live_updates().await?;
        while let Some(update) = updates.next().await? {
            match update {
                LiveUpdate::ConnectionOpened => {
                    self.note_live(true);
                    // What happened while nobody listened was not told.
                    news.notify_one();
                }
                LiveUpdate::ExternalEventCreated | LiveUpdate::DatawalletModificationsCreated => {
                    news.notify_one();
                }
                LiveUpdate::Other => {}
            }
        }
        Ok(())
    }

    fn note_live(&self, is_live: bool) {
        let was_live = self.progress(|progress| std::mem::replace(&mut progress.is_live, is_live));
        if was_live != is_live {
            self.tell(Changed::Sync);
        }
    }
}

/// Whether a Backbone has no live updates at this place, in contrast to being unreachable or busy.
fn is_not_offered(error: &ClientError) -> bool {
    match error {
        ClientError::Backbone { status, .. } => matches!(status, 404 | 405 | 501),
        ClientError::UnexpectedAnswer { .. } => true,
        _ => false,
    }
}
