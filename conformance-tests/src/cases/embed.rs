//! Structs whose fields are columns of the models that flatten them.

use chrono::{DateTime, Utc};
use covet::{backend::Db, error::Result, prelude::*};
use covet_macros::{Embed, Model};

#[derive(Embed, Clone, Debug, PartialEq)]
struct Stamps {
    created_at: DateTime<Utc>,
    #[covet(default)]
    edits: i32,
    by: Option<String>,
}

#[derive(Embed, Clone, Debug, PartialEq)]
struct Place {
    #[covet(max_length = 80, index)]
    city: String,
    #[covet(column = "zip", unique)]
    code: Option<String>,
}

#[derive(Embed, Clone, Debug, PartialEq)]
struct Flags {
    #[covet(default = true)]
    visible: bool,
    #[covet(flatten, prefix = "inner_")]
    origin: Place,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "embed_writers", order_by(-stamps.created_at, name))]
struct Writer {
    #[covet(flatten)]
    stamps: Stamps,
    id: i64,
    #[covet(flatten, prefix = "home_")]
    home: Place,
    name: String,
    #[covet(flatten, prefix = "work_", token = "office")]
    work: Place,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "embed_texts")]
struct Text {
    id: i64,
    #[covet(flatten)]
    flags: Flags,
    writer: Option<ForeignKey<Writer>>,
}

fn day(day: u32) -> DateTime<Utc> {
    chrono::NaiveDate::from_ymd_opt(2026, 3, day).unwrap_or_default().and_hms_opt(1, 2, 3).unwrap_or_default().and_utc()
}

fn place(city: &str, code: Option<&str>) -> Place {
    Place { city: city.to_owned(), code: code.map(str::to_owned) }
}

async fn tables(db: &Db) -> Result<()> {
    db.drop_tables(models![Writer, Text]).await?;
    db.create_tables(models![Writer, Text]).await
}

async fn writer(db: &Db, name: &str, stamps: Stamps, home: Place) -> Result<Writer> {
    Writer::create().name(name).stamps(stamps).home(home).work(place("Office", None)).save(db).await
}

async fn writers(db: &Db) -> Result<(Writer, Writer)> {
    tables(db).await?;
    let ann = Stamps { created_at: day(1), edits: 2, by: Some("root".to_owned()) };
    let bob = Stamps { created_at: day(2), edits: 0, by: None };
    let ann = writer(db, "Ann", ann, place("Oslo", Some("0150"))).await?;
    let bob = writer(db, "Bob", bob, place("Rome", None)).await?;
    Ok((ann, bob))
}

/// The columns stand where the field stands, under its prefix; rows come back whole.
pub async fn fields_become_columns(db: &Db) -> Result<()> {
    let (ann, bob) = writers(db).await?;
    let names: Vec<_> = Writer::TABLE.columns.iter().map(|column| column.name).collect();
    assert_eq!(names[..6], ["created_at", "edits", "by", "id", "home_city", "home_zip"]);
    assert_eq!(names[6..], ["name", "work_city", "work_zip"]);
    assert_eq!(Writer::TABLE.columns[5].field, "home.code");
    assert_eq!((ann.home.city.as_str(), ann.stamps.edits), ("Oslo", 2));
    assert_eq!(Writer::query().all(db).await?, [bob.clone(), ann.clone()]);
    let raw = Writer::raw("SELECT * FROM embed_writers WHERE home_zip = ?").bind("0150").all(db).await?;
    assert_eq!(raw, [ann]);
    Ok(())
}

/// Tokens have the fields: in filters, orders, assignments.
pub async fn tokens_have_its_fields(db: &Db) -> Result<()> {
    let (ann, bob) = writers(db).await?;
    assert_eq!(Writer::filter(Writer::stamps.created_at.gt(day(1))).get(db).await?, bob);
    assert_eq!(Writer::filter(Writer::stamps.by.is_null() & Writer::home.city.eq("Rome")).count(db).await?, 1);
    assert_eq!(Writer::filter(Writer::office.city.eq("Office")).count(db).await?, 2);
    let by_city = Writer::query().order_by(Writer::home.city.asc()).all(db).await?;
    assert_eq!(by_city, [ann.clone(), bob.clone()]);
    let edited = Writer::find(&bob).update((
        Writer::stamps.edits.set(Writer::stamps.edits + 5),
        Writer::stamps.by.set("me"),
        Writer::home.code.set("00"),
    ));
    assert_eq!(edited.exec(db).await?, 1);
    let bob = Writer::find(&bob).get(db).await?;
    assert_eq!(bob.stamps, Stamps { created_at: day(2), edits: 5, by: Some("me".to_owned()) });
    assert_eq!(bob.home.code.as_deref(), Some("00"));
    Ok(())
}

/// Paths reach them; behind a nullable relation they may be NULL.
pub async fn paths_reach_its_fields(db: &Db) -> Result<()> {
    let (ann, bob) = writers(db).await?;
    for (writer, city) in [(Some(&ann), "A"), (Some(&bob), "B"), (None, "C")] {
        let flags = Flags { visible: true, origin: place(city, None) };
        let text = Text::create().flags(flags);
        match writer {
            Some(writer) => text.writer(writer).save(db).await?,
            None => text.save(db).await?,
        };
    }
    let of_ann = Text::filter(Text::writer.stamps.by.eq("root")).get(db).await?;
    assert_eq!(of_ann.flags.origin.city, "A");
    assert_eq!(Text::filter(Text::writer.home.city.is_null()).get(db).await?.flags.origin.city, "C");
    assert_eq!(Text::filter(Text::writer.stamps.created_at.gt(day(1))).get(db).await?.flags.origin.city, "B");
    let last = Text::query().order_by(Text::writer.stamps.edits.desc()).first(db).await?;
    assert_eq!(last.map(|text| text.flags.origin.city), Some("A".to_owned()));
    Ok(())
}

/// A part holds parts.
pub async fn parts_nest(db: &Db) -> Result<()> {
    tables(db).await?;
    let names: Vec<_> = Text::TABLE.columns.iter().map(|column| (column.name, column.field)).collect();
    assert_eq!(
        names[1..4],
        [("visible", "flags.visible"), ("inner_city", "flags.origin.city"), ("inner_zip", "flags.origin.code")]
    );
    let flags = Flags { visible: false, origin: place("X", Some("1")) };
    let stored = Text::create().flags(flags.clone()).save(db).await?;
    assert_eq!(stored.flags, flags);
    let found = Text::filter(Text::flags.origin.city.eq("X") & !Text::flags.visible).all(db).await?;
    assert_eq!(found, [stored]);
    assert_eq!(Text::query().update(Text::flags.origin.code.set("2")).exec(db).await?, 1);
    assert_eq!(Text::query().get(db).await?.flags.origin.code.as_deref(), Some("2"));
    Ok(())
}

/// The builder of the part fills what has a default; other fields must be given.
pub async fn parts_have_builders(db: &Db) -> Result<()> {
    tables(db).await?;
    let new = || Writer::create().name("Eve").home(Place::create().city("Bern")).work(place("W", Some("9")));
    let eve = new().stamps(Stamps::create().created_at(day(5)).by("x")).save(db).await?;
    assert_eq!(eve.stamps, Stamps { created_at: day(5), edits: 0, by: Some("x".to_owned()) });
    assert_eq!(eve.home, place("Bern", None));
    let text = Text::create().flags(Flags::create().origin(Place::create().city("Y").code("7"))).save(db).await?;
    assert_eq!(text.flags, Flags { visible: true, origin: place("Y", Some("7")) });
    assert_eq!(Text::find(&text).get(db).await?, text);
    let rows = ["1", "2", "3"].map(|code| Text::create().flags(Flags::create().origin(place("Z", Some(code)))).build());
    assert_eq!(Text::bulk_create(rows).exec(db).await?, 3);
    assert_eq!(Text::filter(Text::flags.origin.city.eq("Z") & Text::flags.visible).count(db).await?, 3);
    Ok(())
}

/// The options of its fields hold: unique columns, lengths, indexes.
pub async fn options_of_its_fields_hold(db: &Db) -> Result<()> {
    let (ann, _) = writers(db).await?;
    let stamps = || Stamps::create().created_at(day(9));
    let again = Writer::create().name("C").stamps(stamps()).home(ann.home).work(place("W", None)).save(db).await;
    let error = again.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!(error.columns(), ["home_zip"], "{error:?}");
    let long = "x".repeat(81);
    let long =
        Writer::create().name("C").stamps(stamps()).home(place("a", None)).work(place(&long, None)).save(db).await;
    assert!(long.is_err());
    assert_eq!(Writer::query().count(db).await?, 2);
    Ok(())
}
