//! The contacts as a list: searched, filtered, sorted and taken page by page, without reading more
//! than is shown. The triggers of the database keep it.

use rusqlite::{Connection, Row, ToSql, types::Value};
use tessera_core_types::Address;

use super::{
    StoreError,
    columns::{Columns, Json, Text},
    hits::{Hits, Narrowed},
    query::{all, first},
    search,
    window::Window,
};
use crate::views::{ContactFilter, ContactOrder, ContactSearch, ContactView, PeerView};

const COLUMNS: &str = "SELECT contact.*, peer.first_seen_at, note.title,
        (SELECT id FROM relationship WHERE relationship.peer = contact.peer
            ORDER BY created_at DESC LIMIT 1) AS newest_id,
        (SELECT json_group_array(tag ORDER BY tag) FROM contact_tag
            WHERE contact_tag.peer = contact.peer) AS tags
    FROM contact";
const OTHERS: &str = "LEFT JOIN peer ON peer.address = contact.peer
    LEFT JOIN contact_note AS note ON note.peer = contact.peer";
const PEER: &str = "SELECT contact.peer, contact.name, contact.created_at, peer.first_seen_at,
        note.title,
        (SELECT id FROM relationship WHERE relationship.peer = contact.peer
            ORDER BY created_at DESC LIMIT 1) AS newest_id
    FROM contact
    LEFT JOIN peer ON peer.address = contact.peer
    LEFT JOIN contact_note AS note ON note.peer = contact.peer
    WHERE contact.peer = ?1";
const NAMES: &str = "SELECT contact.peer, contact.name, note.title
    FROM contact INDEXED BY contact_by_name
    LEFT JOIN contact_note AS note ON note.peer = contact.peer
    ORDER BY contact.place, contact.sort_name, contact.id";
/// Whom words find: their entries are found again by a narrow index.
const HITS: &str = "SELECT contact.id FROM search_index
    CROSS JOIN search_entry AS entry INDEXED BY search_contact ON entry.id = search_index.rowid
    CROSS JOIN contact ON contact.peer = entry.target
    WHERE search_index MATCH ?1 AND entry.kind = 'contact'";

/// The contact with this address; `None` for somebody there is no Relationship with, nor one that
/// waits to be sent.
///
/// # Errors
///
/// When the database fails.
pub fn by_peer(connection: &Connection, peer: &Address) -> Result<Option<ContactView>, StoreError> {
    first(connection, &one(), [Text(peer)], read)
}

/// Who a contact is; `None` as for [`by_peer`].
///
/// # Errors
///
/// When the database fails.
pub fn peer(connection: &Connection, peer: &Address) -> Result<Option<PeerView>, StoreError> {
    first(connection, PEER, [Text(peer)], read_peer)
}

/// All contacts, what changed last first.
///
/// # Errors
///
/// When the database fails.
pub fn list(connection: &Connection) -> Result<Vec<ContactView>, StoreError> {
    all(connection, &whole_list(), [], read)
}

/// What somebody is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// Who.
    pub address: Address,
    /// What it calls itself.
    pub name: Option<String>,
    /// The person's own name for it.
    pub title: Option<String>,
}

/// What all contacts are called.
///
/// # Errors
///
/// When the database fails.
pub fn names(connection: &Connection) -> Result<Vec<Called>, StoreError> {
    all(connection, NAMES, [], |row| {
        Ok(Called {
            address: row.text("peer")?,
            name: row.get("name")?,
            title: row.get("title")?,
        })
    })
}

/// What is wanted of the list. What its words find is looked up once.
pub struct Wanted<'a> {
    connection: &'a Connection,
    search: &'a ContactSearch,
    condition: Condition,
    hits: Option<Hits>,
}

impl<'a> Wanted<'a> {
    /// What a search wants.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn of(connection: &'a Connection, search: &'a ContactSearch) -> Result<Self, StoreError> {
        let hits = search::contacts_with(&search.text);
        let hits = hits.map(|question| Hits::of(connection, HITS, [question]));
        Ok(Self {
            connection,
            search,
            condition: Condition::of(search),
            hits: hits.transpose()?,
        })
    }

    /// How many there are.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn count(&self) -> Result<u32, StoreError> {
        let params = self.condition.params();
        if let Some(hits) = &self.hits {
            let sql = self.condition.all("contact.id");
            return hits.count_among(self.connection, &sql, params.as_slice());
        }
        let sql = self.condition.all("count(*)");
        let count = first(self.connection, &sql, params.as_slice(), |row| row.get(0))?;
        Ok(count.unwrap_or_default())
    }

    /// The page, of `total` contacts; `search.limit` is taken as it is.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn page(&self, total: u32) -> Result<Vec<ContactView>, StoreError> {
        let (connection, search) = (self.connection, self.search);
        let window = Window::new(search.offset, search.limit, total);
        let mut params = self.condition.params();
        let ids = match &self.hits {
            Some(hits) => {
                let list = Narrowed {
                    walk: &self.condition.walk(search.order, window),
                    few: &self.condition.few(search.order, window),
                    params: &params,
                };
                hits.page(connection, &list, window)?
            }
            None => {
                let sql = self.condition.page(search.order, window);
                params.extend([&window.take as &dyn ToSql, &window.skip]);
                window.in_order(all(connection, &sql, params.as_slice(), |row| row.get(0))?)
            }
        };
        let mut contacts = Vec::new();
        for id in ids {
            contacts.extend(first(connection, &by_id(), [id], read)?);
        }
        Ok(contacts)
    }
}

fn one() -> String {
    format!("{COLUMNS} {OTHERS} WHERE contact.peer = ?1")
}

fn by_id() -> String {
    format!("{COLUMNS} {OTHERS} WHERE contact.id = ?1")
}

fn whole_list() -> String {
    format!(
        "{COLUMNS} INDEXED BY contact_by_change {OTHERS}
            ORDER BY contact.changed_at DESC, contact.id DESC"
    )
}

/// A condition and what stands in it.
#[derive(Default)]
struct Condition {
    sql: Vec<String>,
    values: Vec<Value>,
}

impl Condition {
    fn of(search: &ContactSearch) -> Self {
        let mut condition = Self::default();
        let sql = match search.filter {
            ContactFilter::All => "is_archived = 0",
            ContactFilter::Waiting => "standing = 'waiting' AND is_archived = 0",
            ContactFilter::Active => "standing = 'active' AND is_archived = 0",
            ContactFilter::Ended => "standing = 'ended' AND is_archived = 0",
            ContactFilter::Archived => "is_archived = 1",
        };
        condition.sql.push(sql.to_owned());
        if let Some(tag) = &search.tag {
            let tag = condition.add(tag.clone().into());
            condition.sql.push(format!(
                "contact.peer IN (SELECT peer FROM contact_tag WHERE tag = {tag})"
            ));
        }
        condition
    }

    /// The list is walked in its order, so that a page needs no sorting and ends where it is full.
    fn page(&self, order: ContactOrder, window: Window) -> String {
        format!("{} LIMIT ? OFFSET ?", self.walk(order, window))
    }

    fn walk(&self, order: ContactOrder, window: Window) -> String {
        let index = match order {
            ContactOrder::ByName => "contact_by_name",
            ContactOrder::NewestFirst => "contact_by_change",
        };
        format!(
            "SELECT contact.id FROM contact INDEXED BY {index} WHERE {} {}",
            self.sql.join(" AND "),
            window.order(order_by(order))
        )
    }

    fn few(&self, order: ContactOrder, window: Window) -> String {
        format!(
            "SELECT contact.id FROM json_each(?{}) AS hit
                CROSS JOIN contact ON contact.id = hit.value WHERE {} {}",
            self.values.len() + 1,
            self.sql.join(" AND "),
            window.sql(order_by(order))
        )
    }

    fn all(&self, columns: &str) -> String {
        format!(
            "SELECT {columns} FROM contact INDEXED BY contact_by_name WHERE {}",
            self.sql.join(" AND ")
        )
    }

    /// Where the value stands.
    fn add(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    fn params(&self) -> Vec<&dyn ToSql> {
        self.values
            .iter()
            .map(|value| value as &dyn ToSql)
            .collect()
    }
}

fn order_by(order: ContactOrder) -> &'static str {
    match order {
        ContactOrder::ByName => "contact.place, contact.sort_name, contact.id",
        ContactOrder::NewestFirst => "contact.changed_at DESC, contact.id DESC",
    }
}

fn read_peer(row: &Row<'_>) -> rusqlite::Result<PeerView> {
    Ok(PeerView {
        address: row.text("peer")?,
        name: row.get("name")?,
        title: row.get("title")?,
        // In case nobody wrote down when this wallet first met it.
        first_seen_at: match row.optional_date("first_seen_at")? {
            Some(at) => at,
            None => row.date("created_at")?,
        },
        relationship_id: row.optional_text("newest_id")?,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<ContactView> {
    Ok(ContactView {
        relationship_id: row.optional_text("relationship_id")?,
        request_id: row.optional_text("request_id")?,
        peer: read_peer(row)?,
        status: row.optional_name("status")?,
        is_own: row.get("is_own")?,
        created_at: row.date("created_at")?,
        changed_at: row.date("changed_at")?,
        tags: row.get::<_, Json<Vec<String>>>("tags")?.0,
        is_archived: row.get("is_archived")?,
    })
}

/// The queries of the list, one for each order and kind of filter.
#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    let mut queries = vec![
        one(),
        by_id(),
        whole_list(),
        PEER.to_owned(),
        NAMES.to_owned(),
        HITS.to_owned(),
    ];
    for order in [ContactOrder::ByName, ContactOrder::NewestFirst] {
        for tag in [None, Some("x".to_owned())] {
            let search = ContactSearch {
                tag,
                order,
                ..ContactSearch::default()
            };
            let condition = Condition::of(&search);
            queries.extend(["count(*)", "contact.id"].map(|columns| condition.all(columns)));
            for offset in [0, 99] {
                let window = Window::new(offset, 1, 100);
                queries.push(condition.page(order, window));
                queries.push(condition.walk(order, window));
                queries.push(condition.few(order, window));
            }
        }
    }
    queries
}
