//! What the database makes of a row: `db_default` and `generated`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    feature::Feature,
    prelude::*,
    query::Outcome,
};
use covet_macros::Model;
use rust_decimal::Decimal;
use serde_json::{Value as Document, json};
use uuid::Uuid;

/// Defaults of every type, with what must be escaped.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "made_defaults")]
struct Defaults {
    id: i64,
    name: String,
    #[covet(db_default = true)]
    flag: bool,
    #[covet(db_default = -7)]
    number: i32,
    #[covet(db_default = i64::MIN)]
    small: i64,
    #[covet(db_default = 0.1)]
    ratio: f64,
    #[covet(db_default = Decimal::new(-1250, 2), decimal(10, 2))]
    price: Decimal,
    #[covet(db_default = "it's \"so\" \\ 100% ü😀\n")]
    text: String,
    #[covet(db_default = "none", max_length = 10, index)]
    short: String,
    #[covet(db_default = vec![0, 39, 92, 255])]
    bytes: Vec<u8>,
    #[covet(db_default = Uuid::from_u128(0x8000_0000_0000_4000_a000_0000_0000_0027))]
    uuid: Uuid,
    #[covet(db_default = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap_or_default())]
    day: NaiveDate,
    #[covet(db_default = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap_or_default())]
    time: NaiveTime,
    #[covet(db_default = DateTime::UNIX_EPOCH + TimeDelta::microseconds(1))]
    at: DateTime<Utc>,
    #[covet(db_default = json!({"a'b": [1, null, "ü\\"]}))]
    document: Document,
    #[covet(db_default = 5)]
    nullable: Option<i32>,
}

fn defaults() -> Defaults {
    let new = |id, name: &str| Defaults {
        id,
        name: name.to_owned(),
        flag: true,
        number: -7,
        small: i64::MIN,
        ratio: 0.1,
        price: Decimal::new(-1250, 2),
        text: "it's \"so\" \\ 100% ü😀\n".to_owned(),
        short: "none".to_owned(),
        bytes: vec![0, 39, 92, 255],
        uuid: Uuid::from_u128(0x8000_0000_0000_4000_a000_0000_0000_0027),
        day: NaiveDate::from_ymd_opt(2024, 2, 29).unwrap(),
        time: NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap(),
        at: DateTime::UNIX_EPOCH + TimeDelta::microseconds(1),
        document: json!({"a'b": [1, null, "ü\\"]}),
        nullable: Some(5),
    };
    new(0, "")
}

async fn tables(db: &Db) -> Result<()> {
    db.drop_tables(models![Defaults]).await?;
    db.create_tables(models![Defaults]).await
}

/// A column that the builder does not set has the default of the database, which comes back with the row.
pub async fn defaults_come_back_with_the_row(db: &Db) -> Result<()> {
    tables(db).await?;
    let saved = Defaults::create().name("a").save(db).await?;
    assert_eq!(saved, Defaults { id: saved.id, name: "a".into(), ..defaults() });
    assert_eq!(Defaults::find(saved.id).get(db).await?, saved);
    let found = Defaults::filter(Defaults::text.eq(defaults().text) & Defaults::price.eq(defaults().price));
    assert_eq!(found.count(db).await?, 1);
    Ok(())
}

/// What the builder sets wins over the default, NULL too.
pub async fn given_values_win_over_defaults(db: &Db) -> Result<()> {
    tables(db).await?;
    let saved = Defaults::create().name("b").number(1).text("x").nullable(None).flag(false).save(db).await?;
    let expected = Defaults { id: saved.id, name: "b".into(), number: 1, nullable: None, flag: false, ..defaults() };
    assert_eq!(saved, Defaults { text: "x".into(), ..expected });
    assert_eq!(Defaults::find(saved.id).get(db).await?, saved);
    let given = Defaults::create().id(9_000).name("c").save(db).await?;
    assert_eq!(given, Defaults { id: 9_000, name: "c".into(), ..defaults() });
    Ok(())
}

/// Rows that give different columns keep their order, and are stored all or not at all.
pub async fn bulk_mixes_given_and_omitted(db: &Db) -> Result<()> {
    tables(db).await?;
    let row = |at: i32| {
        let row = Defaults::create().name(at.to_string());
        match at % 3 {
            0 => row.build(),
            1 => row.number(at).build(),
            _ => row.nullable(None).build(),
        }
    };
    assert_eq!(Defaults::bulk_create((0..60).map(row)).exec(db).await?, 60);
    let rows = Defaults::query().order_by(Defaults::id.asc()).all(db).await?;
    for (at, row) in (0..60).zip(&rows) {
        assert_eq!(row.name, at.to_string());
        assert_eq!(row.number, if at % 3 == 1 { at } else { -7 });
        assert_eq!(row.nullable, if at % 3 == 2 { None } else { Some(5) });
        assert_eq!(row.text, defaults().text);
    }
    let stored = Defaults::bulk_create((60..66).map(row)).returning(db).await?;
    assert_eq!(stored.iter().map(|row| row.number).collect::<Vec<_>>(), [-7, 61, -7, -7, 64, -7]);
    assert_eq!(Defaults::filter(Defaults::id.in_(stored.iter().map(|row| row.id))).delete(db).await?, 6);
    let wrong = Defaults::create().name("wrong").short("longer than ten").build();
    let error = Defaults::bulk_create((60..70).map(row).chain([wrong]).chain((70..80).map(row))).exec(db).await;
    assert!(error.is_err());
    assert_eq!(Defaults::query().count(db).await?, 60);
    Ok(())
}

/// A row that may exist already has its defaults when it is new, and keeps its own when it is not.
pub async fn upserts_take_defaults(db: &Db) -> Result<()> {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[covet(table = "made_upserts")]
    struct Upsert {
        id: i64,
        #[covet(unique, max_length = 10)]
        name: String,
        #[covet(db_default = 7)]
        grade: i32,
        #[covet(generated = "grade * 2", stored)]
        twice: i32,
    }
    db.drop_tables(models![Upsert]).await?;
    db.create_tables(models![Upsert]).await?;
    let row = || Upsert::create().name("a");
    let (created, outcome) = row().on_conflict(Upsert::name).update((Upsert::grade.set(9),)).save(db).await?;
    assert_eq!((outcome, created.grade, created.twice), (Outcome::Created, 7, 14));
    let (updated, outcome) = row().on_conflict(Upsert::name).update((Upsert::grade.set(9),)).save(db).await?;
    assert_eq!((outcome, updated.id, updated.grade, updated.twice), (Outcome::Updated, created.id, 9, 18));
    let (found, is_new) = Upsert::get_or_create(row().build()).by(Upsert::name).save(db).await?;
    assert_eq!((found, is_new), (updated, false));
    Ok(())
}

/// A row that is read back belongs to the transaction.
pub async fn defaults_take_part_in_a_transaction(db: &Db) -> Result<()> {
    tables(db).await?;
    let tx = db.begin().await?;
    let saved = Defaults::create().name("a").save(&tx).await?;
    assert_eq!((saved.number, saved.nullable), (-7, Some(5)));
    tx.rollback().await?;
    assert_eq!(Defaults::query().count(db).await?, 0);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "made_blank")]
struct Blank {
    id: i64,
    #[covet(db_default = 1)]
    one: i32,
    two: Option<i32>,
}

/// A row of defaults only.
pub async fn rows_of_defaults_only(db: &Db) -> Result<()> {
    #[derive(Model, Debug)]
    #[covet(table = "made_blank")]
    struct Only {
        id: i64,
        #[covet(db_default = 1)]
        one: i32,
    }
    db.drop_tables(models![Blank]).await?;
    db.create_tables(models![Blank]).await?;
    let saved = Only::create().save(db).await?;
    assert_eq!((saved.id > 0, saved.one), (true, 1));
    assert_eq!(Only::bulk_create([Only::create().build(), Only::create().build()]).exec(db).await?, 2);
    let rows = Blank::query().all(db).await?;
    assert_eq!(rows.iter().map(|row| (row.one, row.two)).collect::<Vec<_>>(), [(1, None); 3]);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "made_moments")]
struct Moments {
    id: i64,
    name: String,
    #[covet(db_default = now)]
    at: DateTime<Utc>,
    #[covet(db_default = now)]
    local: NaiveDateTime,
    #[covet(db_default = now)]
    day: NaiveDate,
    #[covet(db_default = now)]
    time: Option<NaiveTime>,
}

/// `now` is the time of the statement in UTC: the same in all columns and rows of an INSERT.
pub async fn now_is_the_time_of_the_statement(db: &Db) -> Result<()> {
    db.drop_tables(models![Moments]).await?;
    db.create_tables(models![Moments]).await?;
    Moments::bulk_create(["a", "b"].map(|name| Moments::create().name(name).build())).exec(db).await?;
    let saved = Moments::create().name("c").save(db).await?;
    let rows = Moments::query().order_by(Moments::name.asc()).all(db).await?;
    assert_eq!((rows.len(), &rows[2]), (3, &saved));
    assert_eq!((rows[0].at, rows[0].time), (rows[1].at, rows[1].time));
    for row in rows {
        assert!((Utc::now() - row.at).abs() < TimeDelta::hours(1), "{row:?}");
        let stamp = row.local;
        assert_eq!((row.at.naive_utc(), Some(row.day), row.time), (stamp, Some(stamp.date()), Some(stamp.time())));
    }
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "made_tokens")]
struct Token {
    id: i64,
    #[covet(db_default = uuid, unique)]
    code: Uuid,
}

/// `uuid` is a random UUID, another one for each row.
pub async fn uuids_are_random(db: &Db) -> Result<()> {
    db.drop_tables(models![Token]).await?;
    db.create_tables(models![Token]).await?;
    Token::bulk_create((0..50).map(|_| Token::create().build())).exec(db).await?;
    let saved = Token::create().save(db).await?;
    assert_eq!(Token::filter(Token::code.eq(saved.code)).get(db).await?, saved);
    for row in Token::query().all(db).await? {
        assert_eq!((row.code.get_version_num(), row.code.get_variant()), (4, uuid::Variant::RFC4122), "{row:?}");
    }
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "made_keys")]
struct Key {
    #[covet(primary_key, db_default = uuid)]
    code: Uuid,
    name: String,
}

/// A key that the database makes comes back; where it cannot, nothing is stored.
pub async fn keys_made_by_the_database_come_back(db: &Db) -> Result<()> {
    db.drop_tables(models![Key]).await?;
    db.create_tables(models![Key]).await?;
    let given = Key::create().code(Uuid::from_u128(7)).name("given").save(db).await?;
    assert_eq!(Key::find(Uuid::from_u128(7)).get(db).await?, given);
    Key::bulk_create([Key::create().name("bulk").build()]).exec(db).await?;
    assert_eq!(Key::query().count(db).await?, 2);
    let saved = Key::create().name("made").save(db).await?;
    assert_eq!((Key::find(saved.code).get(db).await?, saved.code.get_version_num()), (saved, 4));
    Ok(())
}

/// As the case before, where the database has no RETURNING.
pub async fn keys_that_would_be_unknown_store_nothing(db: &Db) -> Result<()> {
    db.drop_tables(models![Key]).await?;
    db.create_tables(models![Key]).await?;
    let saved = Key::create().name("made").save(db).await;
    let stored = Key::query().count(db).await?;
    if db.dialect().features().has(Feature::ReturningRow) {
        assert_eq!((saved?.name.as_str(), stored), ("made", 1));
        return Ok(());
    }
    let error = saved.unwrap_err();
    assert_eq!(
        (error.missing_feature(), error.column(), stored),
        (Some(Feature::ReturningRow), Some("made_keys.code"), 0)
    );
    assert!(error.to_string().contains("default = .."), "{error}");
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "made_own")]
struct Own {
    id: i64,
    name: String,
    #[covet(db_default(
        pg = "upper('pg')",
        mysql = "UPPER('my')",
        mariadb = "UPPER('maria')",
        sqlite = "upper('lite')"
    ))]
    text: String,
    #[covet(db_default(pg = "1 + 1", mysql = "1 + 1", sqlite = "1 + 1"))]
    sum: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "made_missing")]
struct Missing {
    id: i64,
    #[covet(db_default(mariadb = "1"))]
    number: i32,
}

/// SQL of one's own, for each engine; MariaDB takes MySQL's unless it has its own. An engine without is an error.
pub async fn own_sql_is_a_default(db: &Db) -> Result<()> {
    db.drop_tables(models![Own, Missing]).await?;
    db.create_tables(models![Own]).await?;
    let saved = Own::create().name("a").save(db).await?;
    let (text, word) = match db.dialect().short_name() {
        "pg" => ("PG", "pg"),
        "mysql" => ("MY", "mysql"),
        "mariadb" => ("MARIA", "mariadb"),
        _ => ("LITE", "sqlite"),
    };
    assert_eq!((saved.text.as_str(), saved.sum), (text, 2));
    if word != "mariadb" {
        let error = db.create_tables(models![Missing]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("made_missing.number"), "{error}");
        assert!(error.to_string().contains(&format!("{word} = ")), "{error}");
    }
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "made_lines")]
struct Line {
    id: i64,
    #[covet(decimal(10, 2))]
    price: Decimal,
    quantity: i32,
    #[covet(generated = "price * quantity", stored, decimal(16, 2))]
    total: Decimal,
    #[covet(generated = "quantity * 2", virtual)]
    double: i32,
    #[covet(generated(pg = "NULLIF(quantity, 0)", mysql = "NULLIF(quantity, 0)", sqlite = "NULLIF(quantity, 0)"))]
    some: Option<i32>,
}

/// A generated column is read, filtered and ordered by; it follows the columns that it is computed from.
pub async fn generated_columns_follow(db: &Db) -> Result<()> {
    db.drop_tables(models![Line]).await?;
    db.create_tables(models![Line]).await?;
    let price = |cents| Decimal::new(cents, 2);
    let saved = Line::create().price(price(250)).quantity(4).save(db).await?;
    assert_eq!((saved.total, saved.double, saved.some), (price(1_000), 8, Some(4)));
    assert_eq!(Line::find(saved.id).get(db).await?, saved);
    let rows = [(100, 0), (999, 2)].map(|(cents, count)| Line::create().price(price(cents)).quantity(count).build());
    assert_eq!(Line::bulk_create(rows).exec(db).await?, 2);
    let rows = Line::filter(Line::total.gt(price(0))).order_by(Line::total.desc()).all(db).await?;
    assert_eq!(rows.iter().map(|row| row.total).collect::<Vec<_>>(), [price(1_998), price(1_000)]);
    assert_eq!(Line::filter(Line::some.is_null()).get(db).await?.double, 0);
    assert_eq!(Line::find(saved.id).update(Line::quantity.set(Line::double + 1)).exec(db).await?, 1);
    let row = Line::find(saved.id).get(db).await?;
    assert_eq!((row.quantity, row.total, row.double), (9, price(2_250), 18));
    let mut row = row;
    row.quantity = 2;
    row.save(db).await?;
    assert_eq!((row.quantity, row.total, row.double), (2, price(500), 4));
    assert_eq!(Line::find(saved.id).get(db).await?, row);
    Ok(())
}

/// A generated column is stored, or computed when it is read, as its field says; on PostgreSQL always stored.
pub async fn generated_columns_are_stored_or_virtual(db: &Db) -> Result<()> {
    db.drop_tables(models![Line]).await?;
    db.create_tables(models![Line]).await?;
    let question = match db.dialect().short_name() {
        "sqlite" => "SELECT hidden = 3 FROM pragma_table_xinfo('made_lines') WHERE hidden > 1 ORDER BY cid",
        "pg" => {
            "SELECT attgenerated = 's' FROM pg_attribute WHERE attrelid = 'made_lines'::regclass \
             AND attgenerated <> '' ORDER BY attnum"
        }
        _ => {
            "SELECT extra LIKE 'STORED%' FROM information_schema.columns WHERE table_schema = DATABASE() \
             AND table_name = 'made_lines' AND generation_expression <> '' ORDER BY ordinal_position"
        }
    };
    let stored = covet::query::sql(question).rows::<(bool,)>().all(db).await?;
    let is_virtual = db.dialect().features().has(covet::feature::Feature::VirtualColumns);
    assert_eq!(stored, [(true,), (!is_virtual,), (!is_virtual,)]);
    Ok(())
}

/// Rows that come back from a bulk insert have what the database made of each, in their order, whatever their number.
pub async fn bulk_rows_come_back_in_order(db: &Db) -> Result<()> {
    db.drop_tables(models![Bar, Slot]).await?;
    db.create_tables(models![Bar, Slot]).await?;
    let rows: Vec<_> = (0..1_203).map(|n| Bar::create().quantity(n).build()).collect();
    let lines = Bar::bulk_create(rows).returning(db).await?;
    assert!(lines.iter().zip(0..).all(|(line, n)| (line.quantity, line.twice, &*line.state) == (n, 2 * n, "new")));
    assert_eq!(Bar::query().order_by(Bar::id.asc()).all(db).await?, lines);
    let rows: Vec<_> = (0..150).rev().map(|n| Slot::create().room(n % 7).hour(n).build()).collect();
    let slots = Slot::bulk_create(rows).returning(db).await?;
    assert!(slots.iter().zip((0..150).rev()).all(|(slot, n)| (slot.room, slot.hour, slot.seats) == (n % 7, n, 4)));
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "made_bars")]
struct Bar {
    id: i64,
    quantity: i32,
    #[covet(generated = "quantity * 2")]
    twice: i32,
    #[covet(db_default = "new", max_length = 10)]
    state: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "made_slots", primary_key(room, hour))]
struct Slot {
    room: i32,
    hour: i32,
    #[covet(db_default = 4)]
    seats: i32,
}
