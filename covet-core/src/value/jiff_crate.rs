//! The types of the crate `jiff`, behind the feature of that name. They are stored as chrono's are.

use super::{
    Kind, NotNull, Row, SqlType, Value, moment,
    moment::{in_range, microseconds},
    sql_type::sql_types,
};
use crate::error::{Error, Result};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime as CivilDateTime, Time},
};

#[cold]
fn beyond<E>(_: E) -> Error {
    Error::decode("the date is beyond what the crate `jiff` can hold").hint("use chrono's type for the field")
}

fn chrono_date(date: Date) -> Option<NaiveDate> {
    let part = |number: i8| u32::try_from(number).ok();
    NaiveDate::from_ymd_opt(date.year().into(), part(date.month())?, part(date.day())?)
}

fn small(number: u32) -> Result<i8> {
    i8::try_from(number).map_err(beyond)
}

fn date(chrono: NaiveDate) -> Result<Date> {
    let year = i16::try_from(chrono.year()).map_err(beyond)?;
    Date::new(year, small(chrono.month())?, small(chrono.day())?).map_err(beyond)
}

fn chrono_time(time: Time) -> Option<NaiveTime> {
    let part = |number: i8| u32::try_from(number).ok();
    let nanos = u32::try_from(time.subsec_nanosecond()).ok()?;
    NaiveTime::from_hms_nano_opt(part(time.hour())?, part(time.minute())?, part(time.second())?, nanos)
}

fn time(chrono: NaiveTime) -> Result<Time> {
    let nanos = i32::try_from(chrono.nanosecond()).map_err(beyond)?;
    Time::new(small(chrono.hour())?, small(chrono.minute())?, small(chrono.second())?, nanos).map_err(beyond)
}

/// Both halves of an instant have the same sign in jiff; in chrono the second one is positive.
fn chrono_instant(instant: Timestamp) -> Option<DateTime<chrono::Utc>> {
    let nanos = instant.as_nanosecond();
    let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
    DateTime::from_timestamp(seconds, u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?)
}

sql_types! {
    Timestamp, DateTime, date_time,
        |v| Timestamp::from_microsecond(v.timestamp_micros()).map_err(beyond),
        |v| in_range(chrono_instant(v).map(|v| microseconds(v, Value::DateTime)));
    CivilDateTime, NaiveDateTime, naive_date_time,
        |v| Ok(CivilDateTime::from_parts(date(v.date())?, time(v.time())?)),
        |v| {
            let parts = chrono_date(v.date()).zip(chrono_time(v.time()));
            in_range(parts.map(|(date, time)| microseconds(date.and_time(time), Value::NaiveDateTime)))
        };
    Date, Date, date, |v| date(v), |v| in_range(chrono_date(v).map(Value::Date));
    Time, Time, time, |v| time(v), |v| in_range(chrono_time(v).map(|v| microseconds(v, Value::Time)));
    SignedDuration, I64, i64,
        |v| Ok(SignedDuration::from_micros(v)),
        |v| i64::try_from(v.as_micros()).map_or(Value::Refused(&moment::TOO_LONG), Value::I64);
}
