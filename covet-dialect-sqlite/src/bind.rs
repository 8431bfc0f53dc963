//! Values to SQLite.

use crate::types::{DATE, DATE_TIME, TIME};
use chrono::Datelike;
use covet_core::{
    error::{Error, ErrorKind, Result},
    feature::Feature,
    value::{Value, Values, ip_bytes},
};
use rusqlite::{
    Statement,
    types::{ToSqlOutput, Value as Owned, ValueRef},
};

/// Binds all values of a statement.
pub fn bind(statement: &mut Statement<'_>, values: &Values) -> Result<()> {
    for (at, value) in values.iter().enumerate() {
        let value = encode(value)?;
        statement.raw_bind_parameter(at + 1, value).map_err(|error| crate::error::from_driver(&error))?;
    }
    Ok(())
}

/// How many bytes the values have beyond a few each; SQLite copies them.
pub fn bytes_of(values: &Values) -> usize {
    let bytes = |value: &Value| match value {
        Value::Text(text) | Value::Json(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::Null
        | Value::Bool(_)
        | Value::I16(_)
        | Value::I32(_)
        | Value::I64(_)
        | Value::U8(_)
        | Value::U16(_)
        | Value::U32(_)
        | Value::U64(_)
        | Value::F32(_)
        | Value::F64(_)
        | Value::Decimal(_)
        | Value::Uuid(_)
        | Value::Ip(_)
        | Value::DateTime(_)
        | Value::NaiveDateTime(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Refused(_)
        | Value::List(_) => 0,
    };
    values.iter().map(bytes).sum()
}

fn encode(value: &Value) -> Result<ToSqlOutput<'_>> {
    let borrowed = match value {
        Value::Null => ValueRef::Null,
        Value::Bool(v) => ValueRef::Integer(i64::from(*v)),
        Value::I16(v) => ValueRef::Integer(i64::from(*v)),
        Value::I32(v) => ValueRef::Integer(i64::from(*v)),
        Value::I64(v) => ValueRef::Integer(*v),
        Value::U8(v) => ValueRef::Integer((*v).into()),
        Value::U16(v) => ValueRef::Integer((*v).into()),
        Value::U32(v) => ValueRef::Integer((*v).into()),
        Value::U64(v) => match i64::try_from(*v) {
            Ok(v) => ValueRef::Integer(v),
            Err(_) => return value.clone().signed().map(|_| ToSqlOutput::Borrowed(ValueRef::Null)),
        },
        // SQLite stores NaN as NULL.
        Value::F64(v) if v.is_nan() => return Err(Error::unsupported(Feature::FloatNan, "SQLite")),
        Value::F32(v) if v.is_nan() => return Err(Error::unsupported(Feature::FloatNan, "SQLite")),
        Value::F32(v) => ValueRef::Real((*v).into()),
        Value::F64(v) => ValueRef::Real(*v),
        Value::Text(v) => ValueRef::Text(v.as_bytes()),
        Value::Bytes(v) => ValueRef::Blob(v),
        Value::Uuid(v) => ValueRef::Blob(v.as_bytes()),
        Value::Ip(v) => return Ok(ip_bytes(*v).into()),
        Value::DateTime(v) => return in_range(v.year(), || v.format(DATE_TIME).to_string()),
        Value::Date(v) => return in_range(v.year(), || v.format(DATE).to_string()),
        Value::NaiveDateTime(v) => return in_range(v.year(), || v.format(DATE_TIME).to_string()),
        Value::Time(v) => return Ok(v.format(TIME).to_string().into()),
        Value::Json(v) => ValueRef::Text(v.as_bytes()),
        Value::Decimal(_) => {
            return Err(Error::new(ErrorKind::Encode, "a decimal has no column that says where its point is")
                .hint("send its digits as text"));
        }
        Value::Refused(_) => return value.check().map(|()| ToSqlOutput::Borrowed(ValueRef::Null)),
        Value::List(_) => return Err(Error::new(ErrorKind::Encode, "a list cannot be a parameter of its own")),
    };
    Ok(ToSqlOutput::Borrowed(borrowed))
}

/// Four digits keep text order and time order the same.
fn in_range<'a>(year: i32, text: impl FnOnce() -> String) -> Result<ToSqlOutput<'a>> {
    if (0..=9_999).contains(&year) {
        return Ok(ToSqlOutput::Owned(Owned::Text(text())));
    }
    Err(Error::new(ErrorKind::Encode, "a date has a year outside of 0 to 9999").hint("SQLite keeps dates as text"))
}
