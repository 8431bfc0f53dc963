//! `create` and `save`.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};
use covet_macros::Model;
use uuid::Uuid;

/// `save` gives the row with its key, as it is stored.
pub async fn save_gives_the_stored_row(db: &Db) -> Result<()> {
    let ann = User::create().name("Ann").email("ann@x").age(34).nickname("annie").score(0.5).save(db).await?;
    assert_eq!((ann.name.as_str(), ann.email.as_str(), ann.age), ("Ann", "ann@x", 34));
    assert_eq!((ann.nickname.as_deref(), ann.score), (Some("annie"), Some(0.5)));
    assert_eq!(User::find(ann.id).get(db).await?, ann);
    let bob = User::create().name("Bob").email("bob@x").age(17).save(db).await?;
    assert_ne!(ann.id, bob.id);
    assert_eq!(User::find(bob.id).get(db).await?, bob);
    assert_eq!(User::query().count(db).await?, 2);
    Ok(())
}

/// Fields that are not given are NULL or have their default.
pub async fn absent_fields_have_defaults(db: &Db) -> Result<()> {
    let user = User::create().name("Ann").email("ann@x").age(34).save(db).await?;
    assert_eq!((&user.nickname, user.score, user.company), (&None, None, None));
    assert_eq!((user.active, user.views), (true, 0));
    assert_eq!(User::find(&user).get(db).await?, user);
    let given = User::create().name("Bob").email("bob@x").age(17).active(false).views(9).save(db).await?;
    assert_eq!((given.active, given.views), (false, 9));
    assert_eq!(User::find(&given).get(db).await?, given);
    Ok(())
}

/// A key that the database would make can be given.
pub async fn explicit_key_is_kept(db: &Db) -> Result<()> {
    let row = Company::create().id(5_000_000_005).name("five").save(db).await?;
    assert_eq!(row.id, 5_000_000_005);
    assert_eq!(Company::find(5_000_000_005).get(db).await?.name, "five");
    let negative = Company::create().id(-7).name("minus").save(db).await?;
    assert_eq!(negative.id, -7);
    assert_eq!(Company::find(-7).get(db).await?.name, "minus");
    assert_eq!(Company::create().id(0).name("zero").save(db).await?.id, 0);
    assert_eq!(Company::find(0).get(db).await?.name, "zero");
    Ok(())
}

/// An automatic `i32` key is made like an `i64` one.
pub async fn keys_of_other_integer_types_are_made(db: &Db) -> Result<()> {
    let row = || {
        let row = Everything::create().flag(true).small(1).medium(2).big(3).float(4.0).text("t").bytes(vec![5]);
        row.uuid(Uuid::nil()).at(chrono::DateTime::UNIX_EPOCH).day(chrono::NaiveDate::default())
    };
    let (one, two) = (row().save(db).await?, row().save(db).await?);
    assert_ne!(one.id, two.id);
    assert_eq!(Everything::find(one.id).get(db).await?, one);
    Ok(())
}

/// A key that the application chooses may be text.
pub async fn text_key_is_stored(db: &Db) -> Result<()> {
    let row = Country::create().code("NZ").name("New Zealand").save(db).await?;
    assert_eq!(row.code, "NZ");
    let row = Country::create().code("é😀").name("Two characters").save(db).await?;
    assert_eq!(Country::find("é😀").get(db).await?, row);
    Country::create().code("nz").name("case counts in keys").save(db).await?;
    Country::create().code("").name("the empty text is a key").save(db).await?;
    assert_eq!(Country::query().count(db).await?, 4);
    Ok(())
}

/// A key that the application chooses may be a UUID; reserved words are names like others.
pub async fn uuid_key_and_reserved_words_are_stored(db: &Db) -> Result<()> {
    let country = Country::create().code("AT").name("Austria").save(db).await?;
    let number = Uuid::new_v4();
    let order = Order::create().number(number).country(&country).filter(-1).r#type("gift").save(db).await?;
    assert_eq!((order.number, order.filter, order.r#type.as_deref()), (number, -1, Some("gift")));
    assert_eq!(Order::find(number).get(db).await?, order);
    assert_eq!(Order::filter(Order::filter_.eq(-1) & Order::r#type.eq("gift")).count(db).await?, 1);
    let changes = (Order::filter_.set(Order::filter_ + 3), Order::r#type.set(None));
    assert_eq!(Order::find(number).update(changes).exec(db).await?, 1);
    let changed = Order::find(number).get(db).await?;
    assert_eq!((changed.filter, changed.r#type), (2, None));
    let renamed = Country::filter(Country::name.eq("Austria")).update(Country::name.set("Österreich"));
    assert_eq!(renamed.exec(db).await?, 1);
    assert_eq!(Order::filter(Order::country.name.eq("Österreich")).count(db).await?, 1);
    Ok(())
}

/// A row of nothing but NULLs can be stored.
pub async fn row_of_nulls_is_stored(db: &Db) -> Result<()> {
    let (one, two) = (Hen::create().save(db).await?, Hen::create().save(db).await?);
    assert_ne!(one.id, two.id);
    assert_eq!(one.egg, None);
    assert_eq!(Hen::query().count(db).await?, 2);
    Ok(())
}

/// A row of nothing but its key can be stored.
pub async fn row_of_nothing_is_stored(db: &Db) -> Result<()> {
    let (one, two) = (Ticket::create().save(db).await?, Ticket::create().save(db).await?);
    assert_ne!(one.id, two.id);
    assert_eq!(Ticket::find(one.id).get(db).await?, one);
    assert_eq!(Ticket::create().id(77).save(db).await?.id, 77);
    assert_eq!(Ticket::query().count(db).await?, 3);
    Ok(())
}

/// Text comes back as it went, whatever it holds.
pub async fn text_is_stored_as_it_is(db: &Db) -> Result<()> {
    for name in
        ["O'Brien", "a\\b", "\"q\"", "`b`", "$1 ?1 ? :x", "%s {}", "日本語 😀 e\u{301}", " ", "", "a\r\n\tb", "--"]
    {
        let row = Company::create().name(name).city(name).save(db).await?;
        let read = Company::find(&row).get(db).await?;
        assert_eq!((read.name.as_str(), read.city.as_deref()), (name, Some(name)));
        assert_eq!(Company::filter(Company::name.eq(name)).count(db).await?, 1, "{name:?}");
    }
    Ok(())
}

/// A relation is set by a row, a key or a foreign key.
pub async fn relations_are_set_in_three_ways(db: &Db) -> Result<()> {
    let People { ann, bob, .. } = people(db).await?;
    let by_row = Post::create().title("row").author(&ann).reviewer(&bob).save(db).await?;
    let by_key = Post::create().title("key").author(ann.id).reviewer(bob.id).save(db).await?;
    let foreign =
        Post::create().title("foreign").author(ForeignKey::new(ann.id)).reviewer(Some(ForeignKey::from(&bob)));
    let foreign = foreign.save(db).await?;
    for post in [by_row, by_key, foreign] {
        assert_eq!((*post.author.key(), post.reviewer), (ann.id, Some(ForeignKey::from(&bob))));
        assert_eq!(Post::find(&post).get(db).await?, post);
    }
    let none = Post::create().title("none").author(&ann).reviewer(None).save(db).await?;
    assert_eq!(Post::find(&none).get(db).await?.reviewer, None);
    Ok(())
}

/// Keys of deleted rows do not come again.
pub async fn deleted_keys_do_not_come_again(db: &Db) -> Result<()> {
    let first = Ticket::create().save(db).await?;
    let second = Ticket::create().save(db).await?;
    assert_eq!(Ticket::find(&second).delete(db).await?, 1);
    let third = Ticket::create().save(db).await?;
    assert!(third.id != first.id && third.id != second.id);
    Ok(())
}

const DOZEN: i32 = 12;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "insert_defaults")]
struct Made {
    id: i64,
    #[covet(default = Uuid::new_v4)]
    path: Uuid,
    #[covet(default = || format!("{}", Uuid::new_v4()))]
    closure: String,
    #[covet(default = DOZEN)]
    constant: i32,
    #[covet(default = i64::MAX)]
    limit: i64,
    #[covet(default = 1 + 1)]
    computed: i32,
}

/// A default may be a function or a closure, which makes a value for each row, a constant, or any expression.
pub async fn defaults_are_made_for_each_row(db: &Db) -> Result<()> {
    db.drop_tables(models![Made]).await?;
    db.create_tables(models![Made]).await?;
    let one = Made::create().save(db).await?;
    assert_eq!(Made::bulk_create([Made::create().build(), Made::create().build()]).exec(db).await?, 2);
    let rows = Made::query().all(db).await?;
    assert_eq!(rows.len(), 3);
    assert!(rows.contains(&one));
    for (at, row) in rows.iter().enumerate() {
        assert_eq!((row.constant, row.limit, row.computed), (12, i64::MAX, 2));
        assert!(rows[..at].iter().all(|other| other.path != row.path && other.closure != row.closure));
    }
    Ok(())
}
