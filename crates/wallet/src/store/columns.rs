//! Values of the model in columns of the database and back.

use std::{fmt::Display, str::FromStr};

use rusqlite::{
    Row, ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Type, Value, ValueRef},
};
use serde::{Serialize, de::DeserializeOwned};
use tessera_core_types::CoreDate;

/// An id or an address, as the text it is.
pub(super) struct Text<T>(pub T);

/// Anything with a JSON form, as JSON text.
pub(super) struct Json<T>(pub T);

/// One of a fixed set of names.
pub(super) struct Name<T>(pub T);

/// A date, as milliseconds since 1970, UTC.
pub(super) struct Millis(pub CoreDate);

impl<T: Display> ToSql for Text<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

impl<T: FromStr> FromSql for Text<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        text.parse().map(Self).map_err(|_| unreadable())
    }
}

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        // Without serde's own message: it may repeat a value.
        serde_json::from_str(value.as_str()?)
            .map(Self)
            .map_err(|_| unreadable())
    }
}

impl<T: Serialize> ToSql for Name<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match serde_json::to_value(&self.0) {
            Ok(serde_json::Value::String(name)) => Ok(name.into()),
            _ => Err(rusqlite::Error::ToSqlConversionFailure("not a name".into())),
        }
    }
}

impl<T: DeserializeOwned> FromSql for Name<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_value(value.as_str()?.into())
            .map(Self)
            .map_err(|_| unreadable())
    }
}

impl ToSql for Millis {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(Value::Integer(self.0.millis())))
    }
}

impl FromSql for Millis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        CoreDate::from_millis(value.as_i64()?)
            .map(Self)
            .ok_or_else(unreadable)
    }
}

fn unreadable() -> FromSqlError {
    FromSqlError::Other("not what is written here".into())
}

/// The error for a value that is of the right type and still not what is written there.
pub(super) fn unreadable_row() -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, "not what is written here".into())
}

/// Reads columns by name.
pub(super) trait Columns {
    fn text<T: FromStr>(&self, column: &str) -> rusqlite::Result<T>;
    fn optional_text<T: FromStr>(&self, column: &str) -> rusqlite::Result<Option<T>>;
    fn json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T>;
    fn optional_json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<Option<T>>;
    fn name<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T>;
    fn optional_name<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<Option<T>>;
    fn date(&self, column: &str) -> rusqlite::Result<CoreDate>;
    fn optional_date(&self, column: &str) -> rusqlite::Result<Option<CoreDate>>;
}

impl Columns for Row<'_> {
    fn text<T: FromStr>(&self, column: &str) -> rusqlite::Result<T> {
        self.get::<_, Text<T>>(column).map(|value| value.0)
    }

    fn optional_text<T: FromStr>(&self, column: &str) -> rusqlite::Result<Option<T>> {
        self.get::<_, Option<Text<T>>>(column)
            .map(|value| value.map(|value| value.0))
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T> {
        self.get::<_, Json<T>>(column).map(|value| value.0)
    }

    fn optional_json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<Option<T>> {
        self.get::<_, Option<Json<T>>>(column)
            .map(|value| value.map(|value| value.0))
    }

    fn name<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T> {
        self.get::<_, Name<T>>(column).map(|value| value.0)
    }

    fn optional_name<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<Option<T>> {
        self.get::<_, Option<Name<T>>>(column)
            .map(|value| value.map(|value| value.0))
    }

    fn date(&self, column: &str) -> rusqlite::Result<CoreDate> {
        self.get::<_, Millis>(column).map(|value| value.0)
    }

    fn optional_date(&self, column: &str) -> rusqlite::Result<Option<CoreDate>> {
        self.get::<_, Option<Millis>>(column)
            .map(|value| value.map(|value| value.0))
    }
}
