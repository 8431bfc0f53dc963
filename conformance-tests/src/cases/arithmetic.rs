//! Arithmetic in the database.

#![allow(clippy::eq_op, reason = "a column divided by itself is a way to divide by zero")]

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};

async fn numbers(db: &Db) -> Result<()> {
    Sample::create().label("a").medium(7).big(7).small(7).float(0.5).save(db).await?;
    Sample::create().label("b").medium(-7).big(-7).small(-7).float(-4.0).save(db).await?;
    Sample::create().label("c").medium(0).big(0).small(0).float(0.0).save(db).await?;
    Sample::create().label("null").save(db).await?;
    Ok(())
}

/// `+`, `-` and `*` compute in filters.
pub async fn sums_and_products_filter(db: &Db) -> Result<()> {
    numbers(db).await?;
    assert_eq!(samples_where(db, (Sample::medium + 3).eq(10)).await?, "a");
    assert_eq!(samples_where(db, (Sample::big - 3).eq(-10)).await?, "b");
    assert_eq!(samples_where(db, (Sample::small * 3).eq(21)).await?, "a");
    assert_eq!(samples_where(db, (Sample::float * 2.0).eq(1.0)).await?, "a");
    assert_eq!(samples_where(db, (Sample::float + 4.0).lte(0.0)).await?, "b");
    Ok(())
}

/// `+`, `-` and `*` compute new values.
pub async fn sums_and_products_are_set(db: &Db) -> Result<()> {
    people(db).await?;
    let changes =
        (User::age.set(User::age * 2 - 4), User::views.set(User::views + 1), User::score.set(User::score * 3.0));
    assert_eq!(User::query().update(changes).exec(db).await?, 3);
    let users = User::query().order_by(User::name.asc()).all(db).await?;
    assert_eq!(users.iter().map(|user| (user.age, user.views)).collect::<Vec<_>>(), [(64, 1), (30, 1), (100, 1)]);
    assert_eq!(users.iter().map(|user| user.score).collect::<Vec<_>>(), [None, None, Some(7.5)]);
    Ok(())
}

/// `/` divides integers as floating-point numbers.
pub async fn division_is_exact(db: &Db) -> Result<()> {
    numbers(db).await?;
    assert_eq!(samples_where(db, (Sample::medium / 2).eq(3.5)).await?, "a");
    assert_eq!(samples_where(db, (Sample::big / 2).eq(-3.5)).await?, "b");
    assert_eq!(samples_where(db, (Sample::small / 2).gt(3.0)).await?, "a");
    assert_eq!(samples_where(db, (Sample::float / 0.25).eq(2.0)).await?, "a");
    Sample::filter(Sample::label.eq("a")).update(Sample::float.set(Sample::medium / 2)).exec(db).await?;
    assert_eq!(Sample::filter(Sample::label.eq("a")).get(db).await?.float, Some(3.5));
    Ok(())
}

/// Division of large integers keeps the precision of `f64`.
pub async fn division_has_the_precision_of_f64(db: &Db) -> Result<()> {
    let row = Sample::create().big(1_i64).save(db).await?;
    Sample::find(&row).update(Sample::float.set(Sample::big / 3)).exec(db).await?;
    assert_eq!(Sample::find(&row).get(db).await?.float, Some(1.0 / 3.0));
    Ok(())
}

/// A division by zero is NULL: it matches nothing, and `is_null` finds it.
pub async fn division_by_zero_is_null(db: &Db) -> Result<()> {
    numbers(db).await?;
    assert_eq!(samples_where(db, (Sample::medium / 0).is_null()).await?, "a b c null");
    assert_eq!(samples_where(db, (Sample::medium / 0).gte(0.0)).await?, "");
    assert_eq!(samples_where(db, (Sample::float / 0.0).is_not_null()).await?, "");
    assert_eq!(samples_where(db, Sample::medium.int_div(0).is_null()).await?, "a b c null");
    assert_eq!(samples_where(db, (Sample::medium % 0).is_null()).await?, "a b c null");
    let changed = Sample::filter(Sample::label.eq("a"))
        .update((Sample::float.set(Sample::big / 0), Sample::medium.set(Sample::medium.int_div(0))));
    changed.exec(db).await?;
    let row = Sample::filter(Sample::label.eq("a")).get(db).await?;
    assert_eq!((row.float, row.medium), (None, None));
    Ok(())
}

/// A divisor in a column may be zero in some rows.
pub async fn division_by_a_zero_column_is_null(db: &Db) -> Result<()> {
    people(db).await?;
    User::filter(User::name.eq("Ann")).update(User::views.set(5_i64)).exec(db).await?;
    assert_eq!(users_where(db, (User::views / User::views).eq(1.0)).await?, "Ann");
    assert_eq!(users_where(db, (User::views / User::views).is_null()).await?, "Bob Eve");
    assert_eq!(users_where(db, User::views.int_div(User::views).is_null()).await?, "Bob Eve");
    assert_eq!(users_where(db, !(User::views % User::views).eq(0)).await?, "Bob Eve");
    Ok(())
}

/// `int_div` truncates toward zero.
pub async fn int_div_truncates_toward_zero(db: &Db) -> Result<()> {
    numbers(db).await?;
    assert_eq!(samples_where(db, Sample::medium.int_div(2).eq(3)).await?, "a");
    assert_eq!(samples_where(db, Sample::medium.int_div(2).eq(-3)).await?, "b");
    assert_eq!(samples_where(db, Sample::big.int_div(-2).eq(-3)).await?, "a");
    assert_eq!(samples_where(db, Sample::small.int_div(8).eq(0)).await?, "a b c");
    Sample::query().update(Sample::big.set(Sample::big.int_div(4))).exec(db).await?;
    let rows = Sample::query().order_by(Sample::label.asc()).all(db).await?;
    assert_eq!(rows.iter().map(|row| row.big).collect::<Vec<_>>(), [Some(1), Some(-1), Some(0), None]);
    Ok(())
}

/// `int_div` is exact where `f64` is not.
pub async fn int_div_is_exact_for_large_integers(db: &Db) -> Result<()> {
    let row = Sample::create().big(i64::MAX).save(db).await?;
    assert_eq!(Sample::filter(Sample::big.int_div(1).eq(i64::MAX)).count(db).await?, 1);
    Sample::find(&row).update(Sample::big.set(Sample::big.int_div(3))).exec(db).await?;
    assert_eq!(Sample::find(&row).get(db).await?.big, Some(i64::MAX / 3));
    Ok(())
}

/// The remainder has the sign of the dividend.
pub async fn remainder_has_the_sign_of_the_dividend(db: &Db) -> Result<()> {
    numbers(db).await?;
    assert_eq!(samples_where(db, (Sample::medium % 4).eq(3)).await?, "a");
    assert_eq!(samples_where(db, (Sample::medium % 4).eq(-3)).await?, "b");
    assert_eq!(samples_where(db, (Sample::medium % -4).eq(3)).await?, "a");
    assert_eq!(samples_where(db, (Sample::big % 2).eq(0)).await?, "c");
    assert_eq!(samples_where(db, (Sample::small % 7).eq(0)).await?, "a b c");
    Ok(())
}

/// Operators nest as they are written.
pub async fn nesting_is_kept(db: &Db) -> Result<()> {
    people(db).await?;
    // Ann is 34, Bob 17, Eve 52.
    assert_eq!(users_where(db, (User::age - (User::age - 1)).eq(1)).await?, "Ann Bob Eve");
    assert_eq!(users_where(db, (User::age - (User::age - (User::age - 4))).eq(30)).await?, "Ann");
    assert_eq!(users_where(db, (User::age - User::age - 1).eq(-1)).await?, "Ann Bob Eve");
    assert_eq!(users_where(db, (User::age + 1).eq(18)).await?, "Bob");
    assert_eq!(users_where(db, ((User::age + 1) * 2).eq(36)).await?, "Bob");
    assert_eq!(users_where(db, (User::age + User::age * 2).eq(51)).await?, "Bob");
    assert_eq!(users_where(db, (User::age.int_div(5) * 5).eq(15)).await?, "Bob");
    assert_eq!(users_where(db, ((User::age % 5) * User::age).eq(34)).await?, "Bob");
    assert_eq!(users_where(db, (User::age % 10 - User::age).eq(-50)).await?, "Eve");
    assert_eq!(users_where(db, (User::age * 10 % 100).eq(70)).await?, "Bob");
    assert_eq!(users_where(db, ((User::age / 2) * 2.0).eq(17.0)).await?, "Bob");
    Ok(())
}

/// Computing with a column that is NULL gives NULL.
pub async fn null_operand_gives_null(db: &Db) -> Result<()> {
    numbers(db).await?;
    for null in [
        (Sample::medium + 1).is_null(),
        (Sample::medium * 0).is_null(),
        (Sample::big - 1).is_null(),
        (Sample::float / 2.0).is_null(),
        (Sample::small % 2).is_null(),
        Sample::big.int_div(2).is_null(),
    ] {
        assert_eq!(samples_where(db, null).await?, "null");
    }
    Sample::query().update(Sample::medium.set(Sample::medium + 1)).exec(db).await?;
    assert_eq!(Sample::filter(Sample::label.eq("null")).get(db).await?.medium, None);
    Ok(())
}

/// Expressions read columns of related rows.
pub async fn expressions_reach_related_rows(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, (Post::author.age - Post::views).eq(29)).await?, "Alpha");
    assert_eq!(posts_where(db, (Post::reviewer.age * 2).eq(34)).await?, "Alpha");
    assert_eq!(posts_where(db, (Post::reviewer.age * 2).is_null()).await?, "Beta");
    Ok(())
}
