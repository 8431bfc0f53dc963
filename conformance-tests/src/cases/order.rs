//! Orderings.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};

/// Terms count from left to right, each in its own direction.
pub async fn several_terms_order(db: &Db) -> Result<()> {
    for (label, small, medium) in [("a", 1, 1), ("b", 1, 2), ("c", 2, 1), ("d", 2, 2)] {
        Sample::create().label(label).small(small).medium(medium).save(db).await?;
    }
    let query = Sample::query();
    let both = query.clone().order_by((Sample::small.asc(), Sample::medium.desc())).all(db).await?;
    assert_eq!(labels(&both), ["b", "a", "d", "c"]);
    let both = query.clone().order_by((Sample::medium.desc(), Sample::small.desc())).all(db).await?;
    assert_eq!(labels(&both), ["d", "b", "c", "a"]);
    // Further calls add terms behind the others.
    let both = query.order_by(Sample::small.desc()).order_by(Sample::medium.asc()).all(db).await?;
    assert_eq!(labels(&both), ["c", "d", "a", "b"]);
    Ok(())
}

/// NULL sorts smallest: first ascending, last descending.
pub async fn null_sorts_smallest(db: &Db) -> Result<()> {
    people(db).await?;
    let ascending = User::query().order_by((User::nickname.asc(), User::name.asc())).all(db).await?;
    assert_eq!(names(&ascending), ["Bob", "Eve", "Ann"]);
    let descending = User::query().order_by((User::nickname.desc(), User::name.asc())).all(db).await?;
    assert_eq!(names(&descending), ["Ann", "Eve", "Bob"]);
    let descending = User::query().order_by((User::score.desc(), User::name.desc())).all(db).await?;
    assert_eq!(names(&descending), ["Eve", "Bob", "Ann"]);
    Ok(())
}

/// Text is ordered by code point, on every engine and in every locale.
pub async fn text_is_ordered_by_code_point(db: &Db) -> Result<()> {
    let ordered = ["", " ", "A", "AB", "B", "Z", "_", "a", "a ", "aA", "ab", "é", "Ж", "\u{fffd}", "😀"];
    for text in ordered.iter().rev() {
        Sample::create().text(*text).save(db).await?;
    }
    let rows = Sample::query().order_by(Sample::text.asc()).all(db).await?;
    assert_eq!(rows.iter().filter_map(|row| row.text.as_deref()).collect::<Vec<_>>(), ordered);
    let rows = Sample::query().order_by(Sample::text.desc()).all(db).await?;
    assert_eq!(rows.iter().rev().filter_map(|row| row.text.as_deref()).collect::<Vec<_>>(), ordered);
    Ok(())
}

/// A column with a `max_length` is ordered like one without.
pub async fn short_text_is_ordered_by_code_point(db: &Db) -> Result<()> {
    for name in ["b", "é", "B", "a ", "a", "A"] {
        Company::create().name(name).save(db).await?;
    }
    let rows = Company::query().order_by(Company::name.asc()).all(db).await?;
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["A", "B", "a", "a ", "b", "é"]);
    Ok(())
}

/// Columns of related rows order.
pub async fn related_columns_order(db: &Db) -> Result<()> {
    posts(db).await?;
    let rows = Post::query().order_by((Post::author.name.desc(), Post::title.desc())).all(db).await?;
    assert_eq!(titles(&rows), ["Delta", "Gamma", "Beta", "Alpha"]);
    let rows = Post::query().order_by((Post::author.age.asc(), Post::title.asc())).all(db).await?;
    assert_eq!(titles(&rows), ["Gamma", "Alpha", "Beta", "Delta"]);
    Ok(())
}

/// An order by a related row that may be missing drops no row; the missing one is NULL.
pub async fn order_by_nullable_relation_keeps_rows(db: &Db) -> Result<()> {
    posts(db).await?;
    let rows = Post::query().order_by((Post::reviewer.name.asc(), Post::title.asc())).all(db).await?;
    assert_eq!(titles(&rows), ["Beta", "Alpha", "Delta", "Gamma"]);
    let rows = Post::query().order_by((Post::reviewer.name.desc(), Post::title.asc())).all(db).await?;
    assert_eq!(titles(&rows), ["Delta", "Gamma", "Alpha", "Beta"]);
    Ok(())
}

/// Expressions order.
pub async fn expressions_order(db: &Db) -> Result<()> {
    people(db).await?;
    let rows = User::query().order_by((User::age * -1).asc()).all(db).await?;
    assert_eq!(names(&rows), ["Eve", "Ann", "Bob"]);
    // 34, 17, 52 give 4, 2, 2.
    let rows = User::query().order_by(((User::age % 5).desc(), User::age.desc())).all(db).await?;
    assert_eq!(names(&rows), ["Ann", "Eve", "Bob"]);
    let rows = User::query().order_by((User::score / 2.0).desc()).limit(1).all(db).await?;
    assert_eq!(names(&rows), ["Eve"]);
    Ok(())
}

/// Terms of an order may be collected at run time.
pub async fn orders_are_built_at_run_time(db: &Db) -> Result<()> {
    people(db).await?;
    let mut terms = vec![User::active.desc()];
    terms.push(User::name.desc());
    let rows = User::query().order_by(terms).all(db).await?;
    assert_eq!(names(&rows), ["Eve", "Ann", "Bob"]);
    let rows = User::query().order_by(Vec::new()).order_by(User::name.asc()).all(db).await?;
    assert_eq!(names(&rows), ["Ann", "Bob", "Eve"]);
    Ok(())
}

/// `false` sorts before `true`.
pub async fn false_sorts_before_true(db: &Db) -> Result<()> {
    posts(db).await?;
    let rows = Post::query().order_by((Post::published.asc(), Post::title.asc())).all(db).await?;
    assert_eq!(titles(&rows), ["Gamma", "Beta", "Alpha", "Delta"]);
    Ok(())
}
