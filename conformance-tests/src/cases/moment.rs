//! Dates and times without a zone, times of day, durations.

use crate::models::{Sample, Wide, batch, ordered, round_trips, wide_where, wrong};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::Model;

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

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "moment_years")]
struct Years {
    id: i64,
    day: Option<NaiveDate>,
    local: Option<NaiveDateTime>,
    at: Option<DateTime<Utc>>,
    time_day: Option<time::Date>,
    time_at: Option<time::OffsetDateTime>,
    jiff_day: Option<jiff::civil::Date>,
    jiff_at: Option<jiff::Timestamp>,
}

/// Days around the borders of engines and crates, in their order: SQLite, MySQL and MariaDB keep the years 0 to 9999,
/// PostgreSQL those from 4713 BC on.
fn border_days() -> Vec<NaiveDate> {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    vec![
        NaiveDate::MIN,
        day(-9_999, 1, 1),
        day(-4_713, 11, 23),
        day(-4_713, 11, 24),
        day(-4_712, 1, 1),
        day(-44, 3, 15),
        day(-1, 12, 31),
        day(0, 1, 1),
        day(0, 2, 28),
        day(0, 2, 29),
        day(0, 12, 31),
        day(1, 1, 1),
        day(1_582, 10, 10),
        day(9_999, 12, 31),
        day(10_000, 1, 1),
        NaiveDate::MAX,
    ]
}

/// What became of a row: stored, or refused before it was sent.
fn was_kept<T>(stored: Result<T>) -> Option<T> {
    match stored {
        Ok(row) => Some(row),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Encode, "{error:?}");
            None
        }
    }
}

/// A date beyond what the engine keeps is refused before it is sent, by every way in and in filters; every other one
/// comes back, is found and stands in its order. Years before 1 and after 9999 too.
pub async fn years_beyond_the_engine_are_kept_or_refused(db: &Db) -> Result<()> {
    db.drop_tables(models![Years]).await?;
    db.create_tables(models![Years]).await?;
    let mut kept = Vec::new();
    for day in border_days() {
        let local = day.and_hms_opt(0, 0, 0).unwrap();
        let row = || Years::create().day(day);
        let found = was_kept(row().save(db).await);
        let bulk = was_kept(Years::bulk_create([row().build(), row().build()]).exec(db).await);
        let equal = was_kept(Years::filter(Years::day.eq(day)).count(db).await);
        let listed = was_kept(Years::filter(Years::day.in_(vec![day; 1_500])).count(db).await);
        let by_local = was_kept(Years::create().local(local).save(db).await);
        let by_instant = was_kept(Years::create().at(local.and_utc()).save(db).await);
        let Some(found) = found else {
            // The servers may know no leap day of the year 0, which nothing is equal to.
            assert_eq!((bulk, equal.unwrap_or(0), listed.unwrap_or(0)), (None, 0, 0), "{day}");
            assert!(by_local.is_none() && by_instant.is_none(), "{day}");
            continue;
        };
        assert_eq!(Years::find(&found).get(db).await?.day, Some(day));
        assert_eq!((bulk, equal, listed), (Some(2), Some(3), Some(3)), "{day}");
        for (row, column) in [(by_local, Years::local.eq(local)), (by_instant, Years::at.eq(local.and_utc()))] {
            let row = row.unwrap();
            assert_eq!(Years::filter(column).get(db).await?, row, "{day}");
            assert_eq!(Years::find(&row).get(db).await?, row);
            assert_eq!(row.local.or(row.at.map(|at| at.naive_utc())), Some(local));
        }
        kept.push(day);
    }
    let is_pg = db.dialect().short_name() == "pg";
    let years = if is_pg { -4_713..=i32::MAX } else { 0..=9_999 };
    let mut expected = border_days();
    expected.retain(|day| years.contains(&day.year()) && *day != border_days()[2]);
    // MariaDB has no leap day in the year 0.
    expected.retain(|day| kept.contains(day) || (day.year(), day.ordinal()) != (0, 60));
    assert_eq!(kept, expected);
    let rows = Years::filter(Years::day.is_not_null()).order_by((Years::day.asc(), Years::id.asc())).all(db).await?;
    let mut days: Vec<_> = rows.into_iter().filter_map(|row| row.day).collect();
    days.dedup();
    assert_eq!(days, kept);
    for day in &kept {
        let before = Years::filter(Years::day.lt(*day)).count(db).await?;
        assert_eq!(before, 3 * i64::try_from(kept.iter().filter(|other| *other < day).count()).unwrap(), "{day}");
    }
    db.drop_tables(models![Years]).await
}

/// The same for the types of `time` and `jiff`; as the default of a column such a date is an error of `create_tables`.
pub async fn years_beyond_the_engine_are_no_defaults(db: &Db) -> Result<()> {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[covet(table = "moment_default_days")]
    struct Days {
        id: i64,
        #[covet(db_default = NaiveDate::from_ymd_opt(-4_714, 1, 1).unwrap_or_default())]
        day: NaiveDate,
    }
    #[derive(Model, Clone, Debug, PartialEq)]
    #[covet(table = "moment_default_times")]
    struct Times {
        id: i64,
        #[covet(db_default = DateTime::<Utc>::MIN_UTC)]
        at: DateTime<Utc>,
    }
    for model in [models![Days], models![Times]] {
        db.drop_tables(model).await?;
        let error = db.create_tables(model).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode, "{error:?}");
        assert!(error.column().is_some(), "{error:?}");
    }
    db.drop_tables(models![Years]).await?;
    db.create_tables(models![Years]).await?;
    for year in [-9_999_i16, -4_714, -44, -1, 0, 1, 1_582, 9_999] {
        let time_day = time::Date::from_ordinal_date(year.into(), 100).unwrap();
        let jiff_day = jiff::civil::date(year, 4, 1);
        let time_at = time_day.midnight().assume_utc();
        let jiff_at = jiff_day.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let is_kept = year >= if db.dialect().short_name() == "pg" { -4_712 } else { 0 };
        let row = Years::create().time_day(time_day).time_at(time_at).jiff_day(jiff_day).jiff_at(jiff_at);
        let Some(row) = was_kept(row.save(db).await) else {
            assert!(!is_kept, "{year}");
            for one in [
                Years::create().time_day(time_day),
                Years::create().time_at(time_at),
                Years::create().jiff_day(jiff_day),
                Years::create().jiff_at(jiff_at),
            ] {
                assert!(was_kept(one.save(db).await).is_none(), "{year}");
            }
            continue;
        };
        assert!(is_kept, "{year}");
        let same = Years::time_day.eq(time_day) & Years::time_at.eq(time_at);
        let same = same & Years::jiff_day.eq(jiff_day) & Years::jiff_at.eq(jiff_at);
        assert_eq!(Years::filter(same).get(db).await?, row);
    }
    db.drop_tables(models![Years]).await
}
