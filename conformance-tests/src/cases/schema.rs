//! `create_tables` and `drop_tables`.

use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schema_grandchildren")]
struct Grandchild {
    id: i64,
    parent: ForeignKey<Child>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schema_children")]
struct Child {
    id: i64,
    parent: ForeignKey<Parent>,
    sibling: Option<ForeignKey<Child>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schema_parents")]
struct Parent {
    id: i64,
    #[covet(max_length = 3)]
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schema_left")]
struct Left {
    id: i64,
    right: Option<ForeignKey<Right>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schema_right")]
struct Right {
    id: i64,
    left: Option<ForeignKey<Left>>,
}

/// A table and columns with names of 63 bytes, which differ only at their ends.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schema_a_table_whose_name_is_exactly_as_long_as_postgresql_keep")]
struct Long {
    id: i64,
    #[covet(column = "a_column_whose_name_is_exactly_as_long_as_postgresql_would_ke_1", unique, max_length = 20)]
    first: String,
    #[covet(column = "a_column_whose_name_is_exactly_as_long_as_postgresql_would_ke_2", unique, max_length = 20)]
    second: String,
    #[covet(column = "a_column_whose_name_is_exactly_as_long_as_postgresql_would_ke_3", index)]
    third: i32,
    #[covet(column = "a_column_whose_name_is_exactly_as_long_as_postgresql_would_ke_4")]
    parent: ForeignKey<Parent>,
    #[covet(column = "a_column_whose_name_is_exactly_as_long_as_postgresql_would_ke_5")]
    other: Option<ForeignKey<Parent>>,
}

/// Names that need quotes, and letters beyond ASCII.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schema \"odd\" `names` [é] 'x'")]
struct Odd {
    id: i64,
    #[covet(column = "group by", unique)]
    group: i32,
    #[covet(column = "say \"hi\"", index)]
    quoted: i32,
    #[covet(column = "back`tick")]
    tick: Option<i32>,
    #[covet(column = "Größe ?")]
    size: Option<i32>,
    #[covet(column = "dot.ted")]
    dotted: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "schema_texts")]
struct Text {
    id: i64,
    #[covet(blank, max_length = 3, unique)]
    short: String,
    #[covet(max_length = 191, index)]
    medium: Option<String>,
    long: Option<String>,
    #[covet(unique)]
    number: Option<i32>,
}

/// Tables are created in the order of their foreign keys, whatever the order of the list.
pub async fn tables_are_created_in_order(db: &Db) -> Result<()> {
    for _ in 0..2 {
        db.drop_tables(models![Parent, Child, Grandchild]).await?;
        db.create_tables(models![Grandchild, Child, Parent]).await?;
        let parent = Parent::create().name("p").save(db).await?;
        let child = Child::create().parent(&parent).save(db).await?;
        Grandchild::create().parent(&child).save(db).await?;
        assert_eq!(Grandchild::filter(Grandchild::parent.parent.name.eq("p")).count(db).await?, 1);
        assert!(Grandchild::create().parent(-1).save(db).await.is_err_and(|e| e.is_foreign_key_violation()));
    }
    db.drop_tables(models![Parent, Grandchild, Child]).await?;
    assert!(Parent::query().count(db).await.is_err());
    Ok(())
}

/// A table that is named twice is created once.
pub async fn repeated_tables_are_created_once(db: &Db) -> Result<()> {
    db.drop_tables(models![Parent]).await?;
    db.create_tables(models![Parent, Parent]).await?;
    assert_eq!(Parent::query().count(db).await?, 0);
    db.drop_tables(models![Parent, Parent]).await
}

/// Two tables that refer to each other are created and dropped.
pub async fn circle_of_tables_is_created(db: &Db) -> Result<()> {
    db.drop_tables(models![Left, Right]).await?;
    db.create_tables(models![Left, Right]).await?;
    let left = Left::create().save(db).await?;
    let right = Right::create().left(&left).save(db).await?;
    assert_eq!(Left::find(&left).update(Left::right_id.set(&right)).exec(db).await?, 1);
    assert_eq!(Left::filter(Left::right.left.id.eq(left.id)).count(db).await?, 1);
    assert!(Left::create().right(-1).save(db).await.is_err_and(|error| error.is_foreign_key_violation()));
    assert!(Right::create().left(-1).save(db).await.is_err_and(|error| error.is_foreign_key_violation()));
    Left::query().update(Left::right_id.set(None)).exec(db).await?;
    Right::query().delete(db).await?;
    Left::query().delete(db).await?;
    db.drop_tables(models![Left, Right]).await?;
    assert!(Left::query().count(db).await.is_err());
    assert!(Right::query().count(db).await.is_err());
    Ok(())
}

/// A table that refers to itself is created, and its foreign key holds.
pub async fn self_reference_is_created(db: &Db) -> Result<()> {
    db.drop_tables(models![Child, Parent]).await?;
    db.create_tables(models![Child, Parent]).await?;
    let parent = Parent::create().name("p").save(db).await?;
    let first = Child::create().parent(&parent).save(db).await?;
    let second = Child::create().parent(&parent).sibling(&first).save(db).await?;
    assert_eq!(Child::filter(Child::sibling.parent.name.eq("p")).get(db).await?, second);
    assert!(Child::create().parent(&parent).sibling(-1).save(db).await.is_err_and(|e| e.is_foreign_key_violation()));
    assert!(Child::find(&first).delete(db).await.is_err_and(|error| error.is_foreign_key_violation()));
    db.drop_tables(models![Child, Parent]).await
}

/// Dropping tables that are not there is no error.
pub async fn dropping_absent_tables_is_no_error(db: &Db) -> Result<()> {
    for _ in 0..2 {
        db.drop_tables(models![Grandchild, Child, Parent]).await?;
    }
    db.create_tables(models![Parent]).await?;
    db.drop_tables(models![Parent, Child, Grandchild]).await?;
    assert!(Parent::query().all(db).await.is_err());
    Ok(())
}

/// Creating a table that is there is an error, and its rows stay.
pub async fn creating_twice_is_an_error(db: &Db) -> Result<()> {
    db.drop_tables(models![Parent]).await?;
    db.create_tables(models![Parent]).await?;
    Parent::create().name("p").save(db).await?;
    assert!(db.create_tables(models![Parent]).await.is_err());
    assert_eq!(Parent::query().get(db).await?.name, "p");
    db.drop_tables(models![Parent]).await
}

/// Names of 63 bytes that differ only at their ends stay apart.
pub async fn long_names_stay_apart(db: &Db) -> Result<()> {
    assert_eq!(<Long as Model>::TABLE.name.len(), 63);
    assert_eq!(Long::first.name().len(), 63);
    db.drop_tables(models![Long, Parent]).await?;
    db.create_tables(models![Long, Parent]).await?;
    let parent = Parent::create().name("p").save(db).await?;
    let row = || Long::create().first("a").second("b").third(3).parent(&parent);
    let stored = row().other(&parent).save(db).await?;
    assert_eq!(Long::find(&stored).get(db).await?, stored);
    let error = row().second("c").save(db).await.unwrap_err();
    assert!(error.is_unique_violation());
    assert_eq!(error.columns(), [Long::first.name()], "{error:?}");
    let error = row().first("c").save(db).await.unwrap_err();
    assert_eq!(error.columns(), [Long::second.name()], "{error:?}");
    let error = row().first("d").second("d").other(-1).save(db).await.unwrap_err();
    assert!(error.is_foreign_key_violation());
    assert_eq!(error.columns(), [Long::other_id.name()], "{error:?}");
    let both = Long::parent.name.eq("p") & Long::other.name.eq("p") & Long::second.eq("b");
    assert_eq!(Long::filter(both).order_by(Long::other.name.asc()).count(db).await?, 1);
    assert_eq!(Long::filter(Long::other.name.eq("p")).update(Long::third.set(Long::third + 1)).exec(db).await?, 1);
    assert_eq!(Long::query().get(db).await?.third, 4);
    db.drop_tables(models![Long, Parent]).await
}

/// Names may hold quotes, spaces, dots, question marks and letters beyond ASCII.
pub async fn odd_names_are_quoted(db: &Db) -> Result<()> {
    db.drop_tables(models![Odd]).await?;
    db.create_tables(models![Odd]).await?;
    let row = Odd::create().group(1).quoted(2).tick(3).size(4).dotted(5).save(db).await?;
    assert_eq!(Odd::find(&row).get(db).await?, row);
    let all =
        Odd::group.eq(1) & Odd::quoted.gt(1) & Odd::tick.in_([3]) & (Odd::size + 1).eq(5) & Odd::dotted.is_not_null();
    assert_eq!(Odd::filter(all).order_by((Odd::size.asc(), Odd::tick.desc())).all(db).await?, [row]);
    assert_eq!(Odd::query().update((Odd::tick.set(Odd::tick * 2), Odd::dotted.set(None))).exec(db).await?, 1);
    assert_eq!(Odd::query().get(db).await?.tick, Some(6));
    let error = Odd::create().group(1).quoted(2).save(db).await.unwrap_err();
    assert!(error.is_unique_violation());
    assert_eq!(error.columns(), ["group by"], "{error:?}");
    assert_eq!(Odd::bulk_create([Odd::create().group(2).quoted(0).build()]).exec(db).await?, 1);
    assert_eq!(Odd::query().delete(db).await?, 2);
    db.drop_tables(models![Odd]).await
}

/// The database counts the characters of `max_length`, and one too many is an error of its own.
pub async fn max_length_counts_characters(db: &Db) -> Result<()> {
    db.drop_tables(models![Text]).await?;
    db.create_tables(models![Text]).await?;
    for fits in ["", "abc", "é日😀", "   ", "😀😀😀"] {
        Text::create().short(fits).save(db).await?;
    }
    for too_long in ["abcd", "😀😀😀😀", "e\u{301}e\u{301}"] {
        let error = Text::create().short(too_long).skip_validation().save(db).await.unwrap_err();
        assert_ne!(error.kind(), ErrorKind::Validation);
        assert!(!format!("{error} {error:?}").contains(too_long), "{error:?}");
        let update = Text::filter(Text::short.eq("abc")).update(Text::short.set(too_long)).skip_validation();
        assert!(update.exec(db).await.is_err_and(|error| !error.is_validation()));
    }
    assert_eq!(Text::query().count(db).await?, 5);
    let medium = "é".repeat(191);
    let row = Text::create().short("m").medium(medium.as_str()).long("x".repeat(100_000)).save(db).await?;
    assert_eq!(Text::find(&row).get(db).await?.medium, Some(medium));
    let long = Text::create().short("n").medium("é".repeat(192)).skip_validation();
    assert!(long.save(db).await.is_err_and(|error| !error.is_validation()));
    db.drop_tables(models![Text]).await
}

/// A unique column may be NULL in many rows, and holds each value once.
pub async fn unique_column_may_be_null_in_many_rows(db: &Db) -> Result<()> {
    db.drop_tables(models![Text]).await?;
    db.create_tables(models![Text]).await?;
    for short in ["a", "b", "c"] {
        Text::create().short(short).save(db).await?;
    }
    Text::create().short("d").number(1).save(db).await?;
    let error = Text::create().short("e").number(1).save(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!(error.columns(), ["number"]);
    assert_eq!(Text::filter(Text::number.is_null()).count(db).await?, 3);
    assert_eq!(Text::query().update(Text::number.set(None)).exec(db).await?, 4);
    assert_eq!(Text::filter(Text::number.is_null()).count(db).await?, 4);
    db.drop_tables(models![Text]).await
}
