//! Rust types that can live in a column.

use super::{Kind, Row, Value};
use crate::error::{Error, Result};
use chrono::{DateTime, NaiveDate, Timelike, Utc};
use uuid::Uuid;

/// A Rust type that can live in a column.
///
/// | Rust | SQLite | PostgreSQL | MySQL, MariaDB |
/// |---|---|---|---|
/// | `bool` | INTEGER 0 or 1 | boolean | BOOLEAN |
/// | `i16` `i32` `i64` | INTEGER | smallint, integer, bigint | SMALLINT, INT, BIGINT |
/// | `f64` | REAL | double precision | DOUBLE |
/// | `String` | TEXT | text or varchar(n), `COLLATE "C"` | LONGTEXT or VARCHAR(n), binary collation |
/// | `Vec<u8>` | BLOB | bytea | LONGBLOB |
/// | `Uuid` | BLOB of 16 bytes | uuid | BINARY(16) |
/// | `DateTime<Utc>` | TEXT `YYYY-MM-DD HH:MM:SS.ffffff` | timestamptz | DATETIME(6) |
/// | `NaiveDate` | TEXT `YYYY-MM-DD` | date | DATE |
/// | `Option<T>` | as `T`, NULL allowed | | |
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a column",
    label = "not a type that covet can store",
    note = "columns are numbers, `String`, `Vec<u8>`, `Uuid`, dates, `ForeignKey<Model>`, or an `Option` of these"
)]
pub trait SqlType: Sized + Send + Sync + 'static {
    /// `T` for `T` and for `Option<T>`.
    type Inner: NotNull;
    /// What the column holds.
    const KIND: Kind;
    /// Whether NULL is a value of the type.
    const NULLABLE: bool = false;

    /// Reads the value at one position of a row.
    ///
    /// # Errors
    /// When the value is NULL, of another type, or does not fit.
    fn decode(row: &dyn Row, at: usize) -> Result<Self>;

    /// Turns the value into a parameter.
    fn encode(self) -> Value;
}

/// A column type that is not an `Option`.
#[diagnostic::on_unimplemented(message = "`{Self}` is nullable", label = "expected a type that is not an `Option`")]
pub trait NotNull: SqlType<Inner = Self> {}

#[cold]
fn null() -> Error {
    Error::decode("the value is NULL").hint("make the field an `Option`")
}

macro_rules! sql_types {
    ($($rust:ty, $kind:ident, $get:ident, |$got:ident| $from:expr, |$own:ident| $to:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl SqlType for $rust {
            type Inner = $rust;
            const KIND: Kind = Kind::$kind;
            fn decode(row: &dyn Row, at: usize) -> Result<Self> {
                let $got = row.$get(at)?.ok_or_else(null)?;
                $from
            }
            fn encode(self) -> Value {
                let $own = self;
                $to
            }
        }
        #[diagnostic::do_not_recommend]
        impl NotNull for $rust {}
    )*};
}

#[cold]
fn out_of_range(_: std::num::TryFromIntError) -> Error {
    Error::decode("the number is out of range").hint("use a wider integer type")
}

sql_types! {
    bool, Bool, bool, |v| Ok(v), |v| Value::Bool(v);
    i16, I16, i64, |v| v.try_into().map_err(out_of_range), |v| Value::I16(v);
    i32, I32, i64, |v| v.try_into().map_err(out_of_range), |v| Value::I32(v);
    i64, I64, i64, |v| Ok(v), |v| Value::I64(v);
    f64, F64, f64, |v| Ok(v), |v| Value::F64(v);
    String, Text, text, |v| Ok(v.to_owned()), |v| Value::Text(v.into_boxed_str());
    Vec<u8>, Bytes, bytes, |v| Ok(v.to_owned()), |v| Value::Bytes(v.into_boxed_slice());
    Uuid, Uuid, uuid, |v| Ok(v), |v| Value::Uuid(v);
    DateTime<Utc>, DateTime, date_time, |v| Ok(v), |v| Value::DateTime(microseconds(v));
    NaiveDate, Date, date, |v| Ok(v), |v| Value::Date(v);
}

/// Cuts what no engine stores. Engines differ in rounding here, so covet truncates before it sends.
fn microseconds(time: DateTime<Utc>) -> DateTime<Utc> {
    let nanos = time.nanosecond();
    time.with_nanosecond(nanos - nanos % 1_000).unwrap_or(time)
}

#[diagnostic::do_not_recommend]
impl<T: NotNull> SqlType for Option<T> {
    type Inner = T;
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;
    fn decode(row: &dyn Row, at: usize) -> Result<Self> {
        if row.is_null(at)? { Ok(None) } else { T::decode(row, at).map(Some) }
    }
    fn encode(self) -> Value {
        self.map_or(Value::Null, T::encode)
    }
}

/// Types with text lookups such as `contains`.
pub trait IsText: SqlType {}
impl IsText for String {}
impl IsText for Option<String> {}

/// Types with `is_null`.
pub trait IsNullable: SqlType {}
impl<T: NotNull> IsNullable for Option<T> {}

/// Types with arithmetic.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a number", label = "arithmetic needs a number")]
pub trait IsNumber: SqlType {}
macro_rules! numbers {
    ($($number:ty),*) => {$(impl IsNumber for $number {} impl IsNumber for Option<$number> {})*};
}
numbers!(i16, i32, i64, f64);
