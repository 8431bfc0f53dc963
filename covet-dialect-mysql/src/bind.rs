//! Values on their way to the server.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use covet_core::{
    error::{Error, ErrorKind, Result},
    feature::Feature,
    value::{Value, Values, ip_bytes},
};
use mysql_async::Value as Sent;

/// The values as the driver wants them.
///
/// # Errors
/// When a value has no form that the server can store.
pub fn values(values: Values) -> Result<Vec<Sent>> {
    values.into_iter().map(value).collect()
}

/// The driver sends long values one by one when the parameters have more bytes than this.
const MOST_IN_ONE_PACKET: usize = 0xFF_FFFF;

/// What a packet holds beside the values: a bit and two bytes for each, 19 bytes of length and head.
const OVERHEAD: usize = 12;

/// Whether the values fit into the server's packets. Some servers close the connection when they
/// do not, so nothing is sent then.
pub fn fits(values: &[Sent], max_allowed_packet: usize) -> bool {
    let largest = values.iter().map(length).max().unwrap_or(0);
    let total = bytes(values) + 32;
    largest + 32 < max_allowed_packet && (total < max_allowed_packet || total > MOST_IN_ONE_PACKET)
}

/// How many bytes of a packet the values take, at most.
pub fn bytes(values: &[Sent]) -> usize {
    values.iter().map(|value| length(value) + OVERHEAD).sum()
}

fn length(value: &Sent) -> usize {
    if let Sent::Bytes(bytes) = value { bytes.len() } else { 8 }
}

fn value(value: Value) -> Result<Sent> {
    Ok(match value {
        Value::Null => Sent::NULL,
        Value::Bool(v) => Sent::Int(i64::from(v)),
        Value::I16(v) => Sent::Int(i64::from(v)),
        Value::I32(v) => Sent::Int(i64::from(v)),
        Value::I64(v) => Sent::Int(v),
        Value::U8(v) => Sent::UInt(v.into()),
        Value::U16(v) => Sent::UInt(v.into()),
        Value::U32(v) => Sent::UInt(v.into()),
        Value::U64(v) => Sent::UInt(v),
        Value::F32(v) if v.is_finite() => Sent::Float(v),
        Value::F32(v) => return self::value(Value::F64(v.into())),
        Value::F64(v) if v.is_finite() => Sent::Double(v),
        Value::F64(v) if v.is_nan() => return Err(Error::unsupported(Feature::FloatNan, "the database")),
        Value::F64(_) => return Err(Error::unsupported(Feature::FloatInfinity, "the database")),
        Value::Text(v) => Sent::Bytes(v.into_string().into_bytes()),
        Value::Bytes(v) => Sent::Bytes(v.into_vec()),
        Value::Uuid(v) => Sent::Bytes(v.as_bytes().to_vec()),
        Value::Ip(v) => Sent::Bytes(ip_bytes(v)),
        Value::DateTime(v) => date_time(v)?,
        Value::Date(v) => date(v)?,
        Value::NaiveDateTime(v) => date_time(v.and_utc())?,
        Value::Time(v) => {
            Sent::Time(false, 0, small(v.hour())?, small(v.minute())?, small(v.second())?, v.nanosecond() / 1_000)
        }
        Value::Decimal(v) => Sent::Bytes(v.to_string().into_bytes()),
        Value::Json(v) => Sent::Bytes(v.into_string().into_bytes()),
        Value::Refused(_) => return value.check().map(|()| Sent::NULL),
        Value::List(_) => return Err(refused("a list stands where one value is expected")),
    })
}

#[cold]
fn refused(message: &'static str) -> Error {
    Error::new(ErrorKind::Encode, message)
}

fn date_time(time: DateTime<Utc>) -> Result<Sent> {
    let Sent::Date(year, month, day, ..) = date(time.date_naive())? else {
        return Err(refused("a date has another form than expected"));
    };
    let micros = time.nanosecond() / 1_000;
    if micros >= 1_000_000 {
        return Err(refused("MySQL cannot store a leap second"));
    }
    Ok(Sent::Date(year, month, day, small(time.hour())?, small(time.minute())?, small(time.second())?, micros))
}

fn date(date: NaiveDate) -> Result<Sent> {
    let year = u16::try_from(date.year()).ok().filter(|year| *year <= 9_999);
    let year = year.ok_or_else(|| refused("MySQL stores years from 0 to 9999 only"))?;
    Ok(Sent::Date(year, small(date.month())?, small(date.day())?, 0, 0, 0, 0))
}

fn small(number: u32) -> Result<u8> {
    u8::try_from(number).map_err(|_| refused("a part of a date is out of range"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn kind(value: Value) -> Option<ErrorKind> {
        super::value(value).err().map(|error| error.kind())
    }

    #[test]
    fn what_cannot_be_stored_is_refused_before_it_is_sent() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(kind(Value::F64(number)), Some(ErrorKind::Unsupported));
        }
        for year in [-1, 10_000] {
            let date = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            assert_eq!(kind(Value::Date(date)), Some(ErrorKind::Encode));
        }
        assert_eq!(kind(Value::List([Value::I64(1)].into())), Some(ErrorKind::Encode));
    }

    #[test]
    fn large_values_go_one_by_one() {
        let values = |bytes: usize, count: usize| vec![Sent::Bytes(vec![0; bytes]); count];
        assert!(fits(&[], 1 << 20) && fits(&values(1 << 19, 1), 1 << 20));
        assert!(!fits(&values(1 << 19, 2), 1 << 20) && !fits(&values(1 << 20, 1), 1 << 20));
        assert!(fits(&values(1 << 19, 33), 1 << 20));
    }

    #[test]
    fn microseconds_are_kept() {
        let time = Utc.with_ymd_and_hms(2024, 2, 29, 23, 59, 58).unwrap();
        let time = time.with_nanosecond(123_456_000).unwrap();
        assert_eq!(value(Value::DateTime(time)).ok(), Some(Sent::Date(2024, 2, 29, 23, 59, 58, 123_456)));
    }
}
