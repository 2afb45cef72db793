//! The connections to the data file.

use std::{
    fs::{File, OpenOptions, TryLockError, create_dir_all},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{Semaphore, broadcast};

use super::{
    Change, access_token_key,
    change::ServerTime,
    migrations,
    writer::{Desk, LONGEST_ROUND, Writer},
};
use crate::{
    BackboneError, Settings, app::Hint, http::error::ApiError, rules::access_tokens::SigningKey,
};

/// Connections for reading; more would wait for the processor anyway.
const READERS: usize = 4;

/// The data file, open and locked against other processes.
pub struct Database {
    writer: Mutex<Option<Writer>>,
    readers: Arc<Mutex<Vec<Connection>>>,
    free_readers: Arc<Semaphore>,
    /// Held as long as the file is open.
    lock: Mutex<Option<File>>,
}

impl Database {
    /// Opens the file, makes it if need be, and brings it to the newest schema. Gives the key of
    /// its access tokens, too.
    pub fn open(
        settings: &Settings,
        hints: broadcast::Sender<Hint>,
    ) -> Result<(Self, SigningKey), BackboneError> {
        let file = settings.data.as_path();
        if let Some(folder) = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            create_dir_all(folder).map_err(|error| BackboneError::open(file, error))?;
        }
        let lock = lock(file)?;
        // SQLite gives its own files beside this one the same permissions.
        open_private(file).map_err(|error| BackboneError::open(file, error))?;
        let failed = |error| BackboneError::database(file, error);
        let mut connection = connect(file).map_err(failed)?;
        connection
            .pragma_update(None, "journal_mode", "wal")
            .map_err(failed)?;
        limit(&connection, settings.max_data_bytes).map_err(failed)?;
        migrations::run(&mut connection, file)?;
        let key =
            access_token_key::load_or_make(&connection, &*settings.randomness).map_err(failed)?;
        let readers: rusqlite::Result<Vec<Connection>> = (0..READERS)
            .map(|_| {
                let reader = connect(file)?;
                reader.pragma_update(None, "query_only", true)?;
                Ok(reader)
            })
            .collect();
        let writer = Writer::start(Desk {
            connection,
            time: ServerTime::new(Arc::clone(&settings.clock)),
            randomness: Arc::clone(&settings.randomness),
            quotas: settings.configuration.quotas.as_slice().into(),
            hints,
            longest_round: LONGEST_ROUND,
        });
        let database = Self {
            writer: Mutex::new(Some(
                writer.map_err(|error| BackboneError::open(file, error))?,
            )),
            readers: Arc::new(Mutex::new(readers.map_err(failed)?)),
            free_readers: Arc::new(Semaphore::new(READERS)),
            lock: Mutex::new(Some(lock)),
        };
        Ok((database, key))
    }

    /// Makes a change as a whole; when `work` fails, nothing of it stays. An outcome that must
    /// stay although the call fails (a counted wrong password) is an `Ok` with the error in it.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Change<'_>) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let outcome = match locked(&self.writer).as_ref() {
            Some(writer) => writer.write(work),
            None => return Err(closed()),
        };
        outcome.await.map_err(ApiError::unexpected)?
    }

    /// Runs `work` on one state of the data.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = Arc::clone(&self.free_readers).acquire_owned().await;
        let turn = turn.map_err(|_| closed())?;
        let readers = Arc::clone(&self.readers);
        blocking(move || {
            let _turn = turn;
            let mut reader = Borrowed {
                connection: Some(locked(&readers).pop().ok_or_else(closed)?),
                home: &readers,
            };
            let connection = reader.connection.as_mut().ok_or_else(closed)?;
            let transaction = connection.transaction()?;
            work(&transaction)
        })
        .await
    }

    /// Ends every use of the file and gives it free. Calls that come later fail.
    pub async fn close(&self) {
        // Waits for those who read.
        let all = u32::try_from(READERS).unwrap_or(u32::MAX);
        let reading = self.free_readers.acquire_many(all).await;
        self.free_readers.close();
        drop(reading);
        locked(&self.readers).clear();
        let writer = locked(&self.writer).take();
        // The last to close writes the log into the file, which can take a moment.
        let _ = tokio::task::spawn_blocking(move || writer.map(Writer::finish)).await;
        locked(&self.lock).take();
    }
}

/// Gives a reading connection back, whatever happens.
struct Borrowed<'a> {
    connection: Option<Connection>,
    home: &'a Mutex<Vec<Connection>>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        locked(self.home).extend(self.connection.take());
    }
}

/// A lock whose holder panicked is usable: what it guards is changed in single steps.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed() -> ApiError {
    ApiError::unexpected("the Backbone is stopping")
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(ApiError::unexpected(error)))
}

/// Locks `<file>.lock`; the system gives the lock free when the process ends, however it ends.
fn lock(file: &Path) -> Result<File, BackboneError> {
    let mut path = file.as_os_str().to_owned();
    path.push(".lock");
    let lock =
        open_private(&PathBuf::from(path)).map_err(|error| BackboneError::open(file, error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(BackboneError::FileInUse {
            file: file.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(BackboneError::open(file, error)),
    }
}

/// Opens a file, and makes it for its owner alone when it does not exist.
fn open_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Keeps the file from growing beyond so many bytes.
fn limit(connection: &Connection, max_bytes: Option<u64>) -> rusqlite::Result<()> {
    let Some(max_bytes) = max_bytes else {
        return Ok(());
    };
    let page: u64 = connection
        .pragma_query_value(None, "page_size", |row| row.get::<_, u32>(0))?
        .into();
    // One page at least: 0 would mean no limit.
    let pages = u32::try_from(max_bytes / page).unwrap_or(u32::MAX).max(1);
    connection.pragma_update(None, "max_page_count", pages)
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    // Other Backbones are kept out, but somebody may look into the file or copy it.
    connection.busy_timeout(Duration::from_secs(20))?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What was answered must survive a power cut: a wallet whose pushed modifications are gone
    // could never push again.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}
