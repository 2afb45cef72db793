//! Making and opening the database file.

use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
    sync::LazyLock,
    thread,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::Zeroizing;

use super::{StoreError, migrations};
use crate::{
    files::{self, DATABASE_FILE},
    keys::DatabaseKey,
};

/// What the library may keep prepared: about as many statements as there are.
const STATEMENTS: usize = 128;

/// How much of the file each connection keeps in memory, in KiB. SQLite's own measure of 2 MiB is
/// less than one index of a long list, and what does not stay is decrypted again for every page.
const CACHE: i32 = 16 * 1024;

/// The writing and the reading connection.
pub(super) struct Connections {
    pub writer: Connection,
    pub reader: Connection,
}

/// Makes the database of a folder. It appears under its name only when it is complete, so that
/// one that is there was complete once.
pub(super) fn create(folder: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    let path = folder.join(DATABASE_FILE);
    if path.try_exists()? {
        return Err(StoreError::Exists);
    }
    let new = folder.join("wallet.new");
    remove_with_companions(&new)?;
    let built = build(&new, key, migrations::latest());
    let moved = built.and_then(|()| {
        fs::rename(&new, &path)?;
        Ok(files::sync_folder_of(&path)?)
    });
    if moved.is_err() {
        // A second failure would say nothing new; the next attempt removes it again.
        let _ = remove_with_companions(&new);
    }
    moved
}

/// Builds an empty database of a version at `path`.
pub(super) fn build(path: &Path, key: &DatabaseKey, version: u32) -> Result<(), StoreError> {
    // SQLite would make the file readable for everybody.
    files::private().create_new(true).open(path)?.sync_all()?;
    let mut connection = connect(path, key)?;
    migrations::initialise(&mut connection, version)?;
    connection.close().map_err(|(_, error)| error.into())
}

/// Opens the database of a folder and brings it to the latest version.
pub(super) fn open(folder: &Path, key: &DatabaseKey) -> Result<Connections, StoreError> {
    let path = folder.join(DATABASE_FILE);
    if !path.try_exists()? {
        return Err(StoreError::NotFound);
    }
    if fs::metadata(&path)?.len() == 0 {
        return Err(StoreError::Damaged);
    }
    let ended_in_between = fs::metadata(companion(&path, "-wal")).is_ok_and(|log| log.len() > 0);
    let mut writer = connect(&path, key)?;
    if ended_in_between {
        check_integrity(&writer)?;
    }
    migrations::migrate(&mut writer)?;
    let reader = connect(&path, key)?;
    reader.pragma_update(None, "query_only", true)?;
    Ok(Connections { writer, reader })
}

/// Whether every page is as it was written. What a program that ended in between has left in the
/// log is taken over first: until then the file itself may hold half a page, and that's no damage.
pub(super) fn check_integrity(connection: &Connection) -> Result<(), StoreError> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
    if statement.query([])?.next()?.is_some() {
        return Err(StoreError::Damaged);
    }
    Ok(())
}

/// SQLite takes itself for ready before SQLCipher is: whoever opens a database while another thread of
/// the program opens the very first one could not give its key. So a key is tried first, on a
/// database in memory, until that works.
static CIPHER_IS_READY: LazyLock<()> = LazyLock::new(|| {
    let has_key = |connection: Connection| connection.execute_batch("PRAGMA key = 'ready'").is_ok();
    for _ in 0..1_000 {
        if Connection::open_in_memory().is_ok_and(has_key) {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
});

/// A connection to a file that is there, opened with the key and checked.
pub(super) fn connect(path: &Path, key: &DatabaseKey) -> Result<Connection, StoreError> {
    LazyLock::force(&CIPHER_IS_READY);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Nothing on standard error, and everything that is freed is wiped, from the key on.
    connection
        .execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA cipher_memory_security = ON")?;
    connection.execute_batch(&key_statement(key))?;
    // The key is tried only when the first page is read.
    connection
        .query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
        .map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => StoreError::WrongKey,
            _ => error.into(),
        })?;
    connection.busy_timeout(Duration::from_secs(10))?;
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Io);
    }
    // FULL, and not NORMAL: with NORMAL a power cut may take back what was committed. A counter
    // that was used would be used again, and a key that the Backbone knows would be gone.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Negative: KiB, not pages.
    connection.pragma_update(None, "cache_size", -CACHE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// A raw key: 32 bytes that are used as they are.
fn key_statement(key: &DatabaseKey) -> Zeroizing<String> {
    // Enough from the start: growing would leave copies behind.
    let mut statement = Zeroizing::new(String::with_capacity(128));
    statement.push_str("PRAGMA key = \"x'");
    for byte in key.as_bytes() {
        // Writing to a String can't fail.
        let _ = write!(statement, "{byte:02x}");
    }
    statement.push_str("'\"");
    statement
}

/// The files that SQLite keeps beside a database.
fn companion(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn remove_with_companions(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        match fs::remove_file(companion(path, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
