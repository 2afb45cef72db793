//! Reading and writing JSON objects the way enmeshed's object mapper does.

use serde_json::{Map, Value};

use crate::{ContentError, Result, limits};

/// JSON out of a text of bounded size; nesting is bounded by the parser (128).
///
/// # Errors
///
/// [`ContentError::TooLarge`] above [`limits::CONTENT_BYTES`], [`ContentError::NotJson`].
pub fn parse_json(text: &str) -> Result<Value> {
    if text.len() > limits::CONTENT_BYTES {
        return Err(ContentError::too_large("", limits::CONTENT_BYTES));
    }
    serde_json::from_str(text).map_err(|_| ContentError::NotJson)
}

/// The length of a text as enmeshed counts it: in UTF-16 code units.
#[must_use]
pub fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// An object with sorted keys (by UTF-16 code unit; for ASCII names that is by byte).
/// Properties that are `None` are left out: enmeshed never writes `null`.
pub(crate) fn object<const N: usize>(properties: [(&str, Option<Value>); N]) -> Value {
    let mut present: Vec<(&str, Value)> = properties
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)))
        .collect();
    present.sort_by_key(|(name, _)| *name);
    Value::Object(
        present
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// A value that can be written, as JSON.
pub(crate) fn some(value: impl Into<Value>) -> Option<Value> {
    Some(value.into())
}

/// A list as JSON.
pub(crate) fn list<T>(items: &[T], write: impl Fn(&T) -> Value) -> Option<Value> {
    Some(Value::Array(items.iter().map(write).collect()))
}

/// The object without its `@type`: for a property whose type is declared.
pub(crate) fn without_type(mut value: Value) -> Value {
    if let Value::Object(map) = &mut value {
        map.shift_remove("@type");
    }
    value
}

/// The object with further properties, sorted again.
pub(crate) fn merged(value: Value, further: Value) -> Value {
    let mut all: Vec<(String, Value)> = [value, further]
        .into_iter()
        .filter_map(|value| match value {
            Value::Object(map) => Some(map),
            _ => None,
        })
        .flatten()
        .collect();
    all.sort_by(|(left, _), (right, _)| left.cmp(right));
    Value::Object(all.into_iter().collect())
}

/// The properties of an object that is being read.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub(crate) fn of(value: &'a Value) -> Result<Self> {
        value
            .as_object()
            .map(Self)
            .ok_or_else(|| ContentError::malformed("", "must be an object"))
    }

    /// The properties of an object that is at hand already.
    pub(crate) fn of_map(map: &'a Map<String, Value>) -> Self {
        Self(map)
    }

    /// All properties.
    pub(crate) fn map(self) -> &'a Map<String, Value> {
        self.0
    }

    /// The object of a type that the property it stands in declares: `@type` may be missing, but
    /// not be another one.
    pub(crate) fn of_type(value: &'a Value, name: &str) -> Result<Self> {
        let fields = Self::of(value)?;
        match fields.type_name()? {
            None => Ok(fields),
            Some(found) if found == name => Ok(fields),
            Some(_) => Err(ContentError::unknown_type()),
        }
    }

    /// The `@type`, if there is one.
    pub(crate) fn type_name(self) -> Result<Option<&'a str>> {
        match self.0.get("@type") {
            None => Ok(None),
            Some(Value::String(name)) => Ok(Some(name)),
            Some(_) => Err(ContentError::malformed("@type", "must be a text")),
        }
    }

    /// The `@type` of an object that must have one.
    pub(crate) fn required_type(self) -> Result<&'a str> {
        self.type_name()?
            .ok_or_else(|| ContentError::malformed("@type", "is missing"))
    }

    pub(crate) fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    fn required(self, name: &str) -> Result<&'a Value> {
        self.get(name)
            .ok_or_else(|| ContentError::malformed(name, "is missing"))
    }

    /// An optional text of at most `max` code units.
    pub(crate) fn optional_text(self, name: &str, max: usize) -> Result<Option<String>> {
        self.get(name)
            .map(|value| bounded_text(value, 0, max).map_err(|error| error.within(name)))
            .transpose()
    }

    /// A text of `min` to `max` code units.
    pub(crate) fn text(self, name: &str, min: usize, max: usize) -> Result<String> {
        bounded_text(self.required(name)?, min, max).map_err(|error| error.within(name))
    }

    pub(crate) fn optional_flag(self, name: &str) -> Result<Option<bool>> {
        self.get(name)
            .map(|value| {
                value
                    .as_bool()
                    .ok_or_else(|| ContentError::malformed(name, "must be true or false"))
            })
            .transpose()
    }

    pub(crate) fn flag(self, name: &str) -> Result<bool> {
        self.optional_flag(name)?
            .ok_or_else(|| ContentError::malformed(name, "is missing"))
    }

    pub(crate) fn optional_number(self, name: &str) -> Result<Option<f64>> {
        self.get(name)
            .map(|value| {
                value
                    .as_f64()
                    .filter(|number| number.is_finite())
                    .ok_or_else(|| ContentError::malformed(name, "must be a number"))
            })
            .transpose()
    }

    /// A text that `parse` makes something of: an id, an address, a date.
    pub(crate) fn parsed<T>(
        self,
        name: &str,
        problem: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T> {
        self.optional_parsed(name, problem, parse)?
            .ok_or_else(|| ContentError::malformed(name, "is missing"))
    }

    pub(crate) fn optional_parsed<T>(
        self,
        name: &str,
        problem: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        self.get(name)
            .map(|value| {
                value
                    .as_str()
                    .and_then(parse)
                    .ok_or_else(|| ContentError::malformed(name, problem))
            })
            .transpose()
    }

    /// An object that is read by `read`.
    pub(crate) fn nested<T>(
        self,
        name: &str,
        read: impl FnOnce(&'a Value) -> Result<T>,
    ) -> Result<T> {
        read(self.required(name)?).map_err(|error| error.within(name))
    }

    pub(crate) fn optional_nested<T>(
        self,
        name: &str,
        read: impl FnOnce(&'a Value) -> Result<T>,
    ) -> Result<Option<T>> {
        self.get(name)
            .map(|value| read(value).map_err(|error| error.within(name)))
            .transpose()
    }

    /// A list of `min` to `max` entries, each read by `read`.
    pub(crate) fn list<T>(
        self,
        name: &str,
        min: usize,
        max: usize,
        read: impl FnMut(&'a Value) -> Result<T>,
    ) -> Result<Vec<T>> {
        read_list(self.required(name)?, min, max, read).map_err(|error| error.within(name))
    }

    pub(crate) fn optional_list<T>(
        self,
        name: &str,
        max: usize,
        read: impl FnMut(&'a Value) -> Result<T>,
    ) -> Result<Option<Vec<T>>> {
        self.get(name)
            .map(|value| read_list(value, 0, max, read).map_err(|error| error.within(name)))
            .transpose()
    }

    /// Arbitrary JSON of bounded size; an object or a list, as `typeof` calls both an object.
    pub(crate) fn metadata(self) -> Result<Option<Value>> {
        let Some(value) = self.get("metadata") else {
            return Ok(None);
        };
        if !value.is_object() && !value.is_array() {
            return Err(ContentError::malformed("metadata", "must be an object"));
        }
        if value.to_string().len() > limits::METADATA {
            return Err(ContentError::too_large("metadata", limits::METADATA));
        }
        Ok(Some(value.clone()))
    }
}

fn read_list<'a, T>(
    value: &'a Value,
    min: usize,
    max: usize,
    mut read: impl FnMut(&'a Value) -> Result<T>,
) -> Result<Vec<T>> {
    let entries = value
        .as_array()
        .ok_or_else(|| ContentError::malformed("", "must be a list"))?;
    if entries.len() < min {
        return Err(ContentError::malformed("", "has too few entries"));
    }
    if entries.len() > max {
        return Err(ContentError::too_large("", max));
    }
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| read(entry).map_err(|error| error.within(&format!("[{index}]"))))
        .collect()
}

/// A text of `min` to `max` UTF-16 code units.
pub(crate) fn bounded_text(value: &Value, min: usize, max: usize) -> Result<String> {
    let text = value
        .as_str()
        .ok_or_else(|| ContentError::malformed("", "must be a text"))?;
    // A code unit is at most three bytes of UTF-8: a huge text is refused without counting.
    if text.len() > max.saturating_mul(3) || utf16_length(text) > max {
        return Err(ContentError::too_large("", max));
    }
    if utf16_length(text) < min {
        return Err(ContentError::malformed("", "is too short"));
    }
    Ok(text.to_owned())
}

/// `Serialize`, `Deserialize` and `to_canonical_json` over a type's own `parse` and `to_json`.
macro_rules! json_type {
    ($($name:ty),+ $(,)?) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.to_json().serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                Self::parse(&value).map_err(serde::de::Error::custom)
            }
        }

        impl $name {
            /// The text as enmeshed's object mapper writes it: compact, keys sorted, `@type`
            /// first.
            #[must_use]
            pub fn to_canonical_json(&self) -> String {
                self.to_json().to_string()
            }
        }
    )+};
}
pub(crate) use json_type;
