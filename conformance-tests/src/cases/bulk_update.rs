//! `bulk_update`.

use crate::models::*;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::Model;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Every family of types, with and without NULL; the key is a text.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "bulk_things")]
struct Thing {
    #[covet(primary_key, max_length = 20)]
    name: String,
    flag: bool,
    small: u8,
    large: u64,
    single: f32,
    float: f64,
    #[covet(decimal(12, 3))]
    price: Decimal,
    #[covet(blank)]
    text: String,
    bytes: Vec<u8>,
    uuid: Uuid,
    at: DateTime<Utc>,
    local: NaiveDateTime,
    day: NaiveDate,
    time: NaiveTime,
    data: Value,
    mood: Mood,
    flag_or: Option<bool>,
    number_or: Option<i32>,
    float_or: Option<f64>,
    #[covet(decimal(12, 3))]
    price_or: Option<Decimal>,
    text_or: Option<String>,
    bytes_or: Option<Vec<u8>>,
    at_or: Option<DateTime<Utc>>,
    data_or: Option<Value>,
    colour_or: Option<Colour>,
}

/// A key of two columns, a time and a version.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "bulk_marks", primary_key(pupil, subject))]
struct Mark {
    pupil: i32,
    #[covet(max_length = 20)]
    subject: String,
    mark: i16,
    #[covet(auto_now)]
    changed: DateTime<Utc>,
    #[covet(version)]
    version: i64,
}

fn at(second: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 2, 3, 4, 5, second).single().unwrap()
}

async fn users(db: &Db, count: i32) -> Result<Vec<User>> {
    User::query().delete(db).await?;
    let rows = (0..count).map(|n| User::create().name(n.to_string()).email(format!("{n}@x")).age(n).build());
    User::bulk_create(rows).returning(db).await
}

/// Any number of rows is written, each with its own values, and other columns and rows stay.
pub async fn each_row_gets_its_own_values(db: &Db) -> Result<()> {
    for count in [0, 1, 2, 3, 150, 1_234] {
        let mut rows = users(db, count).await?;
        for user in rows.iter_mut() {
            user.score = (user.age % 3 == 0).then(|| f64::from(user.age) / 4.0);
            user.nickname = (user.age % 2 == 0).then(|| format!("n{}", user.age));
            user.views = 5;
        }
        let some = &rows[..rows.len() - rows.len() / 4];
        let done = User::bulk_update(some, (User::score, User::nickname)).exec(db).await?;
        assert_eq!(done, some.len() as u64, "{count} rows");
        for stored in User::query().all(db).await? {
            let row = rows.iter().find(|row| row.id == stored.id).unwrap();
            let is_written = some.iter().any(|row| row.id == stored.id);
            let expected = if is_written { (row.score, row.nickname.clone()) } else { (None, None) };
            assert_eq!((stored.score, stored.nickname, stored.views), (expected.0, expected.1, 0));
        }
    }
    Ok(())
}

/// Values of every type go in as they are, NULL and others in turn.
pub async fn values_of_every_type_are_written(db: &Db) -> Result<()> {
    db.drop_tables(models![Thing]).await?;
    db.create_tables(models![Thing]).await?;
    let make = |n: u32| Thing {
        name: format!("thing {n}"),
        flag: n.is_multiple_of(2),
        small: u8::try_from(200 + n % 50).unwrap(),
        large: (1 << 62) + u64::from(n),
        single: 0.1,
        float: 0.1 + f64::from(n) / 3.0,
        price: Decimal::new(999_999_999_000 + i64::from(n), 3),
        text: ["", "a'b\\", "É 漢", "  trailing  "][n as usize % 4].to_owned(),
        bytes: vec![0, 255, u8::try_from(n % 256).unwrap()],
        uuid: Uuid::from_u128(u128::from(n) << 64),
        at: at(n % 60),
        local: at(n % 60).naive_utc(),
        day: NaiveDate::default() + chrono::Days::new(u64::from(n)),
        time: NaiveTime::from_hms_micro_opt(1, 2, n % 60, 3).unwrap(),
        data: json!({"n": n, "text": "a\"b", "null": null}),
        mood: Mood::Glad,
        flag_or: (n.is_multiple_of(2)).then_some(true),
        number_or: (n.is_multiple_of(3)).then_some(-5),
        float_or: (n % 2 == 1).then_some(1e-7),
        price_or: (n % 3 == 1).then(|| Decimal::new(-1, 3)),
        text_or: (n.is_multiple_of(2)).then(|| "x".repeat(300)),
        bytes_or: (n % 2 == 1).then(|| vec![39, 92]),
        at_or: (n % 3 == 2).then(|| at(1)),
        data_or: [None, Some(json!(null)), Some(json!([1]))][n as usize % 3].clone(),
        colour_or: (n % 2 == 1).then_some(Colour::Red),
    };
    let rows = (0..120).map(|n| {
        let row = Thing::create().name(format!("thing {n}")).flag(true).small(0).large(0).single(0.0).float(0.0);
        let row =
            row.price(Decimal::ZERO).text("").bytes(Vec::new()).uuid(Uuid::nil()).at(at(0)).local(at(0).naive_utc());
        row.day(NaiveDate::default()).time(NaiveTime::default()).data(json!(0)).mood(Mood::Other).build()
    });
    Thing::bulk_create(rows).exec(db).await?;
    let rows: Vec<Thing> = (0..120).map(make).collect();
    let first = (Thing::flag, Thing::small, Thing::large, Thing::single, Thing::float, Thing::price, Thing::text);
    let second =
        (Thing::bytes, Thing::uuid, Thing::at, Thing::local, Thing::day, Thing::time, Thing::data, Thing::mood);
    let third = (Thing::flag_or, Thing::number_or, Thing::float_or, Thing::price_or, Thing::text_or, Thing::bytes_or);
    let columns = (first, second, third, (Thing::at_or, Thing::data_or, Thing::colour_or));
    assert_eq!(Thing::bulk_update(&rows, columns).exec(db).await?, 120);
    for row in rows {
        assert_eq!(Thing::find(&row).get(db).await?, row);
    }
    Ok(())
}

/// Keys of several columns, the time and the version; rows that are gone are not counted, unchanged ones are.
pub async fn matched_rows_are_counted(db: &Db) -> Result<()> {
    db.drop_tables(models![Mark]).await?;
    db.create_tables(models![Mark]).await?;
    let mark = |pupil: i32, subject: &str| Mark::create().pupil(pupil).subject(subject).mark(1).build();
    let early = db.with_clock(|| at(1));
    let rows = [mark(1, "art"), mark(1, "maths"), mark(2, "art")];
    let mut rows = Mark::bulk_create(rows).returning(&early).await?;
    rows[0].mark = 5;
    rows[1].mark = 6;
    let gone = Mark { pupil: 9, ..rows[0].clone() };
    let late = db.with_clock(|| at(2));
    let written = [rows[0].clone(), rows[1].clone(), gone];
    assert_eq!(Mark::bulk_update(&written, Mark::mark).exec(&late).await?, 2);
    let stored = Mark::query().order_by((Mark::pupil.asc(), Mark::subject.asc())).all(db).await?;
    let seen: Vec<_> = stored.iter().map(|row| (row.mark, row.changed, row.version)).collect();
    assert_eq!(seen, [(5, at(2), 2), (6, at(2), 2), (1, at(1), 1)]);
    let rows = users(db, 3).await?;
    assert_eq!(User::bulk_update(&rows, (User::name,)).exec(db).await?, 3);
    Ok(())
}

/// Of several rows with the same key the last one wins.
pub async fn the_last_of_equal_keys_wins(db: &Db) -> Result<()> {
    let rows = users(db, 2).await?;
    let changed = |at: usize, age: i32| User { age, ..rows[at].clone() };
    let written = [changed(0, 10), changed(1, 11), changed(0, 20)];
    assert_eq!(User::bulk_update(&written, User::age).exec(db).await?, 2);
    let stored = User::query().order_by(User::id.asc()).all(db).await?;
    assert_eq!((stored[0].age, stored[1].age), (20, 11));
    Ok(())
}

/// A violation in the last of many chunks leaves all rows as they were; rules of the model are asked first.
pub async fn a_violation_changes_nothing(db: &Db) -> Result<()> {
    let mut rows = users(db, 120).await?;
    let before = User::query().order_by(User::id.asc()).all(db).await?;
    for (n, user) in rows.iter_mut().enumerate() {
        user.email = format!("new{n}@x");
    }
    rows[119].email = rows[0].email.clone();
    let error = User::bulk_update(&rows, User::email).batch(50).exec(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    rows[119].email = "x".repeat(201);
    let error = User::bulk_update(&rows, User::email).exec(db).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Validation && error.statement().is_none(), "{error:?}");
    let error = User::bulk_update(&rows, (User::id, User::name)).exec(db).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Configuration && error.statement().is_none(), "{error:?}");
    assert_eq!(User::query().order_by(User::id.asc()).all(db).await?, before);
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let update = User::bulk_update(&before, User::name).batch(50);
    assert_eq!(update.progress(move |done, total| tell.lock().unwrap().push((done, total))).exec(db).await?, 120);
    let told = told.lock().unwrap().clone();
    assert!(told.len() >= 3 && told.last() == Some(&(120, 120)), "{told:?}");
    Ok(())
}
