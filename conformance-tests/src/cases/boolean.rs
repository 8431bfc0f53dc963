//! The algebra of conditions.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};

const VALUES: [(&str, Option<bool>); 3] = [("t", Some(true)), ("f", Some(false)), ("n", None)];

/// Nine rows: each pair of true, false and NULL.
async fn pairs(db: &Db) -> Result<()> {
    for (left, small) in VALUES {
        for (right, medium) in VALUES {
            let row = Sample::create().label(format!("{left}{right}"));
            row.small(small.map(i16::from)).medium(medium.map(i32::from)).save(db).await?;
        }
    }
    Ok(())
}

/// True, false or NULL in the first and in the second place.
fn left() -> Predicate<Sample> {
    Sample::small.eq(1)
}

fn right() -> Predicate<Sample> {
    Sample::medium.eq(1)
}

/// `&` holds where both sides hold.
pub async fn and_follows_the_truth_table(db: &Db) -> Result<()> {
    pairs(db).await?;
    assert_eq!(samples_where(db, left() & right()).await?, "tt");
    assert_eq!(samples_where(db, left() & !right()).await?, "tf tn");
    assert_eq!(samples_where(db, !left() & !right()).await?, "ff fn nf nn");
    Ok(())
}

/// `|` holds where one side holds, whatever the other is.
pub async fn or_follows_the_truth_table(db: &Db) -> Result<()> {
    pairs(db).await?;
    assert_eq!(samples_where(db, left() | right()).await?, "ft nt tf tn tt");
    assert_eq!(samples_where(db, !left() | right()).await?, "ff fn ft nf nn nt tt");
    assert_eq!(samples_where(db, !(left() | right())).await?, "ff fn nf nn");
    Ok(())
}

/// `^` holds where exactly one side is true; unknown counts as not true.
pub async fn xor_follows_the_truth_table(db: &Db) -> Result<()> {
    pairs(db).await?;
    assert_eq!(samples_where(db, left() ^ right()).await?, "ft nt tf tn");
    assert_eq!(samples_where(db, !(left() ^ right())).await?, "ff fn nf nn tt");
    assert_eq!(samples_where(db, left() ^ left()).await?, "");
    assert_eq!(samples_where(db, (left() ^ right()) ^ right()).await?, "tf tn tt");
    Ok(())
}

/// `bool` columns join with each other and with conditions.
pub async fn bool_columns_join(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::published & Post::author.active).await?, "Alpha Delta");
    assert_eq!(posts_where(db, Post::published ^ Post::author.active).await?, "Beta");
    assert_eq!(posts_where(db, Post::published | !Post::author.active).await?, "Alpha Delta Gamma");
    assert_eq!(posts_where(db, !Post::published & Post::author.active).await?, "Beta");
    assert_eq!(posts_where(db, Post::views.gt(50) ^ Post::published).await?, "Alpha");
    Ok(())
}

/// `&` binds more strongly than `|`, and parentheses are kept.
pub async fn grouping_is_kept(db: &Db) -> Result<()> {
    people(db).await?;
    let (ann, bob, old) = (|| User::name.eq("Ann"), || User::name.eq("Bob"), || User::age.gt(50));
    assert_eq!(users_where(db, ann() | bob() & old()).await?, "Ann");
    assert_eq!(users_where(db, (ann() | bob()) & old()).await?, "");
    assert_eq!(users_where(db, !ann() & !bob() | bob()).await?, "Bob Eve");
    assert_eq!(users_where(db, !(ann() & !bob() | old())).await?, "Bob");
    assert_eq!(users_where(db, (ann() | old()) & (bob() | old())).await?, "Eve");
    Ok(())
}

/// `all_of` holds where every condition holds, and everywhere without any.
pub async fn all_of_none_is_true(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, all_of::<User>([])).await?, "Ann Bob Eve");
    assert_eq!(users_where(db, !all_of::<User>([])).await?, "");
    assert_eq!(users_where(db, all_of([User::age.gt(18), User::age.lt(40)])).await?, "Ann");
    assert_eq!(users_where(db, all_of([User::age.gt(18)])).await?, "Ann Eve");
    assert_eq!(users_where(db, all_of([]) & User::age.gt(40)).await?, "Eve");
    Ok(())
}

/// `any_of` holds where one condition holds, and nowhere without any.
pub async fn any_of_none_is_false(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(users_where(db, any_of::<User>([])).await?, "");
    assert_eq!(users_where(db, !any_of::<User>([])).await?, "Ann Bob Eve");
    assert_eq!(users_where(db, any_of([User::age.lt(18), User::age.gt(40)])).await?, "Bob Eve");
    assert_eq!(users_where(db, any_of([]) | User::age.gt(40)).await?, "Eve");
    assert!(!User::filter(any_of::<User>([])).exists(db).await?);
    Ok(())
}

/// A `Vec` of conditions that is filled at run time joins like a written one.
pub async fn conditions_are_built_at_run_time(db: &Db) -> Result<()> {
    people(db).await?;
    let mut conditions: Vec<Predicate<User>> = Vec::new();
    for prefix in ["A", "E"] {
        conditions.push(User::name.starts_with(prefix));
    }
    assert_eq!(users_where(db, any_of(conditions.clone())).await?, "Ann Eve");
    assert_eq!(users_where(db, all_of(conditions)).await?, "");
    let mut condition = User::age.gt(0);
    for (name, wanted) in [("Ann", true), ("Bob", false)] {
        if wanted {
            condition = condition & User::name.eq(name);
        }
    }
    assert_eq!(users_where(db, condition).await?, "Ann");
    Ok(())
}

/// An absent optional condition is no condition, for `filter` and for `exclude`.
pub async fn absent_condition_is_none(db: &Db) -> Result<()> {
    people(db).await?;
    let older = |age: Option<i32>| age.map(|age| User::age.gt(age));
    assert_eq!(users_where(db, older(None)).await?, "Ann Bob Eve");
    assert_eq!(users_where(db, older(Some(18))).await?, "Ann Eve");
    assert_eq!(User::exclude(older(None)).count(db).await?, 3);
    assert_eq!(User::exclude(older(Some(18))).count(db).await?, 1);
    let query = User::query().filter(older(None)).filter(User::name.ne("Bob")).filter(older(Some(40)));
    assert_eq!(names(&query.all(db).await?), ["Eve"]);
    Ok(())
}

/// Several calls of `filter` and `exclude` hold together.
pub async fn calls_of_filter_add_up(db: &Db) -> Result<()> {
    people(db).await?;
    let query = User::filter(User::age.gt(10)).filter(User::active).exclude(User::nickname.eq("annie"));
    assert_eq!(names(&query.all(db).await?), ["Eve"]);
    let either = User::filter(User::name.eq("Ann") | User::name.eq("Bob")).filter(User::age.lt(20));
    assert_eq!(names(&either.all(db).await?), ["Bob"]);
    Ok(())
}

/// 5,000 terms of `&` are one condition.
pub async fn long_chains_of_and_work(db: &Db) -> Result<()> {
    people(db).await?;
    let chain = (100..5_100).map(|age| User::age.ne(age)).reduce(|all, next| all & next).unwrap();
    assert_eq!(users_where(db, chain.clone()).await?, "Ann Bob Eve");
    assert_eq!(users_where(db, chain & User::age.ne(17)).await?, "Ann Eve");
    let listed = all_of((0..5_000).map(|age| User::age.ne(age)));
    assert_eq!(users_where(db, listed).await?, "");
    Ok(())
}

/// 5,000 terms of `|` are one condition.
pub async fn long_chains_of_or_work(db: &Db) -> Result<()> {
    people(db).await?;
    let chain = (30..5_030).map(|age| User::age.eq(age)).reduce(|any, next| any | next).unwrap();
    assert_eq!(users_where(db, chain.clone()).await?, "Ann Eve");
    assert_eq!(users_where(db, !chain).await?, "Bob");
    let nicknames = any_of((0..5_000).map(|n| User::nickname.eq(format!("nick{n}"))));
    assert_eq!(users_where(db, !nicknames).await?, "Ann Bob Eve");
    Ok(())
}

/// Conditions nest as deep as people write them.
pub async fn nested_conditions_work(db: &Db) -> Result<()> {
    people(db).await?;
    let mut condition = User::name.eq("Ann");
    for step in 0..60 {
        condition = if step % 2 == 0 { condition | User::age.eq(-1) } else { condition & User::age.gt(-1) };
    }
    assert_eq!(users_where(db, condition).await?, "Ann");
    let mut condition = User::nickname.eq("annie");
    for _ in 0..60 {
        condition = !condition;
    }
    assert_eq!(users_where(db, condition.clone()).await?, "Ann");
    assert_eq!(users_where(db, !condition).await?, "Bob Eve");
    Ok(())
}
