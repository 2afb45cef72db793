//! The contacts as a list: searched, filtered, sorted and taken page by page, without reading more
//! than is shown. The triggers of the database keep it.

use rusqlite::{Connection, Row, ToSql, types::Value};
use tessera_core_types::Address;

use super::{
    StoreError,
    columns::{Columns, Json, Text},
    query::{all, first},
    search,
};
use crate::views::{
    ContactFilter, ContactOrder, ContactPlace, ContactSearch, ContactView, PeerView,
};

const COLUMNS: &str = "SELECT contact.*, peer.first_seen_at, note.title,
        (SELECT id FROM relationship WHERE relationship.peer = contact.peer
            ORDER BY created_at DESC LIMIT 1) AS newest_id,
        (SELECT json_group_array(tag ORDER BY tag) FROM contact_tag
            WHERE contact_tag.peer = contact.peer) AS tags
    FROM contact";
const OTHERS: &str = "LEFT JOIN peer ON peer.address = contact.peer
    LEFT JOIN contact_note AS note ON note.peer = contact.peer";
const NAMES: &str = "SELECT contact.peer, contact.name, note.title
    FROM contact INDEXED BY contact_by_name
    LEFT JOIN contact_note AS note ON note.peer = contact.peer
    ORDER BY contact.place, contact.sort_name, contact.id";

/// The contact with this address; `None` for somebody there is no Relationship with, nor one that
/// waits to be sent.
///
/// # Errors
///
/// When the database fails.
pub fn by_peer(connection: &Connection, peer: &Address) -> Result<Option<ContactView>, StoreError> {
    first(connection, &one(), [Text(peer)], read)
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

/// Those of the contacts that are looked for, and from where the next page goes on (`None` after the
/// last). `search.limit` is taken as it is.
///
/// # Errors
///
/// When the database fails.
pub fn page(
    connection: &Connection,
    search: &ContactSearch,
) -> Result<(Vec<ContactView>, Option<ContactPlace>), StoreError> {
    let mut condition = Condition::of(search);
    condition.go_on(search);
    let mut places = Vec::new();
    let sql = condition.page(search.order);
    // One more than wanted says whether there are more.
    condition.add((i64::from(search.limit) + 1).into());
    let mut contacts = all(connection, &sql, condition.params().as_slice(), |row| {
        places.push(ContactPlace {
            place: row.get("place")?,
            name: row.get("sort_name")?,
            changed_at: row.date("changed_at")?,
            id: row.get("id")?,
        });
        read(row)
    })?;
    let limit = search.limit as usize;
    let has_more = contacts.len() > limit;
    contacts.truncate(limit);
    places.truncate(limit);
    Ok((contacts, places.pop().filter(|_| has_more)))
}

/// How many there are of what is looked for.
///
/// # Errors
///
/// When the database fails.
pub fn count(connection: &Connection, search: &ContactSearch) -> Result<u32, StoreError> {
    let condition = Condition::of(search);
    let params = condition.params();
    let count = first(connection, &condition.count(), params.as_slice(), |row| {
        row.get(0)
    })?;
    Ok(count.unwrap_or_default())
}

fn one() -> String {
    format!("{COLUMNS} {OTHERS} WHERE contact.peer = ?1")
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
        if let Some(question) = search::contacts_with(&search.text) {
            let question = condition.add(question.into());
            condition.sql.push(format!(
                "contact.peer IN (SELECT entry.target FROM search_index
                    JOIN search_entry AS entry ON entry.id = search_index.rowid
                    WHERE search_index MATCH {question})"
            ));
        }
        condition
    }

    /// Only what comes after the last page.
    fn go_on(&mut self, search: &ContactSearch) {
        let Some(after) = &search.after else { return };
        let id = self.add(after.id.into());
        let sql = match search.order {
            ContactOrder::ByName => {
                let place = self.add(after.place.into());
                let name = self.add(after.name.clone().into());
                format!("(contact.place, contact.sort_name, contact.id) > ({place}, {name}, {id})")
            }
            ContactOrder::NewestFirst => {
                let changed_at = self.add(after.changed_at.millis().into());
                format!("(contact.changed_at, contact.id) < ({changed_at}, {id})")
            }
        };
        self.sql.push(sql);
    }

    /// The list is walked in its order, so that a page needs no sorting and ends where it is full.
    fn page(&self, order: ContactOrder) -> String {
        let (index, order) = match order {
            ContactOrder::ByName => (
                "contact_by_name",
                "contact.place, contact.sort_name, contact.id",
            ),
            ContactOrder::NewestFirst => (
                "contact_by_change",
                "contact.changed_at DESC, contact.id DESC",
            ),
        };
        format!(
            "{COLUMNS} INDEXED BY {index} {OTHERS} WHERE {} ORDER BY {order} LIMIT ?{}",
            self.sql.join(" AND "),
            self.values.len() + 1
        )
    }

    fn count(&self) -> String {
        format!(
            "SELECT count(*) FROM contact INDEXED BY contact_by_name WHERE {}",
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

fn read(row: &Row<'_>) -> rusqlite::Result<ContactView> {
    let created_at = row.date("created_at")?;
    Ok(ContactView {
        relationship_id: row.optional_text("relationship_id")?,
        request_id: row.optional_text("request_id")?,
        peer: PeerView {
            address: row.text("peer")?,
            name: row.get("name")?,
            title: row.get("title")?,
            // In case nobody wrote down when this wallet first met it.
            first_seen_at: row.optional_date("first_seen_at")?.unwrap_or(created_at),
            relationship_id: row.optional_text("newest_id")?,
        },
        status: row.optional_name("status")?,
        is_own: row.get("is_own")?,
        created_at,
        changed_at: row.date("changed_at")?,
        tags: row.get::<_, Json<Vec<String>>>("tags")?.0,
        is_archived: row.get("is_archived")?,
    })
}

/// The queries of the list, one for each order and kind of filter.
#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    use tessera_core_types::CoreDate;

    let mut queries = vec![one(), whole_list(), NAMES.to_owned()];
    for order in [ContactOrder::ByName, ContactOrder::NewestFirst] {
        for text in ["", "ada"] {
            for tag in [None, Some("x".to_owned())] {
                let mut search = ContactSearch {
                    text: text.to_owned(),
                    tag,
                    order,
                    ..ContactSearch::default()
                };
                let first = Condition::of(&search);
                queries.extend([first.page(order), first.count()]);
                search.after = CoreDate::from_millis(0).map(|changed_at| ContactPlace {
                    place: 1,
                    name: String::new(),
                    changed_at,
                    id: 0,
                });
                let mut next = Condition::of(&search);
                next.go_on(&search);
                queries.push(next.page(order));
            }
        }
    }
    queries
}
