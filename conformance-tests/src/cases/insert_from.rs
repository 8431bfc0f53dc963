//! `insert_from(columns, query.select(values))`: new rows that the database makes of a query.

use crate::models::*;
use chrono::{DateTime, TimeZone, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    query::InsertSelect,
};
use covet_macros::Model;
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "insert_from_archive", order_by(id))]
struct Archive {
    id: i64,
    #[covet(unique, max_length = 20)]
    title: String,
    views: Option<i32>,
    #[covet(max_length = 20)]
    author: Option<String>,
    #[covet(max_length = 10, default = "old")]
    reason: String,
    #[covet(db_default = 3)]
    shelf: i32,
    #[covet(auto_now_add)]
    made: DateTime<Utc>,
    #[covet(version)]
    version: i64,
    note: Option<String>,
}

async fn tables(db: &Db) -> Result<People> {
    db.drop_tables(models![Archive]).await?;
    db.create_tables(models![Archive]).await?;
    posts(db).await
}

/// The posts with a number of views.
fn copied(query: Query<Post>) -> InsertSelect<Archive, Post> {
    Archive::insert_from((Archive::title, Archive::views), query.select((Post::title, Post::views)))
}

async fn archived(db: &Db) -> Result<String> {
    let rows = Archive::query().order_by(Archive::title.asc()).all(db).await?;
    let shown = rows.iter().map(|row| format!("{} {}", row.title, row.views.unwrap_or(-1)));
    Ok(shown.collect::<Vec<_>>().join(", "))
}

/// Columns, columns behind relations, expressions and plain values are stored; the new rows are counted.
pub async fn rows_of_a_query_are_stored(db: &Db) -> Result<()> {
    tables(db).await?;
    let columns = (Archive::title, Archive::views, Archive::author, Archive::reason, Archive::note);
    let popular = Post::filter(Post::author.name.ne("Bob") & Post::views.gt(5));
    let values = (Post::title, Post::views + 1, Post::author.name, "popular", Post::body);
    assert_eq!(Archive::insert_from(columns, popular.select(values)).exec(db).await?, 2);
    let rows = Archive::query().order_by(Archive::title.asc()).all(db).await?;
    let shown: Vec<_> = rows.iter().map(|row| (&*row.title, row.views, row.author.as_deref())).collect();
    assert_eq!(shown, [("Beta", Some(41), Some("Ann")), ("Delta", Some(101), Some("Eve"))]);
    assert!(rows.iter().all(|row| row.reason == "popular" && row.note.is_none()));
    let nobody = Post::filter(Post::views.gt(1_000)).select(Post::title);
    assert_eq!(Archive::insert_from(Archive::title, nobody).exec(db).await?, 0);
    Ok(())
}

/// What is not named gets what the builder would give it: a default, the time, the version, NULL; and what the
/// database makes.
pub async fn other_columns_get_their_defaults(db: &Db) -> Result<()> {
    tables(db).await?;
    let now = Utc.with_ymd_and_hms(2026, 2, 3, 4, 5, 6).single().unwrap_or_default();
    let before = Archive::create().title("Before").save(db).await?;
    let clock = db.with_clock(move || now);
    assert_eq!(copied(Post::query().order_by(Post::title.asc())).exec(&clock).await?, 4);
    for row in Archive::filter(Archive::id.ne(before.id)).all(db).await? {
        assert!(row.id > before.id);
        assert_eq!((&*row.reason, row.shelf, row.made, row.version), ("old", 3, now, 1));
        assert_eq!((row.author, row.note), (None, None));
    }
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "insert_from_badges")]
struct Badge {
    #[covet(primary_key, default = Uuid::new_v4())]
    code: Uuid,
    #[covet(max_length = 20)]
    name: String,
    #[covet(max_length = 20)]
    colour: String,
}

/// A column that every row needs, one named twice, and a default that would be the same in every row of a unique
/// column, are refused before anything is sent.
pub async fn missing_columns_are_refused(db: &Db) -> Result<()> {
    tables(db).await?;
    let told = |result: Result<u64>| result.map(|rows| panic!("{rows} rows")).unwrap_err();
    let users = || User::query();
    let error = told(Badge::insert_from(Badge::code, users().select(Uuid::nil())).exec(db).await);
    assert!(error.kind() == ErrorKind::Configuration && error.to_string().contains("`name`, `colour`"), "{error}");
    let twice = users().select((User::name, User::name, User::name));
    let error = told(Badge::insert_from((Badge::name, Badge::colour, Badge::name), twice).exec(db).await);
    assert!(
        error.kind() == ErrorKind::Configuration && error.to_string().contains("`Badge.name` is named twice"),
        "{error}"
    );
    let both = users().select((User::name, "red"));
    let error = told(Badge::insert_from((Badge::name, Badge::colour), both).exec(db).await);
    assert!(
        error.kind() == ErrorKind::Configuration && error.to_string().contains("`Badge.code` is unique"),
        "{error}"
    );
    Ok(())
}

/// Plain values meet the rules of the model first; what the query gives meets the database.
pub async fn plain_values_are_validated(db: &Db) -> Result<()> {
    tables(db).await?;
    let columns = (Archive::title, Archive::reason);
    let long = || Archive::insert_from(columns, Post::query().select((Post::title, "exactly 11c")));
    let error = long().exec(db).await.map(|rows| panic!("{rows} rows")).unwrap_err();
    assert!(error.kind() == ErrorKind::Validation && error.to_string().contains("reason"), "{error}");
    let error = long().skip_validation().exec(db).await.map(|rows| panic!("{rows} rows")).unwrap_err();
    assert!(error.is_check_violation(), "{error}");
    Post::query().update(Post::title.set("a title of 21 letters")).exec(db).await?;
    let error = copied(Post::query().limit(1)).exec(db).await.map(|rows| panic!("{rows} rows")).unwrap_err();
    assert!(error.is_check_violation(), "{error}");
    assert_eq!(Archive::query().count(db).await?, 0);
    Ok(())
}

/// A taken value is a violation, and then nothing is stored.
pub async fn all_rows_are_stored_or_none(db: &Db) -> Result<()> {
    tables(db).await?;
    Archive::create().title("Beta").views(1).save(db).await?;
    let error = copied(Post::query()).exec(db).await.map(|rows| panic!("{rows} rows")).unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(archived(db).await?, "Beta 1");
    Ok(())
}

/// Rows whose unique value is taken are passed over and not counted; other violations are errors.
pub async fn conflicts_are_passed_over(db: &Db) -> Result<()> {
    tables(db).await?;
    Archive::create().title("Beta").views(1).save(db).await?;
    assert_eq!(copied(Post::query()).ignore_conflicts().exec(db).await?, 3);
    assert_eq!(archived(db).await?, "Alpha 5, Beta 1, Delta 100, Gamma 17");
    assert_eq!(copied(Post::query()).ignore_conflicts().exec(db).await?, 0);
    let one = Post::filter(Post::title.eq("Alpha")).select(("New", Post::views));
    let one = Archive::insert_from((Archive::title, Archive::views), one).ignore_conflicts();
    assert_eq!((one.clone().exec(db).await?, one.exec(db).await?), (1, 0));
    let all_one = Archive::insert_from(Archive::title, Post::query().select("Same")).ignore_conflicts();
    assert_eq!(all_one.exec(db).await?, 1);
    Post::query().update(Post::title.set("a title of 21 letters")).exec(db).await?;
    let error = copied(Post::query()).ignore_conflicts().exec(db).await.map(|rows| panic!("{rows} rows")).unwrap_err();
    assert!(error.is_check_violation(), "{error}");
    Ok(())
}

/// A table is filled from itself.
pub async fn table_is_its_own_source(db: &Db) -> Result<()> {
    people(db).await?;
    let columns = (User::name, User::email, User::age, User::company_id);
    let minors = || User::filter(User::age.lt(18)).select((User::name, "copy@x", User::age + 1, User::company_id));
    assert_eq!(User::insert_from(columns, minors()).exec(db).await?, 1);
    let copy = User::filter(User::email.eq("copy@x")).get(db).await?;
    assert_eq!((copy.name.as_str(), copy.age, copy.active, copy.views), ("Bob", 18, true, 0));
    assert_eq!(User::query().count(db).await?, 4);
    Ok(())
}

/// The order and the slice of the query choose the rows, and the order that of the keys.
pub async fn slices_choose_the_rows(db: &Db) -> Result<()> {
    tables(db).await?;
    assert_eq!(copied(Post::query().order_by(Post::views.desc()).offset(1).limit(2)).exec(db).await?, 2);
    let rows = Archive::query().order_by(Archive::id.asc()).all(db).await?;
    let shown: Vec<_> = rows.iter().map(|row| (&*row.title, row.views)).collect();
    assert_eq!(shown, [("Beta", Some(40)), ("Gamma", Some(17))]);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "insert_from_notes")]
struct Note {
    id: i64,
    #[covet(tenant)]
    account: i64,
    #[covet(max_length = 20)]
    text: String,
    #[covet(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

/// The scopes of the query hold, and new rows belong to the tenant.
pub async fn scopes_hold(db: &Db) -> Result<()> {
    db.drop_tables(models![Note]).await?;
    db.create_tables(models![Note]).await?;
    let (one, two) = (db.with_tenant(1_i64), db.with_tenant(2_i64));
    Note::create().text("a").save(&one).await?;
    Note::create().text("b").save(&one).await?.delete(&one).await?;
    Note::create().text("c").save(&two).await?;
    let copy = |query: Query<Note>| Note::insert_from(Note::text, query.select(Note::text));
    assert_eq!(copy(Note::query()).exec(&one).await?, 1);
    assert_eq!(Note::query().count(&one).await?, 2);
    assert_eq!(copy(Note::query().with_deleted()).exec(&one).await?, 3);
    // Whose rows are read can be chosen, whose rows are made cannot.
    assert_eq!(copy(Note::unscoped().filter(Note::text.eq("c"))).exec(&one).await?, 1);
    assert_eq!((Note::query().count(&one).await?, Note::query().count(&two).await?), (6, 1));
    let error = copy(Note::unscoped()).exec(db).await.map(|rows| panic!("{rows} rows")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tenant, "{error}");
    let other = Note::insert_from((Note::text, Note::account), Note::query().select((Note::text, Note::account)));
    let error = other.exec(&one).await.map(|rows| panic!("{rows} rows")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tenant, "{error}");
    Ok(())
}

/// Values of every type are copied as they are, and plain values stored as any others.
pub async fn values_of_every_type_are_stored(db: &Db) -> Result<()> {
    let settings = Settings { name: "x".into(), sizes: vec![u64::from(u32::MAX)], ratio: Some(0.1) };
    let local = Utc.with_ymd_and_hms(2026, 2, 3, 4, 5, 6).single().unwrap_or_default().naive_utc();
    let span = chrono::TimeDelta::microseconds(-7);
    let document = serde_json::json!({"b": [1, "x"], "a": null});
    let address: std::net::IpAddr = "2001:db8::1".parse().unwrap();
    let (price, long) = (Decimal::new(-1050, 2), Decimal::new(12_345_678_901_234, 10));
    let (email, uuid) = (Email("É@x".into()), Uuid::from_u128(7));
    let whole = Decimal::new(7, 0);
    let first = Wide::create().label("first").tiny(255).small(65_535).medium(u32::MAX).big(1 << 40).float(0.1);
    let first = first
        .price(price)
        .whole(whole)
        .long(long)
        .document(document.clone())
        .settings(covet::value::Json(settings.clone()));
    let first =
        first.local(local).time(local.time()).span(span).email(email.clone()).mood(Mood::Other).level(Level::Low);
    let first = first.colour(Colour::Quoted).code(uuid).address(address).save(db).await?;
    let numbers = (Wide::tiny, Wide::small, Wide::medium, Wide::big, Wide::float);
    let decimals = (Wide::price, Wide::cost, Wide::whole, Wide::long, Wide::fraction);
    let texts = (Wide::document, Wide::settings, Wide::email, Wide::mood, Wide::level, Wide::colour);
    let others = (Wide::local, Wide::time, Wide::span, Wide::code, Wide::address);
    let columns = (Wide::label, numbers, decimals, texts, others);
    let copy = Wide::find(&first).select(("copy", numbers, decimals, texts, others));
    assert_eq!(Wide::insert_from(columns, copy).exec(db).await?, 1);
    let no_decimal: Option<Decimal> = None;
    let numbers = (255, 65_535, u32::MAX, 1_u64 << 40, 0.1_f32);
    let decimals = (price, no_decimal, whole, long, no_decimal);
    let texts = (document, covet::value::Json(settings), email, Mood::Other, Level::Low, Colour::Quoted);
    let plain =
        Wide::find(&first).select(("plain", numbers, decimals, texts, (local, local.time(), span, uuid, address)));
    assert_eq!(Wide::insert_from(columns, plain).exec(db).await?, 1);
    for label in ["copy", "plain"] {
        let row = Wide::filter(Wide::label.eq(label)).get(db).await?;
        assert_eq!(Wide { id: first.id, label: "first".into(), ..row }, first, "{label}");
    }
    let everything = Everything::create().flag(true).small(-5).medium(6).big(1 << 40).float(0.1).text("É ");
    let everything = everything.bytes([0, 255].as_slice()).uuid(uuid).at(local.and_utc()).day(local.date());
    let first = everything.save(db).await?;
    type E = Everything;
    let columns = (E::flag, E::small, E::medium, E::big, E::float, E::text, E::bytes, E::uuid, E::at, E::day);
    let plain = (true, -5, 6, 1_i64 << 40, 0.1, "É ", [0_u8, 255].as_slice(), uuid, local.and_utc(), local.date());
    assert_eq!(E::insert_from(columns, E::find(&first).select(columns)).exec(db).await?, 1);
    assert_eq!(E::insert_from(columns, E::find(&first).select(plain)).exec(db).await?, 1);
    for row in E::query().all(db).await? {
        assert_eq!(E { id: first.id, ..row }, first);
    }
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "insert_from_prices")]
struct Price {
    id: i64,
    #[covet(decimal(12, 4))]
    exact: Option<Decimal>,
    #[covet(decimal(10, 0))]
    round: Option<Decimal>,
}

/// A decimal is never rounded on its way, in an insert as in an update.
pub async fn decimals_are_not_rounded(db: &Db) -> Result<()> {
    db.drop_tables(models![Price]).await?;
    db.create_tables(models![Price]).await?;
    let first = Wide::create().price(Decimal::new(1050, 2)).save(db).await?;
    let rounded = Price::insert_from(Price::round, Wide::find(&first).select(Wide::price)).exec(db).await;
    let error = rounded.map(|rows| panic!("{rows} rows")).unwrap_err();
    assert!(error.kind() == ErrorKind::Configuration && error.to_string().contains("`round`"), "{error}");
    Price::create().exact(Decimal::new(5, 1)).save(db).await?;
    let rounded = Price::query().update(Price::round.set(Price::exact)).exec(db).await;
    let error = rounded.map(|rows| panic!("{rows} rows")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    Ok(())
}

/// A decimal is stored with more digits than it had.
pub async fn decimals_get_more_digits(db: &Db) -> Result<()> {
    db.drop_tables(models![Price]).await?;
    db.create_tables(models![Price]).await?;
    let first = Wide::create().price(Decimal::new(1050, 2)).save(db).await?;
    assert_eq!(Price::insert_from(Price::exact, Wide::find(&first).select(Wide::price)).exec(db).await?, 1);
    assert_eq!(Price::query().get(db).await?.exact, Some(Decimal::new(105, 1)));
    Ok(())
}
