//! What an IQL query finds.

use serde_json::Value;
use tessera_core_types::CoreDate;

use super::{IqlCondition, IqlExpression, IqlTest};
use crate::attributes::IdentityAttribute;

impl IqlExpression {
    /// Whether the query finds this Attribute.
    #[must_use]
    pub fn matches(&self, attribute: &IdentityAttribute) -> bool {
        holds(&self.condition, &attribute.to_json())
    }
}

fn holds(condition: &IqlCondition, attribute: &Value) -> bool {
    let is_type = |name: &str| attribute["value"]["@type"] == name;
    match condition {
        IqlCondition::Any { of } => of.iter().any(|one| holds(one, attribute)),
        IqlCondition::All { of } => of.iter().all(|one| holds(one, attribute)),
        IqlCondition::Not { condition } => !holds(condition, attribute),
        IqlCondition::ValueType { value_type } => is_type(value_type),
        IqlCondition::Value {
            value_type,
            path,
            test,
        } => is_type(value_type) && passes(find(&attribute["value"], path), test),
        IqlCondition::Attribute { path, test } => passes(find(attribute, path), test),
        IqlCondition::Tag { tag } => attribute["tags"]
            .as_array()
            .is_some_and(|tags| tags.iter().any(|one| one == tag)),
    }
}

fn find<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, name| value.get(name))
}

fn passes(value: Option<&Value>, test: &IqlTest) -> bool {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return false;
    };
    match test {
        IqlTest::Equals { text } => string_form(value) == *text,
        IqlTest::Contains { text } => value
            .as_array()
            .is_some_and(|entries| entries.iter().any(|entry| entry == text)),
        IqlTest::IsFilled => match value {
            Value::String(text) => !text.is_empty(),
            Value::Array(entries) => !entries.is_empty(),
            Value::Object(map) => !map.is_empty(),
            _ => true,
        },
        IqlTest::NotBefore { text } => {
            compare(value, text).is_some_and(|(left, right)| left >= right)
        }
        IqlTest::NotAfter { text } => {
            compare(value, text).is_some_and(|(left, right)| left <= right)
        }
    }
}

/// `String(value)` of JavaScript.
fn string_form(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(entries) => entries
            .iter()
            .map(|entry| {
                if entry.is_null() {
                    String::new()
                } else {
                    string_form(entry)
                }
            })
            .collect::<Vec<_>>()
            .join(","),
        Value::Object(_) => "[object Object]".to_owned(),
        other => other.to_string(),
    }
}

/// Both as milliseconds since 1970, if both are dates. A number is milliseconds already, which is
/// why the year of a birth date cannot be compared.
fn compare(value: &Value, text: &str) -> Option<(f64, f64)> {
    let left = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => date(text)?,
        _ => return None,
    };
    Some((left, date(text)?))
}

/// The forms of `new Date` that its specification defines: a year, a month, a date, a time.
fn date(text: &str) -> Option<f64> {
    let padded = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let millis = CoreDate::parse(&padded).ok()?.millis();
    #[expect(
        clippy::cast_precision_loss,
        reason = "dates are far below 2^53 milliseconds"
    )]
    Some(millis as f64)
}
