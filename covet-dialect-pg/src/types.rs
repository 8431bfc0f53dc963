//! Dates and times as PostgreSQL counts them, from the first day of the year 2000, its decimals and addresses.

use bytes::{BufMut, BytesMut};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use covet_core::error::{Error, ErrorKind, Result};
use rust_decimal::Decimal;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// 2000-01-01 in days of chrono's count.
const EPOCH_DAYS: i32 = 730_120;
/// 2000-01-01 in microseconds of the Unix epoch.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// The first day that the server has, 4714-11-24 BC; its last one lies behind chrono's.
const FIRST_DAY: i32 = -2_451_545;
const DAY_MICROS: i64 = 86_400_000_000;

#[cold]
fn too_early() -> Error {
    Error::new(ErrorKind::Encode, "a date lies before 4714-11-24 BC, the first one that PostgreSQL has")
        .hint("store it as a text or a number")
}

/// The server's number for a point in time.
///
/// # Errors
/// When the time lies before the first day.
pub fn micros(time: DateTime<Utc>) -> Result<i64> {
    // Chrono's range is smaller than 64 bits of microseconds.
    let micros = time.timestamp_micros().saturating_sub(EPOCH_MICROS);
    if micros < i64::from(FIRST_DAY) * DAY_MICROS { Err(too_early()) } else { Ok(micros) }
}

/// The point in time, unless it is an infinity or out of chrono's range.
pub fn date_time(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros.checked_add(EPOCH_MICROS)?)
}

/// The server's number for a day.
///
/// # Errors
/// When it lies before the first one.
pub fn days(date: NaiveDate) -> Result<i32> {
    let days = date.num_days_from_ce().saturating_sub(EPOCH_DAYS);
    if days < FIRST_DAY { Err(too_early()) } else { Ok(days) }
}

/// The day, unless it is an infinity or out of chrono's range.
pub fn date(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH_DAYS)?)
}

/// The server's number for a time of day.
pub fn micros_of_day(time: NaiveTime) -> i64 {
    i64::from(time.num_seconds_from_midnight()) * 1_000_000 + i64::from(time.nanosecond() / 1_000)
}

/// The time of day; the server's `24:00:00` is none.
pub fn time(micros: i64) -> Option<NaiveTime> {
    let seconds = u32::try_from(micros.div_euclid(1_000_000)).ok()?;
    let nanos = u32::try_from(micros.rem_euclid(1_000_000)).ok()? * 1_000;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos)
}

/// The families of addresses as the server numbers them on every system.
const V4: u8 = 2;
const V6: u8 = 3;

/// Writes an `inet`: the family, how many bits are the network, whether it is a `cidr`, the length, the address.
pub fn put_ip(address: IpAddr, out: &mut BytesMut) {
    match address {
        IpAddr::V4(address) => {
            out.put_slice(&[V4, 32, 0, 4]);
            out.put_slice(&address.octets());
        }
        IpAddr::V6(address) => {
            out.put_slice(&[V6, 128, 0, 16]);
            out.put_slice(&address.octets());
        }
    }
}

/// The address, unless the `inet` is a network.
pub fn ip(raw: &[u8]) -> Option<IpAddr> {
    match raw {
        [V4, 32, _, 4, octets @ ..] => <[u8; 4]>::try_from(octets).ok().map(|octets| Ipv4Addr::from(octets).into()),
        [V6, 128, _, 16, octets @ ..] => <[u8; 16]>::try_from(octets).ok().map(|octets| Ipv6Addr::from(octets).into()),
        _ => None,
    }
}

/// A decimal is sent as digits of the base 10,000, the point between two of them.
const BASE: u128 = 10_000;
const DIGITS_IN_ONE: u32 = 4;
const NEGATIVE: u16 = 0x4000;

/// Writes a `numeric`: the count of its digits of base 10,000, the power of the first one, the sign, the
/// count of decimal digits behind the point, the digits.
pub fn put_decimal(value: Decimal, out: &mut BytesMut) {
    let padding = (DIGITS_IN_ONE - value.scale() % DIGITS_IN_ONE) % DIGITS_IN_ONE;
    let mut left = value.mantissa().unsigned_abs() * 10_u128.pow(padding);
    let mut digits = Vec::with_capacity(8);
    let mut power = -i64::from((value.scale() + padding) / DIGITS_IN_ONE);
    while left > 0 {
        // Below 10,000.
        let digit = u16::try_from(left % BASE).unwrap_or_default();
        left /= BASE;
        if digits.is_empty() && digit == 0 {
            power += 1;
            continue;
        }
        digits.push(digit);
    }
    let first = power + i64::try_from(digits.len()).unwrap_or_default() - 1;
    out.put_u16(u16::try_from(digits.len()).unwrap_or_default());
    out.put_i16(if digits.is_empty() { 0 } else { i16::try_from(first).unwrap_or_default() });
    out.put_u16(if value.is_sign_negative() && !digits.is_empty() { NEGATIVE } else { 0 });
    out.put_u16(u16::try_from(value.scale()).unwrap_or_default());
    digits.iter().rev().for_each(|digit| out.put_u16(*digit));
}

/// The `numeric`, unless it is NaN, infinite, or has digits that a `Decimal` has no room for.
pub fn decimal(raw: &[u8]) -> Option<Decimal> {
    let mut words = raw.chunks_exact(2).map(|word| u16::from_be_bytes([word[0], word[1]]));
    let count = words.next()?;
    let first = i16::from_be_bytes(words.next()?.to_be_bytes());
    let sign = words.next().filter(|sign| matches!(*sign, 0 | NEGATIVE))?;
    let scale = u32::from(words.next()?);
    let digits: Vec<u16> = words.collect();
    if digits.len() != usize::from(count) {
        return None;
    }
    let mut mantissa = 0_i128;
    for digit in &digits {
        mantissa = mantissa.checked_mul(10_000)?.checked_add((*digit).into())?;
    }
    // The power of ten by which the number is larger than its digits.
    let power = (i64::from(first) + 1 - i64::from(count)) * i64::from(DIGITS_IN_ONE);
    let wanted = if mantissa == 0 { 0 } else { power + i64::from(scale) };
    let ten = |power: i64| 10_i128.checked_pow(u32::try_from(power).ok()?);
    // Behind the digits that the server shows there are none but zeros.
    mantissa = if wanted >= 0 { mantissa.checked_mul(ten(wanted)?)? } else { exactly(mantissa, ten(-wanted)?)? };
    Decimal::try_from_i128_with_scale(if sign == NEGATIVE { -mantissa } else { mantissa }, scale).ok()
}

fn exactly(number: i128, divisor: i128) -> Option<i128> {
    (number % divisor == 0).then_some(number / divisor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_come_back_or_are_refused() {
        let texts = "0 0.00 1 -1 10000 -10000.0001 0.0001 1.5 99999999.9999 12345678901234567890.12345678";
        let more = "0.0000000000000000000000000001 79228162514264337593543950335 7922816251426433759354395033.5";
        for text in texts.split(' ').chain(more.split(' ')) {
            let value = Decimal::from_str_exact(text).unwrap();
            let mut raw = BytesMut::new();
            put_decimal(value, &mut raw);
            assert_eq!(decimal(&raw).map(|back| back.to_string()).as_deref(), Some(text));
        }
        let numeric = |words: &[u16]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
        for special in [0xC000, 0xD000, 0xF000] {
            assert_eq!(decimal(&numeric(&[0, 0, special, 0])), None);
        }
        // 1e100, 1e-100, one digit too few, a digit beyond the scale.
        for wrong in [&[1, 25, 0, 0, 1][..], &[1, 0xFFE7, 0, 100, 1], &[2, 0, 0, 0, 1], &[1, 0xFFFF, 0, 2, 1]] {
            assert_eq!(decimal(&numeric(wrong)), None);
        }
        assert_eq!(decimal(&[0, 1]), None);
    }

    #[test]
    fn the_end_of_the_day_is_no_time() {
        let last = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
        assert_eq!((micros_of_day(last), time(86_399_999_999)), (86_399_999_999, Some(last)));
        assert_eq!((time(86_400_000_000), time(-1)), (None, None));
    }

    #[test]
    fn the_epoch_is_zero_and_infinities_are_refused() {
        let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
        assert_eq!(days(first).unwrap(), 0);
        assert_eq!(date(0), Some(first));
        assert_eq!(micros(first.and_hms_opt(0, 0, 0).unwrap().and_utc()).unwrap(), 0);
        assert_eq!((date(i32::MAX), date(i32::MIN)), (None, None));
        assert_eq!((date_time(i64::MAX), date_time(i64::MIN)), (None, None));
    }

    #[test]
    fn what_the_server_has_comes_back() {
        let first = NaiveDate::from_ymd_opt(-4_713, 11, 24).unwrap();
        for day in [first, NaiveDate::MAX] {
            let time = day.and_hms_opt(0, 0, 0).unwrap().and_utc();
            assert_eq!(date_time(micros(time).unwrap()), Some(time));
            assert_eq!(date(days(day).unwrap()), Some(day));
        }
        for day in [first.pred_opt().unwrap(), NaiveDate::MIN] {
            assert!(days(day).is_err() && micros(day.and_hms_opt(23, 59, 59).unwrap().and_utc()).is_err());
        }
    }
}
