//! `create().on_conflict(..)`: what is stored, and what is said about it.

use crate::models::*;
use chrono::{DateTime, TimeZone, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    query::Outcome,
};
use covet_macros::Model;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Two unique columns besides the key, and a pair.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "upsert_accounts")]
struct Account {
    id: i64,
    #[covet(unique, max_length = 50)]
    email: String,
    #[covet(unique, max_length = 50)]
    phone: Option<String>,
    #[covet(max_length = 10)]
    name: String,
    #[covet(default)]
    visits: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "upsert_grades", primary_key(pupil, subject))]
struct Grade {
    pupil: i32,
    #[covet(max_length = 20)]
    subject: String,
    grade: i16,
}

/// A column of each family of types.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "upsert_things")]
struct Thing {
    #[covet(primary_key)]
    code: Uuid,
    flag: bool,
    number: i32,
    large: u64,
    float: f64,
    #[covet(decimal(10, 2))]
    price: Decimal,
    text: String,
    bytes: Vec<u8>,
    at: DateTime<Utc>,
    data: Value,
    #[covet(decimal(28, 4))]
    rate: Option<Decimal>,
    more: Option<Value>,
    note: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "upsert_pages")]
struct Page {
    id: i64,
    #[covet(unique, max_length = 50)]
    path: String,
    text: String,
    #[covet(auto_now_add)]
    made: DateTime<Utc>,
    #[covet(auto_now)]
    changed: DateTime<Utc>,
    #[covet(version)]
    version: i64,
}

/// An upsert that changes the row sets the time and the next version; one that does not leaves both.
pub async fn time_and_version_follow_a_change(db: &Db) -> Result<()> {
    db.drop_tables(models![Page]).await?;
    db.create_tables(models![Page]).await?;
    let at = |second: u32| Utc.with_ymd_and_hms(2026, 2, 3, 4, 5, second).single().unwrap_or_default();
    let save = async |second: u32, text: &str| {
        let db = db.with_clock(move || at(second));
        Page::create().path("/").text(text).on_conflict(Page::path).update_all().save(&db).await
    };
    let (page, outcome) = save(1, "a").await?;
    assert_eq!((outcome, page.made, page.changed, page.version), (Outcome::Created, at(1), at(1), 1));
    let (same, outcome) = save(2, "a").await?;
    assert_eq!((outcome, &same), (Outcome::Unchanged, &page));
    let (page, outcome) = save(3, "b").await?;
    assert_eq!((outcome, page.made, page.changed, page.version), (Outcome::Updated, at(1), at(3), 2));
    assert_eq!(Page::query().get(db).await?, page);
    Ok(())
}

async fn tables(db: &Db) -> Result<()> {
    db.drop_tables(models![Account, Grade, Thing]).await?;
    db.create_tables(models![Account, Grade, Thing]).await
}

/// A row is created, then changed, then left as it is; what comes back is what is stored.
pub async fn outcome_says_what_happened(db: &Db) -> Result<()> {
    let ann = |age: i32, name: &str| {
        User::create().email("ann@x").name(name).age(age).nickname("annie").on_conflict(User::email).update(User::age)
    };
    let (first, outcome) = ann(30, "Ann").save(db).await?;
    assert_eq!((outcome, first.age, first.name.as_str()), (Outcome::Created, 30, "Ann"));
    assert_eq!(User::find(&first).get(db).await?, first);
    let (second, outcome) = ann(31, "Other").save(db).await?;
    assert_eq!((outcome, second.id, second.age, second.name.as_str()), (Outcome::Updated, first.id, 31, "Ann"));
    assert_eq!(User::find(&first).get(db).await?, second);
    let (third, outcome) = ann(31, "Other").save(db).await?;
    assert_eq!((outcome, &third), (Outcome::Unchanged, &second));
    assert_eq!(User::query().count(db).await?, 1);
    Ok(())
}

/// A change of a value of any type is a change, NULL included; the same value is none.
pub async fn values_of_every_type_are_compared(db: &Db) -> Result<()> {
    tables(db).await?;
    let at = |second: u32| Utc.with_ymd_and_hms(2026, 2, 3, 4, 5, second).single().unwrap_or_default();
    let thing = || {
        let row = Thing::create().code(Uuid::from_u128(7)).flag(true).number(-5).large(1 << 40).float(0.1);
        let row = row.price(Decimal::new(1050, 2)).text("É ").bytes([0, 255].as_slice()).at(at(6));
        row.data(json!({"b": [1, "x"], "a": null}))
    };
    let all = |row: covet::query::New<Thing>| row.on_conflict(Thing::code).update_all();
    assert_eq!(all(thing().build()).save(db).await?.1, Outcome::Created);
    assert_eq!(all(thing().build()).save(db).await?.1, Outcome::Unchanged);
    let changes = [
        thing().flag(false).build(),
        thing().number(5).build(),
        thing().large((1_u64 << 40) + 1).build(),
        thing().float(0.2).build(),
        thing().price(Decimal::new(1051, 2)).build(),
        thing().text("É").build(),
        thing().bytes([0, 254].as_slice()).build(),
        thing().at(at(7)).build(),
        thing().data(json!({"b": [1, "y"], "a": null})).build(),
        thing().rate(Decimal::new(1, 4)).build(),
        thing().more(json!(null)).build(),
        thing().note("x").build(),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let (changed, outcome) = all(change.clone()).save(db).await?;
        assert_eq!(outcome, Outcome::Updated, "change {at}");
        assert_eq!(Thing::query().get(db).await?, changed, "change {at}");
        assert_eq!(all(change).save(db).await?.1, Outcome::Unchanged, "change {at}");
    }
    assert_eq!(all(thing().build()).save(db).await?.1, Outcome::Updated);
    Ok(())
}

/// Without a change the row that exists comes back, and stays.
pub async fn ignore_gives_the_row_that_exists(db: &Db) -> Result<()> {
    let (first, outcome) =
        User::create().email("a@x").name("A").age(1).on_conflict(User::email).ignore().save(db).await?;
    assert_eq!(outcome, Outcome::Created);
    let (second, outcome) =
        User::create().email("a@x").name("B").age(2).on_conflict(User::email).ignore().save(db).await?;
    assert_eq!((outcome, &second), (Outcome::Unchanged, &first));
    assert_eq!(User::query().all(db).await?, [first]);
    Ok(())
}

/// A change may be computed from the row that exists, beside values of the new one.
pub async fn a_change_is_computed_from_the_row(db: &Db) -> Result<()> {
    tables(db).await?;
    let visit = |name: &str| {
        let row = Account::create().email("a@x").name(name).visits(1).on_conflict(Account::email);
        row.update((Account::visits.set(Account::visits + 1), Account::name))
    };
    assert_eq!(visit("A").save(db).await?.1, Outcome::Created);
    let (row, outcome) = visit("B").save(db).await?;
    assert_eq!((row.visits, row.name.as_str(), outcome), (2, "B", Outcome::Updated));
    let (row, outcome) = visit("B").save(db).await?;
    assert_eq!((row.visits, outcome), (3, Outcome::Updated));
    let same = Account::create().email("a@x").name("C").on_conflict(Account::email);
    let (row, outcome) = same.update(Account::visits.set(Account::visits)).save(db).await?;
    assert_eq!((row.visits, row.name.as_str(), outcome), (3, "B", Outcome::Unchanged));
    Ok(())
}

/// A conflict in another unique column than the target is a violation, and changes no row.
pub async fn another_unique_column_stays_a_violation(db: &Db) -> Result<()> {
    tables(db).await?;
    let ann = Account::create().email("ann@x").phone("1").name("Ann").save(db).await?;
    let bob = Account::create().email("bob@x").phone("2").name("Bob").save(db).await?;
    let both = [ann.clone(), bob.clone()];
    let stored = || Account::query().order_by(Account::id.asc()).all(db);
    // No row has the e-mail address, and another one has the number.
    let new = || Account::create().email("new@x").phone("1").name("New").on_conflict(Account::email);
    for upsert in [new().update_all(), new().ignore()] {
        let error = upsert.save(db).await.unwrap_err();
        assert!(error.is_unique_violation() && error.columns() == ["phone"], "{error:?}");
        assert_eq!(stored().await?, both);
    }
    // The update itself meets the number.
    let taken = Account::create().email("ann@x").phone("2").name("Ann").on_conflict(Account::email).update_all();
    let error = taken.save(db).await.unwrap_err();
    assert!(error.is_unique_violation() && error.columns() == ["phone"], "{error:?}");
    assert_eq!(stored().await?, both);
    // What is not changed is not looked at.
    let kept = Account::create().email("ann@x").phone("2").name("Anna").on_conflict(Account::email);
    let (row, outcome) = kept.update(Account::name).save(db).await?;
    assert_eq!((row.id, row.name.as_str(), outcome), (ann.id, "Anna", Outcome::Updated));
    assert_eq!(Account::find(bob.id).get(db).await?, bob);
    Ok(())
}

/// The key, a key of several columns, and the name of a constraint are targets.
pub async fn targets_are_keys_and_constraints(db: &Db) -> Result<()> {
    tables(db).await?;
    let grade = |grade: i16| Grade::create().pupil(1).subject("art").grade(grade);
    assert_eq!(grade(2).on_conflict((Grade::pupil, Grade::subject)).update_all().save(db).await?.1, Outcome::Created);
    let (row, outcome) = grade(1).on_conflict((Grade::subject, Grade::pupil)).update_all().save(db).await?;
    assert_eq!((row.grade, outcome), (1, Outcome::Updated));
    let (row, outcome) = grade(3).on_constraint("upsert_grades_pkey").update(Grade::grade).save(db).await?;
    assert_eq!((row.grade, outcome), (3, Outcome::Updated));
    let account = |name: &str| Account::create().id(77).email("a@x").name(name);
    assert_eq!(account("A").on_conflict(Account::id).update_all().save(db).await?.1, Outcome::Created);
    let (row, outcome) = account("B").on_constraint("upsert_accounts_email_key").update_all().save(db).await?;
    assert_eq!((row.id, row.name.as_str(), outcome), (77, "B", Outcome::Updated));
    assert_eq!(account("C").on_conflict(Account::id).ignore().save(db).await?.1, Outcome::Unchanged);
    Ok(())
}

/// NULL in the target conflicts with nothing, as in every unique constraint.
pub async fn null_conflicts_with_nothing(db: &Db) -> Result<()> {
    tables(db).await?;
    for email in ["a@x", "b@x"] {
        let row = Account::create().email(email).name("x").on_conflict(Account::phone).update_all();
        assert_eq!(row.save(db).await?.1, Outcome::Created);
    }
    assert_eq!(Account::query().count(db).await?, 2);
    Ok(())
}

/// Columns that are not unique, or have no value, are refused before anything is sent.
pub async fn wrong_targets_are_refused(db: &Db) -> Result<()> {
    tables(db).await?;
    let row = || Account::create().email("a@x").name("A");
    let refused = [
        row().on_conflict(Account::name).ignore(),
        row().on_conflict((Account::email, Account::phone)).update_all(),
        row().on_conflict(Account::id).update_all(),
        row().on_conflict(Account::email).update(Account::id),
        row().on_conflict(Account::email).update((Account::name, Account::email.set("b@x"))),
        row().on_constraint("upsert_accounts_name_check").ignore(),
        row().on_constraint("nothing").update_all(),
    ];
    let grade = Grade::create().pupil(1).subject("art").grade(1).on_conflict(Grade::pupil).update_all();
    let kind = ErrorKind::Configuration;
    assert!(grade.save(db).await.is_err_and(|error| error.kind() == kind));
    for (at, upsert) in refused.into_iter().enumerate() {
        let error = upsert.save(db).await.unwrap_err();
        assert!(error.kind() == kind && error.statement().is_none(), "{at}: {error:?}");
    }
    assert_eq!(Account::query().count(db).await?, 0);
    Ok(())
}

/// Other violations stay what they are, whether the row is new or exists.
pub async fn other_violations_are_not_hidden(db: &Db) -> Result<()> {
    tables(db).await?;
    let row = |name: &str| {
        let row = Account::create().email("a@x").name(name).build().skip_validation();
        row.on_conflict(Account::email).update_all()
    };
    assert!(row("eleven char").save(db).await.is_err_and(|error| error.is_check_violation()));
    assert_eq!(row("short").save(db).await?.1, Outcome::Created);
    assert!(row("eleven char").save(db).await.is_err_and(|error| error.is_check_violation()));
    assert_eq!(Account::query().get(db).await?.name, "short");
    let user = |company: i64| User::create().email("u@x").name("U").age(1).company(company);
    assert!(
        user(404).on_conflict(User::email).ignore().save(db).await.is_err_and(|error| error.is_foreign_key_violation())
    );
    Ok(())
}

/// The rules of the model are asked before anything is sent, of the new row and of what is assigned.
pub async fn values_are_validated(db: &Db) -> Result<()> {
    tables(db).await?;
    let row = |name: &str| Account::create().email("a@x").name(name).on_conflict(Account::email);
    let errors = [
        row("eleven char").update_all().save(db).await.unwrap_err(),
        row("short").update(Account::name.set("eleven char")).save(db).await.unwrap_err(),
        row("").ignore().save(db).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.kind() == ErrorKind::Validation && error.statement().is_none(), "{error:?}");
    }
    assert_eq!(Account::query().count(db).await?, 0);
    Ok(())
}

/// In a transaction an upsert is part of it, and leaves it usable.
pub async fn upserts_take_part_in_a_transaction(db: &Db) -> Result<()> {
    let row = |age: i32| User::create().email("a@x").name("A").age(age).on_conflict(User::email).update(User::age);
    row(1).save(db).await?;
    let tx = db.begin().await?;
    assert_eq!(row(2).save(&tx).await?.1, Outcome::Updated);
    assert_eq!(row(2).save(&tx).await?.1, Outcome::Unchanged);
    let other = User::create().email("b@x").name("B").age(1).on_conflict(User::email).ignore();
    assert_eq!(other.save(&tx).await?.1, Outcome::Created);
    tx.rollback().await?;
    assert_eq!(User::query().get(db).await?.age, 1);
    let tx = db.begin().await?;
    assert_eq!(row(3).save(&tx).await?.1, Outcome::Updated);
    tx.commit().await?;
    assert_eq!(User::query().get(db).await?.age, 3);
    Ok(())
}

/// Of many tasks at once one creates the row, and each of the others changes it once.
pub async fn tasks_at_once_change_one_row(db: &Db) -> Result<()> {
    tables(db).await?;
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let row = Account::create().email("a@x").name("A").visits(1).on_conflict(Account::email);
                row.update(Account::visits.set(Account::visits + 1)).save(&db).await.map(|(_, outcome)| outcome)
            })
        })
        .collect();
    let mut outcomes = HashMap::new();
    for task in tasks {
        *outcomes.entry(task.await.unwrap()?).or_insert(0) += 1;
    }
    assert_eq!(outcomes, HashMap::from([(Outcome::Created, 1), (Outcome::Updated, 49)]));
    assert_eq!(Account::query().get(db).await?.visits, 50);
    Ok(())
}
