//! Comparisons.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};

/// `eq` keeps the rows whose value is equal.
pub async fn eq_finds_the_equal(db: &Db) -> Result<()> {
    people(db).await?;
    let found = User::filter(User::age.eq(34)).all(db).await?;
    assert_eq!(names(&found), ["Ann"]);
    Ok(())
}

/// `ne` is SQL's `<>`: rows with NULL drop.
pub async fn ne_drops_null(db: &Db) -> Result<()> {
    people(db).await?;
    let found = User::filter(User::nickname.ne("annie")).all(db).await?;
    assert_eq!(names(&found), ["Eve"]);
    Ok(())
}
