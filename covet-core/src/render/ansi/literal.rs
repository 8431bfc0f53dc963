//! Values as SQL text, for statements that take no parameters: DDL.

use crate::{
    error::{Error, ErrorKind, Result},
    render::{Dialect, store},
    value::{Kind, Value, ip_bytes},
};
use chrono::Datelike;
use std::fmt::Write;

/// A value of a column of a kind: what the dialect stores of it, as a literal.
///
/// # Errors
/// When the database cannot hold the value.
pub fn literal_of(dialect: &dyn Dialect, kind: Kind, value: Value) -> Result<String> {
    let mut value = value;
    value.check()?;
    if let Some(change) = dialect.store(kind) {
        store(&mut value, change, kind)?;
    }
    dialect.literal(&value)
}

/// A literal of standard SQL.
///
/// # Errors
/// When the value has none.
pub fn literal(value: &Value) -> Result<String> {
    Ok(match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(v) => if *v { "TRUE" } else { "FALSE" }.to_owned(),
        Value::I16(v) => v.to_string(),
        Value::I32(v) => v.to_string(),
        Value::I64(v) => v.to_string(),
        Value::U8(v) => v.to_string(),
        Value::U16(v) => v.to_string(),
        Value::U32(v) => v.to_string(),
        Value::U64(v) => v.to_string(),
        // The shortest text that is the same number again.
        Value::F32(v) => format!("{:e}", f64::from(*v)),
        Value::F64(v) => format!("{v:e}"),
        Value::Decimal(v) => v.to_string(),
        Value::Bytes(v) => format!("X'{}'", hex(v)),
        Value::Uuid(v) => format!("X'{}'", hex(v.as_bytes())),
        Value::Ip(v) => format!("X'{}'", hex(&ip_bytes(*v))),
        Value::DateTime(v) => in_years(v.year()).map(|()| text_literal(&plain_text(value)))?,
        Value::NaiveDateTime(v) => in_years(v.year()).map(|()| text_literal(&plain_text(value)))?,
        Value::Date(v) => in_years(v.year()).map(|()| text_literal(&plain_text(value)))?,
        Value::Text(_) | Value::Json(_) | Value::Time(_) => text_literal(&plain_text(value)),
        Value::Refused(_) => return value.check().map(|()| String::new()),
        Value::List(_) => return Err(Error::new(ErrorKind::Encode, "a list has no literal")),
    })
}

/// Years of four digits, which the texts of dates have.
///
/// # Errors
/// When a year has more, or stands before the year 0.
pub fn in_years(year: i32) -> Result<()> {
    if (0..=9_999).contains(&year) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Encode, "a date has a year outside of 0 to 9999").hint("store it as a text or a number"))
}

/// The text between the quotes of a literal: of texts themselves, and of dates and times as all engines read them.
pub fn plain_text(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Json(text) => text.to_string(),
        Value::DateTime(time) => time.format("%Y-%m-%d %H:%M:%S%.6f").to_string(),
        Value::NaiveDateTime(time) => time.format("%Y-%m-%d %H:%M:%S%.6f").to_string(),
        Value::Date(date) => date.format("%Y-%m-%d").to_string(),
        Value::Time(time) => time.format("%H:%M:%S%.6f").to_string(),
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
        | Value::Bytes(_)
        | Value::Uuid(_)
        | Value::Ip(_)
        | Value::Refused(_)
        | Value::List(_) => String::new(),
    }
}

/// A text in quotes, where a backslash is a character like others.
pub fn text_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}
