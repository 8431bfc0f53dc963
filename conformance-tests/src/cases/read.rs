//! `all`, `first`, `get`, `count`, `exists`, `find`.

use crate::models::*;
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use uuid::Uuid;

/// An empty table has no rows in any way of asking.
pub async fn empty_table_gives_nothing(db: &Db) -> Result<()> {
    assert!(User::query().all(db).await?.is_empty());
    assert_eq!(User::query().first(db).await?, None);
    assert_eq!(User::query().count(db).await?, 0);
    assert!(!User::query().exists(db).await?);
    assert!(User::query().get(db).await.is_err_and(|error| error.is_not_found()));
    Ok(())
}

/// `all` gives every row with every column.
pub async fn all_gives_whole_rows(db: &Db) -> Result<()> {
    let People { ann, bob, eve, acme } = people(db).await?;
    let rows = User::query().order_by(User::id.asc()).all(db).await?;
    assert_eq!(rows, [ann.clone(), bob, eve.clone()]);
    assert_eq!(rows[0].company, Some(ForeignKey::from(&acme)));
    assert_eq!((rows[0].nickname.as_deref(), rows[0].score, rows[0].active), (Some("annie"), None, true));
    assert_eq!((rows[1].company, rows[1].active, rows[2].score), (None, false, Some(2.5)));
    Ok(())
}

/// `first` takes the smallest key unless an order is given.
pub async fn first_follows_the_key(db: &Db) -> Result<()> {
    for (id, name) in [(30, "c"), (10, "b"), (20, "a")] {
        Company::create().id(id).name(name).save(db).await?;
    }
    assert_eq!(Company::query().first(db).await?.map(|row| row.id), Some(10));
    assert_eq!(Company::filter(Company::id.gt(10)).first(db).await?.map(|row| row.id), Some(20));
    assert_eq!(Company::query().offset(2).first(db).await?.map(|row| row.id), Some(30));
    Ok(())
}

/// `first` keeps to the order that is given.
pub async fn first_honours_the_order(db: &Db) -> Result<()> {
    people(db).await?;
    let oldest = User::query().order_by(User::age.desc()).first(db).await?;
    assert_eq!(oldest.map(|user| user.name), Some("Eve".to_owned()));
    let none = User::filter(User::age.gt(100)).order_by(User::age.desc()).first(db).await?;
    assert_eq!(none, None);
    Ok(())
}

/// `get` gives the only row; none and several are errors of their own kind.
pub async fn get_wants_exactly_one_row(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(User::filter(User::age.eq(17)).get(db).await?.name, "Bob");
    let none = User::filter(User::age.eq(18)).get(db).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound);
    assert!(none.is_not_found() && !none.is_several_rows());
    assert!(none.to_string().contains("User"), "{none}");
    let several = User::filter(User::age.gt(18)).get(db).await.unwrap_err();
    assert_eq!(several.kind(), ErrorKind::SeveralRows);
    assert!(several.is_several_rows() && !several.is_not_found());
    assert_eq!(User::filter(User::age.gt(18)).order_by(User::age.asc()).limit(1).get(db).await?.name, "Ann");
    Ok(())
}

/// `count` and `exists` ask about the filter.
pub async fn count_and_exists_follow_the_filter(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(User::query().count(db).await?, 3);
    assert_eq!(User::filter(User::age.gt(18)).count(db).await?, 2);
    assert_eq!(User::filter(User::age.gt(18)).order_by(User::name.asc()).count(db).await?, 2);
    assert_eq!(User::filter(User::nickname.eq("nobody")).count(db).await?, 0);
    assert!(User::filter(User::age.gt(18)).exists(db).await?);
    assert!(User::query().exists(db).await?);
    assert!(!User::filter(User::age.gt(100)).exists(db).await?);
    Ok(())
}

/// `find` takes a key, a row and a foreign key.
pub async fn find_takes_keys_rows_and_foreign_keys(db: &Db) -> Result<()> {
    let People { ann, bob, acme, .. } = posts(db).await?;
    assert_eq!(User::find(ann.id).get(db).await?, ann);
    assert_eq!(User::find(&bob).get(db).await?, bob);
    let alpha = Post::filter(Post::title.eq("Alpha")).get(db).await?;
    assert_eq!(User::find(alpha.author).get(db).await?, ann);
    assert_eq!(User::find(alpha.reviewer.unwrap()).get(db).await?, bob);
    assert_eq!(Company::find(ann.company.unwrap()).first(db).await?, Some(acme));
    assert!(User::find(-1).get(db).await.is_err_and(|error| error.is_not_found()));
    assert_eq!(User::find(i64::MAX).first(db).await?, None);
    Ok(())
}

/// `find` takes `&str`, `String` and `Uuid` where these are the key.
pub async fn find_takes_text_and_uuid_keys(db: &Db) -> Result<()> {
    let at = Country::create().code("AT").name("Österreich").save(db).await?;
    let number = Uuid::from_u128(7);
    let order = Order::create().number(number).country("AT").filter(3).save(db).await?;
    assert_eq!(Country::find("AT").get(db).await?, at);
    assert_eq!(Country::find("AT".to_owned()).get(db).await?, at);
    assert_eq!(Country::find(order.country.clone()).get(db).await?, at);
    assert_eq!(Country::find("at").first(db).await?, None);
    assert_eq!(Order::find(number).get(db).await?, order);
    assert_eq!(Order::find(&order).get(db).await?, order);
    assert_eq!(Order::find(Uuid::nil()).first(db).await?, None);
    Ok(())
}

/// `find` refines like every query.
pub async fn find_can_be_refined(db: &Db) -> Result<()> {
    let People { ann, .. } = people(db).await?;
    assert_eq!(User::find(&ann).filter(User::active).count(db).await?, 1);
    assert_eq!(User::find(&ann).exclude(User::active).first(db).await?, None);
    assert!(User::find(&ann).exists(db).await?);
    Ok(())
}

/// A query is a value: a clone goes its own way.
pub async fn queries_can_be_reused(db: &Db) -> Result<()> {
    people(db).await?;
    let adults = User::filter(User::age.gte(18));
    let named = adults.clone().filter(User::name.eq("Ann"));
    let sorted = adults.clone().order_by(User::age.desc());
    assert_eq!(named.clone().count(db).await?, 1);
    assert_eq!(named.count(db).await?, 1);
    assert_eq!(names(&sorted.clone().all(db).await?), ["Eve", "Ann"]);
    assert_eq!(adults.clone().count(db).await?, 2);
    User::create().name("Zoe").email("zoe@x").age(20).save(db).await?;
    assert_eq!(adults.count(db).await?, 3);
    assert_eq!(names(&sorted.all(db).await?), ["Eve", "Ann", "Zoe"]);
    Ok(())
}

/// Rows come back whole when there are many.
pub async fn many_rows_come_back(db: &Db) -> Result<()> {
    let rows = (0..3_000).map(|n| Sample::create().label(format!("{n:04}")).medium(n).build());
    Sample::bulk_create(rows).exec(db).await?;
    let rows = Sample::query().order_by(Sample::medium.asc()).all(db).await?;
    assert_eq!(rows.len(), 3_000);
    assert!((0..).zip(&rows).all(|(n, row)| row.medium == Some(n) && row.label == format!("{n:04}")));
    Ok(())
}

/// The SQL of a query shows placeholders, and its values apart.
pub async fn sql_text_holds_no_values(db: &Db) -> Result<()> {
    let query = User::filter(User::email.eq("secret@x") & User::age.in_([4_711, 4_712])).limit(4_713);
    let sql = query.to_sql(db.dialect())?;
    assert!(!sql.text.contains("secret") && !sql.text.contains("471"), "{}", sql.text);
    assert!(sql.to_string().contains("secret@x"), "{sql}");
    Ok(())
}
