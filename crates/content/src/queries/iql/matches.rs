//! What an IQL query finds.

use serde_json::Value;
use tessera_core_types::CoreDate;

use super::{IqlExpression, Node, Predicate, Term};
use crate::attributes::IdentityAttribute;

impl IqlExpression {
    /// Whether the query finds this Attribute.
    #[must_use]
    pub fn matches(&self, attribute: &IdentityAttribute) -> bool {
        holds(&self.root, &attribute.to_json())
    }
}

fn holds(node: &Node, attribute: &Value) -> bool {
    match node {
        Node::Any(nodes) => nodes.iter().any(|node| holds(node, attribute)),
        Node::All(nodes) => nodes.iter().all(|node| holds(node, attribute)),
        Node::Not(node) => !holds(node, attribute),
        Node::Term(term) => term_holds(term, attribute),
    }
}

fn term_holds(term: &Term, attribute: &Value) -> bool {
    let is_type = |name: &str| attribute["value"]["@type"] == name;
    match term {
        Term::Type(name) => is_type(name),
        Term::TypePath(name, path, predicate) => {
            is_type(name) && predicate_holds(predicate, find(&attribute["value"], path))
        }
        Term::Path(path, predicate) => predicate_holds(predicate, find(attribute, path)),
        Term::Tag(tag) => attribute["tags"]
            .as_array()
            .is_some_and(|tags| tags.iter().any(|one| one == tag)),
    }
}

fn find<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, name| value.get(name))
}

fn predicate_holds(predicate: &Predicate, value: Option<&Value>) -> bool {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return false;
    };
    match predicate {
        Predicate::Equals(text) => string_form(value) == *text,
        Predicate::Contains(text) => value
            .as_array()
            .is_some_and(|entries| entries.iter().any(|entry| entry == text)),
        Predicate::IsFilled => match value {
            Value::String(text) => !text.is_empty(),
            Value::Array(entries) => !entries.is_empty(),
            Value::Object(map) => !map.is_empty(),
            _ => true,
        },
        Predicate::NotBefore(text) => {
            compare(value, text).is_some_and(|(left, right)| left >= right)
        }
        Predicate::NotAfter(text) => {
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
