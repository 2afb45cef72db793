//! Consent receipts. They are only ever added: the database refuses to change or delete one.

use rusqlite::{Connection, Row, ToSql, Transaction, named_params};
#[cfg(test)]
use tessera_core_types::Address;
use tessera_core_types::RequestId;

use super::{
    StoreError,
    columns::{Columns, Json, Millis, Text},
    query::{all, change, first},
    window::Window,
};
use crate::views::{Receipt, ReceiptContent, ReceiptOutcome, ReceiptSearch};

const BY_NUMBER: &str = "SELECT receipt.*, outcome.at, outcome.kind, outcome.code
    FROM receipt LEFT JOIN receipt_outcome AS outcome ON outcome.number = receipt.number
    WHERE receipt.number = ?1";
const BY_REQUEST: &str =
    "SELECT number FROM receipt WHERE request_id = ?1 ORDER BY number DESC LIMIT 1";
const COUNT: &str = "SELECT count(*) FROM receipt INDEXED BY receipt_in_order WHERE number > 0";
const COUNT_OF_PEER: &str = "SELECT count(*) FROM receipt WHERE peer = ?1";

#[cfg(test)]
const QUERIES: &[&str] = &[BY_NUMBER, BY_REQUEST, COUNT, COUNT_OF_PEER];

/// Adds a receipt; its number. Numbers grow.
///
/// # Errors
///
/// When the database fails.
pub fn add(transaction: &Transaction<'_>, receipt: &ReceiptContent) -> Result<i64, StoreError> {
    change(
        transaction,
        "INSERT INTO receipt (request_id, peer, decided_at, content)
            VALUES (:request_id, :peer, :decided_at, :content)",
        named_params! {
            ":request_id": Text(&receipt.request.id),
            ":peer": Text(&receipt.peer.address),
            ":decided_at": Millis(receipt.decided_at),
            ":content": Json(receipt),
        },
    )?;
    Ok(transaction.last_insert_rowid())
}

/// The receipt with this number.
///
/// # Errors
///
/// When the database fails.
pub fn by_number(connection: &Connection, number: i64) -> Result<Option<Receipt>, StoreError> {
    first(connection, BY_NUMBER, [number], read)
}

/// The number of the newest receipt of a Request.
///
/// # Errors
///
/// When the database fails.
pub fn number_of(connection: &Connection, request: &RequestId) -> Result<Option<i64>, StoreError> {
    first(connection, BY_REQUEST, [Text(request)], |row| {
        row.get("number")
    })
}

/// A page of the receipts, the newest first, of `total` altogether; `search.limit` is taken as it is.
///
/// # Errors
///
/// When the database fails.
pub fn page(
    connection: &Connection,
    search: &ReceiptSearch,
    total: u32,
) -> Result<Vec<Receipt>, StoreError> {
    // Before a number nobody has counted.
    let total = search.before.map_or(total, |_| u32::MAX);
    let window = Window::new(search.offset, search.limit, total);
    let sql = numbers(search, window);
    let before = search.before.unwrap_or(i64::MAX);
    let peer = search.peer.as_ref().map(Text);
    let mut params: Vec<&dyn ToSql> = vec![&before];
    params.extend(peer.iter().map(|peer| peer as &dyn ToSql));
    params.extend([&window.take as &dyn ToSql, &window.skip]);
    let found: Vec<i64> = all(connection, &sql, params.as_slice(), |row| row.get(0))?;
    let mut receipts = Vec::new();
    for number in window.in_order(found) {
        receipts.extend(by_number(connection, number)?);
    }
    Ok(receipts)
}

/// How many receipts there are of what is wanted, whatever the page.
///
/// # Errors
///
/// When the database fails.
pub fn count(connection: &Connection, search: &ReceiptSearch) -> Result<u32, StoreError> {
    let count = match &search.peer {
        None => first(connection, COUNT, [], |row| row.get(0))?,
        Some(peer) => first(connection, COUNT_OF_PEER, [Text(peer)], |row| row.get(0))?,
    };
    Ok(count.unwrap_or_default())
}

/// The numbers are walked by an index: the receipts themselves are long.
fn numbers(search: &ReceiptSearch, window: Window) -> String {
    let (index, peer) = match search.peer {
        None => ("receipt_in_order", ""),
        Some(_) => ("receipt_by_peer", " AND peer = ?2"),
    };
    format!(
        "SELECT number FROM receipt INDEXED BY {index} WHERE number < ?1{peer} {}",
        window.sql("number DESC")
    )
}

/// Everything that is ever asked.
#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    let mut queries: Vec<String> = QUERIES.iter().map(|query| (*query).to_owned()).collect();
    for peer in [None, Some(Address::of_key(&[1; 32], "localhost"))] {
        let search = ReceiptSearch {
            peer,
            ..ReceiptSearch::default()
        };
        for offset in [0, 99] {
            queries.push(numbers(&search, Window::new(offset, 1, 100)));
        }
    }
    queries
}

fn read(row: &Row<'_>) -> rusqlite::Result<Receipt> {
    let kind = row.optional_name("kind")?;
    let outcome = kind
        .zip(row.optional_date("at")?)
        .map(|(kind, at)| {
            Ok::<_, rusqlite::Error>(ReceiptOutcome {
                kind,
                at,
                code: row.get("code")?,
            })
        })
        .transpose()?;
    Ok(Receipt {
        number: row.get("number")?,
        content: row.json("content")?,
        outcome,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use rusqlite::params;

    use super::{super::migrations, *};

    fn database() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrations::initialise(&mut connection, migrations::latest()).unwrap();
        connection
            .execute_batch(
                "INSERT INTO request (id, is_own, peer, created_at, content, status,
                        was_automatically_decided)
                    VALUES ('REQa', 0, 'did:e:a', 1, '{}', 'Decided', 0);
                 INSERT INTO receipt (request_id, peer, decided_at, content)
                    VALUES ('REQa', 'did:e:a', 2, '{}');",
            )
            .unwrap();
        connection
    }

    fn log(connection: &Connection, position: i64, old: &str, new: &str) {
        let sql = "INSERT INTO request_status_log
            (request_id, position, created_at, old_status, new_status) VALUES ('REQa', ?1, 9, ?2, ?3)";
        connection
            .execute(sql, params![position, old, new])
            .unwrap();
    }

    fn outcomes(connection: &Connection) -> Vec<(i64, String)> {
        let sql = "SELECT number, kind FROM receipt_outcome ORDER BY number";
        all(connection, sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    }

    #[test]
    fn a_receipt_can_neither_be_changed_nor_deleted() {
        let connection = database();
        log(&connection, 0, "Decided", "Completed");
        for sql in [
            "UPDATE receipt SET content = '[]'",
            "UPDATE receipt SET peer = 'did:e:b'",
            "DELETE FROM receipt",
            "UPDATE receipt_outcome SET kind = 'failed'",
            "DELETE FROM receipt_outcome",
        ] {
            assert!(connection.execute(sql, []).is_err(), "{sql}");
        }
        connection.execute("DELETE FROM request", []).unwrap();
        assert_eq!(outcomes(&connection), [(1, "delivered".to_owned())]);
    }

    #[test]
    fn a_decision_that_is_taken_back_says_so_and_the_next_one_has_a_receipt_of_its_own() {
        let connection = database();
        log(&connection, 0, "ManualDecisionRequired", "Decided");
        assert_eq!(outcomes(&connection), []);
        log(&connection, 1, "Decided", "ManualDecisionRequired");
        connection
            .execute_batch(
                "INSERT INTO receipt (request_id, peer, decided_at, content)
                    VALUES ('REQa', 'did:e:a', 3, '{}');",
            )
            .unwrap();
        log(&connection, 2, "ManualDecisionRequired", "Decided");
        log(&connection, 3, "Decided", "Completed");
        let expected = [(1, "takenBack".to_owned()), (2, "delivered".to_owned())];
        assert_eq!(outcomes(&connection), expected);
    }

    #[test]
    fn a_request_that_was_decided_before_there_were_receipts_gets_none() {
        let connection = database();
        let sql = "INSERT INTO request (id, is_own, peer, created_at, content, status,
                        was_automatically_decided)
                    VALUES ('REQb', 0, 'did:e:a', 1, '{}', 'Decided', 0);
            INSERT INTO request_status_log
                (request_id, position, created_at, old_status, new_status)
                VALUES ('REQb', 0, 9, 'Decided', 'Completed')";
        connection.execute_batch(sql).unwrap();
        assert_eq!(outcomes(&connection), []);
    }
}
