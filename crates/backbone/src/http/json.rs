//! Reading JSON as the real Backbone does: property names and enum names without regard to case,
//! and errors that name the property.

use std::fmt;

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
    },
};
use serde_json::{Map, Value};

/// Why a value could not be read, and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct InputError {
    /// The property, outermost first, with dots; empty for the whole body.
    pub property: String,
    /// What is wrong with it.
    pub reason: String,
}

impl InputError {
    fn within(mut self, outer: &str) -> Self {
        if self.property.is_empty() {
            outer.clone_into(&mut self.property);
        } else {
            self.property = format!("{outer}.{}", self.property);
        }
        self
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}': {}", self.property, self.reason)
    }
}

impl std::error::Error for InputError {}

impl serde::de::Error for InputError {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self {
            property: String::new(),
            reason: reason.to_string(),
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            property: field.to_owned(),
            reason: "The property is required.".to_owned(),
        }
    }

    /// Says what kind of value it was but never shows it: it may be a password.
    fn invalid_type(found: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::custom(format_args!("expected {expected}, found {}", kind(&found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::custom(format_args!(
            "expected {expected}, found another {}",
            kind(&found)
        ))
    }

    fn unknown_variant(_found: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format_args!("expected one of {}", expected.join(", ")))
    }
}

fn kind(found: &Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "number",
        Unexpected::Str(_) => "text",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::Seq => "array",
        Unexpected::Map => "object",
        _ => "value",
    }
}

/// Reads a body.
pub fn from_slice<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, InputError> {
    let value: Value = serde_json::from_slice(body).map_err(|error| InputError {
        property: "$".to_owned(),
        reason: format!(
            "not JSON (line {}, column {})",
            error.line(),
            error.column()
        ),
    })?;
    T::deserialize(Lenient(value))
}

/// A JSON value whose names are read without regard to case.
struct Lenient(Value);

impl<'de> Deserializer<'de> for Lenient {
    type Error = InputError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InputError> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => {
                if let Some(value) = number.as_u64() {
                    visitor.visit_u64(value)
                } else if let Some(value) = number.as_i64() {
                    visitor.visit_i64(value)
                } else {
                    visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN))
                }
            }
            Value::String(text) => visitor.visit_string(text),
            Value::Array(values) => visitor.visit_seq(Items {
                values: values.into_iter(),
                index: 0,
            }),
            Value::Object(map) => visitor.visit_map(Properties::new(map, &[])),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InputError> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, InputError> {
        match self.0 {
            Value::Object(map) => visitor.visit_map(Properties::new(map, fields)),
            _ => Err(InputError::custom("expected an object")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, InputError> {
        let Value::String(text) = self.0 else {
            return Err(InputError::unknown_variant("", variants));
        };
        let variant = known(&text, variants);
        visitor.visit_enum(variant.into_deserializer())
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, InputError> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// The name among `names` that is the same but for case, else the name itself.
fn known(name: &str, names: &'static [&'static str]) -> String {
    let same = names.iter().find(|known| known.eq_ignore_ascii_case(name));
    same.map_or_else(|| name.to_owned(), |known| (*known).to_owned())
}

struct Items {
    values: std::vec::IntoIter<Value>,
    index: usize,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = InputError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, InputError> {
        let Some(value) = self.values.next() else {
            return Ok(None);
        };
        let index = self.index;
        self.index += 1;
        seed.deserialize(Lenient(value))
            .map(Some)
            .map_err(|error| error.within(&format!("[{index}]")))
    }
}

struct Properties {
    entries: std::vec::IntoIter<(String, Value)>,
    current: Option<(String, Value)>,
}

impl Properties {
    fn new(map: Map<String, Value>, fields: &'static [&'static str]) -> Self {
        // Of two spellings of one name the last counts.
        let mut entries: Vec<(String, Value)> = Vec::with_capacity(map.len());
        for (name, value) in map {
            let name = known(&name, fields);
            match entries
                .iter_mut()
                .find(|(other, _)| !fields.is_empty() && *other == name)
            {
                Some(entry) => entry.1 = value,
                None => entries.push((name, value)),
            }
        }
        Self {
            entries: entries.into_iter(),
            current: None,
        }
    }
}

impl<'de> MapAccess<'de> for Properties {
    type Error = InputError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, InputError> {
        self.current = self.entries.next();
        match &self.current {
            Some((name, _)) => seed
                .deserialize(name.as_str().into_deserializer())
                .map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, InputError> {
        let (name, value) = self
            .current
            .take()
            .ok_or_else(|| InputError::custom("a value without a name"))?;
        seed.deserialize(Lenient(value))
            .map_err(|error| error.within(&name))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;
    use tessera_backbone_api::{
        datawallet::{DatawalletModificationType, PushDatawalletModificationsRequest},
        sync_runs::{StartSyncRunRequest, SyncRunType},
    };

    use super::*;

    fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, InputError> {
        from_slice(value.to_string().as_bytes())
    }

    #[test]
    fn names_of_properties_and_enums_are_read_without_regard_to_case() {
        let run: StartSyncRunRequest =
            read(&json!({"TYPE": "datawalletversionupgrade", "Duration": 7})).unwrap();
        assert_eq!(run.r#type, Some(SyncRunType::DatawalletVersionUpgrade));
        assert_eq!(run.duration, Some(7));
    }

    #[test]
    fn unknown_properties_are_ignored_and_null_is_absent() {
        let run: StartSyncRunRequest = read(&json!({"type": null, "colour": ["red"]})).unwrap();
        assert_eq!(run, StartSyncRunRequest::default());
    }

    #[test]
    fn errors_name_the_property() {
        let good = json!({"type": "Create", "objectIdentifier": "o", "collection": "c",
            "encryptedPayload": "_-8", "datawalletVersion": 1});
        let push: PushDatawalletModificationsRequest =
            read(&json!({"modifications": [good]})).unwrap();
        assert_eq!(
            push.modifications[0].r#type,
            DatawalletModificationType::Create
        );
        for (change, property) in [
            (json!({"type": "Make"}), "modifications.[0].type"),
            (
                json!({"datawalletVersion": 65536}),
                "modifications.[0].datawalletVersion",
            ),
            (
                json!({"encryptedPayload": "ä"}),
                "modifications.[0].encryptedPayload",
            ),
            (json!({"collection": 7}), "modifications.[0].collection"),
        ] {
            let mut bad = good.clone();
            bad.as_object_mut()
                .unwrap()
                .extend(change.as_object().unwrap().clone());
            let error =
                read::<PushDatawalletModificationsRequest>(&json!({"modifications": [bad]}))
                    .unwrap_err();
            assert_eq!(error.property, property, "{error}");
        }
        let error = read::<PushDatawalletModificationsRequest>(&json!({})).unwrap_err();
        assert_eq!(
            error.to_string(),
            "'modifications': The property is required."
        );
    }

    #[test]
    fn texts_that_are_not_json_are_refused_without_being_shown() {
        let error = from_slice::<StartSyncRunRequest>(b"{secret").unwrap_err();
        assert_eq!(error.to_string(), "'$': not JSON (line 1, column 2)");
        let nested = "[".repeat(100_000);
        assert!(from_slice::<StartSyncRunRequest>(nested.as_bytes()).is_err());
    }
}
