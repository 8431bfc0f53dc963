//! Rust types that can live in a column.

use super::{EnumDef, Kind, Row, Value, moment::microseconds};
use crate::{
    error::{Error, Result},
    schema::{ColumnDef, TableDef},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use std::net::IpAddr;
use uuid::Uuid;

/// A Rust type that can live in a column.
///
/// | Rust | SQLite | PostgreSQL | MySQL, MariaDB |
/// |---|---|---|---|
/// | `bool` | INTEGER 0 or 1 | boolean | BOOLEAN |
/// | `i16` `i32` `i64` | INTEGER | smallint, integer, bigint | SMALLINT, INT, BIGINT |
/// | `u8` `u16` `u32` | INTEGER | smallint, integer, bigint | TINYINT, SMALLINT, INT UNSIGNED |
/// | `u64` | INTEGER, up to `i64::MAX` | bigint, up to `i64::MAX` | BIGINT UNSIGNED |
/// | `f32` `f64` | REAL | real, double precision | FLOAT, DOUBLE |
/// | `Decimal` with `decimal(p, s)` | INTEGER without the point, TEXT above 18 digits | numeric(p, s) | DECIMAL(p, s) |
/// | `String` | TEXT | text or varchar(n), `COLLATE "C"` | LONGTEXT or VARCHAR(n), binary collation |
/// | `Vec<u8>` | BLOB | bytea | LONGBLOB |
/// | `Uuid` | BLOB of 16 bytes | uuid | BINARY(16) |
/// | `Uuid` with `uuid = "text"` | TEXT, checked | text, checked | CHAR(36), checked |
/// | `IpAddr` | BLOB: a byte 4 or 6, then the address | inet | VARBINARY(17) as SQLite's |
/// | `DateTime<Utc>` | TEXT `YYYY-MM-DD HH:MM:SS.ffffff` | timestamptz | DATETIME(6) |
/// | `NaiveDateTime` | TEXT `YYYY-MM-DD HH:MM:SS.ffffff` | timestamp | DATETIME(6) |
/// | `NaiveDate` | TEXT `YYYY-MM-DD` | date | DATE |
/// | `NaiveTime` | TEXT `HH:MM:SS.ffffff` | time | TIME(6) |
/// | the same types of the crates `time` and `jiff`, behind features of those names | as chrono's | | |
/// | chrono's `TimeDelta` | INTEGER, microseconds | bigint | BIGINT |
/// | `serde_json::Value` `Json<T>` | TEXT | jsonb | JSON |
/// | `Vec<T>` of an [`Element`](super::Element) | refused | `text[]`, `bigint[]` .. | refused |
/// | `#[derive(SqlType)]` on a newtype | as what it wraps | | |
/// | `#[derive(DbEnum)]` | TEXT, or INTEGER | text, an integer, or an enum | LONGTEXT, an integer, or ENUM |
/// | `Option<T>` | as `T`, NULL allowed | | |
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a column",
    label = "not a type that covet can store",
    note = "columns are `bool`, numbers, `String`, `Vec<u8>`, `Uuid`, `IpAddr`, dates, times, JSON, `ForeignKey<Model>`, an `Option` of \
            these, or a type with `#[derive(SqlType)]` or `#[derive(DbEnum)]`"
)]
pub trait SqlType: Sized + Send + Sync + 'static {
    /// `T` for `T` and for `Option<T>`.
    type Inner: NotNull;
    /// What the column holds.
    const KIND: Kind;
    /// Whether NULL is a value of the type.
    const NULLABLE: bool = false;
    /// The values of an enum.
    const CHOICES: Option<&'static EnumDef> = None;

    /// A column of the type that has no name yet. Said once for each type, since a column with all its options
    /// is much for the compiler.
    #[doc(hidden)]
    const COLUMN: ColumnDef =
        ColumnDef { kind: Self::KIND, nullable: Self::NULLABLE, choices: Self::CHOICES, ..ColumnDef::BARE };

    /// Reads the value at one position of a row.
    ///
    /// # Errors
    /// When the value is NULL, of another type, or does not fit.
    fn decode(row: &dyn Row, at: usize) -> Result<Self>;

    /// Reads the value of a column of a table whose columns begin at `base`.
    ///
    /// # Errors
    /// As [`decode`](Self::decode); the error names the column.
    #[doc(hidden)]
    fn read(row: &dyn Row, base: usize, table: &'static TableDef, column: usize) -> Result<Self> {
        Self::decode(row, base + column).map_err(|error| error.in_column(table.name, table.columns[column].name))
    }

    /// Reads the value, or `None` where it is NULL.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    #[doc(hidden)]
    fn decode_or_null(row: &dyn Row, at: usize) -> Result<Option<Self>> {
        if row.is_null(at)? { Ok(None) } else { Self::decode(row, at).map(Some) }
    }

    /// The parameter, made of a copy: rows are written back without giving their fields away.
    fn to_value(&self) -> Value;

    /// Turns the value into a parameter; a type that can be moved into one saves the copy.
    fn encode(self) -> Value {
        self.to_value()
    }
}

/// A column type that is not an `Option`.
#[diagnostic::on_unimplemented(message = "`{Self}` is nullable", label = "expected a type that is not an `Option`")]
pub trait NotNull: SqlType<Inner = Self> {}

/// A column type that is stored as another one. Derived by `#[derive(SqlType)]`.
pub trait Newtype: NotNull {
    /// What it wraps.
    type Of;
}

#[cold]
pub(crate) fn null() -> Error {
    Error::decode("the value is NULL").hint("make the field an `Option`")
}

/// One line a type: its kind, the getter of a row, what the value becomes on its way back and on its way there.
macro_rules! sql_types {
    ($($rust:ty, $kind:ident, $get:ident, |$got:ident| $from:expr, |$own:ident| $to:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl SqlType for $rust {
            type Inner = $rust;
            const KIND: Kind = Kind::$kind;
            fn decode(row: &dyn Row, at: usize) -> Result<Self> {
                let $got = row.$get(at)?.ok_or_else($crate::value::null)?;
                $from
            }
            fn decode_or_null(row: &dyn Row, at: usize) -> Result<Option<Self>> {
                // Asked once: NULL is `None` of every getter.
                let Some($got) = row.$get(at)? else { return Ok(None) };
                let value: Result<Self> = $from;
                value.map(Some)
            }
            fn to_value(&self) -> Value {
                let $own = <$rust as Clone>::clone(self);
                $to
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
#[cfg(any(feature = "time", feature = "jiff"))]
pub(super) use sql_types;

#[cold]
fn out_of_range(_: std::num::TryFromIntError) -> Error {
    Error::decode("the number is out of range").hint("use a wider integer type")
}

sql_types! {
    bool, Bool, bool, |v| Ok(v), |v| Value::Bool(v);
    i16, I16, i64, |v| v.try_into().map_err(out_of_range), |v| Value::I16(v);
    i32, I32, i64, |v| v.try_into().map_err(out_of_range), |v| Value::I32(v);
    i64, I64, i64, |v| Ok(v), |v| Value::I64(v);
    u8, U8, i64, |v| v.try_into().map_err(out_of_range), |v| Value::U8(v);
    u16, U16, i64, |v| v.try_into().map_err(out_of_range), |v| Value::U16(v);
    u32, U32, i64, |v| v.try_into().map_err(out_of_range), |v| Value::U32(v);
    u64, U64, u64, |v| Ok(v), |v| Value::U64(v);
    f32, F32, f64, |v| narrow(v), |v| Value::F32(v);
    f64, F64, f64, |v| Ok(v), |v| Value::F64(v);
    String, Text, text, |v| Ok(v.to_owned()), |v| Value::Text(v.into_boxed_str());
    Vec<u8>, Bytes, bytes, |v| Ok(v.to_owned()), |v| Value::Bytes(v.into_boxed_slice());
    Uuid, Uuid, uuid, |v| Ok(v), |v| Value::Uuid(v);
    IpAddr, Ip, ip, |v| Ok(v), |v| Value::Ip(v);
    DateTime<Utc>, DateTime, date_time, |v| Ok(v), |v| microseconds(v, Value::DateTime);
    NaiveDateTime, NaiveDateTime, naive_date_time, |v| Ok(v), |v| microseconds(v, Value::NaiveDateTime);
    NaiveDate, Date, date, |v| Ok(v), |v| Value::Date(v);
    NaiveTime, Time, time, |v| Ok(v), |v| microseconds(v, Value::Time);
}

/// Databases compute with 64 bits; a number that needs them is no `f32`.
#[expect(clippy::cast_possible_truncation, reason = "what is lost is found out")]
fn narrow(wide: f64) -> Result<f32> {
    let narrow = wide as f32;
    if f64::from(narrow).to_bits() == wide.to_bits() || wide.is_nan() {
        return Ok(narrow);
    }
    Err(Error::decode("the number has more digits than an `f32` keeps").hint("use `f64`"))
}

#[diagnostic::do_not_recommend]
impl SqlType for Decimal {
    type Inner = Decimal;
    const KIND: Kind = Kind::Decimal(None);
    fn decode(row: &dyn Row, at: usize) -> Result<Self> {
        row.decimal(at, None)?.ok_or_else(null)
    }
    fn to_value(&self) -> Value {
        Value::Decimal(*self)
    }
}
#[diagnostic::do_not_recommend]
impl NotNull for Decimal {}

#[diagnostic::do_not_recommend]
impl<T: NotNull> SqlType for Option<T> {
    type Inner = T;
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;
    const CHOICES: Option<&'static EnumDef> = T::CHOICES;
    fn decode(row: &dyn Row, at: usize) -> Result<Self> {
        T::decode_or_null(row, at)
    }
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
    fn encode(self) -> Value {
        self.map_or(Value::Null, T::encode)
    }
}

/// Types with text lookups such as `contains`.
pub trait IsText: SqlType {}
impl IsText for String {}
impl<T: NotNull + IsText> IsText for Option<T> {}
impl<T: Newtype<Of: IsText>> IsText for T {}

/// Types with `is_null`.
pub trait IsNullable: SqlType {}
impl<T: NotNull> IsNullable for Option<T> {}

/// Types with arithmetic. `f32` has none, since engines compute with 64 bits and would not agree.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a number", label = "arithmetic needs a number")]
pub trait IsNumber: SqlType {}
macro_rules! numbers {
    ($($number:ty),*) => {$(impl IsNumber for $number {} impl IsNumber for Option<$number> {})*};
}
numbers!(i16, i32, i64, u8, u16, u32, u64, f64);
