//! Indexing for searching what was written, some time after the transaction that wrote it.
//!
//! An index of words costs more to write than most rows that it is about, and nearly as much for one
//! row as for a hundred. The triggers of the database note what is to be indexed; until it is, no
//! search is answered ([`super::Store::read_indexed`]).

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{
    StoreError,
    query::{change, first},
};

const IS_BEHIND: &str = "SELECT 1 WHERE EXISTS (SELECT 1 FROM search_pending)
    OR EXISTS (SELECT 1 FROM given_pending) OR EXISTS (SELECT 1 FROM entry_pending)";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[IS_BEHIND, STEPS[0], STEPS[1], STEPS[3], STEPS[5]];

const STEPS: [&str; 7] = [
    "INSERT INTO search_entry (kind, target, title, body)
        SELECT pending.kind, mail.number, mail.subject, mail.body
            FROM entry_pending AS pending CROSS JOIN mail_entry AS mail ON mail.number = pending.number
            WHERE pending.kind = 'message' ORDER BY pending.number",
    "INSERT INTO search_entry (kind, target, title, body)
        SELECT pending.kind, receipt.number, receipt.title, receipt.body
            FROM entry_pending AS pending
            CROSS JOIN receipt_entry AS receipt ON receipt.number = pending.number
            WHERE pending.kind = 'receipt' ORDER BY pending.number",
    "DELETE FROM entry_pending",
    "INSERT INTO search_index (rowid, kind, title, body)
        SELECT entry.id, entry.kind, entry.title, entry.body
            FROM search_pending AS pending CROSS JOIN search_entry AS entry ON entry.id = pending.id",
    "DELETE FROM search_pending",
    "INSERT INTO given_search (rowid, search_text)
        SELECT given.id, given.search_text
            FROM given_pending AS pending CROSS JOIN given ON given.id = pending.id",
    "DELETE FROM given_pending",
];

/// Whether something was written that is not indexed yet.
///
/// # Errors
///
/// When the database fails.
pub(super) fn is_behind(connection: &Connection) -> Result<bool, StoreError> {
    Ok(first(connection, IS_BEHIND, [], |_| Ok(()))?.is_some())
}

/// Indexes what is not indexed yet: for a search within the transaction that writes.
///
/// # Errors
///
/// When the database fails.
pub fn catch_up(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    for step in STEPS {
        change(transaction, step, [])?;
    }
    Ok(())
}

/// The same in a transaction of its own, if there is something.
///
/// # Errors
///
/// When the database fails. It is tried again after the next write, and before the next search.
pub(super) fn catch_up_afterwards(connection: &mut Connection) -> Result<(), StoreError> {
    if !is_behind(connection)? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    catch_up(&transaction)?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{
        keys::DatabaseKey,
        store::{
            FolderLock, Store, migrations,
            search::{self, EntryKind},
        },
    };

    fn found(connection: &Connection, word: &str) -> Vec<String> {
        let entries = search::find(connection, EntryKind::Value, word, 9).unwrap();
        // The index says what the entries say.
        connection
            .execute(
                "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)",
                [],
            )
            .unwrap();
        entries.into_iter().map(|entry| entry.target).collect()
    }

    #[tokio::test]
    async fn what_was_written_is_found_at_once_and_indexed_when_nothing_more_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let key = DatabaseKey::from_slice(&[42; 32]).unwrap();
        let store = Store::create(FolderLock::acquire(folder.path()).unwrap(), &key).unwrap();
        let write = |target: &'static str| {
            store.write(move |transaction| {
                change(
                    transaction,
                    "INSERT INTO search_entry (kind, target, title, body)
                        VALUES ('value', ?1, '', 'heron')",
                    [target],
                )
            })
        };
        write("a").await.unwrap();
        let found = store
            .read_indexed(|transaction| search::find(transaction, EntryKind::Value, "heron", 9));
        assert_eq!(found.await.unwrap().len(), 1);

        write("b").await.unwrap();
        while store
            .read(|transaction| is_behind(transaction))
            .await
            .unwrap()
        {
            tokio::task::yield_now().await;
        }
        let found =
            store.read(|transaction| search::find(transaction, EntryKind::Value, "heron", 9));
        assert_eq!(found.await.unwrap().len(), 2);
    }

    #[test]
    fn what_changes_or_goes_before_it_was_indexed_is_found_as_it_is_in_the_end() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrations::initialise(&mut connection, migrations::latest()).unwrap();
        let run = |connection: &Connection, sql: &str| {
            connection.execute(sql, []).unwrap();
        };
        for (target, body) in [("a", "heron"), ("b", "heron"), ("c", "heron")] {
            connection
                .execute(
                    "INSERT INTO search_entry (kind, target, title, body)
                        VALUES ('value', ?1, '', ?2)",
                    [target, body],
                )
                .unwrap();
        }
        run(
            &connection,
            "UPDATE search_entry SET body = 'stork' WHERE target = 'b'",
        );
        run(&connection, "DELETE FROM search_entry WHERE target = 'c'");
        assert!(is_behind(&connection).unwrap());
        catch_up_afterwards(&mut connection).unwrap();
        assert!(!is_behind(&connection).unwrap());
        assert_eq!(found(&connection, "heron"), ["a"]);
        assert_eq!(found(&connection, "stork"), ["b"]);

        // Of what is in the index, the old words go at once.
        run(
            &connection,
            "UPDATE search_entry SET body = 'egret' WHERE target = 'a'",
        );
        let entries = search::find(&connection, EntryKind::Value, "heron", 9).unwrap();
        assert!(entries.is_empty());
        run(&connection, "DELETE FROM search_entry WHERE target = 'a'");
        run(
            &connection,
            "UPDATE search_entry SET body = 'crane' WHERE target = 'b'",
        );
        catch_up_afterwards(&mut connection).unwrap();
        assert_eq!(found(&connection, "crane"), ["b"]);
        assert_eq!(found(&connection, "egret"), [""; 0]);
    }
}
