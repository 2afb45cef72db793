//! The database: everything that is remembered, in one encrypted file.
//!
//! A [`Store`] has one connection that writes and one that reads. What is to be read or changed is
//! said in a closure that runs on a blocking thread within *one* transaction: [`Store::read`] sees
//! one state of everything, [`Store::write`] takes effect as a whole or not at all. The functions
//! of the modules below work inside of such closures:
//!
//! ```text
//! store.write(move |transaction| {
//!     requests::put(transaction, &request)?;
//!     outbox::add(transaction, &operation)
//! }).await?;
//! ```
//!
//! What a write has committed is on the disk when it returns, also if the power fails then.

pub mod attributes;
mod columns;
pub mod contact_notes;
pub mod contacts;
pub mod counters;
pub mod deliveries;
pub mod drafts;
pub mod ended;
mod error;
pub mod events;
pub mod files;
pub mod given;
pub mod held_decisions;
pub mod history;
mod hits;
pub mod indexing;
mod lock;
pub mod mail_drafts;
pub mod mailbox;
pub mod messages;
mod migrations;
mod open;
pub mod outbox;
pub mod own_attributes;
pub mod peers;
pub mod profile;
mod query;
#[cfg(test)]
mod query_plans;
pub mod receipts;
pub mod relationships;
pub mod request_lists;
pub mod requests;
pub mod search;
pub mod secrets;
pub mod settings;
pub mod share_info;
pub mod sources;
pub mod templates;
pub mod timeline;
#[cfg(test)]
mod versions;
pub(crate) mod window;
mod words;

use std::{
    fmt,
    path::Path,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rusqlite::TransactionBehavior;
use tokio::{sync::Mutex, task};

pub use error::StoreError;
pub use lock::FolderLock;
pub use rusqlite::{Connection, Transaction};

pub use crate::files::DATABASE_FILE;
use crate::keys::DatabaseKey;

/// Does something within a transaction as a whole or not at all: when `work` fails, what it changed is
/// undone, and the rest of the transaction stays as it is.
///
/// # Errors
///
/// When the database fails. The failure of `work` is in the result.
pub(crate) fn attempt<T, E>(
    transaction: &Transaction<'_>,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<Result<T, E>, StoreError> {
    let run = |sql| query::change(transaction, sql, []);
    run("SAVEPOINT attempt")?;
    let outcome = work();
    if outcome.is_err() {
        run("ROLLBACK TO attempt")?;
    }
    run("RELEASE attempt")?;
    Ok(outcome)
}

/// A state of the database, for knowing whether what was read from it still holds. States of another
/// opening have nothing to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State(u64);

/// Says in [`Inner::state`] that somebody writes, until it is dropped.
struct Writing(Arc<Inner>);

impl Writing {
    fn begin(inner: &Arc<Inner>) -> Self {
        inner.state.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(inner))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.state.fetch_add(1, Ordering::SeqCst);
    }
}

/// For how long nothing is written before what was written is indexed.
const QUIET: Duration = Duration::from_millis(100);

/// The open database of a wallet. Clones are the same database; it closes with the last of them,
/// or with [`Store::close`].
#[derive(Clone)]
pub struct Store(Arc<Inner>);

/// Prints nothing of what is in it.
impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

struct Inner {
    /// Odd while somebody writes, and higher after every write.
    state: AtomicU64,
    writer: Arc<Mutex<Option<Connection>>>,
    reader: Arc<Mutex<Option<Connection>>>,
    // Last, so that it is given back when the connections are closed.
    lock: std::sync::Mutex<Option<FolderLock>>,
}

impl Store {
    /// Whether the folder has a database.
    ///
    /// # Errors
    ///
    /// When the folder cannot be looked into.
    pub fn exists(folder: &Path) -> Result<bool, StoreError> {
        Ok(folder.join(DATABASE_FILE).try_exists()?)
    }

    /// Makes the database of a folder and opens it. Blocks.
    ///
    /// # Errors
    ///
    /// [`StoreError::Exists`] when there is one: it is never overwritten. [`StoreError::Full`],
    /// [`StoreError::ReadOnly`], [`StoreError::Io`]; then there is none.
    pub fn create(lock: FolderLock, key: &DatabaseKey) -> Result<Self, StoreError> {
        open::create(lock.folder(), key)?;
        Self::open(lock, key)
    }

    /// Opens the database of a folder and brings it to the version of this program. Blocks. When
    /// the program did not end properly, the whole file is checked for damage first.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`], [`StoreError::WrongKey`], [`StoreError::Damaged`],
    /// [`StoreError::NewerVersion`], [`StoreError::Full`], [`StoreError::ReadOnly`],
    /// [`StoreError::Io`].
    pub fn open(lock: FolderLock, key: &DatabaseKey) -> Result<Self, StoreError> {
        let connections = open::open(lock.folder(), key)?;
        Ok(Self(Arc::new(Inner {
            state: AtomicU64::new(0),
            writer: Arc::new(Mutex::new(Some(connections.writer))),
            reader: Arc::new(Mutex::new(Some(connections.reader))),
            lock: std::sync::Mutex::new(Some(lock)),
        })))
    }

    /// Runs `work` within one transaction that only reads: it sees one state of everything, the
    /// last that was committed.
    ///
    /// # Errors
    ///
    /// What `work` returns, and [`StoreError`] when the database fails.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run(&self.0.reader, TransactionBehavior::Deferred, work)
            .await
    }

    /// The same for what is searched by its words: all that was written before is indexed first.
    ///
    /// # Errors
    ///
    /// As [`Store::read`].
    pub async fn read_indexed<T, E>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let look = move |transaction: &Transaction<'_>| {
            if indexing::is_behind(transaction)? {
                return Ok(Err(work));
            }
            work(transaction).map(Ok)
        };
        match self.read(look).await? {
            Ok(value) => Ok(value),
            Err(work) => {
                self.write(indexing::catch_up).await?;
                self.read(work).await
            }
        }
    }

    /// Runs `work` within one transaction. It takes effect as a whole if `work` returns `Ok`, and
    /// not at all otherwise. One write runs after the other.
    ///
    /// Once it runs it runs to its end, also if nobody waits for it any more.
    ///
    /// # Errors
    ///
    /// What `work` returns, and [`StoreError`] when the database fails.
    pub async fn write<T, E>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run(&self.0.writer, TransactionBehavior::Immediate, work)
            .await
    }

    /// The state that the database is in; `None` while somebody writes. What a [`Store::read`] sees is
    /// of this state if it is the same before it begins and after it has read something.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        let state = self.0.state.load(Ordering::SeqCst);
        state.is_multiple_of(2).then_some(State(state))
    }

    /// Within a [`Store::write`] that has changed nothing yet: the state that it sees.
    #[must_use]
    pub fn state_to_write(&self) -> State {
        State(self.0.state.load(Ordering::SeqCst).saturating_sub(1))
    }

    /// Closes the database when what runs has come to its end, and gives the folder back. From
    /// then on everything is [`StoreError::Closed`].
    ///
    /// # Errors
    ///
    /// When the last changes could not be moved from the log into the file. They are not lost:
    /// the next opening does it.
    pub async fn close(&self) -> Result<(), StoreError> {
        let reader = self.0.reader.lock().await.take();
        let writer = self.0.writer.lock().await.take();
        let inner = Arc::clone(&self.0);
        task::spawn_blocking(move || {
            drop(reader);
            // The last connection that closes moves the log into the file.
            let closed = writer.map_or(Ok(()), |writer| {
                writer.close().map_err(|(_, error)| error.into())
            });
            inner
                .lock
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            closed
        })
        .await
        .map_err(|_| StoreError::Internal)?
    }

    async fn run<T, E>(
        &self,
        connection: &Arc<Mutex<Option<Connection>>>,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        // Waiting costs no thread.
        let mut connection = Arc::clone(connection).lock_owned().await;
        // The folder stays locked as long as somebody works in it.
        let inner = Arc::clone(&self.0);
        let is_write = !matches!(behavior, TransactionBehavior::Deferred);
        let result = task::spawn_blocking(move || {
            let writing = is_write.then(|| Writing::begin(&inner));
            let result = transact(connection.as_mut(), behavior, work);
            drop(writing);
            let is_behind = match &*connection {
                Some(connection) if is_write => indexing::is_behind(connection).unwrap_or_default(),
                _ => false,
            };
            (result, is_behind)
        });
        let (result, is_behind) = result.await.map_err(|_| StoreError::Internal)?;
        if is_behind {
            self.index_when_quiet();
        }
        result
    }

    /// Indexes what was written as soon as nothing more is written for [`QUIET`]: much that is written
    /// is indexed at once, and nobody waits for it. A search that comes before does it itself.
    fn index_when_quiet(&self) {
        let (inner, state) = (Arc::downgrade(&self.0), self.state());
        task::spawn(async move {
            tokio::time::sleep(QUIET).await;
            let Some(store) = inner.upgrade().map(Store) else {
                return;
            };
            if state.is_none() || store.state() != state {
                return;
            }
            let mut connection = Arc::clone(&store.0.writer).lock_owned().await;
            let indexed = task::spawn_blocking(move || {
                let _store = store;
                connection.as_mut().map(indexing::catch_up_afterwards)
            });
            if let Ok(Some(Err(error))) = indexed.await {
                tracing::warn!(code = error.code(), "what was written is not indexed yet");
            }
        });
    }
}

/// Runs `work` within one transaction, to its end or not at all.
fn transact<T, E: From<StoreError>>(
    connection: Option<&mut Connection>,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let connection = connection.ok_or(StoreError::Closed)?;
    let transaction = connection
        .transaction_with_behavior(behavior)
        .map_err(StoreError::from)?;
    let value = work(&transaction)?;
    transaction.commit().map_err(StoreError::from)?;
    Ok(value)
}
