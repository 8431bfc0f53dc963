//! Rows from SQLite.

use crate::types::{DATE, DATE_TIME, TIME, mantissa};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use covet_core::{
    error::{Error, Result},
    value::{Digits, Row},
};
use rusqlite::types::ValueRef;
use rust_decimal::Decimal;
use std::{borrow::Cow, cell::Cell};
use uuid::Uuid;

/// The current row of a statement.
pub struct SqliteRow<'a, 'b> {
    row: &'a rusqlite::Row<'b>,
    long_values: Cell<bool>,
}

/// From this many bytes on, copying a value takes long.
const LONG: usize = 128 << 10;

impl<'a, 'b> SqliteRow<'a, 'b> {
    pub fn new(row: &'a rusqlite::Row<'b>) -> Self {
        SqliteRow { row, long_values: Cell::new(false) }
    }

    /// Whether a value was read that takes long to copy.
    pub fn has_long_values(&self) -> bool {
        self.long_values.get()
    }

    // Each getter has its own: a call for each value was a tenth of the time of a row.
    #[inline]
    fn at(&self, at: usize) -> Result<ValueRef<'_>> {
        self.row.get_ref(at).map_err(|_| Error::decode("the row has too few columns"))
    }

    fn note(&self, bytes: &[u8]) {
        if bytes.len() >= LONG {
            self.long_values.set(true);
        }
    }
}

#[cold]
fn expected(what: &'static str, found: ValueRef<'_>) -> Error {
    Error::decode(format!("expected {what}, found {}", found.data_type()))
}

#[inline]
fn utf8(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| Error::decode("the text is not UTF-8"))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other storage class is the same error")]
impl Row for SqliteRow<'_, '_> {
    fn width(&self) -> usize {
        self.row.as_ref().column_count()
    }

    fn name(&self, at: usize) -> Option<Cow<'_, str>> {
        self.row.as_ref().column_name(at).ok().map(Cow::from)
    }

    fn is_null(&self, at: usize) -> Result<bool> {
        Ok(matches!(self.at(at)?, ValueRef::Null))
    }

    fn bool(&self, at: usize) -> Result<Option<bool>> {
        match self.at(at)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(0) => Ok(Some(false)),
            ValueRef::Integer(1) => Ok(Some(true)),
            other => Err(expected("0 or 1", other)),
        }
    }

    fn i64(&self, at: usize) -> Result<Option<i64>> {
        match self.at(at)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(v) => Ok(Some(v)),
            other => Err(expected("an integer", other)),
        }
    }

    fn decimal(&self, at: usize, digits: Option<Digits>) -> Result<Option<Decimal>> {
        let (found, Some(digits)) = (self.at(at)?, digits) else {
            return Err(Error::decode("a decimal has no column that says where its point is")
                .hint("read it as a field of a model"));
        };
        let mantissa = match found {
            ValueRef::Null => return Ok(None),
            ValueRef::Integer(v) => v.into(),
            ValueRef::Text(bytes) => mantissa(utf8(bytes)?, digits)?,
            other => return Err(expected("a decimal", other)),
        };
        digits
            .of_mantissa(mantissa)
            .map(Some)
            .ok_or_else(|| Error::decode("the decimal has more digits than its column"))
    }

    fn f64(&self, at: usize) -> Result<Option<f64>> {
        match self.at(at)? {
            ValueRef::Null => Ok(None),
            ValueRef::Real(v) => Ok(Some(v)),
            other => Err(expected("a floating-point number", other)),
        }
    }

    fn text(&self, at: usize) -> Result<Option<&str>> {
        match self.at(at)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => {
                self.note(bytes);
                utf8(bytes).map(Some)
            }
            other => Err(expected("text", other)),
        }
    }

    fn bytes(&self, at: usize) -> Result<Option<&[u8]>> {
        match self.at(at)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => {
                self.note(bytes);
                Ok(Some(bytes))
            }
            other => Err(expected("a BLOB", other)),
        }
    }

    fn uuid(&self, at: usize) -> Result<Option<Uuid>> {
        let bytes = self.bytes(at)?;
        bytes.map(|bytes| Uuid::from_slice(bytes).map_err(|_| Error::decode("a UUID has 16 bytes"))).transpose()
    }

    fn date_time(&self, at: usize) -> Result<Option<DateTime<Utc>>> {
        let parse = |text: &str| {
            let time = NaiveDateTime::parse_from_str(text, DATE_TIME).ok();
            let time = time.filter(|time| time.nanosecond() < 1_000_000_000).map(|time| time.and_utc());
            time.ok_or_else(|| Error::decode("a date with a time is `YYYY-MM-DD HH:MM:SS.ffffff`"))
        };
        self.text(at)?.map(parse).transpose()
    }

    fn date(&self, at: usize) -> Result<Option<NaiveDate>> {
        let parse =
            |text: &str| NaiveDate::parse_from_str(text, DATE).map_err(|_| Error::decode("a date is `YYYY-MM-DD`"));
        self.text(at)?.map(parse).transpose()
    }
    fn time(&self, at: usize) -> Result<Option<NaiveTime>> {
        let parse = |text: &str| {
            let time = NaiveTime::parse_from_str(text, TIME).ok().filter(|time| time.nanosecond() < 1_000_000_000);
            time.ok_or_else(|| Error::decode("a time is `HH:MM:SS.ffffff`"))
        };
        self.text(at)?.map(parse).transpose()
    }
}
