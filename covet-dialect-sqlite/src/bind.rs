//! Values to SQLite.

use crate::types::{DATE, DATE_TIME};
use chrono::Datelike;
use covet_core::{
    error::{Error, ErrorKind, Result},
    feature::Feature,
    value::{Value, Values},
};
use rusqlite::{Statement, types::Value as Sqlite};

/// Binds all values of a statement.
pub fn bind(statement: &mut Statement<'_>, values: Values) -> Result<()> {
    for (at, value) in values.into_iter().enumerate() {
        let value = encode(value)?;
        statement.raw_bind_parameter(at + 1, value).map_err(|error| crate::error::from_driver(&error))?;
    }
    Ok(())
}

fn encode(value: Value) -> Result<Sqlite> {
    Ok(match value {
        Value::Null => Sqlite::Null,
        Value::Bool(v) => Sqlite::Integer(i64::from(v)),
        Value::I16(v) => Sqlite::Integer(i64::from(v)),
        Value::I32(v) => Sqlite::Integer(i64::from(v)),
        Value::I64(v) => Sqlite::Integer(v),
        // SQLite stores NaN as NULL.
        Value::F64(v) if v.is_nan() => return Err(Error::unsupported(Feature::FloatNan, "SQLite")),
        Value::F64(v) => Sqlite::Real(v),
        Value::Text(v) => Sqlite::Text(v.into_string()),
        Value::Bytes(v) => Sqlite::Blob(v.into_vec()),
        Value::Uuid(v) => Sqlite::Blob(v.as_bytes().to_vec()),
        Value::DateTime(v) => Sqlite::Text(in_range(v.year(), || v.format(DATE_TIME).to_string())?),
        Value::Date(v) => Sqlite::Text(in_range(v.year(), || v.format(DATE).to_string())?),
        Value::List(_) => return Err(Error::new(ErrorKind::Encode, "a list cannot be a parameter of its own")),
    })
}

/// Four digits keep text order and time order the same.
fn in_range(year: i32, text: impl FnOnce() -> String) -> Result<String> {
    if (0..=9_999).contains(&year) {
        return Ok(text());
    }
    Err(Error::new(ErrorKind::Encode, "a date has a year outside of 0 to 9999").hint("SQLite keeps dates as text"))
}
