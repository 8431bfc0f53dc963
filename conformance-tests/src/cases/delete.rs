//! `delete`.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};

/// `delete` removes the rows of the filter and counts them.
pub async fn delete_removes_and_counts(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(User::filter(User::age.gt(18)).delete(db).await?, 2);
    assert_eq!(users_where(db, None).await?, "Bob");
    Ok(())
}

/// Without a filter every row goes.
pub async fn delete_without_filter_removes_all(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(User::query().delete(db).await?, 3);
    assert_eq!(User::query().count(db).await?, 0);
    assert_eq!(User::query().delete(db).await?, 0);
    assert_eq!(Company::query().count(db).await?, 1);
    Ok(())
}

/// No matching row is a count of zero, and nothing goes.
pub async fn no_match_counts_zero(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(User::filter(User::name.eq("Nobody")).delete(db).await?, 0);
    assert_eq!(User::filter(User::nickname.ne("annie") & User::nickname.is_null()).delete(db).await?, 0);
    assert_eq!(User::query().count(db).await?, 3);
    Ok(())
}

/// `exclude` deletes the complement, rows with NULL included.
pub async fn delete_of_the_complement_takes_null(db: &Db) -> Result<()> {
    people(db).await?;
    assert_eq!(User::exclude(User::nickname.eq("annie")).delete(db).await?, 2);
    assert_eq!(users_where(db, None).await?, "Ann");
    Ok(())
}

/// One row is deleted by its key.
pub async fn one_row_is_deleted_by_key(db: &Db) -> Result<()> {
    let People { ann, bob, .. } = people(db).await?;
    assert_eq!(User::find(&ann).delete(db).await?, 1);
    assert_eq!(User::find(&ann).delete(db).await?, 0);
    assert_eq!(User::find(bob.id).delete(db).await?, 1);
    assert_eq!(users_where(db, None).await?, "Eve");
    Ok(())
}
