//! The one thread that changes the data.
//!
//! What is stored must survive a power cut, so every commit waits for the disk. Changes that arrive
//! while the disk works wait together and share the next commit: the more there is to do, the less
//! each of them waits for the disk. Each is a savepoint of its own, so that one which fails leaves
//! nothing and harms no other; none is answered before the commit.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, TransactionBehavior};
use tessera_core_types::Randomness;
use tokio::sync::{broadcast, oneshot};

use super::{Change, change::ServerTime};
use crate::{QuotaSetting, app::Hint, http::error::ApiError};

/// How many changes share a commit.
const MAX_SHARED: usize = 64;
/// After so long no more changes join: the first one is to be answered.
pub(super) const LONGEST_ROUND: Duration = Duration::from_millis(20);

/// What the thread works with.
pub(super) struct Desk {
    pub connection: Connection,
    pub time: ServerTime,
    pub randomness: Arc<dyn Randomness>,
    pub quotas: Arc<[QuotaSetting]>,
    pub hints: broadcast::Sender<Hint>,
    /// After so long a round takes no more changes.
    pub longest_round: Duration,
}

/// The thread, and how it is given work. It ends when this is dropped and all work is done.
pub(super) struct Writer {
    waiting: mpsc::Sender<Box<dyn Job>>,
    thread: thread::JoinHandle<()>,
}

impl Writer {
    pub fn start(desk: Desk) -> std::io::Result<Self> {
        let (waiting, jobs) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || desk.work(&jobs))?;
        Ok(Self { waiting, thread })
    }

    /// Has a change made. The outcome comes when it is on the disk, or not made at all.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Change<'_>) -> Result<T, ApiError> + Send + 'static,
    ) -> oneshot::Receiver<Result<T, ApiError>> {
        let (home, outcome) = oneshot::channel();
        // Should the thread be gone, so is the sender, which is what the receiver learns.
        let _ = self.waiting.send(Box::new(Waiting {
            work: Some(work),
            outcome: None,
            home,
        }));
        outcome
    }

    /// Waits until everything is done and the connection closed.
    pub fn finish(self) {
        drop(self.waiting);
        let _ = self.thread.join();
    }
}

/// A change that waits to be made.
trait Job: Send {
    /// Whether somebody still waits for it.
    fn is_wanted(&self) -> bool;
    /// Makes it; an error says that it must not stay.
    fn make(&mut self, change: &Change<'_>) -> Result<(), ApiError>;
    /// Tells its outcome, unless what it made could not be stored.
    fn answer(self: Box<Self>, stored: Result<(), ApiError>);
}

struct Waiting<T, F> {
    work: Option<F>,
    outcome: Option<Result<T, ApiError>>,
    home: oneshot::Sender<Result<T, ApiError>>,
}

impl<T, F> Job for Waiting<T, F>
where
    T: Send,
    F: FnOnce(&Change<'_>) -> Result<T, ApiError> + Send,
{
    fn is_wanted(&self) -> bool {
        !self.home.is_closed()
    }

    fn make(&mut self, change: &Change<'_>) -> Result<(), ApiError> {
        let Some(work) = self.work.take() else {
            return Ok(());
        };
        // The data of a change that panicked goes with its savepoint.
        let outcome = catch_unwind(AssertUnwindSafe(|| work(change)))
            .unwrap_or_else(|_| Err(ApiError::unexpected("a change panicked")));
        let made = outcome.as_ref().map(|_| ()).map_err(Clone::clone);
        self.outcome = Some(outcome);
        made
    }

    fn answer(self: Box<Self>, stored: Result<(), ApiError>) {
        let outcome = match (self.outcome, stored) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(error)) => Err(error),
            (Some(outcome), Ok(())) => outcome,
            (None, Ok(())) => return,
        };
        // Whoever waited may be gone.
        let _ = self.home.send(outcome);
    }
}

impl Desk {
    fn work(mut self, jobs: &mpsc::Receiver<Box<dyn Job>>) {
        while let Ok(first) = jobs.recv() {
            let mut done = Vec::new();
            let stored = self.round(first, jobs, &mut done);
            let outcome = stored.as_ref().map(|_| ()).map_err(Clone::clone);
            for hint in stored.into_iter().flatten() {
                // Nobody may be listening.
                let _ = self.hints.send(hint);
            }
            for job in done {
                job.answer(outcome.clone());
            }
        }
    }

    /// Makes changes and commits them; whatever was taken from the queue is in `done` afterwards.
    fn round(
        &mut self,
        first: Box<dyn Job>,
        jobs: &mpsc::Receiver<Box<dyn Job>>,
        done: &mut Vec<Box<dyn Job>>,
    ) -> Result<Vec<Hint>, ApiError> {
        let began = Instant::now();
        let mut hints = Vec::new();
        let mut transaction = match self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
        {
            Ok(transaction) => transaction,
            Err(error) => {
                done.push(first);
                return Err(error.into());
            }
        };
        let mut next = Some(first);
        while let Some(mut job) = next {
            if job.is_wanted() {
                let made = transaction
                    .savepoint()
                    .map_err(ApiError::from)
                    .and_then(|savepoint| {
                        let now = self.time.next();
                        let change = Change::new(savepoint, now, &*self.randomness, &self.quotas);
                        job.make(&change)?;
                        Ok(change.keep()?)
                    });
                done.push(job);
                match made {
                    Ok(of_change) => hints.extend(of_change),
                    // A full disk can end the whole transaction.
                    Err(error) if transaction.is_autocommit() => return Err(error),
                    Err(_) => {}
                }
            }
            let is_room = done.len() < MAX_SHARED && began.elapsed() < self.longest_round;
            next = is_room.then(|| jobs.try_recv().ok()).flatten();
        }
        transaction.commit()?;
        Ok(hints)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tessera_core_types::{SystemClock, SystemRandomness};

    use super::*;

    /// A writer whose rounds take whatever waits, its data, and how often it committed.
    fn writer(folder: &tempfile::TempDir) -> (Writer, Connection, Arc<AtomicUsize>) {
        let file = folder.path().join("notes.sqlite");
        let mut connection = Connection::open(&file).unwrap();
        connection
            .execute_batch("PRAGMA journal_mode = wal; CREATE TABLE notes (text TEXT NOT NULL)")
            .unwrap();
        let commits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&commits);
        connection
            .commit_hook(Some(move || {
                counted.fetch_add(1, Ordering::SeqCst);
                false
            }))
            .unwrap();
        let writer = Writer::start(Desk {
            connection,
            time: ServerTime::new(Arc::new(SystemClock)),
            randomness: Arc::new(SystemRandomness),
            quotas: [].into(),
            hints: broadcast::channel(1).0,
            longest_round: Duration::MAX,
        });
        (writer.unwrap(), Connection::open(file).unwrap(), commits)
    }

    fn note(change: &Change<'_>, text: &str) -> Result<(), ApiError> {
        change.execute("INSERT INTO notes (text) VALUES (?1)", [text])?;
        Ok(())
    }

    fn notes(data: &Connection) -> Vec<String> {
        let mut statement = data
            .prepare("SELECT text FROM notes ORDER BY rowid")
            .unwrap();
        let notes = statement.query_map([], |row| row.get(0)).unwrap();
        notes.map(Result::unwrap).collect()
    }

    #[tokio::test]
    async fn changes_that_wait_share_a_commit_and_one_that_fails_harms_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, data, commits) = writer(&folder);
        let (go, wait) = mpsc::channel();
        let first = writer.write(move |change| {
            wait.recv().unwrap();
            note(change, "first")
        });
        let refused = writer.write(|change| {
            note(change, "refused")?;
            Err::<(), _>(ApiError::forbidden())
        });
        let second = writer.write(|change| note(change, "second"));
        let broken = writer.write(|change| -> Result<(), ApiError> {
            note(change, "broken")?;
            panic!("as a bug would")
        });
        drop(writer.write(|change| note(change, "nobody waits for it")));
        let third = writer.write(|change| note(change, "third"));
        go.send(()).unwrap();
        for good in [first, second, third] {
            good.await.unwrap().unwrap();
        }
        let forbidden = ApiError::forbidden();
        assert_eq!(refused.await.unwrap().unwrap_err().code(), forbidden.code());
        assert!(broken.await.unwrap().is_err());
        assert_eq!(notes(&data), ["first", "second", "third"]);
        assert_eq!(commits.load(Ordering::SeqCst), 1);
        // It goes on.
        writer
            .write(|change| note(change, "fourth"))
            .await
            .unwrap()
            .unwrap();
        writer.finish();
        assert_eq!(notes(&data), ["first", "second", "third", "fourth"]);
    }

    #[tokio::test]
    async fn whoever_is_told_that_it_is_stored_finds_it_whatever_happens_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, data, _) = writer(&folder);
        let (go, wait) = mpsc::channel();
        let limited = writer.write(move |change| {
            wait.recv().unwrap();
            change.pragma_update(None, "max_page_count", 20)?;
            Ok(())
        });
        let mut outcomes = Vec::new();
        for size in [10, 500_000, 11, 400_000, 12] {
            let text = "x".repeat(size);
            outcomes.push((size, writer.write(move |change| note(change, &text))));
        }
        go.send(()).unwrap();
        let _ = limited.await.unwrap();
        let mut stored = Vec::new();
        for (size, outcome) in outcomes {
            match outcome.await.unwrap() {
                Ok(()) => stored.push(size),
                Err(error) => assert_eq!(error.code(), ApiError::disk_full().code(), "{size}"),
            }
        }
        let found: Vec<_> = notes(&data).iter().map(String::len).collect();
        assert_eq!(found, stored);
        assert!(found.contains(&12), "{found:?}");
        writer
            .write(|change| note(change, "again"))
            .await
            .unwrap()
            .unwrap();
    }
}
