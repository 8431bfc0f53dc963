//! NULL and the complement.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};

/// `is_null` keeps NULL, `is_not_null` the rest.
pub async fn is_null_finds_null(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, User::nickname.is_null()).await?, "Bob");
    assert_eq!(users_where(db, User::nickname.is_not_null()).await?, "Ann Eve");
    assert_eq!(users_where(db, User::score.is_null()).await?, "Ann Bob");
    assert_eq!(users_where(db, User::company_id.is_null()).await?, "Bob");
    assert_eq!(users_where(db, !User::nickname.is_null()).await?, "Ann Eve");
    Ok(())
}

/// An empty text and a zero are not NULL.
pub async fn empty_values_are_not_null(db: &Db) -> Result<()> {
    let empty = Sample::create().label("empty").text("").bytes(vec![]).big(0).float(0.0).flag(false);
    empty.save(db).await?;
    Sample::create().label("null").save(db).await?;
    assert_eq!(samples_where(db, Sample::text.is_null()).await?, "null");
    assert_eq!(samples_where(db, Sample::bytes.is_null()).await?, "null");
    assert_eq!(samples_where(db, Sample::big.is_not_null()).await?, "empty");
    assert_eq!(samples_where(db, Sample::float.is_not_null()).await?, "empty");
    assert_eq!(samples_where(db, Sample::flag.is_not_null()).await?, "empty");
    assert_eq!(samples_where(db, Sample::text.eq("")).await?, "empty");
    Ok(())
}

/// `!` gives the exact complement: rows with NULL are kept.
pub async fn not_keeps_null(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, !User::nickname.eq("annie")).await?, "Bob Eve");
    assert_eq!(users_where(db, !User::nickname.ne("annie")).await?, "Ann Bob");
    assert_eq!(users_where(db, !User::score.gt(1.0)).await?, "Ann Bob");
    assert_eq!(users_where(db, !User::score.between(0.0, 9.0)).await?, "Ann Bob");
    Ok(())
}

/// `exclude` gives the exact complement: rows with NULL are kept.
pub async fn exclude_keeps_null(db: &Db) -> Result<()> {
    people(db).await?;
    let rest = User::exclude(User::nickname.eq("annie")).order_by(User::name.asc()).all(db).await?;
    assert_eq!(names(&rest), ["Bob", "Eve"]);
    let rest = User::query().exclude(User::score.lt(100.0)).exclude(User::name.eq("Bob")).all(db).await?;
    assert_eq!(names(&rest), ["Ann"]);
    assert_eq!(User::exclude(User::nickname.eq("annie")).count(db).await?, 2);
    Ok(())
}

/// Two negations cancel.
pub async fn double_negation_cancels(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, !!User::nickname.eq("annie")).await?, "Ann");
    assert_eq!(users_where(db, !!!User::nickname.eq("annie")).await?, "Bob Eve");
    let found = User::exclude(!User::nickname.eq("annie")).all(db).await?;
    assert_eq!(names(&found), ["Ann"]);
    assert_eq!(users_where(db, !!User::nickname.is_null()).await?, "Bob");
    Ok(())
}

/// A condition and its complement share no row and leave none out.
pub async fn complement_divides_the_rows(db: &Db) -> Result<()> {
    posts(db).await?;
    for condition in [
        Post::body.eq("long"),
        Post::body.contains("x") & Post::views.gt(10),
        Post::reviewer.name.eq("Eve") | Post::body.is_null(),
        Post::reviewer.nickname.icontains("%") ^ Post::published,
        Post::reviewer.company.name.eq("Acme"),
        Post::reviewer_id.in_([-1]),
        (Post::views / 0).gt(1.0),
        Post::published & Post::body.ne("long"),
    ] {
        let kept = Post::filter(condition.clone()).count(db).await?;
        let dropped = Post::exclude(condition.clone()).count(db).await?;
        assert_eq!(kept + dropped, 4);
        assert_eq!(Post::filter(condition.clone() & !condition.clone()).count(db).await?, 0);
        assert_eq!(Post::filter(condition.clone() | !condition).count(db).await?, 4);
    }
    Ok(())
}

/// De Morgan's laws hold on rows with NULL.
pub async fn de_morgan_holds_with_null(db: &Db) -> Result<()> {
    for small in [None, Some(0), Some(1)] {
        for medium in [None, Some(0), Some(1)] {
            Sample::create().label(format!("{small:?}/{medium:?}")).small(small).medium(medium).save(db).await?;
        }
    }
    let (a, b) = (|| Sample::small.eq(1), || Sample::medium.eq(1));
    let not_and = samples_where(db, !(a() & b())).await?;
    assert_eq!(not_and, samples_where(db, !a() | !b()).await?);
    assert_eq!(not_and.split(' ').count(), 8);
    let not_or = samples_where(db, !(a() | b())).await?;
    assert_eq!(not_or, samples_where(db, !a() & !b()).await?);
    assert_eq!(not_or.split(' ').count(), 4);
    Ok(())
}

/// A column behind a relation that leads nowhere is NULL.
pub async fn missing_relation_is_null(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::reviewer.name.is_null()).await?, "Beta");
    assert_eq!(posts_where(db, Post::reviewer.name.is_not_null()).await?, "Alpha Delta Gamma");
    assert_eq!(posts_where(db, Post::reviewer.nickname.is_null()).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::reviewer.company.name.is_null()).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::author.company.city.is_null()).await?, "Gamma");
    Ok(())
}

/// Computing with NULL gives NULL.
pub async fn expressions_of_null_are_null(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, (User::score * 2.0).is_null()).await?, "Ann Bob");
    assert_eq!(users_where(db, (User::score + 1.0).is_not_null()).await?, "Eve");
    assert_eq!(users_where(db, !(User::score + 1.0).gt(0.0)).await?, "Ann Bob");
    Ok(())
}

/// `None` stores NULL, and `Some` the value.
pub async fn none_stores_null(db: &Db) -> Result<()> {
    let company = Company::create().name("X").city(None).save(db).await?;
    assert_eq!(Company::find(&company).get(db).await?.city, None);
    Company::find(&company).update(Company::city.set(Some("Graz".to_owned()))).exec(db).await?;
    assert_eq!(Company::find(&company).get(db).await?.city.as_deref(), Some("Graz"));
    Company::find(&company).update(Company::city.set(None)).exec(db).await?;
    assert_eq!(Company::filter(Company::city.is_null()).count(db).await?, 1);
    Ok(())
}
