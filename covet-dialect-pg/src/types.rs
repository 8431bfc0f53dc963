//! Dates and times as PostgreSQL counts them: from the first day of the year 2000.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// 2000-01-01 in days of chrono's count.
const EPOCH_DAYS: i32 = 730_120;
/// 2000-01-01 in microseconds of the Unix epoch.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// The server's number for a point in time. Chrono's range is smaller than 64 bits of microseconds.
pub fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros().saturating_sub(EPOCH_MICROS)
}

/// The point in time, unless it is an infinity or out of chrono's range.
pub fn date_time(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros.checked_add(EPOCH_MICROS)?)
}

/// The server's number for a day.
pub fn days(date: NaiveDate) -> i32 {
    date.num_days_from_ce().saturating_sub(EPOCH_DAYS)
}

/// The day, unless it is an infinity or out of chrono's range.
pub fn date(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH_DAYS)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_is_zero_and_infinities_are_refused() {
        let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
        assert_eq!(days(first), 0);
        assert_eq!(date(0), Some(first));
        assert_eq!(micros(first.and_hms_opt(0, 0, 0).unwrap().and_utc()), 0);
        assert_eq!((date(i32::MAX), date(i32::MIN)), (None, None));
        assert_eq!((date_time(i64::MAX), date_time(i64::MIN)), (None, None));
    }

    #[test]
    fn chronos_whole_range_comes_back() {
        for time in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let back = date_time(micros(time)).unwrap();
            assert_eq!(back.timestamp_micros(), time.timestamp_micros());
        }
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            assert_eq!(date(days(day)), Some(day));
        }
    }
}
