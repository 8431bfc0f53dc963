//! The types of the crate `time`, behind the feature of that name. They are stored as chrono's are.

use super::{
    Kind, NotNull, Row, SqlType, Value, moment,
    moment::{in_range, microseconds},
    sql_type::sql_types,
};
use crate::error::{Error, Result};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike};
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};

#[cold]
fn beyond() -> Error {
    Error::decode("the date is beyond what the crate `time` can hold").hint("use chrono's type for the field")
}

fn chrono_date(date: Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(date.year(), u8::from(date.month()).into(), date.day().into())
}

fn date(chrono: NaiveDate) -> Result<Date> {
    Date::from_ordinal_date(chrono.year(), u16::try_from(chrono.ordinal()).map_err(|_| beyond())?).map_err(|_| beyond())
}

fn chrono_time(time: Time) -> Option<NaiveTime> {
    let (hour, minute, second, nano) = time.as_hms_nano();
    NaiveTime::from_hms_nano_opt(hour.into(), minute.into(), second.into(), nano)
}

fn time(chrono: NaiveTime) -> Result<Time> {
    let small = |number: u32| u8::try_from(number).map_err(|_| beyond());
    let (hour, minute, second) = (small(chrono.hour())?, small(chrono.minute())?, small(chrono.second())?);
    Time::from_hms_nano(hour, minute, second, chrono.nanosecond()).map_err(|_| beyond())
}

sql_types! {
    OffsetDateTime, DateTime, date_time,
        |v| OffsetDateTime::from_unix_timestamp_nanos(i128::from(v.timestamp_micros()) * 1_000).map_err(|_| beyond()),
        |v| {
            let instant = DateTime::from_timestamp(v.unix_timestamp(), v.nanosecond());
            in_range(instant.map(|v| microseconds(v, Value::DateTime)))
        };
    PrimitiveDateTime, NaiveDateTime, naive_date_time,
        |v| Ok(PrimitiveDateTime::new(date(v.date())?, time(v.time())?)),
        |v| {
            let parts = chrono_date(v.date()).zip(chrono_time(v.time()));
            in_range(parts.map(|(date, time)| microseconds(date.and_time(time), Value::NaiveDateTime)))
        };
    Date, Date, date, |v| date(v), |v| in_range(chrono_date(v).map(Value::Date));
    Time, Time, time, |v| time(v), |v| in_range(chrono_time(v).map(|v| microseconds(v, Value::Time)));
    Duration, I64, i64,
        |v| Ok(Duration::microseconds(v)),
        |v| i64::try_from(v.whole_microseconds()).map_or(Value::Refused(&moment::TOO_LONG), Value::I64);
}
