//! Rows on their way back.

use super::{Digits, Value, ip_of_bytes, uuid_of_text};
use crate::error::{Error, Result};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use std::{any::Any, borrow::Cow, future::ready, net::IpAddr, pin::Pin, sync::Arc};
use uuid::Uuid;

/// A row that a driver has just received: typed getters by position, text and bytes borrowed.
///
/// NULL is `None`. A getter converts only what loses nothing: an `i16` getter takes any integer
/// that fits, and fails otherwise.
pub trait Row {
    /// How many columns there are.
    fn width(&self) -> usize;

    /// The name of a column, as the statement gives it.
    fn name(&self, at: usize) -> Option<Cow<'_, str>>;

    /// Whether the value is NULL.
    ///
    /// # Errors
    /// When there is no such column.
    fn is_null(&self, at: usize) -> Result<bool>;

    /// # Errors
    /// When the value is not a boolean.
    fn bool(&self, at: usize) -> Result<Option<bool>>;

    /// # Errors
    /// When the value is not an integer of at most 64 bits.
    fn i64(&self, at: usize) -> Result<Option<i64>>;

    /// # Errors
    /// When the value is not an integer from 0 to `u64::MAX`.
    fn u64(&self, at: usize) -> Result<Option<u64>> {
        let unsigned = |n| u64::try_from(n).map_err(|_| Error::decode("the number is negative"));
        self.i64(at)?.map(unsigned).transpose()
    }

    /// A decimal; `digits` are the column's, for databases that store it without its point.
    ///
    /// # Errors
    /// When the value is not a decimal, is NaN or infinite, or has more digits than a `Decimal`.
    fn decimal(&self, at: usize, digits: Option<Digits>) -> Result<Option<Decimal>>;

    /// # Errors
    /// When the value is not a floating-point number.
    fn f64(&self, at: usize) -> Result<Option<f64>>;

    /// # Errors
    /// When the value is not text, or not UTF-8.
    fn text(&self, at: usize) -> Result<Option<&str>>;

    /// # Errors
    /// When the value is not a byte string.
    fn bytes(&self, at: usize) -> Result<Option<&[u8]>>;

    /// # Errors
    /// When the value is not a UUID.
    fn uuid(&self, at: usize) -> Result<Option<Uuid>>;

    /// A UUID of a column that stores them as text.
    ///
    /// # Errors
    /// When the value is not a UUID in lower case with hyphens.
    fn uuid_text(&self, at: usize) -> Result<Option<Uuid>> {
        self.text(at)?.map(uuid_of_text).transpose()
    }

    /// An IP address; where the database has no type for them, they are bytes.
    ///
    /// # Errors
    /// When the value is not the address of one host.
    fn ip(&self, at: usize) -> Result<Option<IpAddr>> {
        self.bytes(at)?.map(ip_of_bytes).transpose()
    }

    /// # Errors
    /// When the value is not a date with a time, or out of chrono's range.
    fn date_time(&self, at: usize) -> Result<Option<DateTime<Utc>>>;

    /// A date with a time that is not tied to a time zone.
    ///
    /// # Errors
    /// When the value is not a date with a time, or out of chrono's range.
    fn naive_date_time(&self, at: usize) -> Result<Option<NaiveDateTime>> {
        Ok(self.date_time(at)?.map(|time| time.naive_utc()))
    }

    /// # Errors
    /// When the value is not a date, or out of chrono's range.
    fn date(&self, at: usize) -> Result<Option<NaiveDate>>;

    /// # Errors
    /// When the value is not a time of day.
    fn time(&self, at: usize) -> Result<Option<NaiveTime>>;

    /// The text of a JSON document.
    ///
    /// # Errors
    /// When the value is neither JSON nor text.
    fn json(&self, at: usize) -> Result<Option<&str>> {
        self.text(at)
    }

    /// The elements of an array, as the columns of a row.
    ///
    /// # Errors
    /// When the value is not an array, or has more than one dimension.
    fn array(&self, at: usize) -> Result<Option<Box<dyn Row + '_>>> {
        if self.is_null(at)? { Ok(None) } else { Err(Error::decode("the value is not an array")) }
    }
}

/// Getters of a row that stands in front of others: `self.source(at)` says which row has the value, and where in it.
macro_rules! forward {
    ($($getter:ident)*) => { $($crate::value::forward!(@$getter);)* };
    (@name) => {
        fn name(&self, at: usize) -> Option<::std::borrow::Cow<'_, str>> {
            let (row, at) = self.source(at);
            row.name(at)
        }
    };
    (@decimal) => {
        fn decimal(&self, at: usize, digits: Option<$crate::value::Digits>) -> Result<Option<::rust_decimal::Decimal>> {
            let (row, at) = self.source(at);
            row.decimal(at, digits)
        }
    };
    (@is_null) => { $crate::value::forward!(@is_null: bool); };
    (@bool) => { $crate::value::forward!(@bool: Option<bool>); };
    (@i64) => { $crate::value::forward!(@i64: Option<i64>); };
    (@u64) => { $crate::value::forward!(@u64: Option<u64>); };
    (@f64) => { $crate::value::forward!(@f64: Option<f64>); };
    (@text) => { $crate::value::forward!(@text: Option<&str>); };
    (@bytes) => { $crate::value::forward!(@bytes: Option<&[u8]>); };
    (@uuid) => { $crate::value::forward!(@uuid: Option<::uuid::Uuid>); };
    (@uuid_text) => { $crate::value::forward!(@uuid_text: Option<::uuid::Uuid>); };
    (@ip) => { $crate::value::forward!(@ip: Option<::std::net::IpAddr>); };
    (@date_time) => { $crate::value::forward!(@date_time: Option<::chrono::DateTime<::chrono::Utc>>); };
    (@naive_date_time) => { $crate::value::forward!(@naive_date_time: Option<::chrono::NaiveDateTime>); };
    (@date) => { $crate::value::forward!(@date: Option<::chrono::NaiveDate>); };
    (@time) => { $crate::value::forward!(@time: Option<::chrono::NaiveTime>); };
    (@json) => { $crate::value::forward!(@json: Option<&str>); };
    (@array) => { $crate::value::forward!(@array: Option<Box<dyn Row + '_>>); };
    (@$getter:ident: $out:ty) => {
        fn $getter(&self, at: usize) -> Result<$out> {
            let (row, at) = self.source(at);
            row.$getter(at)
        }
    };
}
pub(crate) use forward;

/// Takes the rows of one statement as they arrive, on whatever thread the driver works.
///
/// A sink is owned, so that a backend may move it to a blocking thread and back.
pub trait RowSink: Send + 'static {
    /// Takes one row; an error stops the statement.
    ///
    /// # Errors
    /// When the row cannot be decoded.
    fn row(&mut self, row: &dyn Row) -> Result<()>;

    /// Forgets the rows so far, so that the statement can run again. `false` says that they are gone
    /// already; a backend asks before the first row, and then runs the statement only once.
    fn restart(&mut self) -> bool {
        false
    }

    /// Whether the backend should wait with [`flush`](Self::flush) before it reads the next row.
    fn is_full(&self) -> bool {
        false
    }

    /// Waits until somebody has taken the rows.
    ///
    /// # Errors
    /// When nobody will: stops the statement.
    fn flush(&mut self) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>> {
        Box::pin(ready(Ok(())))
    }

    /// Gives the concrete sink back to the caller.
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// A row made of values, owned or borrowed, for values that did not come from a database.
#[derive(Debug)]
pub struct OwnedRow<V = Vec<Value>>(pub V);

impl<V: AsRef<[Value]>> OwnedRow<V> {
    fn at(&self, at: usize) -> Result<&Value> {
        self.0.as_ref().get(at).ok_or_else(|| Error::decode("the row has too few columns"))
    }
}

macro_rules! getter {
    ($name:ident, $out:ty, $what:literal, $pattern:pat => $value:expr) => {
        fn $name(&self, at: usize) -> Result<Option<$out>> {
            let value = self.at(at)?;
            if value.is_null() {
                return Ok(None);
            }
            if let $pattern = value { Ok(Some($value)) } else { Err(Error::decode(concat!("expected ", $what))) }
        }
    };
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other value is the same error")]
impl<V: AsRef<[Value]>> Row for OwnedRow<V> {
    fn width(&self) -> usize {
        self.0.as_ref().len()
    }
    fn name(&self, _at: usize) -> Option<Cow<'_, str>> {
        None
    }
    fn is_null(&self, at: usize) -> Result<bool> {
        Ok(self.at(at)?.is_null())
    }
    fn i64(&self, at: usize) -> Result<Option<i64>> {
        let value = self.at(at)?;
        if value.is_null() {
            return Ok(None);
        }
        value.as_i64().map(Some).ok_or_else(|| Error::decode("expected an integer"))
    }
    fn u64(&self, at: usize) -> Result<Option<u64>> {
        if let Value::U64(n) = self.at(at)? {
            return Ok(Some(*n));
        }
        let unsigned = |n| u64::try_from(n).map_err(|_| Error::decode("the number is negative"));
        self.i64(at)?.map(unsigned).transpose()
    }
    fn f64(&self, at: usize) -> Result<Option<f64>> {
        match self.at(at)? {
            Value::Null => Ok(None),
            Value::F64(v) => Ok(Some(*v)),
            Value::F32(v) => Ok(Some(f64::from(*v))),
            _ => Err(Error::decode("expected a number")),
        }
    }
    /// With as many digits behind the point as the column has.
    fn decimal(&self, at: usize, digits: Option<Digits>) -> Result<Option<Decimal>> {
        match self.at(at)? {
            Value::Null => Ok(None),
            Value::Decimal(v) => Ok(Some(digits.map_or(Ok(*v), |digits| digits.fit(*v))?)),
            _ => Err(Error::decode("expected a decimal")),
        }
    }
    getter!(bool, bool, "a boolean", Value::Bool(v) => *v);
    getter!(text, &str, "text", Value::Text(v) => v);
    getter!(bytes, &[u8], "bytes", Value::Bytes(v) => v);
    getter!(uuid, Uuid, "a UUID", Value::Uuid(v) => *v);
    fn uuid_text(&self, at: usize) -> Result<Option<Uuid>> {
        self.uuid(at)
    }
    getter!(ip, IpAddr, "an IP address", Value::Ip(v) => *v);
    getter!(date_time, DateTime<Utc>, "a date with a time", Value::DateTime(v) => *v);
    getter!(naive_date_time, NaiveDateTime, "a date with a time", Value::NaiveDateTime(v) => *v);
    getter!(date, NaiveDate, "a date", Value::Date(v) => *v);
    getter!(time, NaiveTime, "a time", Value::Time(v) => *v);
    getter!(json, &str, "JSON", Value::Json(v) => v);
    getter!(array, Box<dyn Row + '_>, "an array", Value::List(v) => Box::new(OwnedRow(Arc::clone(v))));
}
