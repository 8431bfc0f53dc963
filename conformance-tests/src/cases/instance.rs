//! Rows in hand: `save`, `save_only`, `refresh`, `refresh_only`, `delete`.

use crate::models::*;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    value::Json,
};
use covet_macros::Model;
use serde_json::json;
use uuid::Uuid;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "instance_orders")]
struct Order {
    id: i64,
    note: String,
    #[covet(auto_now_add)]
    placed: DateTime<Utc>,
    #[covet(auto_now)]
    changed: DateTime<Utc>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "instance_lines", primary_key(order, number))]
struct Line {
    order: ForeignKey<Order>,
    number: i32,
    text: String,
    amount: Option<i64>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "instance_links", primary_key(left, right))]
struct Link {
    left: i32,
    right: i32,
}

async fn tables(db: &Db) -> Result<()> {
    db.drop_tables(models![Order, Line, Link]).await?;
    db.create_tables(models![Order, Line, Link]).await
}

fn at(seconds: i64) -> DateTime<Utc> {
    "2026-10-25T01:30:00.654321Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(seconds)
}

async fn ann(db: &Db) -> Result<User> {
    User::create().name("Ann").email("ann@example.org").age(30).save(db).await
}

/// `save` writes every column of its row, and no other row.
pub async fn save_writes_every_column(db: &Db) -> Result<()> {
    let company = Company::create().name("acme").save(db).await?;
    let mut user = ann(db).await?;
    let other = User::create().name("Bob").email("bob@example.org").age(20).save(db).await?;
    user.name = "Anna".to_owned();
    user.email = "anna@example.org".to_owned();
    user.age = -1;
    user.nickname = Some("it's".to_owned());
    user.score = Some(0.5);
    user.active = false;
    user.views = i64::MAX;
    user.company = Some((&company).into());
    user.save(db).await?;
    assert_eq!(User::find(&user).get(db).await?, user);
    (user.nickname, user.score, user.company) = (None, None, None);
    user.save(db).await?;
    assert_eq!(User::find(&user).get(db).await?, user);
    assert_eq!(User::find(&other).get(db).await?, other);
    // What does not change is written too.
    user.save(db).await?;
    assert_eq!(User::query().count(db).await?, 2);
    Ok(())
}

/// Values of every type are written back as they are stored.
pub async fn save_writes_every_type(db: &Db) -> Result<()> {
    let mut row = Sample::create().save(db).await?;
    row.flag = Some(true);
    row.small = Some(i16::MIN);
    row.medium = Some(i32::MAX);
    row.big = Some(i64::MIN);
    row.float = Some(0.1);
    row.text = Some("\\ ' 日本".to_owned());
    row.bytes = Some(vec![0, 255]);
    row.uuid = Some(Uuid::from_u128(7));
    row.at = Some(at(0));
    row.day = NaiveDate::from_ymd_opt(2024, 2, 29);
    row.save(db).await?;
    assert_eq!(Sample::find(&row).get(db).await?, row);
    let mut wide = Wide::create().save(db).await?;
    wide.label = "x".to_owned();
    (wide.tiny, wide.small, wide.medium, wide.big) = (Some(255), Some(1), Some(u32::MAX), Some(5));
    wide.float = Some(0.5);
    wide.price = Some("-12.30".parse().unwrap());
    wide.long = Some("123456789012345678.0000000001".parse().unwrap());
    wide.document = Some(json!({"a": [1, null, "b"]}));
    wide.settings = Some(Json(Settings { name: "s".to_owned(), sizes: vec![1, 2], ratio: Some(0.25) }));
    wide.local = Some(at(0).naive_utc());
    wide.time = Some(at(0).time());
    wide.span = Some(TimeDelta::microseconds(-1));
    wide.email = Some(Email("e".to_owned()));
    (wide.mood, wide.level, wide.colour) = (Some(Mood::Other), Some(Level::Low), Some(Colour::Quoted));
    wide.save(db).await?;
    assert_eq!(Wide::find(&wide).get(db).await?, wide);
    wide.document = Some(json!(null));
    wide.save_only((Wide::document, Wide::price), db).await?;
    assert_eq!(Wide::find(&wide).get(db).await?, wide);
    Ok(())
}

/// A row that is gone is an error of its own kind, and is not stored anew.
pub async fn a_row_that_is_gone_is_not_found(db: &Db) -> Result<()> {
    let mut user = ann(db).await?;
    assert_eq!(User::find(&user).delete(db).await?, 1);
    let before = user.clone();
    let errors = [
        user.save(db).await,
        user.save_only(User::name, db).await,
        user.refresh(db).await,
        user.refresh_only(User::name, db).await,
    ];
    assert_eq!(user, before);
    for error in errors.into_iter().chain([user.delete(db).await.map(drop)]) {
        let error = error.unwrap_err();
        assert!(error.is_not_found() && !error.is_stale(), "{error:?}");
        assert!(error.to_string().contains("`User`"), "{error}");
    }
    assert_eq!(User::query().count(db).await?, 0);
    Ok(())
}

/// `save_only` writes the columns that it is given.
pub async fn save_only_writes_the_listed_columns(db: &Db) -> Result<()> {
    let mut user = ann(db).await?;
    User::find(&user).update((User::age.set(31), User::views.set(8))).exec(db).await?;
    user.name = "Anna".to_owned();
    user.age = 99;
    user.nickname = Some("An".to_owned());
    user.save_only((User::name, User::nickname), db).await?;
    assert_eq!((user.age, user.views), (99, 0));
    let read = User::find(&user).get(db).await?;
    assert_eq!((read.name.as_str(), read.nickname.as_deref(), read.age, read.views), ("Anna", Some("An"), 31, 8));
    user.save_only(User::age, db).await?;
    let read = User::find(&user).get(db).await?;
    assert_eq!((read.age, read.views), (99, 8));
    let error = user.save_only((User::id, User::age), db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
    assert!(error.to_string().contains("`id`"), "{error}");
    Ok(())
}

/// `refresh` reads every column again, `refresh_only` those that it is given.
pub async fn refresh_reads_again(db: &Db) -> Result<()> {
    let mut user = ann(db).await?;
    let all = (User::name.set("Anna"), User::age.set(31), User::nickname.set("An"), User::views.set(8));
    User::find(&user).update(all).exec(db).await?;
    user.score = Some(1.0);
    user.refresh_only((User::views, User::name), db).await?;
    assert_eq!((user.name.as_str(), user.age, user.views), ("Anna", 30, 8));
    assert_eq!((user.nickname.as_deref(), user.score), (None, Some(1.0)));
    user.refresh_only(User::nickname, db).await?;
    assert_eq!((user.nickname.as_deref(), user.age), (Some("An"), 30));
    user.refresh(db).await?;
    assert_eq!(User::find(&user).get(db).await?, user);
    assert_eq!((user.age, user.score), (31, None));
    Ok(())
}

/// Decimals, documents and enums are read again one by one.
pub async fn refresh_only_reads_every_type(db: &Db) -> Result<()> {
    let mut stale = Wide::create().price("1.5".parse::<rust_decimal::Decimal>().unwrap()).save(db).await?;
    let mut new = stale.clone();
    new.price = Some("2.25".parse().unwrap());
    new.long = Some("-0.5".parse().unwrap());
    new.document = Some(json!([1]));
    (new.colour, new.level) = (Some(Colour::Red), Some(Level::High));
    (new.tiny, new.time) = (Some(1), Some(at(0).time()));
    new.save(db).await?;
    new.refresh(db).await?;
    stale.refresh_only((Wide::price, Wide::long, Wide::document, Wide::colour), db).await?;
    assert_eq!((stale.level, stale.tiny, stale.time), (None, None, None));
    stale.refresh_only((Wide::level, Wide::tiny, Wide::time), db).await?;
    assert_eq!(stale, new);
    Ok(())
}

/// `delete` removes the row and says what was removed.
pub async fn delete_says_what_was_deleted(db: &Db) -> Result<()> {
    let user = ann(db).await?;
    let other = User::create().name("Bob").email("bob@example.org").age(20).save(db).await?;
    let deleted = user.delete(db).await?;
    assert_eq!((deleted.total(), deleted.of::<User>(), deleted.of::<Post>()), (1, 1, 0));
    assert_eq!(deleted.counts().collect::<Vec<_>>(), [("User", 1)]);
    assert_eq!(User::query().all(db).await?, [other]);
    Ok(())
}

/// A key of several columns finds one row for each of the verbs.
pub async fn composite_keys_find_their_row(db: &Db) -> Result<()> {
    tables(db).await?;
    let order = Order::create().note("a").save(db).await?;
    let line = |number: i32| Line::create().order(&order).number(number).text("old").amount(i64::from(number));
    let (mut one, two) = (line(1).save(db).await?, line(2).save(db).await?);
    one.text = "new".to_owned();
    one.amount = None;
    one.save(db).await?;
    assert_eq!(Line::find(&one).get(db).await?, one);
    assert_eq!(Line::find(&two).get(db).await?, two);
    one.amount = Some(9);
    one.text = "kept".to_owned();
    one.save_only(Line::amount, db).await?;
    assert_eq!(one.save_only(Line::number, db).await.unwrap_err().kind(), ErrorKind::Configuration);
    one.refresh_only(Line::text, db).await?;
    assert_eq!((one.text.as_str(), one.amount), ("new", Some(9)));
    one.text = "gone".to_owned();
    one.refresh(db).await?;
    assert_eq!((one.text.as_str(), one.amount), ("new", Some(9)));
    assert_eq!(one.delete(db).await?.total(), 1);
    assert_eq!(Line::query().all(db).await?, [two]);
    // All of it is key: there is nothing to write, but the row must be there.
    let mut link = Link::create().left(1).right(2).save(db).await?;
    link.save(db).await?;
    link.right = 3;
    assert!(link.save(db).await.is_err_and(|error| error.is_not_found()));
    Ok(())
}

/// A save sets `auto_now`, in the row too, and leaves `auto_now_add`.
pub async fn a_save_sets_the_time(db: &Db) -> Result<()> {
    tables(db).await?;
    let mut order = Order::create().note("a").save(&db.with_clock(|| at(1))).await?;
    order.note = "b".to_owned();
    order.save(&db.with_clock(|| at(2))).await?;
    assert_eq!((order.note.as_str(), order.placed, order.changed), ("b", at(1), at(2)));
    assert_eq!(Order::find(&order).get(db).await?, order);
    order.save_only(Order::note, &db.with_clock(|| at(3))).await?;
    assert_eq!((order.placed, order.changed), (at(1), at(3)));
    assert_eq!(Order::find(&order).get(db).await?, order);
    Ok(())
}

/// A save that the database refuses leaves the row in hand as it was.
pub async fn a_refused_save_leaves_the_row(db: &Db) -> Result<()> {
    tables(db).await?;
    ann(db).await?;
    let mut bob = User::create().name("Bob").email("bob@example.org").age(20).save(db).await?;
    bob.email = "ann@example.org".to_owned();
    let before = bob.clone();
    let error = bob.save(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!(bob, before);
    let mut order = Order::create().note("a").save(&db.with_clock(|| at(1))).await?;
    order.note = "\0".to_owned();
    let before = order.clone();
    assert_eq!(order.save(db).await.unwrap_err().kind(), ErrorKind::Encode);
    assert_eq!(order, before);
    Ok(())
}

/// What is written must meet the rules of the model; nothing is sent else.
pub async fn a_save_is_validated(db: &Db) -> Result<()> {
    tables(db).await?;
    let mut order = Order::create().note("a").save(&db.with_clock(|| at(1))).await?;
    order.note = String::new();
    let before = order.clone();
    for error in [order.save(db).await, order.save_only(Order::note, db).await] {
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{error:?}");
    }
    assert_eq!(order, before);
    // What is not written is not looked at.
    order.save_only(Order::placed, &db.with_clock(|| at(2))).await?;
    let read = Order::find(&order).get(db).await?;
    assert_eq!((read.note.as_str(), read.changed), ("a", at(2)));
    Ok(())
}

/// Inside of a transaction the rows go with it.
pub async fn saves_take_part_in_a_transaction(db: &Db) -> Result<()> {
    let user = ann(db).await?;
    let tx = db.begin().await?;
    let mut inside = user.clone();
    inside.age = 31;
    inside.save(&tx).await?;
    inside.refresh(&tx).await?;
    assert_eq!(inside.age, 31);
    inside.delete(&tx).await?;
    tx.rollback().await?;
    assert_eq!(User::find(&user).get(db).await?, user);
    Ok(())
}
