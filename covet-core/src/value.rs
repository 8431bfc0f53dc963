//! Values on their way to the database, and the Rust types that can live in a column.
//!
//! Rows come back through [`Row`], borrowed, and do not pass through [`Value`].

mod row;
mod sql_type;

pub use row::{OwnedRow, Row, RowSink};
pub use sql_type::{IsNullable, IsNumber, IsText, NotNull, SqlType};

use crate::error::{Error, ErrorKind, Result};
use chrono::{DateTime, NaiveDate, Utc};
use smallvec::SmallVec;
use std::sync::Arc;
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
    /// `f64`.
    F64,
    /// `String`.
    Text,
    /// `Vec<u8>`.
    Bytes,
    /// `Uuid`.
    Uuid,
    /// `DateTime<Utc>`, microseconds.
    DateTime,
    /// `NaiveDate`.
    Date,
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
    /// `f64`.
    F64(f64),
    /// `String`.
    Text(Box<str>),
    /// `Vec<u8>`.
    Bytes(Box<[u8]>),
    /// `Uuid`.
    Uuid(Uuid),
    /// `DateTime<Utc>`, truncated to microseconds.
    DateTime(DateTime<Utc>),
    /// `NaiveDate`.
    Date(NaiveDate),
    /// The right side of `in_`: values of one kind, none of them NULL.
    List(Arc<[Value]>),
}

/// The values of one statement.
pub type Values = SmallVec<[Value; 4]>;

impl Value {
    /// A 64-bit integer for the three integer variants.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::I16(n) => Some(i64::from(*n)),
            Value::I32(n) => Some(i64::from(*n)),
            Value::I64(n) => Some(*n),
            Value::Null
            | Value::Bool(_)
            | Value::F64(_)
            | Value::Text(_)
            | Value::Bytes(_)
            | Value::Uuid(_)
            | Value::DateTime(_)
            | Value::Date(_)
            | Value::List(_) => None,
        }
    }

    /// Refuses a NUL in text: PostgreSQL cannot hold one, and SQLite's functions stop at it.
    ///
    /// # Errors
    /// Says so, without the text.
    pub fn check(&self) -> Result<()> {
        match self {
            Value::Text(text) if text.contains('\0') => {
                Err(Error::new(ErrorKind::Encode, "a text contains the character NUL")
                    .hint("remove it, or store the data as `Vec<u8>`"))
            }
            Value::List(list) => list.iter().try_for_each(Value::check),
            Value::Text(_)
            | Value::Null
            | Value::Bool(_)
            | Value::I16(_)
            | Value::I32(_)
            | Value::I64(_)
            | Value::F64(_)
            | Value::Bytes(_)
            | Value::Uuid(_)
            | Value::DateTime(_)
            | Value::Date(_) => Ok(()),
        }
    }

    /// Whether this is SQL NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}
