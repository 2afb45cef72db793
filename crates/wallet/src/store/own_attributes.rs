//! The newest versions of the own identity attributes as a list: searched, filtered, sorted and
//! taken page by page, without reading more than is shown.

use rusqlite::{Connection, ToSql, Transaction, named_params};
use tessera_core_types::AttributeId;

use super::{
    StoreError,
    columns::{Columns, Text},
    query::{all, change_one, first},
};
use crate::model::LocalAttribute;

const OF_VALUE: &str = "SELECT id FROM local_attribute
    WHERE kind = 'OwnIdentityAttribute' AND succeeded_by IS NULL
      AND value_type = ?1 AND json_extract(content, '$.value') = json(?2)";
const YOUNGEST: &str = "SELECT attribute_id FROM own_attribute
    WHERE value_type = ?1 AND is_default = 0 AND attribute_id <> ?2
    ORDER BY created_at DESC LIMIT 1";
const LABEL: &str = "SELECT label FROM local_attribute WHERE id = ?1";
const TAGS: &str = "SELECT DISTINCT tag FROM own_attribute_tag ORDER BY tag";

/// How the list is sorted. What is alike stays in the order in which it was stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OwnAttributeOrder {
    /// By value type, the default of each first, then the newest first.
    #[default]
    ByType,
    /// The newest first.
    NewestFirst,
    /// The oldest first.
    OldestFirst,
    /// By what they say.
    ByValue,
}

/// What is wanted of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnAttributeFilter {
    /// Every word must be the beginning of a word of the value, a tag or the label, whatever the
    /// case and the marks on letters. Without any letter or digit everything fits.
    pub text: String,
    /// Only these value types; empty for all.
    pub value_types: Vec<String>,
    /// Only with one of these tags; empty for all.
    pub tags: Vec<String>,
}

/// What is shown of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many are left out before.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// The ids of a page of the list.
///
/// # Errors
///
/// When the database fails.
pub fn page(
    connection: &Connection,
    filter: &OwnAttributeFilter,
    order: OwnAttributeOrder,
    page: Page,
) -> Result<Vec<AttributeId>, StoreError> {
    let condition = Condition::of(filter);
    let sql = format!(
        "SELECT own.attribute_id FROM own_attribute AS own{} WHERE {} ORDER BY {} LIMIT {} OFFSET {}",
        index(order),
        condition.sql,
        order_by(order),
        page.limit,
        page.offset,
    );
    all(connection, &sql, condition.params().as_slice(), |row| {
        row.text("attribute_id")
    })
}

/// How many there are of what is wanted.
///
/// # Errors
///
/// When the database fails.
pub fn count(connection: &Connection, filter: &OwnAttributeFilter) -> Result<u32, StoreError> {
    let condition = Condition::of(filter);
    let sql = format!(
        "SELECT count(*) FROM own_attribute AS own WHERE {}",
        condition.sql
    );
    let params = condition.params();
    let count = first(connection, &sql, params.as_slice(), |row| row.get(0))?;
    Ok(count.unwrap_or_default())
}

/// The tags that are in use, sorted.
///
/// # Errors
///
/// When the database fails.
pub fn tags(connection: &Connection) -> Result<Vec<String>, StoreError> {
    all(connection, TAGS, [], |row| row.get("tag"))
}

/// The newest version of an own identity attribute with this value, which is trimmed. Values whose
/// parts have parts of their own (JSON) are found only if they are written alike.
///
/// # Errors
///
/// When the database fails.
pub fn of_value(
    connection: &Connection,
    value: &tessera_content::AttributeValue,
) -> Result<Option<LocalAttribute>, StoreError> {
    let json = value.to_json().to_string();
    let params = rusqlite::params![value.value_type(), json];
    let found: Option<AttributeId> = first(connection, OF_VALUE, params, |row| row.text("id"))?;
    found
        .map(|id| super::attributes::by_id(connection, &id))
        .transpose()
        .map(Option::flatten)
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
        .map(|id| super::attributes::by_id(connection, &id))
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

/// A condition and what stands in it.
struct Condition {
    sql: String,
    values: Vec<String>,
}

impl Condition {
    fn of(filter: &OwnAttributeFilter) -> Self {
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
        if !filter.value_types.is_empty() {
            sql.push(format!(
                "own.value_type IN ({})",
                one_of(&filter.value_types)
            ));
        }
        if !filter.tags.is_empty() {
            sql.push(format!(
                "own.id IN (SELECT own_id FROM own_attribute_tag WHERE tag IN ({}))",
                one_of(&filter.tags)
            ));
        }
        if let Some(words) = words(&filter.text) {
            sql.push(format!(
                "own.id IN (SELECT rowid FROM own_attribute_search
                    WHERE own_attribute_search MATCH {})",
                one_of(&[words])
            ));
        }
        Self {
            sql: sql.join(" AND "),
            values,
        }
    }

    fn params(&self) -> Vec<&dyn ToSql> {
        self.values
            .iter()
            .map(|value| value as &dyn ToSql)
            .collect()
    }
}

/// A text as a question of full-text search: every word of it, as the beginning of a word. `None`
/// without any word.
fn words(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| format!("\"{word}\"*"))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn order_by(order: OwnAttributeOrder) -> &'static str {
    match order {
        OwnAttributeOrder::ByType => {
            "own.value_type, own.is_default DESC, own.created_at DESC, own.id"
        }
        OwnAttributeOrder::NewestFirst => "own.created_at DESC, own.id",
        OwnAttributeOrder::OldestFirst => "own.created_at, own.id DESC",
        OwnAttributeOrder::ByValue => "own.value_text COLLATE NOCASE, own.id",
    }
}

/// The list is walked in its order, so that a page needs no sorting and ends where it is full,
/// however much fits.
fn index(order: OwnAttributeOrder) -> &'static str {
    match order {
        OwnAttributeOrder::ByType => " INDEXED BY own_attribute_by_type",
        OwnAttributeOrder::NewestFirst | OwnAttributeOrder::OldestFirst => {
            " INDEXED BY own_attribute_by_date"
        }
        OwnAttributeOrder::ByValue => " INDEXED BY own_attribute_by_value",
    }
}

/// The queries of the list, one for each order and kind of filter.
#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    let mut queries: Vec<String> = [OF_VALUE, YOUNGEST, LABEL, TAGS].map(str::to_owned).into();
    let filters = [
        OwnAttributeFilter::default(),
        OwnAttributeFilter {
            text: "ada".to_owned(),
            ..OwnAttributeFilter::default()
        },
        OwnAttributeFilter {
            value_types: vec!["GivenName".to_owned()],
            tags: vec!["x:a".to_owned()],
            ..OwnAttributeFilter::default()
        },
    ];
    for filter in &filters {
        let condition = Condition::of(filter).sql;
        for order in [
            OwnAttributeOrder::ByType,
            OwnAttributeOrder::NewestFirst,
            OwnAttributeOrder::OldestFirst,
            OwnAttributeOrder::ByValue,
        ] {
            queries.push(format!(
                "SELECT own.attribute_id FROM own_attribute AS own{} WHERE {condition} ORDER BY {}",
                index(order),
                order_by(order)
            ));
        }
    }
    queries
}
