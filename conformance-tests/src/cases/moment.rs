//! Dates and times without a zone, times of day, durations.

use crate::models::{Sample, Wide, batch, ordered, round_trips, wide_where, wrong};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};

fn local(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

/// Local date-times come back to the microsecond, from year 1 to year 9999.
pub async fn local_date_time_is_kept(db: &Db) -> Result<()> {
    let values = [
        "0001-01-01T00:00:00",
        "1582-10-10T12:00:00",
        "1900-01-01T00:00:00",
        "1969-12-31T23:59:59.999999",
        "1970-01-01T00:00:00",
        "2024-03-31T02:30:00",
        "2038-01-20T00:00:00.000001",
        "9999-12-31T23:59:59.999999",
    ];
    ordered!(db, local, values.map(local));
    round_trips!(db, local, values.map(local))
}

/// Times of day come back to the microsecond.
pub async fn time_is_kept(db: &Db) -> Result<()> {
    let values = ["00:00:00", "00:00:00.000001", "00:00:01", "09:30:00", "12:00:00.5", "23:59:59", "23:59:59.999999"];
    ordered!(db, time, values.map(time));
    round_trips!(db, time, values.map(time))
}

/// Durations come back to the microsecond, negative ones too.
pub async fn duration_is_kept(db: &Db) -> Result<()> {
    let most = TimeDelta::microseconds(i64::MAX);
    let hours = TimeDelta::hours(838) + TimeDelta::minutes(59);
    let values = [-most, -hours, TimeDelta::microseconds(-1), TimeDelta::zero(), TimeDelta::seconds(1), hours, most];
    ordered!(db, span, values);
    round_trips!(db, span, values)
}

/// Nanoseconds are cut off, not rounded up to the next day.
pub async fn nanoseconds_are_cut_off(db: &Db) -> Result<()> {
    let (last, stored) = (time("23:59:59.999999999"), time("23:59:59.999999"));
    let row = Wide::create().label("row").time(last).local(local("2024-12-31T23:59:59.9999999")).save(db).await?;
    assert_eq!((row.time, row.local), (Some(stored), Some(local("2024-12-31T23:59:59.999999"))));
    assert_eq!(Wide::find(&row).get(db).await?, row);
    assert_eq!(wide_where(db, Wide::time.eq(last)).await?, "row");
    assert_eq!(wide_where(db, Wide::time.eq(stored)).await?, "row");
    Ok(())
}

/// A leap second, which engines would move or refuse, is refused before it is sent.
pub async fn leap_seconds_are_refused(db: &Db) -> Result<()> {
    let leap = NaiveTime::from_hms_opt(23, 59, 59).and_then(|time| time.with_nanosecond(1_500_000_000)).unwrap();
    let day = NaiveDate::from_ymd_opt(2016, 12, 31).unwrap();
    let refused = |result: Result<()>| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        assert!(error.to_string().contains("leap second"), "{error}");
    };
    refused(Wide::create().time(leap).save(db).await.map(drop));
    refused(Wide::create().local(day.and_time(leap)).save(db).await.map(drop));
    refused(Sample::create().at(day.and_time(leap).and_utc()).save(db).await.map(drop));
    refused(Wide::filter(Wide::time.gt(leap)).count(db).await.map(drop));
    Ok(())
}

/// What a session in another time zone stores and reads is the same instant: in the gap and the overlap of a
/// summer time too.
pub async fn instants_do_not_move_with_the_zone(db: &Db) -> Result<()> {
    let texts = ["2024-03-10T07:30:00Z", "2024-11-03T05:30:00Z", "2024-11-03T06:30:00Z", "2024-03-31T01:30:00Z"];
    let instants: Vec<DateTime<Utc>> = texts.iter().map(|text| text.parse().unwrap()).collect();
    let conn = db.acquire().await?;
    let zones: &[&str] = match db.dialect().short_name() {
        "sqlite" => &[],
        "pg" => &["SET TIME ZONE '+05:30'", "SET TIME ZONE 'America/New_York'"],
        _ => &["SET time_zone = '+05:30'", "SET time_zone = '-05:00'"],
    };
    for zone in zones.iter().copied().chain(["SELECT 1"]) {
        if zone.starts_with("SET") {
            batch(&conn, zone).await?;
        }
        for instant in &instants {
            let row = Sample::create().label("here").at(*instant).save(&conn).await?;
            assert_eq!(Sample::find(&row).get(&conn).await?.at, Some(*instant), "{zone}");
            let found = Sample::find(&row).filter(Sample::at.eq(*instant) & Sample::at.in_([*instant]));
            assert_eq!(found.count(&conn).await?, 1, "{zone}");
            let local = Wide::create().local(instant.naive_utc()).save(&conn).await?;
            assert_eq!(Wide::find(&local).get(&conn).await?.local, Some(instant.naive_utc()), "{zone}");
        }
    }
    match db.dialect().short_name() {
        "sqlite" => {}
        "pg" => batch(&conn, "SET TIME ZONE 'UTC'").await?,
        _ => batch(&conn, "SET time_zone = '+00:00'").await?,
    }
    drop(conn);
    let mut read: Vec<_> = Sample::query().order_by(Sample::id.asc()).all(db).await?;
    read.drain(..read.len() - instants.len());
    assert_eq!(read.iter().filter_map(|row| row.at).collect::<Vec<_>>(), instants);
    Ok(())
}

/// What is no date or no time of day names the column.
pub async fn wrong_moments_name_the_column(db: &Db) -> Result<()> {
    match db.dialect().short_name() {
        "sqlite" => {
            wrong!(db, NaiveTime, "ANY", ["'24:00:00.000000'", "'23:59:60.000000'", "'noon'", "''", "12", "1.5"]);
            let times = ["'2024-02-30 00:00:00.000000'", "'infinity'", "'2024-01-01'", "1704067200", "''"];
            wrong!(db, NaiveDateTime, "ANY", times);
            wrong!(db, DateTime<Utc>, "ANY", times);
            wrong!(db, NaiveDate, "ANY", ["'2024-02-30'", "'today'", "0", "''", "x'00'"]);
        }
        "pg" => {
            wrong!(db, NaiveTime, "time", ["'24:00:00'"]);
            wrong!(db, NaiveTime, "timestamp", ["'2024-01-01 10:00:00'"]);
            wrong!(db, NaiveDateTime, "timestamp", ["'infinity'", "'-infinity'", "'294276-12-31 23:59:59'"]);
            wrong!(db, DateTime<Utc>, "timestamptz", ["'infinity'", "'-infinity'", "'294276-12-31 23:59:59Z'"]);
            wrong!(db, NaiveDate, "date", ["'infinity'", "'-infinity'", "'5874897-12-31'"]);
        }
        _ => {
            wrong!(db, NaiveTime, "TIME(6)", ["'-00:00:01'", "'24:00:00'", "'838:59:59'", "'-838:59:59'"]);
            wrong!(db, NaiveTime, "DATETIME(6)", ["'2024-01-01 10:00:00'"]);
            wrong!(db, NaiveDateTime, "DATE", ["'2024-01-01'"]);
            // What servers with a lax mode let in.
            let lax = &db.acquire().await?;
            batch(lax, "SET @mode = @@sql_mode, sql_mode = 'ALLOW_INVALID_DATES'").await?;
            let days = ["'0000-00-00'", "'2024-00-10'", "'2024-02-00'", "'2024-02-31'"];
            wrong!(lax, NaiveDate, "DATE", days);
            wrong!(lax, NaiveDateTime, "DATETIME(6)", days);
            wrong!(lax, DateTime<Utc>, "DATETIME(6)", days);
            batch(lax, "SET sql_mode = @mode").await?;
            wrong!(db, NaiveDate, "DATETIME", ["'2024-01-01 10:00:00'"]);
        }
    }
    Ok(())
}
