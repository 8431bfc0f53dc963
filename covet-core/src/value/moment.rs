//! Dates and times: what is cut off, and what cannot be stored.

use super::{NotNull, Refusal, Row, SqlType, Value, sql_type::null};
use crate::{error::Result, value::Kind};
use chrono::{TimeDelta, Timelike};

pub(super) static LEAP_SECOND: Refusal = Refusal {
    why: "a time lies within a leap second, which no database can store",
    way_out: "store the second before or after it",
};

#[cfg(any(feature = "time", feature = "jiff"))]
static OUT_OF_RANGE: Refusal =
    Refusal { why: "a date lies beyond what databases can store", way_out: "store a year from 0 to 9999" };

/// What became a value of chrono's, or a refusal.
#[cfg(any(feature = "time", feature = "jiff"))]
pub(super) fn in_range(value: Option<Value>) -> Value {
    value.unwrap_or(Value::Refused(&OUT_OF_RANGE))
}

pub(super) static TOO_LONG: Refusal = Refusal {
    why: "a duration has more microseconds than 64 bits can count",
    way_out: "store a duration of at most 292,000 years",
};

/// Cuts what no engine stores. Engines differ in rounding here, so covet truncates before it sends.
/// Chrono writes a leap second as more than a second of nanoseconds.
pub(super) fn microseconds<T: Timelike + Copy>(time: T, value: fn(T) -> Value) -> Value {
    let nanos = time.nanosecond();
    if nanos >= 1_000_000_000 {
        return Value::Refused(&LEAP_SECOND);
    }
    value(time.with_nanosecond(nanos - nanos % 1_000).unwrap_or(time))
}

/// A duration is its microseconds, on every engine.
#[diagnostic::do_not_recommend]
impl SqlType for TimeDelta {
    type Inner = TimeDelta;
    const KIND: Kind = Kind::I64;
    fn decode(row: &dyn Row, at: usize) -> Result<Self> {
        Ok(TimeDelta::microseconds(row.i64(at)?.ok_or_else(null)?))
    }
    fn to_value(&self) -> Value {
        self.num_microseconds().map_or(Value::Refused(&TOO_LONG), Value::I64)
    }
}
#[diagnostic::do_not_recommend]
impl NotNull for TimeDelta {}
