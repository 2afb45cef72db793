//! Who has what of the person's, as a list: searched, filtered, sorted and taken page by page,
//! without reading more than is shown.

use rusqlite::{Connection, Row, ToSql};
use serde_json::Value;
use tessera_core_types::{Address, AttributeId, CoreDate, NotificationId, RequestId};

use super::{
    StoreError,
    columns::{Columns, Json, Text},
    hits::{Hits, Narrowed},
    query::{all, first},
    window::Window,
    words::words,
};
use crate::{
    model::{DeletionInfo, DeletionStatus},
    views::{GivenOrder, GivenPlace, GivenSearch},
};

/// What each row says besides what it is found by.
const COLUMNS: &str = "given.*, attribute.content, attribute.key, attribute.label,
    share.request_reference, share.notification_reference, share.deletion_date,
    (SELECT count(*) FROM attribute_version AS older
        WHERE older.chain = given.chain AND older.rank <= given.rank) AS version,
    (SELECT newest.attribute_id FROM attribute_version AS newest
        WHERE newest.chain = given.chain ORDER BY newest.rank DESC LIMIT 1) AS newest_id,
    (SELECT max(receipt.number) FROM receipt
        WHERE receipt.request_id = share.request_reference) AS receipt";
const HITS: &str = "SELECT rowid FROM given_search WHERE given_search MATCH ?1";
const OF_TYPES: &str = "SELECT id FROM given WHERE value_type IN (SELECT value FROM json_each(?1))";
/// The condition that everything fits.
const EVERYTHING: &str = "1 = 1";
const JOINED: &str = "JOIN local_attribute AS attribute ON attribute.id = given.attribute_id
    JOIN local_attribute_share_info AS share ON share.id = given.share_id";

/// A contact and something of the person's that it has, or had.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Where it stands in the list.
    pub place: GivenPlace,
    /// Who has it.
    pub peer: Address,
    /// The newest version that it has; if it has deleted all of them, the newest it had.
    pub attribute_id: AttributeId,
    /// The newest version there is.
    pub newest_id: AttributeId,
    /// Which version it has, from 1.
    pub version: u32,
    /// What that version says: an Attribute.
    pub content: Value,
    /// Its key, for a RelationshipAttribute.
    pub key: Option<String>,
    /// The person's own word for it.
    pub label: Option<String>,
    /// Since when.
    pub since: CoreDate,
    /// The Request by which the contact got it.
    pub request_id: Option<RequestId>,
    /// The Notification by which the contact got it.
    pub notification_id: Option<NotificationId>,
    /// The receipt of that Request.
    pub receipt: Option<i64>,
    /// Whether there is a newer version that the contact does not have.
    pub is_stale: bool,
    /// What became of it.
    pub deletion: Option<DeletionInfo>,
}

/// What is wanted of the list. What its words find is looked up once.
pub struct Wanted<'a> {
    connection: &'a Connection,
    search: &'a GivenSearch,
    hits: Option<Hits>,
}

impl<'a> Wanted<'a> {
    /// What a search wants.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn of(connection: &'a Connection, search: &'a GivenSearch) -> Result<Self, StoreError> {
        let hits = match words(&search.text) {
            Some(words) => {
                let found = Hits::of(connection, HITS, [words])?;
                let types = Hits::of(connection, OF_TYPES, [Json(&search.value_types)])?;
                Some(found.and(types))
            }
            None => None,
        };
        Ok(Self {
            connection,
            search,
            hits,
        })
    }

    /// How many there are, whatever the page.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn count(&self) -> Result<u32, StoreError> {
        let condition = Condition::of(self.search, None);
        let params = condition.params();
        match &self.hits {
            Some(hits) if params.is_empty() && !condition.is_narrow => Ok(hits.count()),
            Some(hits) => {
                let sql = all_sql(&condition, "given.id");
                hits.count_among(self.connection, &sql, params.as_slice())
            }
            None => {
                let sql = all_sql(&condition, "count(*)");
                let count = first(self.connection, &sql, params.as_slice(), |row| row.get(0))?;
                Ok(count.unwrap_or_default())
            }
        }
    }

    /// The page, of `total` entries; `search.limit` is taken as it is.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn page(&self, total: u32) -> Result<Vec<Given>, StoreError> {
        let (search, connection) = (self.search, self.connection);
        let condition = Condition::of(search, search.after.as_ref());
        // After a place nobody has counted.
        let total = search.after.as_ref().map_or(total, |_| u32::MAX);
        let window = Window::new(search.offset, search.limit, total);
        let mut params = condition.params();
        let ids = match &self.hits {
            Some(hits) => {
                let list = Narrowed {
                    walk: &walk_sql(&condition, search.order, window),
                    few: &few_sql(&condition, search.order, window),
                    params: &params,
                };
                hits.page(connection, &list, window)?
            }
            None => {
                let sql = page_sql(&condition, search.order, window);
                params.extend([&window.take as &dyn ToSql, &window.skip]);
                window.in_order(all(connection, &sql, params.as_slice(), |row| row.get(0))?)
            }
        };
        let mut entries = Vec::new();
        for id in ids {
            entries.extend(first(connection, &by_id(), [id], read)?);
        }
        Ok(entries)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Given> {
    let deletion_status: Option<DeletionStatus> = row.optional_name("deletion_status")?;
    let deletion = deletion_status
        .zip(row.optional_date("deletion_date")?)
        .map(|(deletion_status, deletion_date)| DeletionInfo {
            deletion_status,
            deletion_date,
        });
    Ok(Given {
        place: GivenPlace {
            since: row.date("since")?,
            value_text: row.get("value_text")?,
            id: row.get("id")?,
        },
        peer: row.text("peer")?,
        attribute_id: row.text("attribute_id")?,
        newest_id: row.text("newest_id")?,
        version: row.get("version")?,
        content: row.json("content")?,
        key: row.get("key")?,
        label: row.get("label")?,
        since: row.date("since")?,
        request_id: row.optional_text("request_reference")?,
        notification_id: row.optional_text("notification_reference")?,
        receipt: row.get("receipt")?,
        is_stale: row.get("is_stale")?,
        deletion,
    })
}

/// A condition beside the words, and what stands in it.
struct Condition {
    sql: String,
    /// Whether it leaves only what a few share: a contact, an Attribute, a state.
    is_narrow: bool,
    values: Vec<Box<dyn ToSql>>,
}

impl Condition {
    fn of(search: &GivenSearch, after: Option<&GivenPlace>) -> Self {
        let mut sql = vec![EVERYTHING.to_owned()];
        let mut values: Vec<Box<dyn ToSql>> = Vec::new();
        let mut place = |value: Box<dyn ToSql>| {
            values.push(value);
            format!("?{}", values.len())
        };
        if let Some(peer) = &search.peer {
            sql.push(format!(
                "given.peer = {}",
                place(Box::new(peer.to_string()))
            ));
        }
        if let Some(id) = &search.attribute {
            let id = place(Box::new(Text(id.clone())));
            sql.push(format!(
                "given.chain = (SELECT chain FROM attribute_version WHERE attribute_id = {id})"
            ));
        }
        if search.stale_only {
            sql.push("given.is_stale = 1".to_owned());
        }
        if search.asked_back_only {
            sql.push("given.deletion_status IS NOT NULL".to_owned());
        }
        // Beside words they are among what was found.
        if !search.value_types.is_empty() && words(&search.text).is_none() {
            let types = search.value_types.iter();
            let types: Vec<String> = types.map(|one| place(Box::new(one.clone()))).collect();
            sql.push(format!("given.value_type IN ({})", types.join(", ")));
        }
        if let Some(after) = after {
            let key: Box<dyn ToSql> = match search.order {
                GivenOrder::NewestFirst | GivenOrder::OldestFirst => Box::new(after.since.millis()),
                GivenOrder::ByValue | GivenOrder::ByValueDescending => {
                    Box::new(after.value_text.clone())
                }
            };
            let (key, id) = (place(key), place(Box::new(after.id)));
            let (column, than) = match search.order {
                GivenOrder::NewestFirst => ("given.since", "<"),
                GivenOrder::OldestFirst => ("given.since", ">"),
                GivenOrder::ByValue => ("given.value_text COLLATE NOCASE", ">"),
                GivenOrder::ByValueDescending => ("given.value_text COLLATE NOCASE", "<"),
            };
            sql.push(format!("({column}, given.id) {than} ({key}, {id})"));
        }
        Self {
            sql: sql.join(" AND "),
            is_narrow: search.peer.is_some()
                || search.attribute.is_some()
                || search.stale_only
                || search.asked_back_only,
            values,
        }
    }

    fn params(&self) -> Vec<&dyn ToSql> {
        self.values.iter().map(AsRef::as_ref).collect()
    }
}

/// Where nothing but words and types narrow the list, it is walked in its order: what fits may be
/// half of it.
fn index(condition: &Condition, order: GivenOrder) -> &'static str {
    match order {
        _ if condition.is_narrow => "",
        GivenOrder::NewestFirst | GivenOrder::OldestFirst => " INDEXED BY given_by_date",
        GivenOrder::ByValue | GivenOrder::ByValueDescending => " INDEXED BY given_by_value",
    }
}

fn all_sql(condition: &Condition, columns: &str) -> String {
    let index = index(condition, GivenOrder::default());
    format!("SELECT {columns} FROM given{index} WHERE {}", condition.sql)
}

fn by_id() -> String {
    format!("SELECT {COLUMNS} FROM given {JOINED} WHERE given.id = ?1")
}

fn page_sql(condition: &Condition, order: GivenOrder, window: Window) -> String {
    format!("{} LIMIT ? OFFSET ?", walk_sql(condition, order, window))
}

fn walk_sql(condition: &Condition, order: GivenOrder, window: Window) -> String {
    format!(
        "SELECT given.id FROM given{} WHERE {} {}",
        index(condition, order),
        condition.sql,
        window.order(order_by(order))
    )
}

fn few_sql(condition: &Condition, order: GivenOrder, window: Window) -> String {
    format!(
        "SELECT given.id FROM json_each(?{}) AS hit
            CROSS JOIN given ON given.id = hit.value WHERE {} {}",
        condition.values.len() + 1,
        condition.sql,
        window.sql(order_by(order))
    )
}

fn order_by(order: GivenOrder) -> &'static str {
    match order {
        GivenOrder::NewestFirst => "given.since DESC, given.id DESC",
        GivenOrder::OldestFirst => "given.since, given.id",
        GivenOrder::ByValue => "given.value_text COLLATE NOCASE, given.id",
        GivenOrder::ByValueDescending => "given.value_text COLLATE NOCASE DESC, given.id DESC",
    }
}

/// The queries of the list, one for each order and kind of filter.
#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    use tessera_core_types::SystemRandomness;

    let everything = GivenSearch::default();
    let place = CoreDate::from_millis(0).map(|since| GivenPlace {
        since,
        value_text: String::new(),
        id: 1,
    });
    let filters = [
        everything.clone(),
        GivenSearch {
            after: place,
            ..everything.clone()
        },
        GivenSearch {
            peer: Some(Address::of_key(&[1; 32], "localhost")),
            ..everything.clone()
        },
        GivenSearch {
            attribute: Some(AttributeId::generate(&SystemRandomness)),
            ..everything.clone()
        },
        GivenSearch {
            stale_only: true,
            ..everything.clone()
        },
        GivenSearch {
            asked_back_only: true,
            ..everything.clone()
        },
        GivenSearch {
            value_types: vec!["GivenName".to_owned()],
            ..everything
        },
    ];
    let mut queries = vec![by_id(), HITS.to_owned(), OF_TYPES.to_owned()];
    for filter in &filters {
        for columns in ["count(*)", "given.id"] {
            queries.push(all_sql(&Condition::of(filter, None), columns));
        }
        for order in [
            GivenOrder::NewestFirst,
            GivenOrder::OldestFirst,
            GivenOrder::ByValue,
            GivenOrder::ByValueDescending,
        ] {
            let filter = GivenSearch {
                order,
                ..filter.clone()
            };
            let condition = Condition::of(&filter, filter.after.as_ref());
            for offset in [0, 99] {
                let window = Window::new(offset, 1, 100);
                queries.push(page_sql(&condition, order, window));
                queries.push(walk_sql(&condition, order, window));
                queries.push(few_sql(&condition, order, window));
            }
        }
    }
    queries
}
