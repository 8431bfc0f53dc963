//! Unique keys and indexes over several columns: `unique(a, b)`, `index(a, b)`.

use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    query::{Outcome, assert_safe, sql},
    value::Json,
};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(
    table = "keys_bookings",
    unique(room, hour),
    unique(name = "keys_bookings_one_guest", fields(guest, hour)),
    index(hour, -guest)
)]
struct Booking {
    id: i64,
    #[covet(max_length = 20)]
    room: String,
    hour: i32,
    guest: Option<i32>,
    #[covet(index)]
    note: Option<i32>,
}

/// What the database says of an index; on MySQL and MariaDB its columns. Nothing on other engines.
async fn definition(db: &Db, index: &str) -> Result<String> {
    let question = match db.dialect().short_name() {
        "sqlite" => format!("SELECT sql FROM sqlite_master WHERE name = '{index}'"),
        "pg" => format!("SELECT pg_get_indexdef('{index}'::regclass)"),
        "mysql" | "mariadb" => format!(
            "SELECT CAST(GROUP_CONCAT(CONCAT(column_name, IF(collation = 'D', ' DESC', '')) ORDER BY seq_in_index \
             SEPARATOR ', ') AS CHAR) FROM information_schema.statistics \
             WHERE table_schema = DATABASE() AND index_name = '{index}'"
        ),
        _ => return Ok(String::new()),
    };
    let (found,) = sql(assert_safe(question)).rows::<(Option<String>,)>().get(db).await?;
    Ok(found.unwrap_or_default().replace(['"', '`'], ""))
}

async fn is_defined(db: &Db, index: &str, parts: &[&str]) -> Result<()> {
    let text = definition(db, index).await?;
    assert!(text.is_empty() || parts.iter().all(|part| text.contains(part)), "{text}");
    Ok(())
}

async fn bookings(db: &Db) -> Result<Booking> {
    db.drop_tables(models![Booking]).await?;
    db.create_tables(models![Booking]).await?;
    Booking::create().room("a").hour(9).guest(1).save(db).await
}

/// A second row with the same values in all columns is a violation that names the key and its columns.
pub async fn columns_are_unique_together(db: &Db) -> Result<()> {
    bookings(db).await?;
    Booking::create().room("a").hour(10).guest(1).save(db).await?;
    let error = Booking::create().room("a").hour(9).guest(2).save(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!(error.constraint(), Some("keys_bookings_room_hour_key"), "{error:?}");
    assert_eq!(error.columns(), ["room", "hour"], "{error:?}");
    let error = Booking::create().room("b").hour(9).guest(1).save(db).await.unwrap_err();
    assert_eq!(error.constraint(), Some("keys_bookings_one_guest"), "{error:?}");
    assert_eq!(error.columns(), ["guest", "hour"], "{error:?}");
    Ok(())
}

/// An index has its columns in the order that is given, those with `-` descending; a field's own has one.
pub async fn columns_are_indexed_in_order(db: &Db) -> Result<()> {
    bookings(db).await?;
    // Old servers of MariaDB read the word and do nothing.
    let order = if db.dialect().short_name() == "mariadb" { "hour, guest" } else { "hour, guest DESC" };
    is_defined(db, "keys_bookings_hour_guest_idx", &[order]).await?;
    is_defined(db, "keys_bookings_note_idx", &["note"]).await?;
    let has_all = ["sqlite", "pg", "mysql", "mariadb"].contains(&db.dialect().short_name());
    for index in ["keys_bookings_hour_guest_idx", "keys_bookings_note_idx"] {
        assert_eq!(!definition(db, index).await?.is_empty(), has_all, "{index}");
    }
    Ok(())
}

/// NULL in one column is equal to nothing.
pub async fn null_is_equal_to_nothing(db: &Db) -> Result<()> {
    bookings(db).await?;
    for room in ["b", "c"] {
        Booking::create().room(room).hour(9).guest(None).save(db).await?;
    }
    assert_eq!(Booking::query().count(db).await?, 3);
    Ok(())
}

/// The columns of a key, in any order, or its name are the target of an upsert; others are not.
pub async fn keys_are_targets_of_upserts(db: &Db) -> Result<()> {
    let first = bookings(db).await?;
    let new = |guest: i32| Booking::create().room("a").hour(9).guest(guest);
    let target = (Booking::room, Booking::hour);
    let (row, outcome) = new(2).on_conflict(target).update((Booking::guest,)).save(db).await?;
    assert_eq!((row.id, row.guest, outcome), (first.id, Some(2), Outcome::Updated));
    let (row, outcome) = new(2).on_conflict((Booking::hour, Booking::room)).ignore().save(db).await?;
    assert_eq!((row.id, outcome), (first.id, Outcome::Unchanged));
    let (row, outcome) = new(3).on_constraint("keys_bookings_room_hour_key").update_all().save(db).await?;
    assert_eq!((row.id, row.guest, outcome), (first.id, Some(3), Outcome::Updated));
    let renamed = Booking::create().room("z").hour(9).guest(3).on_constraint("keys_bookings_one_guest");
    let (row, outcome) = renamed.update((Booking::room,)).save(db).await?;
    assert_eq!((row.id, row.room.as_str(), outcome), (first.id, "z", Outcome::Updated));
    // A conflict in another key stays a violation.
    let error = Booking::create().room("a").hour(9).guest(3).on_conflict(target).ignore().save(db).await.unwrap_err();
    assert_eq!(error.constraint(), Some("keys_bookings_one_guest"), "{error:?}");
    let error = new(4).on_conflict((Booking::room, Booking::guest)).ignore().save(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
    Ok(())
}

/// Bulk inserts meet rows in a key over several columns only, and leave other keys violations.
pub async fn keys_are_targets_of_bulk_inserts(db: &Db) -> Result<()> {
    let first = bookings(db).await?;
    let row = |room: &str, hour, guest: i32| Booking::create().room(room).hour(hour).guest(guest).build();
    let target = (Booking::room, Booking::hour);
    let rows = [row("a", 9, 5), row("b", 10, 6)];
    Booking::bulk_create(rows).update_conflicts(target, (Booking::guest,)).exec(db).await?;
    assert_eq!(Booking::find(first.id).get(db).await?.guest, Some(5));
    assert_eq!(Booking::query().count(db).await?, 2);
    let rows = [row("c", 9, 5), row("d", 11, 7)];
    let error = Booking::bulk_create(rows).update_conflicts(target, (Booking::guest,)).exec(db).await.unwrap_err();
    assert_eq!(error.constraint(), Some("keys_bookings_one_guest"), "{error:?}");
    assert_eq!(Booking::query().count(db).await?, 2);
    Ok(())
}

/// `validate_unique` tells of keys over several columns, under no field.
pub async fn taken_keys_are_told_in_advance(db: &Db) -> Result<()> {
    let first = bookings(db).await?;
    first.validate_unique(db).await?;
    Booking::create().room("a").hour(10).guest(1).build().validate_unique(db).await?;
    let error = Booking::create().room("a").hour(9).guest(None).build().validate_unique(db).await.unwrap_err();
    let errors = error.validation().map(|errors| errors.general().to_vec()).unwrap_or_default();
    assert_eq!(errors.iter().map(|one| one.code()).collect::<Vec<_>>(), ["unique"]);
    assert_eq!(errors[0].message(), "`room` and `hour` are taken already by one row");
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(
    table = "keys_addresses",
    unique(user, where = Address::main.eq(true)),
    index(name = "keys_addresses_old", fields(-city, user), where = Address::user.gt(100) | Address::city.in_(["Ulm"]))
)]
struct Address {
    id: i64,
    user: i32,
    #[covet(max_length = 20)]
    city: String,
    main: bool,
}

/// A unique key with a condition is about the rows that meet it.
pub async fn conditions_choose_the_rows_of_a_key(db: &Db) -> Result<()> {
    db.drop_tables(models![Address]).await?;
    db.create_tables(models![Address]).await?;
    let address = |main: bool| Address::create().user(1).city("Bonn").main(main);
    for main in [true, false, false] {
        address(main).save(db).await?;
    }
    let error = address(true).save(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!(error.constraint(), Some("keys_addresses_user_key"), "{error:?}");
    assert_eq!(error.columns(), ["user"], "{error:?}");
    is_defined(db, "keys_addresses_old", &["(city DESC", "user", " WHERE ", "100", "Ulm"]).await?;
    // Other rows may have equal values, so it is no target.
    let error = address(true).on_conflict(Address::user).ignore().save(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "keys_carried", index(name = "keys_carried_city", fields(city), include(user)))]
struct Carried {
    id: i64,
    user: i32,
    #[covet(max_length = 20)]
    city: String,
}

/// An index carries columns.
pub async fn indexes_carry_columns(db: &Db) -> Result<()> {
    db.drop_tables(models![Carried]).await?;
    db.create_tables(models![Carried]).await?;
    is_defined(db, "keys_carried_city", &["(city)", "INCLUDE (user)"]).await?;
    Carried::create().user(1).city("Bonn").save(db).await?;
    assert_eq!(Carried::filter(Carried::city.eq("Bonn")).count(db).await?, 1);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "keys_documents", index(data, method = "gin"), index(-user, method = "btree"))]
struct Document {
    id: i64,
    user: Option<i32>,
    data: Json<Vec<i32>>,
}

/// An index says how it is built.
pub async fn indexes_have_methods(db: &Db) -> Result<()> {
    db.drop_tables(models![Document]).await?;
    db.create_tables(models![Document]).await?;
    is_defined(db, "keys_documents_data_idx", &["USING gin (data)"]).await?;
    is_defined(db, "keys_documents_user_idx", &["USING btree (user DESC NULLS LAST)"]).await?;
    Document::create().data(Json(vec![1])).save(db).await?;
    assert_eq!(Document::query().count(db).await?, 1);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(
    table = "keys_mailboxes",
    unique(name = "keys_mailboxes_one", expr(pg = "lower(email)", mysql = "(lower(email))", sqlite = "lower(email)")),
    index(name = "keys_mailboxes_rest", fields(-size, email), expr = "size * 2", expr = "size + 1")
)]
struct Mailbox {
    id: i64,
    #[covet(max_length = 40, unique)]
    email: String,
    size: i32,
}

/// An index is over expressions, alone or behind columns; a unique one holds, by its name and without columns.
pub async fn expressions_are_indexed(db: &Db) -> Result<()> {
    db.drop_tables(models![Mailbox]).await?;
    db.create_tables(models![Mailbox]).await?;
    let mailbox = |email: &str| Mailbox::create().email(email).size(1);
    let first = mailbox("Ann@x").save(db).await?;
    mailbox("Bob@x").save(db).await?;
    let error = mailbox("ann@X").save(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!(error.constraint(), Some("keys_mailboxes_one"), "{error:?}");
    assert_eq!(error.columns(), [""; 0], "{error:?}");
    // It is no target, and a conflict in it stays a violation of an upsert with another one.
    let error = mailbox("ann@X").on_constraint("keys_mailboxes_one").ignore().save(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
    let error = mailbox("ann@X").on_conflict(Mailbox::email).update((Mailbox::size,)).save(db).await.unwrap_err();
    assert_eq!(error.constraint(), Some("keys_mailboxes_one"), "{error:?}");
    let rows = [mailbox("ANN@x").size(7).build(), mailbox("Cid@x").build()];
    let error = Mailbox::bulk_create(rows).update_conflicts(Mailbox::email, Mailbox::size).exec(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!((Mailbox::query().count(db).await?, Mailbox::find(&first).get(db).await?.size), (2, 1));
    let rows = [mailbox("ANN@x").size(7).build(), mailbox("Cid@x").build()];
    assert_eq!(Mailbox::bulk_create(rows).ignore_conflicts().exec(db).await?, 1);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "keys_elsewhere", index(name = "keys_elsewhere_size", expr(pg = "size + 1")))]
struct Elsewhere {
    id: i64,
    size: i32,
}

/// An engine for which no expression is given says which word to add.
pub async fn missing_expressions_are_named(db: &Db) -> Result<()> {
    db.drop_tables(models![Elsewhere]).await?;
    let Err(error) = db.create_tables(models![Elsewhere]).await else {
        assert_eq!(db.dialect().short_name(), "pg");
        return Ok(());
    };
    if error.missing_feature().is_some() {
        return Err(error);
    }
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
    let text = error.to_string();
    assert!(text.contains("`keys_elsewhere.keys_elsewhere_size` has no `expr`"), "{text}");
    Ok(())
}
