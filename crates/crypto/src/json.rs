//! The JSON of the crypto objects, read leniently and written in enmeshed's order.
//!
//! Reading goes through [`Object`], not through derived structures, for three reasons: a missing
//! or mistyped property must give the code that enmeshed gives for it, a property given twice
//! counts as JavaScript counts it (the last one), and text that may be a key is wiped.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};
use zeroize::Zeroizing;

use crate::{CryptoError, encoding};

/// A JSON object as it was read. What is not an object reads as an empty one: then every
/// property is missing, which is what enmeshed answers too.
#[derive(Default)]
pub(crate) struct Object(BTreeMap<String, Field>);

/// The value of a property.
pub(crate) enum Field {
    Text(Zeroizing<String>),
    Number(u64),
    Object(Object),
    Null,
    /// Lists, truth values, negative and fractional numbers: nothing here wants one.
    Other,
}

impl Object {
    pub(crate) fn parse(text: &str) -> Result<Self, CryptoError> {
        serde_json::from_str(text).map_err(|_| CryptoError::NotJson)
    }

    /// The value of a property; `null` counts as missing.
    pub(crate) fn get(&self, name: &str) -> Option<&Field> {
        self.0
            .get(name)
            .filter(|field| !matches!(field, Field::Null))
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        match self.get(name) {
            Some(Field::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Field::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Reads the object in a property.
    pub(crate) fn nested<T>(
        &self,
        name: &str,
        read: impl FnOnce(&Object) -> Result<T, CryptoError>,
    ) -> Result<T, CryptoError> {
        match self.get(name) {
            Some(Field::Object(object)) => read(object),
            _ => read(&Object::default()),
        }
    }

    /// The bytes of a property, `min` to `max` of them. Like enmeshed, it measures the text: a
    /// byte is 4/3 characters.
    pub(crate) fn bytes(
        &self,
        name: &str,
        min: usize,
        max: usize,
    ) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let text = self.text(name).ok_or(CryptoError::WrongBuffer)?;
        if text.len() * 3 < min * 4 || text.len() * 3 > max * 4 {
            return Err(CryptoError::WrongSerializedBuffer);
        }
        encoding::from_b64u(text).map(Zeroizing::new)
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Field::deserialize(deserializer)? {
            Field::Object(object) => object,
            _ => Self::default(),
        })
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor)
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Field, E> {
        Ok(Field::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Field, E> {
        Ok(Field::Text(Zeroizing::new(text)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Field, E> {
        Ok(Field::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Field, E> {
        Ok(u64::try_from(number).map_or(Field::Other, Field::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Field, E> {
        Ok(Field::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Field, E> {
        Ok(Field::Other)
    }

    fn visit_unit<E>(self) -> Result<Field, E> {
        Ok(Field::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Field, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Field::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Field, A::Error> {
        let mut object = Object::default();
        while let Some((name, field)) = map.next_entry::<String, Field>()? {
            object.0.insert(name, field);
        }
        Ok(Field::Object(object))
    }
}

/// What is written for an object: its properties in order.
pub(crate) struct Written(pub(crate) Vec<(&'static str, Out)>);

/// A value to write. Text is base64url, an id or a type's name, so nothing needs escaping.
pub(crate) enum Out {
    Text(Zeroizing<String>),
    Number(u32),
    Object(Written),
}

impl Out {
    /// Bytes as base64url.
    pub(crate) fn bytes(bytes: &[u8]) -> Self {
        Self::text(encoding::to_b64u(bytes))
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(Zeroizing::new(text.into()))
    }

    fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len() + 2,
            Self::Number(_) => 10,
            Self::Object(object) => object.size(),
        }
    }
}

impl Written {
    /// The same with its `@type`, as first or as last property.
    pub(crate) fn typed(mut self, name: &'static str, place: TypePlace) -> Self {
        let position = match place {
            TypePlace::First => 0,
            TypePlace::Last => self.0.len(),
        };
        self.0.insert(position, ("@type", Out::text(name)));
        self
    }

    pub(crate) fn into_text(self) -> Zeroizing<String> {
        // Large enough from the start, so that no half-written copy of a key stays behind.
        let mut text = Zeroizing::new(String::with_capacity(self.size()));
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        let mut separator = '{';
        for (name, value) in &self.0 {
            text.push(separator);
            separator = ',';
            text.push('"');
            text.push_str(name);
            text.push_str("\":");
            match value {
                Out::Text(value) => {
                    text.push('"');
                    text.push_str(value);
                    text.push('"');
                }
                Out::Number(number) => text.push_str(&number.to_string()),
                Out::Object(object) => object.write(text),
            }
        }
        text.push('}');
    }

    fn size(&self) -> usize {
        let property = |(name, value): &(&str, Out)| name.len() + 4 + value.size();
        2 + self.0.iter().map(property).sum::<usize>()
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            match value {
                Out::Text(text) => map.serialize_entry(name, text.as_str())?,
                Out::Number(number) => map.serialize_entry(name, number)?,
                Out::Object(object) => map.serialize_entry(name, object)?,
            }
        }
        map.end()
    }
}

/// Where an object writes its `@type`.
#[derive(Clone, Copy)]
pub(crate) enum TypePlace {
    First,
    Last,
}

/// Gives a type with `fn read(&Object) -> Result<Self, CryptoError>` and
/// `fn written(&self) -> Written` its forms: JSON, base64 and serde. `$text` is the type of its
/// text: `String`, or `Zeroizing<String>` when it holds a secret.
macro_rules! json_forms {
    ($name:ident, $type:literal, $place:ident, $text:ty) => {
        impl $name {
            /// Its `@type`.
            pub const TYPE: &'static str = $type;

            /// The JSON text, with `@type` when `verbose`.
            #[must_use]
            pub fn to_json(&self, verbose: bool) -> $text {
                let written = self.written();
                let written = if verbose {
                    written.typed(Self::TYPE, $crate::json::TypePlace::$place)
                } else {
                    written
                };
                $crate::json::IntoForm::into_form(written.into_text())
            }

            /// The form on the wire: base64url of the verbose JSON.
            #[must_use]
            pub fn to_base64(&self) -> $text {
                <$text>::from($crate::encoding::to_b64u(self.to_json(true).as_bytes()))
            }

            /// Reads JSON text, with or without `@type`, which is not looked at. Unknown
            /// properties are ignored.
            ///
            /// # Errors
            ///
            /// [`CryptoError`](crate::CryptoError) with enmeshed's code for what is wrong.
            pub fn from_json(text: &str) -> Result<Self, $crate::CryptoError> {
                Self::read(&$crate::json::Object::parse(text)?)
            }

            /// Reads base64url of JSON text.
            ///
            /// # Errors
            ///
            /// As [`Self::from_json`], and for text that is not base64url of UTF-8.
            pub fn from_base64(text: &str) -> Result<Self, $crate::CryptoError> {
                let bytes = zeroize::Zeroizing::new($crate::encoding::from_b64u(text)?);
                Self::from_json($crate::encoding::utf8(&bytes)?)
            }
        }

        /// The plain form, as it stands inside other objects.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&self.written(), serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let object =
                    <$crate::json::Object as serde::Deserialize>::deserialize(deserializer)?;
                Self::read(&object).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use json_forms;

/// Text that is a secret stays wiped when dropped, other text becomes an ordinary `String`.
pub(crate) trait IntoForm<T> {
    fn into_form(self) -> T;
}

impl IntoForm<String> for Zeroizing<String> {
    fn into_form(mut self) -> String {
        std::mem::take(&mut *self)
    }
}

impl IntoForm<Zeroizing<String>> for Zeroizing<String> {
    fn into_form(self) -> Zeroizing<String> {
        self
    }
}

/// Equality in constant time for a type that is nothing but secret bytes, and [`silent`].
macro_rules! secret {
    ($name:ident, $bytes:expr) => {
        impl PartialEq for $name {
            /// In constant time.
            fn eq(&self, other: &Self) -> bool {
                let bytes: fn(&Self) -> &[u8] = $bytes;
                subtle::ConstantTimeEq::ct_eq(bytes(self), bytes(other)).into()
            }
        }

        impl Eq for $name {}

        $crate::json::silent!($name);
    };
}
pub(crate) use secret;

/// A `Debug` that prints the name of the type and nothing else.
macro_rules! silent {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}
pub(crate) use silent;
