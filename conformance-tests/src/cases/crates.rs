//! The types of the crates `time` and `jiff`: stored as chrono's, so either reads what the other wrote.

use crate::models::wrong;
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::Model;
use jiff::civil;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "moments")]
struct ByTime {
    id: i64,
    instant: Option<time::OffsetDateTime>,
    local: Option<time::PrimitiveDateTime>,
    day: Option<time::Date>,
    time: Option<time::Time>,
    span: Option<time::Duration>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "moments")]
struct ByJiff {
    id: i64,
    instant: Option<jiff::Timestamp>,
    local: Option<civil::DateTime>,
    day: Option<civil::Date>,
    time: Option<civil::Time>,
    span: Option<jiff::SignedDuration>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "moments")]
struct ByChrono {
    id: i64,
    instant: Option<chrono::DateTime<chrono::Utc>>,
    local: Option<chrono::NaiveDateTime>,
    day: Option<chrono::NaiveDate>,
    time: Option<chrono::NaiveTime>,
    span: Option<chrono::TimeDelta>,
}

const TEXTS: [&str; 5] = [
    "0001-01-01T00:00:00",
    "1582-10-10T12:00:00.000001",
    "1969-12-31T23:59:59.999999",
    "2024-02-29T12:30:45.123456",
    "9999-12-30T21:59:59.999999",
];

/// The two tables of a case are one; each round starts with it empty.
async fn fresh(db: &Db) -> Result<()> {
    db.drop_tables(models![ByChrono]).await?;
    db.create_tables(models![ByChrono]).await
}

/// What one crate's types write, the others read: instants, local times, days, times of day, durations.
pub async fn crates_read_each_other(db: &Db) -> Result<()> {
    fresh(db).await?;
    for text in TEXTS {
        let local: civil::DateTime = text.parse().unwrap();
        let instant = local.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let span = jiff::SignedDuration::from_micros(instant.as_microsecond());
        let row = ByJiff::create().instant(instant).local(local).day(local.date()).time(local.time()).span(span);
        let row = row.save(db).await?;
        assert_eq!(ByJiff::find(row.id).get(db).await?, row);
        assert_eq!((row.instant, row.local, row.span), (Some(instant), Some(local), Some(span)));
        let by_chrono = ByChrono::find(row.id).get(db).await?;
        let expected: chrono::NaiveDateTime = text.parse().unwrap();
        assert_eq!(by_chrono.instant, Some(expected.and_utc()));
        assert_eq!((by_chrono.local, by_chrono.day), (Some(expected), Some(expected.date())));
        assert_eq!(by_chrono.span.map(|span| span.num_microseconds()), Some(Some(instant.as_microsecond())));
        let by_time = ByTime::find(row.id).get(db).await?;
        let copy = ByTime { id: row.id + 100, ..by_time.clone() };
        let again = ByTime::create().id(copy.id).instant(copy.instant).local(copy.local).day(copy.day).time(copy.time);
        assert_eq!(again.span(copy.span).save(db).await?, copy);
        assert_eq!(ByTime::find(copy.id).get(db).await?, copy);
        assert_eq!(ByJiff::find(copy.id).get(db).await?, ByJiff { id: copy.id, ..row.clone() });
        let same = ByTime::instant.eq(copy.instant.unwrap()) & ByTime::local.eq(copy.local.unwrap());
        let same = same & ByTime::day.in_(copy.day) & ByTime::time.eq(copy.time.unwrap());
        assert_eq!(ByTime::filter(same & ByTime::span.eq(copy.span.unwrap())).count(db).await?, 2);
        let same = ByJiff::instant.eq(instant) & ByJiff::local.between(local, local) & ByJiff::day.eq(local.date());
        let same = same & ByJiff::time.in_([local.time()]) & ByJiff::span.eq(span);
        assert_eq!(ByJiff::filter(same).count(db).await?, 2);
        ByChrono::query().delete(db).await?;
    }
    db.drop_tables(models![ByChrono]).await
}

/// Nanoseconds are cut off before 1970 too, and what is too long is refused.
pub async fn nanoseconds_of_crates_are_cut_off(db: &Db) -> Result<()> {
    fresh(db).await?;
    let nanos = -1_500_000_000_000_000_001_i128;
    let row =
        ByTime::create().instant(time::OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap()).save(db).await?;
    let kept = nanos.div_euclid(1_000);
    assert_eq!(row.instant.map(|instant| instant.unix_timestamp_nanos()), Some(kept * 1_000));
    assert_eq!(ByTime::find(row.id).get(db).await?, row);
    let row = ByJiff::create().instant(jiff::Timestamp::from_nanosecond(nanos).unwrap()).save(db).await?;
    assert_eq!(row.instant.map(|instant| i128::from(instant.as_microsecond())), Some(kept));
    assert_eq!(ByJiff::find(row.id).get(db).await?, row);
    let error = ByTime::create().span(time::Duration::MAX).save(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode);
    let error = ByJiff::create().span(jiff::SignedDuration::MIN).save(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encode);
    db.drop_tables(models![ByChrono]).await
}

/// A date beyond what a crate can hold is a typed error.
pub async fn dates_beyond_a_crate_name_the_column(db: &Db) -> Result<()> {
    match db.dialect().short_name() {
        // Neither keeps years beyond 9999.
        "sqlite" | "mysql" | "mariadb" => {
            let text = if db.dialect().short_name() == "sqlite" { "TEXT" } else { "VARCHAR(30)" };
            wrong!(db, time::Date, text, ["'today'"]);
            wrong!(db, jiff::Timestamp, text, ["'now'"]);
        }
        _ => {
            wrong!(db, time::Date, "date", ["'10000-01-01'", "'infinity'"]);
            wrong!(db, time::OffsetDateTime, "timestamptz", ["'10000-01-01 00:00:00Z'", "'infinity'"]);
            wrong!(db, civil::DateTime, "timestamp", ["'10000-01-01 00:00:00'", "'-infinity'"]);
            wrong!(db, jiff::Timestamp, "timestamptz", ["'10000-01-01 00:00:00Z'"]);
        }
    }
    Ok(())
}
