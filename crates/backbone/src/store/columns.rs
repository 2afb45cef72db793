//! Reading columns as the types of the protocol.

use std::{error::Error, str::FromStr};

use rusqlite::{Row, types::Type};
use serde::de::{DeserializeOwned, IntoDeserializer, value::StrDeserializer};
use tessera_backbone_api::Bytes;
use tessera_core_types::CoreDate;

type Result<T> = rusqlite::Result<T>;

fn unreadable(error: impl Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
}

/// Reading a row by names.
pub trait Columns {
    /// An id or address.
    fn text<T>(&self, column: &str) -> Result<T>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static;
    /// An id or address that may be missing.
    fn optional_text<T>(&self, column: &str) -> Result<Option<T>>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static;
    /// A date.
    fn date(&self, column: &str) -> Result<CoreDate>;
    /// A date that may be missing.
    fn optional_date(&self, column: &str) -> Result<Option<CoreDate>>;
    /// A name of an enum.
    fn name<T: DeserializeOwned>(&self, column: &str) -> Result<T>;
    /// A name of an enum that may be missing.
    fn optional_name<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>>;
    /// Bytes.
    fn bytes(&self, column: &str) -> Result<Bytes>;
    /// Bytes that may be missing.
    fn optional_bytes(&self, column: &str) -> Result<Option<Bytes>>;
}

impl Columns for Row<'_> {
    fn text<T>(&self, column: &str) -> Result<T>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static,
    {
        self.get_ref(column)?.as_str()?.parse().map_err(unreadable)
    }

    fn optional_text<T>(&self, column: &str) -> Result<Option<T>>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static,
    {
        let text = self.get_ref(column)?.as_str_or_null()?;
        text.map(|text| text.parse().map_err(unreadable))
            .transpose()
    }

    fn date(&self, column: &str) -> Result<CoreDate> {
        date(self.get(column)?)
    }

    fn optional_date(&self, column: &str) -> Result<Option<CoreDate>> {
        self.get::<_, Option<i64>>(column)?.map(date).transpose()
    }

    fn name<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        from_name(self.get_ref(column)?.as_str()?)
    }

    fn optional_name<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>> {
        let text = self.get_ref(column)?.as_str_or_null()?;
        text.map(from_name).transpose()
    }

    fn bytes(&self, column: &str) -> Result<Bytes> {
        self.get(column).map(Bytes)
    }

    fn optional_bytes(&self, column: &str) -> Result<Option<Bytes>> {
        Ok(self.get::<_, Option<Vec<u8>>>(column)?.map(Bytes))
    }
}

fn date(millis: i64) -> Result<CoreDate> {
    CoreDate::from_millis(millis).ok_or_else(|| unreadable(tessera_core_types::DateError))
}

fn from_name<T: DeserializeOwned>(name: &str) -> Result<T> {
    let deserializer: StrDeserializer<'_, serde::de::value::Error> = name.into_deserializer();
    T::deserialize(deserializer).map_err(unreadable)
}

/// The name of an enum's value, as it stands in JSON and in the database.
pub fn name_of<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
