//! The Messages that are for reading, page by page, in the order in which they came or were
//! written: the newest first.
//!
//! That order is the one of their numbers, which never change, so nothing is shown twice or left
//! out while somebody turns pages. The date of an own Message does change: it is the Backbone's.

use rusqlite::{Connection, ToSql, params_from_iter};
use tessera_core_types::Address;

use super::{
    StoreError,
    columns::Text,
    query::{all, first},
    window::Window,
};
use crate::views::MessageSearch;

/// What is in the mailbox; written as in the indexes, which SQLite compares by their words.
const IN_MAILBOX: &str = "kind NOT IN ('response', 'notification')";
const UNREAD: &str = "state = 'received' AND was_read_at IS NULL";

/// The numbers of a page, of `total` altogether; `search.limit` is taken as it is.
///
/// # Errors
///
/// When the database fails.
pub fn page(
    connection: &Connection,
    search: &MessageSearch,
    total: u32,
) -> Result<Vec<i64>, StoreError> {
    let window = Window::new(search.offset, search.limit, total);
    let sql = format!("{} {}", numbers(search), window.sql("number DESC"));
    let peer = peer(search);
    let mut params: Vec<&dyn ToSql> = peer.iter().map(|peer| peer as &dyn ToSql).collect();
    params.extend([&window.take as &dyn ToSql, &window.skip]);
    let found = all(connection, &sql, params.as_slice(), |row| row.get(0))?;
    Ok(window.in_order(found))
}

/// How many Messages there are of what is wanted, whatever the page.
///
/// # Errors
///
/// When the database fails.
pub fn count(connection: &Connection, search: &MessageSearch) -> Result<u32, StoreError> {
    let sql = format!("SELECT count(*) FROM ({})", numbers(search));
    let params = params_from_iter(peer(search));
    let count = first(connection, &sql, params, |row| row.get(0))?;
    Ok(count.unwrap_or_default())
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

fn peer(search: &MessageSearch) -> Option<Text<&Address>> {
    search.peer.as_ref().map(Text)
}

/// The numbers of what is wanted. What came from a peer and what was written to it have an index
/// each, both in the order of the numbers.
fn numbers(search: &MessageSearch) -> String {
    let condition = condition(search);
    // Else SQLite walks along all Messages.
    let index = match search {
        search if search.only_unread => "message_unread",
        search if search.only_mail => "message_mail",
        _ => "message_in_mailbox",
    };
    if search.peer.is_none() {
        return format!("SELECT number FROM message INDEXED BY {index} WHERE {condition}");
    }
    format!(
        "SELECT number FROM message INDEXED BY message_from WHERE created_by = ?1 AND {condition}
        UNION ALL SELECT message.number
            FROM message_recipient CROSS JOIN message INDEXED BY {index}
                ON message.number = message_recipient.message
            WHERE message_recipient.address = ?1 AND {condition}"
    )
}

/// Everything that is ever asked.
#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    let mut queries = vec![how_many_unread()];
    for (only_mail, only_unread) in [(false, false), (true, false), (false, true), (true, true)] {
        for peer in [None, Some(Address::of_key(&[1; 32], "localhost"))] {
            let search = MessageSearch {
                only_mail,
                only_unread,
                peer,
                ..MessageSearch::default()
            };
            let numbers = numbers(&search);
            queries.push(format!("SELECT count(*) FROM ({numbers})"));
            for offset in [0, 99] {
                let window = Window::new(offset, 1, 100);
                queries.push(format!("{numbers} {}", window.sql("number DESC")));
            }
        }
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
            let total = count(&connection, &search).unwrap();
            assert_eq!(total, expected);
            let mut seen = Vec::new();
            while search.offset < total {
                let found = page(&connection, &search, total).unwrap();
                search.offset += u32::try_from(found.len()).unwrap();
                seen.extend(found);
            }
            assert_eq!(seen.len(), expected as usize);
            assert!(seen.is_sorted_by(|one, next| one > next));
        }
        assert_eq!(unread(&connection).unwrap(), 500);
    }

    /// SQLite counts the steps of its machine: the first page and the last cost the same among many
    /// as among few.
    #[test]
    fn a_page_of_many_costs_what_a_page_of_few_costs() {
        let cost = |count: i64, from_end: u32| {
            let connection = with_messages(count);
            let search = MessageSearch::default();
            let total = super::count(&connection, &search).unwrap();
            let window = Window::new((total - 50) * from_end, 50, total);
            let sql = format!("{} {}", numbers(&search), window.sql("number DESC"));
            let mut statement = connection.prepare(&sql).unwrap();
            let found = statement.query_map([window.take, window.skip], |row| row.get::<_, i64>(0));
            assert_eq!(found.unwrap().count(), 50);
            statement.get_status(rusqlite::StatementStatus::VmStep)
        };
        assert_eq!(cost(1_000, 0), cost(20_000, 0));
        assert_eq!(cost(1_000, 1), cost(20_000, 1));
    }
}
