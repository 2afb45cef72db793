//! Requests as lists, page by page, the newest first, without reading more than is shown.

use rusqlite::{Connection, ToSql, params_from_iter};
use tessera_core_types::{Address, RequestId};

use super::{
    StoreError,
    columns::{Columns, Text},
    query::{all, first},
    window::Window,
};

const ORDER: &str = "created_at DESC, id DESC";
const WAITING: &str = "SELECT count(*) FROM request INDEXED BY request_open
    WHERE is_own = 0 AND status IN ('Open', 'DecisionRequired', 'ManualDecisionRequired')
      AND status <> 'Open' AND NOT EXISTS (
        SELECT 1 FROM held_decision AS held
            WHERE held.request_id = request.id AND held.state = 'held')";

/// A list of Requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestList {
    /// Received ones that are not decided.
    Open,
    /// Received ones that were decided, and those whose time is over.
    Closed,
    /// Own ones.
    Own,
}

/// Which of the Requests are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Those of this list.
    pub list: RequestList,
    /// Only those from or to this peer.
    pub peer: Option<&'a Address>,
}

/// The ids of a page.
///
/// # Errors
///
/// When the database fails.
pub(crate) fn page(
    connection: &Connection,
    wanted: Wanted<'_>,
    window: Window,
) -> Result<Vec<RequestId>, StoreError> {
    let sql = format!("SELECT id FROM {} {}", wanted.sql(), window.sql(ORDER));
    let peer = wanted.peer.map(Text);
    let mut params: Vec<&dyn ToSql> = peer.iter().map(|peer| peer as &dyn ToSql).collect();
    params.extend([&window.take as &dyn ToSql, &window.skip]);
    let found = all(connection, &sql, params.as_slice(), |row| row.text("id"))?;
    Ok(window.in_order(found))
}

/// How many there are.
///
/// # Errors
///
/// When the database fails.
pub fn count(connection: &Connection, wanted: Wanted<'_>) -> Result<u32, StoreError> {
    let sql = format!("SELECT count(*) FROM {}", wanted.sql());
    let params = params_from_iter(wanted.peer.map(Text));
    let count = first(connection, &sql, params, |row| row.get(0))?;
    Ok(count.unwrap_or_default())
}

/// How many received Requests are decidable and have no Decision that is held.
///
/// # Errors
///
/// When the database fails.
pub fn waiting(connection: &Connection) -> Result<u32, StoreError> {
    let count = first(connection, WAITING, [], |row| row.get(0))?;
    Ok(count.unwrap_or_default())
}

impl Wanted<'_> {
    /// The table with its index and condition; written as in the indexes, which SQLite compares by
    /// their words.
    fn sql(self) -> String {
        let (index, list) = match self.list {
            RequestList::Open => (
                "request_open",
                "is_own = 0 AND status IN ('Open', 'DecisionRequired', 'ManualDecisionRequired')",
            ),
            RequestList::Closed => (
                "request_closed",
                "is_own = 0
                    AND status NOT IN ('Open', 'DecisionRequired', 'ManualDecisionRequired')",
            ),
            RequestList::Own => ("request_own", "is_own = 1"),
        };
        match self.peer {
            None => format!("request INDEXED BY {index} WHERE {list}"),
            Some(_) => format!("request INDEXED BY request_by_peer WHERE peer = ?1 AND {list}"),
        }
    }
}

/// Everything that is ever asked.
#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    let mut queries = vec![WAITING.to_owned()];
    let somebody = Address::of_key(&[1; 32], "localhost");
    for list in [RequestList::Open, RequestList::Closed, RequestList::Own] {
        for peer in [None, Some(&somebody)] {
            let wanted = Wanted { list, peer }.sql();
            queries.push(format!("SELECT count(*) FROM {wanted}"));
            for offset in [0, 99] {
                let end = Window::new(offset, 1, 100).sql(ORDER);
                queries.push(format!("SELECT id FROM {wanted} {end}"));
            }
        }
    }
    queries
}
