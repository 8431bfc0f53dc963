//! Newtypes and enums.

use crate::models::{Colour, Email, Level, Mood, Wide, ordered, raw, round_trips, wide_where, wrong};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::{Model, SqlType};

/// A newtype is stored as what it wraps, compares as that, and has its lookups.
pub async fn newtypes_are_kept(db: &Db) -> Result<()> {
    let email = |text: &str| Email(text.to_owned());
    ordered!(db, email, ["", "A@x", "a@x", "b@x", "é@x"].map(email));
    Wide::create().label("ann").email(email("Ann@Example.org")).save(db).await?;
    Wide::create().label("bob").email(email("bob@100%.org")).save(db).await?;
    assert_eq!(wide_where(db, Wide::email.contains("Example")).await?, "ann");
    assert_eq!(wide_where(db, Wide::email.ieq("ann@example.ORG")).await?, "ann");
    assert_eq!(wide_where(db, Wide::email.ends_with("0%.org")).await?, "bob");
    assert_eq!(wide_where(db, Wide::email.istarts_with("B")).await?, "bob");
    assert_eq!(wide_where(db, !Wide::email.contains("Example")).await?, "bob");
    Wide::query().delete(db).await?;
    round_trips!(db, email, ["", "é 'x'", "ann@example.org"].map(email))
}

#[derive(SqlType, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[covet(key)]
struct OwnerId(i64);

#[derive(SqlType, Clone, Debug, PartialEq, Eq, Hash)]
#[covet(key)]
struct Code(String);

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "owners")]
struct Owner {
    #[covet(primary_key, auto)]
    id: OwnerId,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "things")]
struct Thing {
    #[covet(primary_key)]
    code: Code,
    owner: ForeignKey<Owner>,
}

/// A newtype can be a key, made by the database too, and what a foreign key refers to.
pub async fn newtypes_are_keys(db: &Db) -> Result<()> {
    db.drop_tables(models![Thing, Owner]).await?;
    db.create_tables(models![Thing, Owner]).await?;
    let ann = Owner::create().name("Ann").save(db).await?;
    let bob = Owner::create().name("Bob").save(db).await?;
    assert_eq!((ann.id, bob.id), (OwnerId(1), OwnerId(2)));
    let pen = Thing::create().code(Code("pen".into())).owner(&ann).save(db).await?;
    let cup = Thing::create().code(Code("cup".into())).owner(OwnerId(2)).save(db).await?;
    assert_eq!(Owner::find(OwnerId(2)).get(db).await?, bob);
    assert_eq!(Thing::find(Code("cup".into())).get(db).await?, cup);
    assert_eq!(Thing::filter(Thing::owner_id.eq(OwnerId(1))).get(db).await?, pen);
    assert_eq!(Thing::filter(Thing::owner_id.in_([&bob])).get(db).await?, cup);
    assert_eq!(Thing::filter(Thing::owner.name.eq("Ann") & Thing::code.contains("e")).get(db).await?, pen);
    assert_eq!(*cup.owner.key(), OwnerId(2));
    db.drop_tables(models![Thing, Owner]).await
}

/// An enum is stored as the names of its variants.
pub async fn text_enums_are_kept(db: &Db) -> Result<()> {
    for (mood, text) in [(Mood::Glad, "glad"), (Mood::VerySad, "very_sad"), (Mood::Other, "so so 'x'")] {
        let row = Wide::create().label(text).mood(mood).save(db).await?;
        assert_eq!(row.mood, Some(mood));
        assert_eq!(wide_where(db, Wide::mood.eq(mood)).await?, text);
    }
    assert_eq!(wide_where(db, Wide::mood.in_([Mood::Glad, Mood::VerySad])).await?, "glad very_sad");
    assert_eq!(wide_where(db, Wide::mood.ne(Mood::Other)).await?, "glad very_sad");
    let sql = Wide::filter(Wide::mood.eq(Mood::Other)).to_sql(db.dialect())?;
    assert!(format!("{sql}").ends_with(r#"["so so 'x'"]"#), "{sql}");
    round_trips!(db, mood, [Mood::Glad, Mood::VerySad, Mood::Other])
}

/// An enum is stored as the numbers of its variants, and ordered by them.
pub async fn integer_enums_are_kept(db: &Db) -> Result<()> {
    ordered!(db, level, [Level::Low, Level::Middle, Level::High]);
    Wide::create().level(Level::Low).save(db).await?;
    let sql = Wide::filter(Wide::level.in_([Level::Low, Level::High])).to_sql(db.dialect())?;
    assert!(format!("{sql}").contains("-5"), "{sql}");
    round_trips!(db, level, [Level::Low, Level::Middle, Level::High])
}

/// An enum may be a type of the database's own.
pub async fn native_enums_are_kept(db: &Db) -> Result<()> {
    for (label, colour) in [("a", Colour::Red), ("b", Colour::NavyBlue), ("c", Colour::Quoted)] {
        Wide::create().label(label).colour(colour).save(db).await?;
        assert_eq!(wide_where(db, Wide::colour.eq(colour)).await?, label);
    }
    assert_eq!(wide_where(db, Wide::colour.in_([Colour::Red, Colour::Quoted])).await?, "a c");
    assert_eq!(wide_where(db, Wide::colour.in_(vec![Colour::NavyBlue; 2_000])).await?, "b");
    assert_eq!(wide_where(db, Wide::colour.ne(Colour::Red)).await?, "b c");
    assert!(crate::models::batch(db, "UPDATE wide SET colour = 'purple'").await.is_err());
    round_trips!(db, colour, [Colour::Red, Colour::NavyBlue, Colour::Quoted])
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "paints")]
struct Paint {
    id: i64,
    colour: Colour,
}

/// Two tables share a type, which goes with the last of them.
pub async fn native_enums_are_shared(db: &Db) -> Result<()> {
    for _ in 0..2 {
        db.drop_tables(models![Paint]).await?;
        db.create_tables(models![Paint]).await?;
        let row = Paint::create().colour(Colour::NavyBlue).save(db).await?;
        assert_eq!(Paint::filter(Paint::colour.eq(Colour::NavyBlue)).get(db).await?, row);
        db.drop_tables(models![Paint]).await?;
        Wide::create().colour(Colour::NavyBlue).save(db).await?;
    }
    Ok(())
}

/// A value that the enum does not have is a typed error that names the column and the value.
pub async fn unknown_variants_name_the_column(db: &Db) -> Result<()> {
    let text = if db.dialect().short_name() == "sqlite" { "TEXT" } else { "VARCHAR(80)" };
    wrong!(db, Mood, text, ["'purple'", "'Glad'", "''", "'glad '"]);
    wrong!(db, Colour, text, ["'purple'", "'RED'"]);
    wrong!(db, Level, "BIGINT", ["7", "-32769", "70000"]);
    wrong!(db, Level, text, ["'1'"]);
    #[derive(Model, Debug)]
    #[covet(table = "raw")]
    struct Raw {
        id: i32,
        value: Mood,
    }
    raw(db, text, &["'purple'", "'glad'", "NULL"]).await?;
    let error = Raw::find(0).get(db).await.unwrap_err();
    assert!(error.to_string().contains("`purple`") && error.to_string().contains("`Mood`"), "{error}");
    let row = Raw::find(1).get(db).await?;
    assert_eq!((row.id, row.value), (1, Mood::Glad));
    let error = Raw::find(2).get(db).await.unwrap_err();
    assert_eq!((error.kind(), error.column()), (ErrorKind::Decode, Some("raw.value")));
    crate::models::batch(db, "DROP TABLE raw").await
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "custom_moods")]
struct Feeling {
    id: i64,
    mood: Mood,
    level: Option<Level>,
    #[covet(column = "mood or not", unique)]
    other: Option<Mood>,
}

/// The same table, as a program may write it that knows nothing of the enums.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "custom_moods", managed = false)]
struct Loose {
    id: i64,
    #[covet(blank)]
    mood: String,
    level: Option<i16>,
    #[covet(column = "mood or not")]
    other: Option<String>,
}

/// The database refuses what no variant is stored as, by the name of the column's check; NULL passes.
pub async fn the_database_checks_variants(db: &Db) -> Result<()> {
    db.drop_tables(models![Feeling]).await?;
    db.create_tables(models![Feeling]).await?;
    for mood in [Mood::Glad, Mood::VerySad, Mood::Other] {
        for level in [None, Some(Level::Low), Some(Level::High)] {
            Feeling::create().mood(mood).level(level).save(db).await?;
        }
    }
    Loose::create().mood("so so 'x'").other("glad").level(-4).save(db).await?;
    let rows = [
        (Loose::create().mood("purple"), "mood", "custom_moods_mood_check"),
        (Loose::create().mood("Glad"), "mood", "custom_moods_mood_check"),
        (Loose::create().mood("glad "), "mood", "custom_moods_mood_check"),
        (Loose::create().mood(""), "mood", "custom_moods_mood_check"),
        (Loose::create().mood("glad").level(2), "level", "custom_moods_level_check"),
        (Loose::create().mood("glad").other("very sad"), "mood or not", "custom_moods_mood or not_check"),
    ];
    for (row, column, constraint) in rows {
        let error = row.save(db).await.unwrap_err();
        assert!(error.is_check_violation(), "{column}: {error:?}");
        assert_eq!((error.constraint(), error.columns()), (Some(constraint), &[column.to_owned()][..]), "{error:?}");
    }
    let update = Loose::query().update(Loose::mood.set("purple")).exec(db).await;
    assert!(update.is_err_and(|error| error.is_check_violation()));
    assert_eq!(Feeling::query().count(db).await?, 10);
    Ok(())
}
