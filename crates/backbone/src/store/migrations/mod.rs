//! The schema of the data file: forward only, one file each, never changed once released.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::BackboneError;

/// The steps, in order; the file's `user_version` counts those that it has.
const STEPS: &[&str] = &[
    include_str!("0001_consumer_api.sql"),
    include_str!("0002_files.sql"),
    include_str!("0003_announcements_and_feature_flags.sql"),
    include_str!("0004_deletion.sql"),
    include_str!("0005_unreceived_messages.sql"),
    include_str!("0006_access_token_key.sql"),
];

/// Marks the file as a Backbone's: "TsBb".
const APPLICATION_ID: i32 = 0x5473_4262;

/// Brings the file to the newest schema, each step in a transaction of its own.
pub fn run(connection: &mut Connection, file: &Path) -> Result<(), BackboneError> {
    let failed = |error| BackboneError::database(file, error);
    let known = u32::try_from(STEPS.len()).unwrap_or(u32::MAX);
    let found: u32 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(failed)?;
    let application: i32 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(failed)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(failed)?;
    let is_new = found == 0 && application == 0 && tables == 0;
    if !is_new && application != APPLICATION_ID {
        return Err(BackboneError::NotABackbone {
            file: file.to_owned(),
        });
    }
    if found > known {
        return Err(BackboneError::FileTooNew {
            file: file.to_owned(),
            found,
            known,
        });
    }
    for (version, step) in (1_u32..).zip(STEPS).skip(found as usize) {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        transaction
            .execute_batch(step)
            .and_then(|()| transaction.pragma_update(None, "application_id", APPLICATION_ID))
            .and_then(|()| transaction.pragma_update(None, "user_version", version))
            .and_then(|()| transaction.commit())
            .map_err(failed)?;
    }
    Ok(())
}
