//! The Messages that are for reading, page by page, in the order in which they came or were
//! written: the newest first.
//!
//! That order is the one of their numbers, which never change, so nothing is shown twice or left
//! out while somebody turns pages. The date of an own Message does change: it is the Backbone's.

use rusqlite::{Connection, named_params};

use super::{
    StoreError,
    columns::Text,
    query::{all, first},
};
use crate::views::MessageSearch;

/// What is in the mailbox; written as in the indexes, which SQLite compares by their words.
const IN_MAILBOX: &str = "kind NOT IN ('response', 'notification')";
const UNREAD: &str = "state = 'received' AND was_read_at IS NULL";

/// The numbers of a page: below `search.before`, at most `search.limit`.
///
/// # Errors
///
/// When the database fails.
pub fn page(connection: &Connection, search: &MessageSearch) -> Result<Vec<i64>, StoreError> {
    let before = search.before.unwrap_or(i64::MAX);
    let number = |row: &rusqlite::Row<'_>| row.get(0);
    let Some(peer) = &search.peer else {
        return all(
            connection,
            &of_all(search),
            named_params! { ":before": before, ":limit": search.limit },
            number,
        );
    };
    let mut found: Vec<i64> = Vec::new();
    for sql in with_peer(search) {
        found.extend(all(
            connection,
            &sql,
            named_params! { ":before": before, ":limit": search.limit, ":peer": Text(peer) },
            number,
        )?);
    }
    found.sort_unstable_by(|one, other| other.cmp(one));
    found.dedup();
    found.truncate(usize::try_from(search.limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// How many received Messages of the mailbox are unread. One that carries a Request is not counted:
/// that is counted where it waits for an answer.
///
/// # Errors
///
/// When the database fails.
pub fn unread(connection: &Connection) -> Result<u32, StoreError> {
    let count = first(connection, &how_many_unread(), [], |row| row.get(0))?;
    Ok(count.unwrap_or_default())
}

fn how_many_unread() -> String {
    format!("SELECT count(*) FROM message WHERE {IN_MAILBOX} AND {UNREAD} AND kind <> 'request'")
}

/// What is asked of a Message, whoever it is from.
fn condition(search: &MessageSearch) -> String {
    let kind = if search.only_mail {
        " AND kind = 'mail'"
    } else {
        ""
    };
    let unread = if search.only_unread {
        format!(" AND {UNREAD}")
    } else {
        String::new()
    };
    format!("{IN_MAILBOX}{kind}{unread}")
}

fn of_all(search: &MessageSearch) -> String {
    // Else SQLite walks along all Messages.
    let index = match search {
        search if search.only_unread => "message_unread",
        search if search.only_mail => "message_mail",
        _ => "message_in_mailbox",
    };
    format!(
        "SELECT number FROM message INDEXED BY {index} WHERE number < :before AND {}
            ORDER BY number DESC LIMIT :limit",
        condition(search)
    )
}

/// What came from a peer, and what was written to it: each has its own index.
fn with_peer(search: &MessageSearch) -> [String; 2] {
    let condition = condition(search);
    [
        format!(
            "SELECT number FROM message INDEXED BY message_by_sender
                WHERE created_by = :peer AND number < :before AND {condition}
                ORDER BY number DESC LIMIT :limit"
        ),
        format!(
            "SELECT message.number FROM message_recipient
                JOIN message ON message.number = message_recipient.message
                WHERE message_recipient.address = :peer AND message_recipient.message < :before
                  AND {condition}
                ORDER BY message_recipient.message DESC LIMIT :limit"
        ),
    ]
}

/// Everything that is ever asked.
#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    let mut queries = vec![how_many_unread()];
    for (only_mail, only_unread) in [(false, false), (true, false), (false, true), (true, true)] {
        let search = MessageSearch {
            only_mail,
            only_unread,
            ..MessageSearch::default()
        };
        queries.push(of_all(&search));
        queries.extend(with_peer(&search));
    }
    queries
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::store::migrations;

    /// A database with this many Messages of 100 peers, every second of them an answer.
    fn with_messages(count: i64) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrations::initialise(&mut connection, migrations::latest()).unwrap();
        let transaction = connection.transaction().unwrap();
        for number in 1..=count {
            transaction
                .prepare_cached(
                    "INSERT INTO message VALUES (
                        ?1, 'MSG' || ?1, 'received', 'did:e:localhost:dids:' || (?1 % 100), 'DVC', ?1, '{}',
                        '[]', iif(?1 % 4 = 0, 1, NULL), iif(?1 % 2 = 0, 'response', iif(?1 % 3 = 0, 'mail', 'other')), NULL)",
                )
                .unwrap()
                .execute([number])
                .unwrap();
        }
        transaction.commit().unwrap();
        connection
    }

    #[test]
    fn turning_pages_shows_everything_once() {
        let connection = with_messages(1000);
        for (only_mail, only_unread, expected) in [
            (false, false, 500),
            (true, false, 167),
            (true, true, 167),
            (false, true, 500),
        ] {
            let mut search = MessageSearch {
                only_mail,
                only_unread,
                limit: 50,
                ..MessageSearch::default()
            };
            let mut seen = Vec::new();
            loop {
                let found = page(&connection, &search).unwrap();
                let Some(last) = found.last() else { break };
                search.before = Some(*last);
                seen.extend(found);
            }
            assert_eq!(seen.len(), expected);
            assert!(seen.is_sorted_by(|one, next| one > next));
        }
        assert_eq!(unread(&connection).unwrap(), 500);
    }

    /// SQLite counts the steps of its machine: a page costs the same among many as among few.
    #[test]
    fn a_page_of_many_costs_what_a_page_of_few_costs() {
        let cost = |count: i64| {
            let connection = with_messages(count);
            let search = MessageSearch {
                limit: 50,
                ..MessageSearch::default()
            };
            let sql = of_all(&search);
            let mut statement = connection.prepare(&sql).unwrap();
            let found = statement
                .query_map(
                    named_params! { ":before": count / 2, ":limit": 50 },
                    |row| row.get::<_, i64>(0),
                )
                .unwrap()
                .count();
            assert_eq!(found, 50);
            statement.get_status(rusqlite::StatementStatus::VmStep)
        };
        assert_eq!(cost(1_000), cost(20_000));
    }
}
