//! Making, opening and closing a database, and everything that can be wrong with one.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod store_support;

use std::{fs, os::unix::fs::FileExt, path::PathBuf};

use store_support::{Home, at, me, profile, request};
use tessera_wallet::{
    keys::DatabaseKey,
    store::{self, DATABASE_FILE, FolderLock, Store, StoreError, peers, requests, settings},
};

/// A store has no `Debug`: it holds the key.
fn error<T>(result: Result<T, StoreError>) -> Option<StoreError> {
    result.err()
}

async fn set(store: &Store, key: &'static str, value: &'static str) -> Result<(), StoreError> {
    store
        .write(move |transaction| settings::set(transaction, key, &value))
        .await
}

async fn get(store: &Store, key: &'static str) -> Result<Option<String>, StoreError> {
    store
        .read(move |transaction| settings::get(transaction, key))
        .await
}

impl Home {
    fn database(&self) -> PathBuf {
        self.path().join(DATABASE_FILE)
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_closing_and_opening() {
    let home = Home::new();
    assert_eq!(Store::exists(home.path()), Ok(false));
    let store = home.create().unwrap();
    assert_eq!(Store::exists(home.path()), Ok(true));
    set(&store, "language", "de").await.unwrap();
    assert_eq!(get(&store, "language").await, Ok(Some("de".to_owned())));
    store.close().await.unwrap();
    assert_eq!(get(&store, "language").await, Err(StoreError::Closed));
    assert_eq!(set(&store, "language", "en").await, Err(StoreError::Closed));
    let store = home.open().unwrap();
    assert_eq!(get(&store, "language").await, Ok(Some("de".to_owned())));
}

#[tokio::test]
async fn nothing_of_it_can_be_read_without_the_key() {
    let home = Home::new();
    let store = home.create().unwrap();
    let (profile, identity, device) = profile();
    let secret = b"device password";
    store
        .write(move |transaction| store::profile::create(transaction, &profile, &identity, &device))
        .await
        .unwrap();
    // While it is open a part stands in the log, afterwards all of it in the file.
    let look = || {
        for entry in fs::read_dir(home.path()).unwrap() {
            let content = fs::read(entry.unwrap().path()).unwrap();
            let found = |needle: &[u8]| content.windows(needle.len()).any(|part| part == needle);
            assert!(!found(secret) && !found(b"SQLite format") && !found(b"CREATE TABLE"));
            assert!(!found(me().as_str().as_bytes()));
        }
    };
    look();
    store.close().await.unwrap();
    look();
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let store = home.create().unwrap();
    set(&store, "language", "de").await.unwrap();
    let mut files = 0;
    for entry in fs::read_dir(home.path()).unwrap() {
        let path = entry.unwrap().path();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
        files += 1;
    }
    assert!(files >= 4, "database, log, index of the log, lock");
}

#[tokio::test]
async fn a_database_is_never_overwritten() {
    let home = Home::new();
    let store = home.create().unwrap();
    set(&store, "language", "de").await.unwrap();
    store.close().await.unwrap();
    assert_eq!(error(home.create()), Some(StoreError::Exists));
    let store = home.open().unwrap();
    assert_eq!(get(&store, "language").await, Ok(Some("de".to_owned())));
}

#[tokio::test]
async fn a_folder_belongs_to_one_program_at_a_time() {
    let home = Home::new();
    let store = home.create().unwrap();
    assert_eq!(error(home.open()), Some(StoreError::InUse));
    assert_eq!(StoreError::InUse.code(), "error.tessera.store.inUse");
    assert!(
        set(&store, "language", "de").await.is_ok(),
        "the first one is not disturbed"
    );
    drop(store);
    assert!(home.open().is_ok());
}

#[tokio::test]
async fn without_a_database_there_is_nothing_to_open() {
    let home = Home::new();
    assert_eq!(error(home.open()), Some(StoreError::NotFound));
    assert!(!home.database().exists(), "and none is made by trying");
}

#[tokio::test]
async fn a_wrong_key_opens_nothing_and_breaks_nothing() {
    let home = Home::new();
    home.create().unwrap().close().await.unwrap();
    let before = fs::read(home.database()).unwrap();
    let wrong = DatabaseKey::from_slice(&[43; 32]).unwrap();
    let lock = FolderLock::acquire(home.path()).unwrap();
    let result = Store::open(lock, &wrong);
    assert_eq!(error(result), Some(StoreError::WrongKey));
    assert_eq!(fs::read(home.database()).unwrap(), before);
    assert!(home.open().is_ok());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let home = Home::new();
    fs::write(home.database(), "once upon a time ".repeat(1000)).unwrap();
    assert_eq!(error(home.open()), Some(StoreError::WrongKey));
    fs::write(home.database(), "").unwrap();
    assert_eq!(error(home.open()), Some(StoreError::Damaged));
    assert_eq!(
        fs::metadata(home.database()).unwrap().len(),
        0,
        "an empty file does not become a new wallet"
    );
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let home = Home::new();
    let store = home.create().unwrap();
    store
        .write(|transaction| {
            transaction
                .pragma_update(None, "user_version", 4711)
                .map_err(StoreError::from)
        })
        .await
        .unwrap();
    store.close().await.unwrap();
    let before = fs::read(home.database()).unwrap();
    let failure = error(home.open()).unwrap();
    assert!(
        matches!(failure, StoreError::NewerVersion { found: 4711, .. }),
        "{failure}"
    );
    assert_eq!(failure.code(), "error.tessera.store.newerVersion");
    assert_eq!(fs::read(home.database()).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_page_is_an_error_and_not_other_data() {
    let home = Home::new();
    let store = home.create().unwrap();
    for minute in 0..40 {
        let mut request = request(minute);
        request.content.description = Some("x".repeat(400));
        store
            .write(move |transaction| requests::put(transaction, &request))
            .await
            .unwrap();
    }
    store.close().await.unwrap();
    let file = fs::OpenOptions::new()
        .write(true)
        .open(home.database())
        .unwrap();
    let pages = file.metadata().unwrap().len() / 4096;
    for page in 1..pages {
        file.write_all_at(b"flipped", page * 4096 + 100).unwrap();
    }
    let failure = match home.open() {
        Err(failure) => failure,
        Ok(store) => error(store.read(|transaction| requests::list(transaction)).await).unwrap(),
    };
    assert_eq!(failure, StoreError::Damaged);
}

#[tokio::test]
async fn a_damaged_first_page_cannot_be_told_from_a_wrong_key() {
    let home = Home::new();
    home.create().unwrap().close().await.unwrap();
    let file = fs::OpenOptions::new()
        .write(true)
        .open(home.database())
        .unwrap();
    file.write_all_at(b"flipped", 100).unwrap();
    assert_eq!(error(home.open()), Some(StoreError::WrongKey));
}

#[tokio::test]
async fn a_full_disk_changes_nothing_and_stops_nothing() {
    let home = Home::new();
    let store = home.create().unwrap();
    set(&store, "language", "de").await.unwrap();
    let limit = |pages: u32| {
        move |transaction: &store::Transaction<'_>| {
            // Answers with the limit, which is never less than what there is.
            transaction
                .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
                .map_err(StoreError::from)
        }
    };
    store.write(limit(1)).await.unwrap();
    let failure = store
        .write(|transaction| {
            settings::set(transaction, "language", &"en")?;
            settings::set(transaction, "large", &"x".repeat(1_000_000))
        })
        .await;
    assert_eq!(failure, Err(StoreError::Full));
    assert_eq!(StoreError::Full.code(), "error.tessera.store.full");
    assert_eq!(
        get(&store, "language").await,
        Ok(Some("de".to_owned())),
        "nothing half-done"
    );
    assert_eq!(get(&store, "large").await, Ok(None));
    // Small things still find a place, and when there is space again everything goes on.
    set(&store, "language", "en").await.unwrap();
    store.write(limit(u32::MAX / 2)).await.unwrap();
    store
        .write(|transaction| settings::set(transaction, "large", &"x".repeat(1_000_000)))
        .await
        .unwrap();
    store.close().await.unwrap();
    let store = home.open().unwrap();
    assert_eq!(get(&store, "language").await, Ok(Some("en".to_owned())));
    assert_eq!(
        get(&store, "large").await.unwrap().unwrap().len(),
        1_000_000
    );
}

#[tokio::test]
async fn making_a_database_that_fails_leaves_none() {
    let home = Home::new();
    // Where the new file would be built something is in the way.
    fs::create_dir(home.path().join("wallet.new")).unwrap();
    assert!(home.create().is_err());
    assert!(!home.database().exists());
    fs::remove_dir(home.path().join("wallet.new")).unwrap();
    // What a program that ended in between has left is no obstacle.
    fs::write(home.path().join("wallet.new"), "half").unwrap();
    fs::write(home.path().join("wallet.new-wal"), "half").unwrap();
    assert!(home.create().is_ok());
}

#[tokio::test]
async fn a_write_that_fails_in_the_middle_has_no_effect() {
    let home = Home::new();
    let store = home.create().unwrap();
    let failed: Result<(), StoreError> = store
        .write(|transaction| {
            settings::set(transaction, "language", &"de")?;
            Err(StoreError::Missing("reason to go on"))
        })
        .await;
    assert_eq!(failed, Err(StoreError::Missing("reason to go on")));
    assert_eq!(get(&store, "language").await, Ok(None));
}

#[tokio::test]
async fn a_write_that_panics_has_no_effect_and_ends_nothing() {
    let home = Home::new();
    let store = home.create().unwrap();
    let failed: Result<(), StoreError> = store
        .write(|transaction| {
            settings::set(transaction, "language", &"de")?;
            panic!("on purpose");
        })
        .await;
    assert_eq!(failed, Err(StoreError::Internal));
    assert_eq!(get(&store, "language").await, Ok(None));
    assert_eq!(set(&store, "language", "en").await, Ok(()));
}

#[tokio::test]
async fn reading_changes_nothing_even_if_it_tries() {
    let home = Home::new();
    let store = home.create().unwrap();
    let failed = store
        .read(|connection| {
            connection
                .execute("INSERT INTO setting VALUES ('language', '\"de\"')", [])
                .map_err(StoreError::from)
        })
        .await;
    assert_eq!(failed, Err(StoreError::ReadOnly));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_at_once_lose_nothing() {
    let home = Home::new();
    let store = home.create().unwrap();
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .write(|transaction| {
                        let number: Option<u32> = settings::get(transaction, "number")?;
                        settings::set(transaction, "number", &(number.unwrap_or_default() + 1))
                    })
                    .await
                    .unwrap();
                get(&store, "language").await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let number: Option<u32> = store
        .read(|transaction| settings::get(transaction, "number"))
        .await
        .unwrap();
    assert_eq!(number, Some(40));
}

#[tokio::test]
async fn what_belongs_together_is_seen_together() {
    let home = Home::new();
    let store = home.create().unwrap();
    let writer = store.clone();
    let seen = store
        .read(move |transaction| {
            let before = peers::by_address(transaction, &me())?;
            // Meanwhile somebody else writes, and is done.
            tokio::runtime::Handle::current().block_on(
                writer.write(|transaction| peers::meet(transaction, &me(), at(0), None)),
            )?;
            Ok::<_, StoreError>((before, peers::by_address(transaction, &me())?))
        })
        .await
        .unwrap();
    assert_eq!(seen, (None, None), "one read sees one state");
    let after = store
        .read(|transaction| peers::by_address(transaction, &me()))
        .await
        .unwrap();
    assert!(after.is_some());
}
