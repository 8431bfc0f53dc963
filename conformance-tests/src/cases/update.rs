//! `update`.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};

/// Several columns change in one statement, of the rows of the filter only.
pub async fn several_columns_are_set(db: &Db) -> Result<()> {
    people(db).await?;
    let changes = (User::name.set("Anna"), User::age.set(35), User::nickname.set("an"), User::active.set(false));
    assert_eq!(User::filter(User::name.eq("Ann")).update(changes).exec(db).await?, 1);
    let anna = User::filter(User::name.eq("Anna")).get(db).await?;
    assert_eq!((anna.age, anna.nickname.as_deref(), anna.active), (35, Some("an"), false));
    assert_eq!((anna.email.as_str(), anna.views), ("ann@x", 0));
    assert_eq!(users_where(db, User::age.in_([17, 52])).await?, "Bob Eve");
    Ok(())
}

/// Expressions are computed in the database, each from the values before the update.
pub async fn expressions_are_set(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(User::query().update(User::views.set(User::views + 10)).exec(db).await?, 3);
    assert_eq!(User::query().update(User::views.set(User::views * 2 - 1)).exec(db).await?, 3);
    assert_eq!(User::filter(User::views.eq(19)).count(db).await?, 3);
    assert_eq!(User::query().update(User::nickname.set(User::name)).exec(db).await?, 3);
    assert_eq!(users_where(db, User::nickname.eq("Bob")).await?, "Bob");
    Ok(())
}

/// The right sides of assignments read the old values, in whatever order they stand.
pub async fn assignments_read_the_old_values(db: &Db) -> Result<()> {
    let row = Company::create().name("left").city("right").save(db).await?;
    let shift = (Company::name.set("new"), Company::city.set(Company::name));
    assert_eq!(Company::find(&row).update(shift).exec(db).await?, 1);
    let shifted = Company::find(&row).get(db).await?;
    assert_eq!((shifted.name.as_str(), shifted.city.as_deref()), ("new", Some("left")));
    let row = Sample::create().medium(1).float(9.0).save(db).await?;
    let changes = (Sample::medium.set(Sample::medium + 1), Sample::float.set(Sample::medium / 2));
    assert_eq!(Sample::find(&row).update(changes).exec(db).await?, 1);
    let changed = Sample::find(&row).get(db).await?;
    assert_eq!((changed.medium, changed.float), (Some(2), Some(0.5)));
    Ok(())
}

/// Two columns can be exchanged.
pub async fn columns_can_be_exchanged(db: &Db) -> Result<()> {
    let user = User::create().name("a").email("b").age(1).save(db).await?;
    let swap = (User::name.set(User::email), User::email.set(User::name));
    assert_eq!(User::find(&user).update(swap).exec(db).await?, 1);
    let swapped = User::find(&user).get(db).await?;
    assert_eq!((swapped.name.as_str(), swapped.email.as_str()), ("b", "a"));
    Ok(())
}

/// `None` sets NULL, bare values and `Some` set values.
pub async fn null_is_set(db: &Db) -> Result<()> {
    let People { acme, .. } = people(db).await?;
    let changes = (User::nickname.set(None), User::score.set(None), User::company_id.set(None));
    assert_eq!(User::filter(User::name.eq("Eve")).update(changes).exec(db).await?, 1);
    let eve = User::filter(User::name.eq("Eve")).get(db).await?;
    assert_eq!((eve.nickname, eve.score, eve.company), (None, None, None));
    let changes = (User::nickname.set("e"), User::score.set(Some(1.5)), User::company_id.set(&acme));
    User::filter(User::name.eq("Eve")).update(changes).exec(db).await?;
    let eve = User::filter(User::name.eq("Eve")).get(db).await?;
    assert_eq!((eve.nickname.as_deref(), eve.score), (Some("e"), Some(1.5)));
    assert_eq!(eve.company, Some(ForeignKey::from(&acme)));
    Ok(())
}

/// Matching rows are counted, also when their values stay the same.
pub async fn unchanged_rows_are_counted(db: &Db) -> Result<()> {
    people(db).await?;
    for _ in 0..2 {
        assert_eq!(User::filter(User::age.gt(18)).update(User::views.set(3_i64)).exec(db).await?, 2);
    }
    assert_eq!(User::query().update(User::age.set(User::age)).exec(db).await?, 3);
    Ok(())
}

/// No matching row is a count of zero.
pub async fn no_match_counts_zero(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(User::filter(User::age.gt(99)).update(User::age.set(0)).exec(db).await?, 0);
    assert_eq!(User::filter(User::age.in_(Vec::<i32>::new())).update(User::age.set(0)).exec(db).await?, 0);
    assert_eq!(User::filter(User::age.eq(0)).count(db).await?, 0);
    Ok(())
}

/// An update without assignments counts the matching rows.
pub async fn no_assignments_count_the_rows(db: &Db) -> Result<()> {
    people(db).await?;
    let nothing = || Vec::<covet::column::Assignment<User>>::new();
    assert_eq!(User::filter(User::age.gt(18)).update(nothing()).exec(db).await?, 2);
    assert_eq!(User::query().update(nothing()).exec(db).await?, 3);
    assert_eq!(User::query().limit(1).update(nothing()).exec(db).await?, 1);
    Ok(())
}

/// Assignments can be collected at run time.
pub async fn assignments_are_built_at_run_time(db: &Db) -> Result<()> {
    people(db).await?;
    let mut changes = vec![User::age.set(1)];
    changes.push(User::nickname.set(None));
    changes.push(User::views.set(User::views + 4));
    let update = User::filter(User::name.ne("Eve")).update(changes);
    assert_eq!(update.clone().exec(db).await?, 2);
    assert_eq!(update.exec(db).await?, 2);
    assert_eq!(users_where(db, User::age.eq(1) & User::nickname.is_null() & User::views.eq(8)).await?, "Ann Bob");
    Ok(())
}

/// An update that would violate a constraint changes nothing.
pub async fn failed_update_changes_nothing(db: &Db) -> Result<()> {
    people(db).await?;
    let error = User::filter(User::name.ne("Ann")).update(User::email.set("same@x")).exec(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!(User::filter(User::email.eq("same@x")).count(db).await?, 0);
    assert_eq!(users_where(db, User::email.in_(["ann@x", "bob@x", "eve@x"])).await?, "Ann Bob Eve");
    Ok(())
}

/// The condition of an update may ask about the column that it changes.
pub async fn updated_column_may_be_filtered(db: &Db) -> Result<()> {
    people(db).await?;
    let update = User::filter(User::age.lt(40)).update(User::age.set(User::age + 100));
    assert_eq!(update.clone().exec(db).await?, 2);
    assert_eq!(update.exec(db).await?, 0);
    assert_eq!(users_where(db, User::age.gt(100)).await?, "Ann Bob");
    Ok(())
}

/// Assignments can read a column of a related row.
pub async fn assignments_read_related_rows(db: &Db) -> Result<()> {
    posts(db).await?;
    let count = Post::query().update(Post::views.set(Post::author.age + 1)).exec(db).await?;
    assert_eq!(count, 4);
    assert_eq!(posts_where(db, Post::views.eq(35)).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::views.eq(53)).await?, "Delta");
    Ok(())
}

#[derive(covet_macros::Model, Clone, Debug, PartialEq)]
#[covet(table = "update_places")]
struct Place {
    id: i64,
    #[covet(unique)]
    position: i32,
}

/// Databases check a unique column row by row, so a shift meets the next row: a unique violation, after which nothing
/// has changed. Two steps, over numbers that no row has, make it.
pub async fn unique_values_are_shifted_in_two_steps(db: &Db) -> Result<()> {
    db.drop_tables(models![Place]).await?;
    db.create_tables(models![Place]).await?;
    Place::bulk_create((1..=5).map(|position| Place::create().position(position).build())).exec(db).await?;
    let positions = async || -> Result<Vec<i32>> {
        Ok(Place::query().order_by(Place::id.asc()).all(db).await?.iter().map(|place| place.position).collect())
    };
    let shift = Place::filter(Place::position.gte(2)).update(Place::position.set(Place::position + 1));
    let error = shift.exec(db).await.map(|rows| panic!("{rows} rows")).unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(error.columns(), ["position"]);
    assert_eq!(positions().await?, [1, 2, 3, 4, 5]);
    db.transaction(async |tx| {
        let moved = Place::filter(Place::position.gte(2)).update(Place::position.set((Place::position + 1) * -1));
        let count = moved.exec(tx).await?;
        let back = Place::filter(Place::position.lt(0)).update(Place::position.set(Place::position * -1));
        assert_eq!((count, back.exec(tx).await?), (4, 4));
        Ok(())
    })
    .await?;
    assert_eq!(positions().await?, [1, 3, 4, 5, 6]);
    Ok(())
}
