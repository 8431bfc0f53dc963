//! `bulk_create` where rows may exist already, with keys given back, and with its progress told.

use crate::models::*;
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    query::New,
};
use covet_macros::Model;
use std::sync::{Arc, Mutex};

/// Two unique columns.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "bulk_seats")]
struct Seat {
    id: i64,
    #[covet(unique)]
    number: i32,
    #[covet(unique, max_length = 50)]
    name: Option<String>,
    #[covet(max_length = 10)]
    text: String,
}

/// One unique column, which is the key.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "bulk_codes")]
struct Code {
    #[covet(primary_key, max_length = 10)]
    code: String,
    amount: i32,
    note: Option<String>,
    #[covet(version)]
    version: i32,
}

async fn tables(db: &Db) -> Result<()> {
    db.drop_tables(models![Seat, Code]).await?;
    db.create_tables(models![Seat, Code]).await
}

fn email(n: i32) -> String {
    format!("{n}@x")
}

fn users(numbers: impl IntoIterator<Item = i32>, age: i32) -> Vec<New<User>> {
    numbers.into_iter().map(|n| User::create().name(n.to_string()).email(email(n)).age(age).build()).collect()
}

/// Rows that exist, and those that come twice, are passed over; the others are stored and counted.
pub async fn existing_rows_are_passed_over(db: &Db) -> Result<()> {
    for count in [1, 2, 150, 2_500] {
        User::query().delete(db).await?;
        User::bulk_create(users((0..count).filter(|n| n % 3 == 0), 1)).exec(db).await?;
        let there = (0..count).filter(|n| n % 3 == 0).map(|_| 1_u64).sum::<u64>();
        let more = User::bulk_create(users((0..count).chain(0..count), 2)).ignore_conflicts().exec(db).await?;
        assert_eq!(more, u64::from(count.unsigned_abs()) - there, "{count} rows");
        assert_eq!(User::query().count(db).await?, i64::from(count));
        assert_eq!(User::filter(User::age.eq(1)).count(db).await?.unsigned_abs(), there);
    }
    assert_eq!(User::bulk_create(users([], 1)).ignore_conflicts().exec(db).await?, 0);
    Ok(())
}

/// Conflicts in any unique column are ignored, and nothing else: lengths, NULL and foreign keys are errors.
pub async fn only_conflicts_are_ignored(db: &Db) -> Result<()> {
    tables(db).await?;
    let seat = |number: i32, name: &str| Seat::create().number(number).name(name).text("x").build();
    assert_eq!(Seat::bulk_create([seat(1, "a"), seat(2, "b")]).exec(db).await?, 2);
    let rows = [seat(1, "new"), seat(3, "b"), seat(4, "d")];
    assert_eq!(Seat::bulk_create(rows).ignore_conflicts().exec(db).await?, 1);
    let names: Vec<_> = Seat::query().order_by(Seat::number.asc()).all(db).await?;
    assert_eq!(names.iter().filter_map(|seat| seat.name.as_deref()).collect::<Vec<_>>(), ["a", "b", "d"]);
    let long = Seat::create().number(9).text("eleven char").build();
    let rows = Seat::bulk_create([seat(5, "e"), long]).skip_validation().ignore_conflicts();
    assert!(rows.exec(db).await.is_err_and(|error| error.is_check_violation()));
    let longer = Seat::create().number(9).text("much longer than any column of ten").build();
    let rows = Seat::bulk_create([seat(5, "e"), longer]).skip_validation().ignore_conflicts();
    assert!(rows.exec(db).await.is_err());
    assert_eq!(Seat::query().count(db).await?, 3);
    let orphan = User::create().name("x").email("x@x").age(1).company(404).build();
    let rows = User::bulk_create([orphan]).ignore_conflicts();
    assert!(rows.exec(db).await.is_err_and(|error| error.is_foreign_key_violation()));
    assert_eq!(User::query().count(db).await?, 0);
    Ok(())
}

/// Rows that exist take the named columns of the new ones; of several new ones the last wins.
pub async fn existing_rows_are_changed(db: &Db) -> Result<()> {
    for count in [1, 2, 150, 2_500] {
        User::query().delete(db).await?;
        User::bulk_create(users((0..count).filter(|n| n % 2 == 0), 1)).exec(db).await?;
        let mut rows = users(0..count, 2);
        rows.extend(users(0..count, 3));
        let done = User::bulk_create(rows).update_conflicts(User::email, (User::age,)).exec(db).await?;
        assert_eq!(done, u64::from(count.unsigned_abs()), "{count} rows");
        let stored = User::query().all(db).await?;
        assert_eq!(stored.len(), usize::try_from(count).unwrap());
        assert!(stored.iter().all(|user| user.age == 3 && user.email == format!("{}@x", user.name)), "{count} rows");
    }
    Ok(())
}

/// A conflict in another column than the target is a violation, and nothing is stored; versions count on.
pub async fn the_target_alone_is_changed(db: &Db) -> Result<()> {
    tables(db).await?;
    let seat = |number: i32, name: &str, text: &str| Seat::create().number(number).name(name).text(text).build();
    Seat::bulk_create([seat(1, "a", "x"), seat(2, "b", "x")]).exec(db).await?;
    let rows = Seat::bulk_create([seat(3, "c", "y"), seat(4, "b", "y")]).update_conflicts(Seat::number, Seat::text);
    assert!(rows.exec(db).await.is_err_and(|error| error.is_unique_violation()));
    assert_eq!(Seat::query().count(db).await?, 2);
    let rows = Seat::bulk_create([seat(1, "b", "y"), seat(3, "c", "y")]).update_conflicts(Seat::number, Seat::text);
    assert_eq!(rows.exec(db).await?, 2);
    let all = Seat::query().order_by(Seat::number.asc()).all(db).await?;
    let seen: Vec<_> = all.iter().map(|seat| (seat.name.as_deref().unwrap_or(""), seat.text.as_str())).collect();
    assert_eq!(seen, [("a", "y"), ("b", "x"), ("c", "y")]);
    let code = |amount: i32| Code::create().code("A").amount(amount).note("n").build();
    for amount in [1, 2] {
        let rows = Code::bulk_create([code(7), code(amount)]).update_conflicts(Code::code, (Code::amount, Code::note));
        assert_eq!(rows.exec(db).await?, 1);
    }
    let stored = Code::query().get(db).await?;
    assert_eq!((stored.amount, stored.version), (2, 2));
    Ok(())
}

/// A target that is not unique, or has no value, is refused before anything is sent.
pub async fn wrong_targets_are_refused(db: &Db) -> Result<()> {
    let rows = || users([1], 1);
    let errors = [
        User::bulk_create(rows()).update_conflicts(User::age, User::name).exec(db).await.unwrap_err(),
        User::bulk_create(rows()).update_conflicts(User::id, User::name).exec(db).await.unwrap_err(),
        User::bulk_create(rows()).update_conflicts(User::email, User::id).exec(db).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.kind() == ErrorKind::Configuration && error.statement().is_none(), "{error:?}");
    }
    assert_eq!(User::query().count(db).await?, 0);
    Ok(())
}

/// Rows come back with their keys, in the order in which they were given, and later rows get other keys.
pub async fn keys_come_back_in_order(db: &Db) -> Result<()> {
    for count in [0, 1, 3, 150, 2_500] {
        User::query().delete(db).await?;
        let given: Vec<i32> = (0..count).map(|n| (n * 7_919) % 10_007).collect();
        let rows = User::bulk_create(users(given.iter().copied(), 1)).returning(db).await?;
        assert!(rows.iter().map(|user| &user.email).eq(&given.iter().map(|n| email(*n)).collect::<Vec<_>>()));
        let mut stored = User::query().all(db).await?;
        let mut sorted = rows.clone();
        stored.sort_by_key(|user| user.id);
        sorted.sort_by_key(|user| user.id);
        assert_eq!(stored, sorted, "{count} rows");
        let last = User::create().name("x").email("last@x").age(1).save(db).await?;
        assert!(rows.iter().all(|user| user.id != last.id));
    }
    let company = |name: &str| Company::create().name(name);
    let rows = [company("a").build(), company("b").id(9_000_001).build(), company("c").build()];
    let rows = Company::bulk_create(rows).returning(db).await?;
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!((rows[1].id, Company::query().order_by(Company::name.asc()).all(db).await?), (9_000_001, rows));
    let tickets = Ticket::bulk_create((0..3).map(|_| Ticket::create().build())).returning(db).await?;
    assert_eq!(Ticket::query().order_by(Ticket::id.asc()).all(db).await?, tickets);
    let countries = [Country::create().code("BB").name("b").build(), Country::create().code("AA").name("a").build()];
    let countries = Country::bulk_create(countries).returning(db).await?;
    assert_eq!(countries.iter().map(|row| row.code.as_str()).collect::<Vec<_>>(), ["BB", "AA"]);
    Ok(())
}

/// Keys that are given back belong to their rows, also when others insert at the same time.
pub async fn keys_of_rows_at_once_do_not_mix(db: &Db) -> Result<()> {
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let db = db.clone();
            tokio::spawn(async move {
                let rows = (0..120).map(|n| Company::create().name(format!("{task} {n}")).build());
                Company::bulk_create(rows).batch(50).returning(&db).await
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap()?);
    }
    all.sort_by_key(|row| row.id);
    assert_eq!(Company::query().order_by(Company::id.asc()).all(db).await?, all);
    Ok(())
}

/// The progress is told after each statement, up to the number of all rows; a batch is not larger than asked for.
pub async fn progress_is_told(db: &Db) -> Result<()> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = || {
        let told = Arc::clone(&told);
        move |done: u64, total: u64| told.lock().unwrap().push((done, total))
    };
    assert_eq!(User::bulk_create(users(0..25, 1)).batch(10).progress(tell()).exec(db).await?, 25);
    let seen = std::mem::take(&mut *told.lock().unwrap());
    assert_eq!(seen.last(), Some(&(25, 25)));
    assert!(seen.len() >= 3 && seen.iter().zip(&seen[1..]).all(|(a, b)| a.0 < b.0 && b.0 - a.0 <= 10), "{seen:?}");
    let rows = User::bulk_create(users(0..30, 1)).batch(10).progress(tell()).ignore_conflicts();
    assert_eq!(rows.exec(db).await?, 5);
    assert_eq!(std::mem::take(&mut *told.lock().unwrap()).last(), Some(&(30, 30)));
    let rows = User::bulk_create(users(0..30, 2)).progress(tell()).update_conflicts(User::email, User::age);
    assert_eq!(rows.exec(db).await?, 30);
    assert_eq!(std::mem::take(&mut *told.lock().unwrap()).last(), Some(&(30, 30)));
    assert_eq!(User::bulk_create(users(30..60, 2)).batch(7).progress(tell()).returning(db).await?.len(), 30);
    assert_eq!(told.lock().unwrap().last(), Some(&(30, 30)));
    Ok(())
}
