//! A program that ends in the middle leaves all of a change or nothing of it.
//!
//! The change is always the same: two settings get the same number. The test starts itself again
//! as a child that makes one change after the other and says so on standard output when one is
//! committed, until it is killed, or kills itself half-way.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod store_support;

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{self, Child, Command, Stdio},
};

use proptest::prelude::*;
use store_support::Home;
use tempfile::TempDir;
use tessera_wallet::store::{DATABASE_FILE, FolderLock, Store, StoreError, settings};

const FOLDER: &str = "TESSERA_CRASH_FOLDER";
/// The number at which the child ends itself between the two settings.
const ABORT_AT: &str = "TESSERA_CRASH_AT";

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

async fn change(store: &Store, number: u32, abort: bool) {
    store
        .write(move |transaction| {
            // With a small cache pages reach the log long before the commit.
            transaction
                .pragma_update(None, "cache_size", 10)
                .map_err(StoreError::from)?;
            settings::set(transaction, "one", &number)?;
            settings::set(transaction, "ballast", &"x".repeat(200_000))?;
            if abort {
                process::abort();
            }
            settings::set(transaction, "other", &number)
        })
        .await
        .unwrap();
}

async fn numbers(store: &Store) -> (Option<u32>, Option<u32>) {
    store
        .read(|transaction| {
            Ok::<_, StoreError>((
                settings::get(transaction, "one")?,
                settings::get(transaction, "other")?,
            ))
        })
        .await
        .unwrap()
}

fn open(folder: &Path, home: &Home) -> Store {
    Store::open(FolderLock::acquire(folder).unwrap(), &home.key)
        .ok()
        .unwrap()
}

/// What the child does. Run by itself, without a parent, it has nothing to do.
fn be_the_child(folder: &str) {
    let abort_at: Option<u32> = env::var(ABORT_AT).ok().map(|text| text.parse().unwrap());
    let store = open(Path::new(folder), &Home::new());
    runtime().block_on(async {
        for number in 1_u32.. {
            change(&store, number, abort_at == Some(number)).await;
            println!("committed {number}");
            std::io::stdout().flush().unwrap();
        }
    });
}

fn start(test: &str, home: &Home, abort_at: Option<u32>) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .env(FOLDER, home.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(number) = abort_at {
        command.env(ABORT_AT, number.to_string());
    }
    command.spawn().unwrap()
}

/// Listens to the child until it has said `limit` times that it committed, or ends; the last
/// number it said.
fn listen(child: &mut Child, limit: u32) -> u32 {
    let mut last = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        // The test framework's own words may stand before it.
        if let Some((_, number)) = line.split_once("committed ") {
            last = number.parse().unwrap();
            if last == limit {
                break;
            }
        }
    }
    last
}

#[test]
fn a_program_that_ends_itself_half_way_leaves_the_change_before() {
    if let Ok(folder) = env::var(FOLDER) {
        return be_the_child(&folder);
    }
    let test = "a_program_that_ends_itself_half_way_leaves_the_change_before";
    let home = Home::new();
    home.create().unwrap();
    for abort_at in [1, 2, 5] {
        let mut child = start(test, &home, Some(abort_at));
        let last = listen(&mut child, u32::MAX);
        assert!(!child.wait().unwrap().success());
        assert_eq!(last, abort_at - 1);
        let store = home.open().unwrap();
        let (one, other) = runtime().block_on(numbers(&store));
        assert_eq!(one, other, "all or nothing");
        if last > 0 {
            assert_eq!(one, Some(last), "and what was committed is there");
        }
    }
}

#[test]
fn a_program_that_is_killed_leaves_all_that_it_committed() {
    if let Ok(folder) = env::var(FOLDER) {
        return be_the_child(&folder);
    }
    let test = "a_program_that_is_killed_leaves_all_that_it_committed";
    let home = Home::new();
    home.create().unwrap();
    for limit in [1, 3, 8, 13] {
        let mut child = start(test, &home, None);
        let last = listen(&mut child, limit);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(last, limit);
        let store = home.open().unwrap();
        let (one, other) = runtime().block_on(numbers(&store));
        assert_eq!(one, other, "all or nothing");
        // It may have gone on for a moment before it was killed.
        assert!(one >= Some(last), "{one:?} after {last}");
    }
}

/// A database and its log as a power cut may leave them: the log ends anywhere.
struct PowerCut {
    home: Home,
    database: Vec<u8>,
    log: Vec<u8>,
    changes: u32,
}

impl PowerCut {
    fn new() -> Self {
        let home = Home::new();
        let store = home.create().unwrap();
        let changes = 6;
        let runtime = runtime();
        for number in 1..=changes {
            runtime.block_on(change(&store, number, false));
        }
        let read = |name: String| fs::read(home.path().join(name)).unwrap();
        let database = read(DATABASE_FILE.to_owned());
        let log = read(format!("{DATABASE_FILE}-wal"));
        assert!(log.len() > 200_000, "the changes stand in the log");
        Self {
            home,
            database,
            log,
            changes,
        }
    }
}

#[test]
fn a_log_that_ends_anywhere_gives_one_of_the_states_that_were_committed() {
    let cut = PowerCut::new();
    let runtime = runtime();
    let strategy = (0..=cut.log.len(), any::<bool>());
    let config = ProptestConfig::with_cases(40);
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner
        .run(&strategy, |(length, garbage)| {
            let folder = TempDir::new().unwrap();
            let mut log = cut.log[..length].to_vec();
            if garbage {
                // The rest of the last sector that was being written.
                log.extend_from_slice(&[0xa5; 512]);
            }
            fs::write(folder.path().join(DATABASE_FILE), &cut.database).unwrap();
            fs::write(folder.path().join(format!("{DATABASE_FILE}-wal")), &log).unwrap();
            let store = open(folder.path(), &cut.home);
            let (one, other) = runtime.block_on(numbers(&store));
            prop_assert_eq!(one, other, "all or nothing");
            prop_assert!(one <= Some(cut.changes));
            if length == cut.log.len() {
                prop_assert_eq!(one, Some(cut.changes));
            }
            Ok(())
        })
        .unwrap();
}
