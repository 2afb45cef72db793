//! From one version of the database to the next.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// What makes version n + 1 out of version n. Only ever added to: a file that was released once
/// stays as it is.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_messages.sql"),
    include_str!("migrations/0003_own_attributes.sql"),
    include_str!("migrations/0004_peer_version.sql"),
    include_str!("migrations/0005_receipts.sql"),
    include_str!("migrations/0006_given.sql"),
    include_str!("migrations/0007_mail.sql"),
    include_str!("migrations/0008_held_decisions.sql"),
    include_str!("migrations/0009_contacts_and_search.sql"),
    include_str!("migrations/0010_given_faster.sql"),
    include_str!("migrations/0011_deliveries.sql"),
    include_str!("migrations/0012_ownership_token.sql"),
    include_str!("migrations/0013_long_lists.sql"),
    include_str!("migrations/0014_holders.sql"),
    include_str!("migrations/0015_pages.sql"),
    include_str!("migrations/0016_indexed_afterwards.sql"),
    include_str!("migrations/0017_without_lists.sql"),
    include_str!("migrations/0018_sources.sql"),
];

/// "Tess" in the header of the file: it is a wallet's.
const APPLICATION_ID: i32 = 0x5465_7373;

/// The version that this program writes.
pub(super) fn latest() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Brings the database to the latest version, each step in a transaction of its own.
///
/// # Errors
///
/// [`StoreError::NewerVersion`] when this program is too old for it; then nothing is changed.
/// [`StoreError::Damaged`] when it is not a wallet's database.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    migrate_to(connection, latest())
}

/// Makes an empty database one of this program's.
pub(super) fn initialise(connection: &mut Connection, version: u32) -> Result<(), StoreError> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    migrate_to(connection, version)
}

fn migrate_to(connection: &mut Connection, version: u32) -> Result<(), StoreError> {
    let found: u32 = pragma(connection, "user_version")?;
    let application: i32 = pragma(connection, "application_id")?;
    if application != APPLICATION_ID {
        return Err(StoreError::Damaged);
    }
    if found > latest() {
        let known = latest();
        return Err(StoreError::NewerVersion { found, known });
    }
    for (step, sql) in (1..=version).zip(MIGRATIONS) {
        if step > found {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", step)?;
            transaction.commit()?;
        }
    }
    Ok(())
}

fn pragma<T: rusqlite::types::FromSql>(
    connection: &Connection,
    name: &str,
) -> Result<T, StoreError> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}
