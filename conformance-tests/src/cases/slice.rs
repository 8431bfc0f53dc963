//! `limit` and `offset`.

use crate::models::*;
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};

/// Samples `0` to `4`.
async fn five(db: &Db) -> Result<Query<Sample>> {
    for n in 0..5 {
        Sample::create().label(n.to_string()).medium(n).save(db).await?;
    }
    Ok(Sample::query().order_by(Sample::label.asc()))
}

/// `limit` takes the first rows, and no more than there are.
pub async fn limit_takes_the_first_rows(db: &Db) -> Result<()> {
    let all = five(db).await?;
    assert_eq!(labels(&all.clone().limit(2).all(db).await?), ["0", "1"]);
    assert_eq!(all.clone().limit(5).all(db).await?.len(), 5);
    assert_eq!(all.limit(99).all(db).await?.len(), 5);
    Ok(())
}

/// An offset needs no limit.
pub async fn offset_works_without_limit(db: &Db) -> Result<()> {
    let all = five(db).await?;
    assert_eq!(labels(&all.clone().offset(3).all(db).await?), ["3", "4"]);
    assert_eq!(all.offset(0).all(db).await?.len(), 5);
    Ok(())
}

/// Limit and offset together take a page, in whichever order they are called.
pub async fn limit_and_offset_take_a_page(db: &Db) -> Result<()> {
    let all = five(db).await?;
    assert_eq!(labels(&all.clone().limit(2).offset(1).all(db).await?), ["1", "2"]);
    assert_eq!(labels(&all.clone().offset(4).limit(2).all(db).await?), ["4"]);
    assert_eq!(labels(&all.limit(1).limit(3).offset(4).offset(1).all(db).await?), ["1", "2", "3"]);
    Ok(())
}

/// A limit of zero gives no row.
pub async fn limit_zero_gives_nothing(db: &Db) -> Result<()> {
    let all = five(db).await?.limit(0);
    assert!(all.clone().all(db).await?.is_empty());
    assert_eq!(all.clone().first(db).await?, None);
    assert_eq!(all.clone().count(db).await?, 0);
    assert!(!all.clone().exists(db).await?);
    assert!(all.get(db).await.is_err_and(|error| error.is_not_found()));
    // With a key the statement comes from a slot, and one with a limit is another one.
    let acme = Company::create().name("Acme").save(db).await?;
    for _ in 0..2 {
        assert_eq!(Company::find(acme.id).all(db).await?.len(), 1);
        assert_eq!(Company::find(acme.id).limit(0).all(db).await?.len(), 0);
        assert!(!Company::find(acme.id).limit(0).exists(db).await?);
    }
    Ok(())
}

/// An offset beyond the end gives no row.
pub async fn offset_beyond_the_end_gives_nothing(db: &Db) -> Result<()> {
    let all = five(db).await?;
    assert!(all.clone().offset(5).all(db).await?.is_empty());
    assert_eq!(all.clone().offset(1_000_000).count(db).await?, 0);
    assert!(!all.clone().offset(99).limit(3).exists(db).await?);
    assert_eq!(all.offset(i64::MAX.unsigned_abs()).first(db).await?, None);
    Ok(())
}

/// Limits and offsets up to `i64::MAX` work; beyond, the error says so and nothing runs.
pub async fn slices_beyond_i64_are_refused(db: &Db) -> Result<()> {
    let all = five(db).await?;
    assert_eq!(all.clone().limit(i64::MAX.unsigned_abs()).all(db).await?.len(), 5);
    let error = all.clone().limit(i64::MAX.unsigned_abs() + 1).all(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("limit"), "{error}");
    let error = all.clone().offset(u64::MAX).count(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("offset"), "{error}");
    assert_eq!(all.limit(u64::MAX).delete(db).await.unwrap_err().kind(), ErrorKind::Configuration);
    assert_eq!(Sample::query().count(db).await?, 5);
    Ok(())
}

/// `count` counts the rows of the slice.
pub async fn count_counts_the_slice(db: &Db) -> Result<()> {
    let all = five(db).await?;
    assert_eq!(all.clone().limit(3).count(db).await?, 3);
    assert_eq!(all.clone().limit(99).count(db).await?, 5);
    assert_eq!(all.clone().offset(2).count(db).await?, 3);
    assert_eq!(all.clone().limit(2).offset(4).count(db).await?, 1);
    assert_eq!(all.filter(Sample::medium.gt(1)).limit(2).offset(1).count(db).await?, 2);
    Ok(())
}

/// `exists` asks about the slice.
pub async fn exists_asks_about_the_slice(db: &Db) -> Result<()> {
    let all = five(db).await?;
    assert!(all.clone().offset(4).exists(db).await?);
    assert!(!all.clone().offset(5).exists(db).await?);
    assert!(all.clone().limit(1).exists(db).await?);
    assert!(!all.filter(Sample::medium.gt(1)).offset(3).exists(db).await?);
    Ok(())
}

/// `update` changes exactly the rows of the slice.
pub async fn update_changes_the_slice(db: &Db) -> Result<()> {
    let all = five(db).await?;
    assert_eq!(all.clone().limit(2).offset(1).update(Sample::big.set(1_i64)).exec(db).await?, 2);
    assert_eq!(samples_where(db, Sample::big.eq(1)).await?, "1 2");
    let last = Sample::query().order_by(Sample::label.desc()).limit(1);
    assert_eq!(last.update(Sample::big.set(9_i64)).exec(db).await?, 1);
    assert_eq!(samples_where(db, Sample::big.eq(9)).await?, "4");
    assert_eq!(all.clone().offset(3).update(Sample::big.set(7_i64)).exec(db).await?, 2);
    assert_eq!(samples_where(db, Sample::big.eq(7)).await?, "3 4");
    assert_eq!(all.limit(0).update(Sample::big.set(0_i64)).exec(db).await?, 0);
    Ok(())
}

/// `delete` removes exactly the rows of the slice.
pub async fn delete_removes_the_slice(db: &Db) -> Result<()> {
    let all = five(db).await?;
    assert_eq!(all.clone().limit(1).offset(1).delete(db).await?, 1);
    assert_eq!(labels(&all.clone().all(db).await?), ["0", "2", "3", "4"]);
    assert_eq!(Sample::query().order_by(Sample::label.desc()).limit(2).delete(db).await?, 2);
    assert_eq!(labels(&all.clone().all(db).await?), ["0", "2"]);
    assert_eq!(all.clone().limit(0).delete(db).await?, 0);
    assert_eq!(all.clone().offset(1).delete(db).await?, 1);
    assert_eq!(labels(&all.all(db).await?), ["0"]);
    Ok(())
}

/// Slices of queries over relations take rows after the join.
pub async fn slices_follow_the_join(db: &Db) -> Result<()> {
    posts(db).await?;
    let query = Post::filter(Post::author.age.gt(20)).order_by((Post::reviewer.name.asc(), Post::title.asc()));
    assert_eq!(titles(&query.clone().limit(2).all(db).await?), ["Beta", "Alpha"]);
    assert_eq!(query.clone().offset(1).count(db).await?, 2);
    assert_eq!(query.clone().limit(1).update(Post::views.set(0)).exec(db).await?, 1);
    assert_eq!(posts_where(db, Post::views.eq(0)).await?, "Beta");
    assert_eq!(query.offset(2).delete(db).await?, 1);
    assert_eq!(posts_where(db, Post::id.gt(i64::MIN)).await?, "Alpha Beta Gamma");
    Ok(())
}
