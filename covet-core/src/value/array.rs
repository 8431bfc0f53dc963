//! Arrays: `Vec<T>`, where the database has such columns.

use super::{Kind, Newtype, NotNull, Row, SqlType, Value, sql_type::null};
use crate::error::{Error, Result};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use std::net::IpAddr;
use uuid::Uuid;

/// A type of which a column can hold an array: `Vec<String>`, `Vec<Option<i64>>`. Arrays of arrays, of JSON and of
/// enums are none; `Vec<u8>` are bytes.
#[diagnostic::on_unimplemented(
    message = "a column cannot hold an array of `{Self}`",
    label = "not a type that an array can be of",
    note = "arrays are of numbers but `u8`, `bool`, `String`, `Uuid`, `IpAddr`, dates, times, newtypes of these, or an \
            `Option` of one; other lists are `Json<Vec<T>>`"
)]
pub trait Element: SqlType {}

macro_rules! elements {
    ($($rust:ty),* $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl Element for $rust {}
    )*};
}
elements! {
    bool, i16, i32, i64, u16, u32, u64, f32, f64, Decimal, String, Uuid, IpAddr, DateTime<Utc>, NaiveDateTime, NaiveDate,
    NaiveTime, TimeDelta,
}
#[cfg(feature = "time")]
elements!(time::OffsetDateTime, time::PrimitiveDateTime, time::Date, time::Time, time::Duration);
#[cfg(feature = "jiff")]
elements!(jiff::Timestamp, jiff::civil::DateTime, jiff::civil::Date, jiff::civil::Time, jiff::SignedDuration);

#[diagnostic::do_not_recommend]
impl<T: Newtype<Of: Element>> Element for T {}
#[diagnostic::do_not_recommend]
impl<T: NotNull + Element> Element for Option<T> {}

#[diagnostic::do_not_recommend]
impl<T: Element> SqlType for Vec<T> {
    type Inner = Vec<T>;
    const KIND: Kind = Kind::Array(&T::KIND);
    fn decode(row: &dyn Row, at: usize) -> Result<Self> {
        Self::decode_or_null(row, at)?.ok_or_else(null)
    }
    fn decode_or_null(row: &dyn Row, at: usize) -> Result<Option<Self>> {
        let Some(elements) = row.array(at)? else { return Ok(None) };
        let element = |at| match elements.is_null(at) {
            Ok(true) if !T::NULLABLE => Err(null_element()),
            Ok(_) => T::decode(&*elements, at),
            Err(error) => Err(error),
        };
        (0..elements.width()).map(element).collect::<Result<_>>().map(Some)
    }
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_value).collect())
    }
    fn encode(self) -> Value {
        Value::List(self.into_iter().map(T::encode).collect())
    }
}
#[diagnostic::do_not_recommend]
impl<T: Element> NotNull for Vec<T> {}

#[cold]
fn null_element() -> Error {
    Error::decode("an element of the array is NULL").hint("make the field a `Vec<Option<T>>`")
}
