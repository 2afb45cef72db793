//! Attribute values, checked against the table of value types.

use std::fmt;

use chrono::NaiveDate;
use serde_json::{Map, Number, Value};

use super::{
    ValueHints, ValueKind, ValueType, find_forbidden_character,
    hints::number_to_json,
    js_trim,
    rules::{TypeRule, calendar_date},
    table::{Property, Shape},
};
use crate::{
    ContentError, Result,
    json::{Fields, bounded_text},
};

/// A value that is valid for its type.
///
/// What it holds is canonical: unknown properties are gone, parts written as objects are plain
/// texts and numbers, keys are sorted. So two values are the same if they are equal. It may only
/// be otherwise in one respect: whether a birth date lies in the future depends on the day, see
/// [`AttributeValue::check_date`].
#[derive(Clone)]
pub struct AttributeValue {
    value_type: &'static ValueType,
    properties: Map<String, Value>,
}

impl AttributeValue {
    /// Reads a value of this kind. `@type` must be there.
    ///
    /// # Errors
    ///
    /// [`ContentError::UnknownType`] for a type that is not of this kind, otherwise what is wrong
    /// with which property.
    pub fn parse(kind: ValueKind, json: &Value) -> Result<Self> {
        Self::parse_any(&[kind], json)
    }

    /// Reads a value of one of these kinds, the first that fits.
    ///
    /// # Errors
    ///
    /// As [`AttributeValue::parse`].
    pub fn parse_any(kinds: &[ValueKind], json: &Value) -> Result<Self> {
        let fields = Fields::of(json)?;
        let name = fields.required_type()?;
        let value_type = kinds
            .iter()
            .find_map(|kind| ValueType::of_kind(*kind, name))
            .ok_or_else(ContentError::unknown_type)?;
        let mut read: Vec<(&str, Value)> = Vec::with_capacity(value_type.properties.len());
        for property in &value_type.properties {
            let value = property_value(property, fields.get(&property.name))
                .map_err(|error| error.within(&property.name))?;
            if let Some(value) = value {
                read.push((&property.name, value));
            }
        }
        read.sort_by_key(|(name, _)| *name);
        let properties: Map<String, Value> = read
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        if value_type.rules.iter().all(|rule| rule.holds(&properties)) {
            Ok(Self {
                value_type,
                properties,
            })
        } else {
            Err(ContentError::malformed("", "its parts do not fit together"))
        }
    }

    /// The name of its type, as in `@type`.
    #[must_use]
    pub fn value_type(&self) -> &'static str {
        &self.value_type.name
    }

    /// Its type.
    #[must_use]
    pub fn definition(&self) -> &'static ValueType {
        self.value_type
    }

    /// Which Attributes it belongs to.
    #[must_use]
    pub fn kind(&self) -> ValueKind {
        self.value_type.kind
    }

    /// One of its properties.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.properties.get(name)
    }

    /// One of its properties, if it is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// All of its properties, sorted by name, without `@type`.
    #[must_use]
    pub fn properties(&self) -> &Map<String, Value> {
        &self.properties
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut json = Map::with_capacity(self.properties.len() + 1);
        json.insert("@type".to_owned(), Value::from(self.value_type()));
        json.extend(
            self.properties
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        Value::Object(json)
    }

    /// The hints that guide its form: those of its type, overridden by its own.
    #[must_use]
    pub fn value_hints(&self) -> ValueHints {
        let own = self
            .get("valueHintsOverride")
            .and_then(|hints| ValueHints::parse(hints, "ValueHintsOverride").ok());
        match own {
            Some(own) => self.value_type.value_hints.overridden_by(&own),
            None => self.value_type.value_hints.clone(),
        }
    }

    /// With every text trimmed as JavaScript does it; values of RelationshipAttributes are never
    /// trimmed. A text of blanks becomes empty.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let mut trimmed = self.clone();
        if self.kind() != ValueKind::Relationship {
            for value in trimmed.properties.values_mut() {
                if let Value::String(text) = value {
                    *text = js_trim(text).to_owned();
                }
            }
        }
        trimmed
    }

    /// Whether every character is one that Attributes may consist of. Titles and descriptions are
    /// free, and so is what stands inside of JSON.
    ///
    /// # Errors
    ///
    /// [`ContentError::ForbiddenCharacters`] for the first character at fault.
    pub fn check_characters(&self) -> Result<()> {
        let is_free = |name: &str| {
            self.kind() == ValueKind::Relationship && matches!(name, "title" | "description")
        };
        for (name, value) in &self.properties {
            let Value::String(text) = value else {
                continue;
            };
            if is_free(name) {
                continue;
            }
            if let Some(found) = find_forbidden_character(text) {
                return Err(ContentError::ForbiddenCharacters {
                    path: name.clone(),
                    character: found.character,
                    position: found.position,
                });
            }
        }
        Ok(())
    }

    /// Whether a date that may not lie in the future does not. `today` is the day where the
    /// person is.
    ///
    /// # Errors
    ///
    /// [`ContentError::Malformed`]: upstream counts it as part of reading the value.
    pub fn check_date(&self, today: NaiveDate) -> Result<()> {
        let is_future = self.value_type.rules.contains(&TypeRule::NotInTheFuture)
            && calendar_date(&self.properties).is_some_and(|date| date > today);
        if is_future {
            Err(ContentError::malformed("", "lies in the future"))
        } else {
            Ok(())
        }
    }
}

impl PartialEq for AttributeValue {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.value_type, other.value_type) && self.properties == other.properties
    }
}

impl AttributeValue {
    /// The properties that its type has.
    pub(super) fn properties_of_type(&self) -> impl Iterator<Item = &'static Property> {
        self.value_type.properties.iter()
    }
}

impl fmt::Debug for AttributeValue {
    /// Only the type: what a person says about themselves does not belong into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(…)", self.value_type())
    }
}

impl serde::Serialize for AttributeValue {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for AttributeValue {
    /// A value of whatever kind.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        Self::parse_any(
            &[ValueKind::Identity, ValueKind::Relationship, ValueKind::V6],
            &json,
        )
        .map_err(serde::de::Error::custom)
    }
}

fn property_value(property: &Property, given: Option<&Value>) -> Result<Option<Value>> {
    let given = match given {
        // Only parts of complex values are read by a class of their own, which takes null as absent.
        Some(Value::Null) if property.component.is_some() => None,
        given => given,
    };
    let Some(given) = given else {
        return if property.is_required {
            Err(ContentError::malformed("", "is missing"))
        } else {
            Ok(None)
        };
    };
    let flattened = match (&property.component, given) {
        (Some(component), Value::Object(_)) => Fields::of_type(given, component)?
            .get("value")
            .ok_or_else(|| ContentError::malformed("value", "is missing"))?,
        _ => given,
    };
    check_shape(&property.shape, flattened).map(Some)
}

fn check_shape(shape: &Shape, value: &Value) -> Result<Value> {
    let unfit = |problem| Err(ContentError::malformed("", problem));
    match shape {
        Shape::Text {
            min,
            max,
            pattern,
            allowed,
            rule,
        } => {
            let text = bounded_text(value, *min, *max)?;
            if pattern
                .as_ref()
                .is_some_and(|pattern| !pattern.matches(&text))
            {
                return unfit("does not have the right form");
            }
            if allowed
                .as_ref()
                .is_some_and(|allowed| !allowed.values().contains(&text))
            {
                return unfit("is none of the allowed values");
            }
            if rule.is_some_and(|rule| !rule.holds(value)) {
                return unfit("is not valid");
            }
            Ok(Value::String(text))
        }
        Shape::Number {
            is_integer,
            min,
            max,
        } => {
            let Some(number) = value.as_f64().filter(|number| number.is_finite()) else {
                return unfit("must be a number");
            };
            if *is_integer && number.fract() != 0.0 {
                return unfit("must be a whole number");
            }
            if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) {
                return unfit("is out of range");
            }
            // A whole number keeps its digits; `1.0` becomes `1`, as JavaScript would write it.
            match value {
                Value::Number(given) if !given.is_f64() => Ok(Value::Number(Number::clone(given))),
                _ => Ok(number_to_json(number)),
            }
        }
        Shape::Flag if value.is_boolean() => Ok(value.clone()),
        Shape::Flag => unfit("must be true or false"),
        Shape::Json(rule) if rule.holds(value) => Ok(value.clone()),
        Shape::Json(_) => unfit("must be JSON other than null, and not too large"),
        Shape::Objects { max } => match value.as_array() {
            Some(entries) if entries.len() > *max => Err(ContentError::too_large("", *max)),
            Some(entries) if entries.iter().all(Value::is_object) => Ok(value.clone()),
            _ => unfit("must be a list of objects"),
        },
        Shape::Hints => ValueHints::parse(value, "ValueHintsOverride")
            .map(|hints| hints.to_json("ValueHintsOverride")),
    }
}
