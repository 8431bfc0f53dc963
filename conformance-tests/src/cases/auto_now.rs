//! `auto_now` and `auto_now_add`: the clock is read once a statement.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use covet::{backend::Db, error::Result, prelude::*};
use covet_macros::{Embed, Model};
use std::sync::atomic::{AtomicI64, Ordering};

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "stamped")]
struct Stamped {
    id: i64,
    text: String,
    #[covet(auto_now_add)]
    created: DateTime<Utc>,
    #[covet(auto_now)]
    changed: DateTime<Utc>,
    #[covet(auto_now)]
    seen: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "stamped_parts")]
struct Parts {
    id: i64,
    #[covet(auto_now)]
    local: NaiveDateTime,
    #[covet(auto_now)]
    day: NaiveDate,
    #[covet(auto_now_add)]
    time: NaiveTime,
    #[covet(auto_now_add)]
    day_or: Option<NaiveDate>,
}

/// The two as a part of other models.
#[derive(Embed, Clone, Debug, PartialEq)]
struct Stamps {
    #[covet(auto_now_add)]
    created: DateTime<Utc>,
    #[covet(auto_now)]
    changed: DateTime<Utc>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "stamped_flat")]
struct Flat {
    id: i64,
    text: String,
    #[covet(flatten)]
    stamps: Stamps,
}

/// Seconds after an instant that has nanoseconds, which no database keeps.
fn at(seconds: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-03-29T00:59:59.123456Z".parse().unwrap();
    start + TimeDelta::seconds(seconds)
}

/// A handle whose clock is one second later each time it is read, at first `at(1)`.
async fn stepping(db: &Db) -> Result<Db> {
    db.drop_tables(models![Stamped, Parts]).await?;
    db.create_tables(models![Stamped, Parts]).await?;
    let readings = AtomicI64::new(0);
    Ok(db.with_clock(move || at(readings.fetch_add(1, Ordering::Relaxed) + 1) + TimeDelta::nanoseconds(789)))
}

async fn changed(db: &Db, text: &str) -> Result<Vec<(DateTime<Utc>, DateTime<Utc>)>> {
    let rows = Stamped::filter(Stamped::text.eq(text)).order_by(Stamped::id.asc()).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.created, row.changed)).collect())
}

/// A new row has the time in all its columns, as it is stored, and comes back with it.
pub async fn new_rows_get_the_time(db: &Db) -> Result<()> {
    let db = &stepping(db).await?;
    let one = Stamped::create().text("a").save(db).await?;
    assert_eq!((one.created, one.changed, one.seen), (at(1), at(1), Some(at(1))));
    assert_eq!(Stamped::find(&one).get(db).await?, one);
    assert_eq!(Stamped::filter(Stamped::created.eq(one.created)).count(db).await?, 1);
    let two = Stamped::create().text("a").save(db).await?;
    assert_eq!((two.created, two.changed, two.seen), (at(2), at(2), Some(at(2))));
    // Inside of a transaction each statement has its own time.
    let (three, four) = db
        .transaction(async |tx| {
            let three = Stamped::create().text("a").save(tx).await?;
            Ok((three.created, Stamped::create().text("a").save(tx).await?.created))
        })
        .await?;
    assert_eq!((three, four), (at(3), at(4)));
    Ok(())
}

/// Dates, times and date-times without a zone get the time of UTC.
pub async fn every_column_type_gets_the_time(db: &Db) -> Result<()> {
    let db = &stepping(db).await?;
    let parts = Parts::create().save(db).await?;
    let now = at(1).naive_utc();
    assert_eq!((parts.local, parts.day, parts.time, parts.day_or), (now, now.date(), now.time(), Some(now.date())));
    assert_eq!(Parts::find(&parts).get(db).await?, parts);
    let later = db.with_clock(|| at(86_400));
    assert_eq!(Parts::find(&parts).update(Parts::day_or.set(None)).exec(&later).await?, 1);
    let read = Parts::find(&parts).get(db).await?;
    let then = at(86_400).naive_utc();
    assert_eq!((read.local, read.day, read.time, read.day_or), (then, then.date(), now.time(), None));
    Ok(())
}

/// The columns of a part get it too, in every way of writing.
pub async fn flattened_columns_get_the_time(db: &Db) -> Result<()> {
    let db = &stepping(db).await?;
    db.drop_tables(models![Flat]).await?;
    db.create_tables(models![Flat]).await?;
    let mut flat = Flat::create().text("a").save(db).await?;
    assert_eq!(flat.stamps, Stamps { created: at(1), changed: at(1) });
    flat.save(db).await?;
    assert_eq!(flat.stamps, Stamps { created: at(1), changed: at(2) });
    Flat::query().update(Flat::text.set("b")).exec(db).await?;
    flat.refresh_only(Flat::stamps.changed, db).await?;
    assert_eq!((flat.text.as_str(), flat.stamps.changed), ("a", at(3)));
    flat.refresh(db).await?;
    assert_eq!((flat.text.as_str(), flat.stamps), ("b", Stamps { created: at(1), changed: at(3) }));
    Ok(())
}

/// All rows of a bulk insert have the same time, in however many statements they go.
pub async fn a_bulk_has_one_time(db: &Db) -> Result<()> {
    let db = &stepping(db).await?;
    let row = |at: usize| match at % 3 {
        0 => Stamped::create().text("bulk").id(1_000_000 + i64::try_from(at).unwrap()).build(),
        _ => Stamped::create().text("bulk").build(),
    };
    assert_eq!(Stamped::bulk_create((0..700).map(row)).exec(db).await?, 700);
    let rows = changed(db, "bulk").await?;
    assert_eq!(rows.len(), 700);
    assert!(rows.iter().all(|row| *row == (at(1), at(1))), "{:?}", rows.iter().find(|row| row.0 != at(1)));
    assert_eq!(Stamped::create().text("a").save(db).await?.created, at(2));
    Ok(())
}

/// An update sets `auto_now` columns of the rows it changes, and nothing else of the kind.
pub async fn an_update_sets_the_time(db: &Db) -> Result<()> {
    let db = &stepping(db).await?;
    let one = Stamped::create().text("a").save(db).await?;
    let two = Stamped::create().text("b").save(db).await?;
    assert_eq!(Stamped::filter(Stamped::text.eq("a")).update(Stamped::text.set("c")).exec(db).await?, 1);
    let read = Stamped::find(&one).get(db).await?;
    assert_eq!((read.created, read.changed, read.seen), (at(1), at(3), Some(at(3))));
    assert_eq!(Stamped::find(&two).get(db).await?, two);
    assert_eq!(Stamped::query().update((Stamped::text.set("d"), Stamped::seen.set(None))).exec(db).await?, 2);
    assert_eq!(changed(db, "d").await?, [(at(1), at(4)), (at(2), at(4))]);
    assert_eq!(Stamped::filter(Stamped::seen.is_null()).count(db).await?, 2);
    let slice = Stamped::query().order_by(Stamped::id.desc()).limit(1);
    assert_eq!(slice.update(Stamped::text.set("e")).exec(db).await?, 1);
    assert_eq!(changed(db, "e").await?, [(at(2), at(5))]);
    // Nothing is set, so nothing is touched, and the clock is not read.
    let nothing: Vec<covet::column::Assignment<Stamped>> = Vec::new();
    assert_eq!(Stamped::query().update(nothing).exec(db).await?, 2);
    assert_eq!(changed(db, "e").await?, [(at(2), at(5))]);
    Ok(())
}

/// A time that the program gives is stored, and `without_touch` leaves the old one.
pub async fn given_times_are_kept(db: &Db) -> Result<()> {
    let db = &stepping(db).await?;
    let given = Stamped::create().text("a").created(at(-5)).changed(at(-6)).save(db).await?;
    assert_eq!((given.created, given.changed, given.seen), (at(-5), at(-6), Some(at(1))));
    assert_eq!(Stamped::find(&given).get(db).await?, given);
    assert_eq!(Stamped::query().update(Stamped::text.set("b")).without_touch().exec(db).await?, 1);
    assert_eq!(changed(db, "b").await?, [(at(-5), at(-6))]);
    assert_eq!(Stamped::query().update(Stamped::changed.set(at(-7))).exec(db).await?, 1);
    let read = Stamped::find(&given).get(db).await?;
    assert_eq!((read.created, read.changed, read.seen), (at(-5), at(-7), Some(at(2))));
    Ok(())
}

/// Without another clock it is the operating system's, truncated to microseconds.
pub async fn the_clock_of_the_system_is_the_default(db: &Db) -> Result<()> {
    stepping(db).await?;
    let before = Utc::now() - TimeDelta::microseconds(1);
    let row = Stamped::create().text("a").save(db).await?;
    assert!(before < row.created && row.created <= Utc::now(), "{before} {row:?}");
    assert_eq!(Stamped::find(&row).get(db).await?, row);
    Ok(())
}
