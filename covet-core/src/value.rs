//! Values on their way to the database, and the Rust types that can live in a column.
//!
//! Rows come back through [`Row`], borrowed, and do not pass through [`Value`].

mod array;
mod choices;
mod decimal;
mod ip;
#[cfg(feature = "jiff")]
mod jiff_crate;
mod json;
mod moment;
mod read;
mod row;
mod sql_type;
#[cfg(feature = "time")]
mod time_crate;
mod uuid_text;

pub use array::Element;
pub use choices::EnumDef;
pub use decimal::{DecimalRow, Digits};
pub use ip::{ip_bytes, ip_of_bytes};
pub use json::Json;
pub(crate) use read::key as read_key;
pub(crate) use row::forward;
pub use row::{OwnedRow, Row, RowSink};
pub(crate) use sql_type::null;
pub use sql_type::{IsNullable, IsNumber, IsText, Newtype, NotNull, SqlType};
pub use uuid_text::{UUID_PATTERN, UuidTextRow, uuid_of_text};

use crate::error::{Error, ErrorKind, Result};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use smallvec::SmallVec;
use std::{net::IpAddr, sync::Arc};
use uuid::Uuid;

/// The type of a column, as far as the core knows types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `bool`.
    Bool,
    /// `i16`.
    I16,
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `u8`.
    U8,
    /// `u16`.
    U16,
    /// `u32`.
    U32,
    /// `u64`.
    U64,
    /// `f32`.
    F32,
    /// `f64`.
    F64,
    /// `Decimal`. A column has digits; a bound value gets them from the column beside it.
    Decimal(Option<Digits>),
    /// `String`.
    Text,
    /// `Vec<u8>`.
    Bytes,
    /// `Uuid`.
    Uuid,
    /// `Uuid`, stored as lower-case text with hyphens.
    UuidText,
    /// `IpAddr`.
    Ip,
    /// `DateTime<Utc>`, microseconds.
    DateTime,
    /// `NaiveDateTime`, microseconds.
    NaiveDateTime,
    /// `NaiveDate`.
    Date,
    /// `NaiveTime`, microseconds.
    Time,
    /// `serde_json::Value` and `Json<T>`.
    Json,
    /// `Vec<T>`: an array of values of one kind, or NULL each.
    Array(&'static Kind),
}

impl Kind {
    /// Whether it is an integer.
    pub const fn is_integer(self) -> bool {
        match self {
            Kind::I16 | Kind::I32 | Kind::I64 | Kind::U8 | Kind::U16 | Kind::U32 | Kind::U64 => true,
            Kind::Bool
            | Kind::F32
            | Kind::F64
            | Kind::Decimal(_)
            | Kind::Text
            | Kind::Bytes
            | Kind::Uuid
            | Kind::UuidText
            | Kind::Ip
            | Kind::DateTime
            | Kind::NaiveDateTime
            | Kind::Date
            | Kind::Time
            | Kind::Json
            | Kind::Array(_) => false,
        }
    }

    /// Whether it is an array.
    pub const fn is_array(self) -> bool {
        matches!(self, Kind::Array(_))
    }
}

/// A bound parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL NULL of any type.
    Null,
    /// `bool`.
    Bool(bool),
    /// `i16`.
    I16(i16),
    /// `i32`.
    I32(i32),
    /// `i64`.
    I64(i64),
    /// `u8`.
    U8(u8),
    /// `u16`.
    U16(u16),
    /// `u32`.
    U32(u32),
    /// `u64`.
    U64(u64),
    /// `f32`.
    F32(f32),
    /// `f64`.
    F64(f64),
    /// `Decimal`.
    Decimal(Decimal),
    /// `String`.
    Text(Box<str>),
    /// `Vec<u8>`.
    Bytes(Box<[u8]>),
    /// `Uuid`.
    Uuid(Uuid),
    /// `IpAddr`.
    Ip(IpAddr),
    /// `DateTime<Utc>`, truncated to microseconds.
    DateTime(DateTime<Utc>),
    /// `NaiveDateTime`, truncated to microseconds.
    NaiveDateTime(NaiveDateTime),
    /// `NaiveDate`.
    Date(NaiveDate),
    /// `NaiveTime`, truncated to microseconds.
    Time(NaiveTime),
    /// JSON text in covet's own form: keys in order, no spaces.
    Json(Box<str>),
    /// What no database can hold; sending it is an error.
    Refused(&'static Refusal),
    /// Values of one kind: the right side of `in_`, none of them NULL, or an array.
    List(Arc<[Value]>),
}

/// Why a value cannot be sent, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, in lower case, without the value.
    pub why: &'static str,
    /// What to do about it.
    pub way_out: &'static str,
}

/// The values of one statement.
pub type Values = SmallVec<[Value; 4]>;

impl Value {
    /// A 64-bit integer for the integer variants, where it fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::I16(n) => Some(i64::from(*n)),
            Value::I32(n) => Some(i64::from(*n)),
            Value::I64(n) => Some(*n),
            Value::U8(n) => Some(i64::from(*n)),
            Value::U16(n) => Some(i64::from(*n)),
            Value::U32(n) => Some(i64::from(*n)),
            Value::U64(n) => i64::try_from(*n).ok(),
            Value::Null
            | Value::Bool(_)
            | Value::F32(_)
            | Value::F64(_)
            | Value::Decimal(_)
            | Value::Text(_)
            | Value::Bytes(_)
            | Value::Uuid(_)
            | Value::Ip(_)
            | Value::DateTime(_)
            | Value::NaiveDateTime(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Json(_)
            | Value::Refused(_)
            | Value::List(_) => None,
        }
    }

    /// Refuses what no database can hold, such as a NUL in text: PostgreSQL cannot store one, and SQLite's
    /// functions stop at it.
    ///
    /// # Errors
    /// Says why, without the value.
    pub fn check(&self) -> Result<()> {
        match self {
            Value::Text(text) if text.contains('\0') => {
                Err(Error::new(ErrorKind::Encode, "a text contains the character NUL")
                    .hint("remove it, or store the data as `Vec<u8>`"))
            }
            Value::Refused(Refusal { why, way_out }) => Err(Error::new(ErrorKind::Encode, *why).hint(*way_out)),
            Value::List(list) => list.iter().try_for_each(Value::check),
            Value::Text(_)
            | Value::Null
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
            | Value::DateTime(_)
            | Value::NaiveDateTime(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Json(_) => Ok(()),
        }
    }

    /// A `u64` as the signed 64-bit integer in which most databases store it.
    ///
    /// # Errors
    /// When it is larger than `i64::MAX`.
    pub fn signed(self) -> Result<Value> {
        let Value::U64(n) = self else { return Ok(self) };
        i64::try_from(n).map(Value::I64).map_err(|_| beyond_i64())
    }

    /// Whether this is SQL NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

#[cold]
fn beyond_i64() -> Error {
    Error::new(ErrorKind::Encode, "a `u64` is larger than its column, a signed integer of 64 bits, can hold")
        .hint("make the field a `Decimal` with `#[covet(decimal(20, 0))]`")
}
