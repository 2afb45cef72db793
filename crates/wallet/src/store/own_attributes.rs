//! The newest versions of the own identity attributes as a list: searched, filtered, sorted and
//! taken page by page, without reading more than is shown.

use rusqlite::{Connection, ToSql, Transaction, named_params};
use tessera_content::AttributeValue;
use tessera_core_types::AttributeId;

use super::{
    StoreError, attributes,
    columns::{Columns, Text},
    hits::{Hits, Narrowed},
    query::{all, change_one, first},
    window::Window,
    words::{are_indexed, words},
};
use crate::{
    model::{AttributeKind, LocalAttribute},
    views::{AttributeOrder, AttributeSearch},
};

const OF_VALUE: &str = "SELECT id FROM local_attribute
    WHERE kind = 'OwnIdentityAttribute' AND succeeded_by IS NULL
      AND value_type = ?1 AND json_extract(content, '$.value') = json(?2)";
const YOUNGEST: &str = "SELECT attribute_id FROM own_attribute
    WHERE value_type = ?1 AND is_default = 0 AND attribute_id <> ?2
    ORDER BY created_at DESC LIMIT 1";
/// Walked backwards: what was stored last comes first, and the walk ends when there are enough.
const FOUND: &str = "SELECT own.attribute_id
    FROM own_attribute_search JOIN own_attribute AS own ON own.id = own_attribute_search.rowid
    WHERE own_attribute_search MATCH ?1
    ORDER BY own_attribute_search.rowid DESC LIMIT ?2";
const HITS: &str = "SELECT rowid FROM own_attribute_search WHERE own_attribute_search MATCH ?1";
const ID: &str = "SELECT attribute_id FROM own_attribute WHERE id = ?1";
const LABEL: &str = "SELECT label FROM local_attribute WHERE id = ?1";
const TAGS: &str = "SELECT DISTINCT tag FROM own_attribute_tag ORDER BY tag";

/// What is wanted of the list. What its words find is looked up once.
pub struct Wanted<'a> {
    connection: &'a Connection,
    search: &'a AttributeSearch,
    condition: Condition,
    hits: Option<Hits>,
}

impl<'a> Wanted<'a> {
    /// What a search wants.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn of(connection: &'a Connection, search: &'a AttributeSearch) -> Result<Self, StoreError> {
        let hits = words(&search.text).map(|words| Hits::of(connection, HITS, [words]));
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
        let (condition, params) = (&self.condition, self.condition.params());
        match &self.hits {
            Some(hits) if params.is_empty() => Ok(hits.count()),
            Some(hits) => {
                hits.count_among(self.connection, &condition.all("own.id"), params.as_slice())
            }
            None => {
                let sql = condition.all("count(*)");
                let count = first(self.connection, &sql, params.as_slice(), |row| row.get(0))?;
                Ok(count.unwrap_or_default())
            }
        }
    }

    /// The ids of the page, of `total` altogether; `search.limit` is taken as it is.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn page(&self, total: u32) -> Result<Vec<AttributeId>, StoreError> {
        let (order, condition) = (self.search.order, &self.condition);
        let window = Window::new(self.search.offset, self.search.limit, total);
        let mut params = condition.params();
        let rows = match &self.hits {
            Some(hits) => {
                let list = Narrowed {
                    walk: &condition.walk(order, window),
                    few: &condition.few(order, window),
                    params: &params,
                };
                hits.page(self.connection, &list, window)?
            }
            None => {
                params.extend([&window.take as &dyn ToSql, &window.skip]);
                let sql = condition.page(order, window);
                window.in_order(all(self.connection, &sql, params.as_slice(), |row| {
                    row.get(0)
                })?)
            }
        };
        let mut ids = Vec::new();
        for row in rows {
            ids.extend(first(self.connection, ID, [row], |row| {
                row.text("attribute_id")
            })?);
        }
        Ok(ids)
    }
}

/// The ids of at most `limit` that a text finds, what was stored last first; none for a text without
/// any letter or digit.
///
/// # Errors
///
/// When the database fails.
pub fn find(
    connection: &Connection,
    text: &str,
    limit: u32,
) -> Result<Vec<AttributeId>, StoreError> {
    let Some(words) = words(text) else {
        return Ok(Vec::new());
    };
    if are_indexed(text) {
        let params = rusqlite::params![words, limit];
        return all(connection, FOUND, params, |row| row.text("attribute_id"));
    }
    let mut ids = Vec::new();
    for number in Hits::of(connection, HITS, [words])?.newest(limit) {
        ids.extend(first(connection, ID, [number], |row| {
            row.text("attribute_id")
        })?);
    }
    Ok(ids)
}

/// The tags that are in use, sorted.
///
/// # Errors
///
/// When the database fails.
pub fn tags(connection: &Connection) -> Result<Vec<String>, StoreError> {
    all(connection, TAGS, [], |row| row.get("tag"))
}

/// The newest version of an own identity attribute with this value, which is trimmed.
///
/// # Errors
///
/// When the database fails.
pub fn of_value(
    connection: &Connection,
    value: &AttributeValue,
) -> Result<Option<LocalAttribute>, StoreError> {
    id_of_value(connection, value)?
        .map(|id| attributes::by_id(connection, &id))
        .transpose()
        .map(Option::flatten)
}

/// The id of that version.
///
/// # Errors
///
/// When the database fails.
pub fn id_of_value(
    connection: &Connection,
    value: &AttributeValue,
) -> Result<Option<AttributeId>, StoreError> {
    // The parts of parts of a value (JSON) have no order of their own, so they are not compared as
    // they are written.
    let has_parts_of_parts = value
        .properties()
        .values()
        .any(|part| part.is_object() || part.is_array());
    if has_parts_of_parts {
        let own = AttributeKind::OwnIdentityAttribute;
        let same_type = attributes::by_type(connection, own, value.value_type())?;
        return Ok(same_type
            .into_iter()
            .find(|one| one.succeeded_by.is_none() && one.content.value() == value)
            .map(|one| one.id));
    }
    let json = value.to_json().to_string();
    let params = rusqlite::params![value.value_type(), json];
    first(connection, OF_VALUE, params, |row| row.text("id"))
}

/// The youngest of a value type that is neither the default nor this one.
///
/// # Errors
///
/// When the database fails.
pub fn youngest_but(
    connection: &Connection,
    value_type: &str,
    id: &AttributeId,
) -> Result<Option<LocalAttribute>, StoreError> {
    let params = rusqlite::params![value_type, Text(id)];
    let found: Option<AttributeId> =
        first(connection, YOUNGEST, params, |row| row.text("attribute_id"))?;
    found
        .map(|id| attributes::by_id(connection, &id))
        .transpose()
        .map(Option::flatten)
}

/// The person's own word for an Attribute.
///
/// # Errors
///
/// When the database fails.
pub fn label(connection: &Connection, id: &AttributeId) -> Result<Option<String>, StoreError> {
    let found = first(connection, LABEL, [Text(id)], |row| row.get("label"))?;
    Ok(found.flatten())
}

/// Gives an Attribute another word of the person's own, or none.
///
/// # Errors
///
/// [`StoreError::Missing`] when it is not there.
pub fn set_label(
    transaction: &Transaction<'_>,
    id: &AttributeId,
    label: Option<&str>,
) -> Result<(), StoreError> {
    change_one(
        transaction,
        "Attribute",
        "UPDATE local_attribute SET label = :label WHERE id = :id",
        named_params! { ":id": Text(id), ":label": label },
    )
}

/// A condition beside the words, and what stands in it.
struct Condition {
    sql: String,
    values: Vec<String>,
}

impl Condition {
    fn of(search: &AttributeSearch) -> Self {
        let mut sql = vec!["1 = 1".to_owned()];
        let mut values = Vec::new();
        let mut one_of = |values_wanted: &[String]| {
            let places: Vec<String> = values_wanted
                .iter()
                .map(|value| {
                    values.push(value.clone());
                    format!("?{}", values.len())
                })
                .collect();
            places.join(", ")
        };
        if !search.value_types.is_empty() {
            sql.push(format!(
                "own.value_type IN ({})",
                one_of(&search.value_types)
            ));
        }
        if !search.tags.is_empty() {
            sql.push(format!(
                "own.id IN (SELECT own_id FROM own_attribute_tag WHERE tag IN ({}))",
                one_of(&search.tags)
            ));
        }
        Self {
            sql: sql.join(" AND "),
            values,
        }
    }

    fn all(&self, columns: &str) -> String {
        format!(
            "SELECT {columns} FROM own_attribute AS own WHERE {}",
            self.sql
        )
    }

    fn page(&self, order: AttributeOrder, window: Window) -> String {
        format!("{} LIMIT ? OFFSET ?", self.walk(order, window))
    }

    fn walk(&self, order: AttributeOrder, window: Window) -> String {
        format!(
            "SELECT own.id FROM own_attribute AS own{} WHERE {} {}",
            index(order),
            self.sql,
            window.order(order_by(order))
        )
    }

    fn few(&self, order: AttributeOrder, window: Window) -> String {
        format!(
            "SELECT own.id FROM json_each(?{}) AS hit
                CROSS JOIN own_attribute AS own ON own.id = hit.value WHERE {} {}",
            self.values.len() + 1,
            self.sql,
            window.sql(order_by(order))
        )
    }

    fn params(&self) -> Vec<&dyn ToSql> {
        self.values
            .iter()
            .map(|value| value as &dyn ToSql)
            .collect()
    }
}

fn order_by(order: AttributeOrder) -> &'static str {
    match order {
        AttributeOrder::ByType => {
            "own.value_type, own.is_default DESC, own.created_at DESC, own.id"
        }
        AttributeOrder::NewestFirst => "own.created_at DESC, own.id",
        AttributeOrder::OldestFirst => "own.created_at, own.id DESC",
        AttributeOrder::ByValue => "own.value_text COLLATE NOCASE, own.id",
    }
}

/// The list is walked in its order, so that a page needs no sorting and ends where it is full,
/// however much fits.
fn index(order: AttributeOrder) -> &'static str {
    match order {
        AttributeOrder::ByType => " INDEXED BY own_attribute_by_type",
        AttributeOrder::NewestFirst | AttributeOrder::OldestFirst => {
            " INDEXED BY own_attribute_by_date"
        }
        AttributeOrder::ByValue => " INDEXED BY own_attribute_by_value",
    }
}

/// The queries of the list, one for each order and kind of filter.
#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    let mut queries: Vec<String> = [OF_VALUE, YOUNGEST, FOUND, HITS, ID, LABEL, TAGS]
        .map(str::to_owned)
        .into();
    let filters = [
        AttributeSearch::default(),
        AttributeSearch {
            value_types: vec!["GivenName".to_owned()],
            tags: vec!["x:a".to_owned()],
            ..AttributeSearch::default()
        },
    ];
    for filter in &filters {
        let condition = Condition::of(filter);
        queries.extend(["count(*)", "own.id"].map(|columns| condition.all(columns)));
        for order in [
            AttributeOrder::ByType,
            AttributeOrder::NewestFirst,
            AttributeOrder::OldestFirst,
            AttributeOrder::ByValue,
        ] {
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
