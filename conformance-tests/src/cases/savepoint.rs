//! Savepoints: transactions inside a transaction.

use super::work::{add, companies, fail, refusal};
use crate::models::*;
use covet::{
    backend::Db,
    error::{Error, Result},
    prelude::*,
};
use std::time::Duration;
use tokio::time::timeout;

/// An error in a savepoint undoes the savepoint only.
pub async fn failed_savepoint_keeps_the_rest(db: &Db) -> Result<()> {
    db.transaction(async |tx| {
        add(tx, "before").await?;
        let inner: Result<()> = tx
            .transaction(async |tx| {
                add(tx, "inside").await?;
                fail(tx).await
            })
            .await;
        assert!(inner.unwrap_err().is_unique_violation());
        assert_eq!(companies(tx).await?, "before");
        add(tx, "behind").await.map(drop)
    })
    .await?;
    assert_eq!(companies(db).await?, "before behind");
    assert_eq!(Country::query().count(db).await?, 0);
    Ok(())
}

/// A savepoint that ends well is kept with its transaction, and undone with it.
pub async fn savepoint_shares_the_fate_of_its_transaction(db: &Db) -> Result<()> {
    for commits in [false, true] {
        let result: Result<()> = db
            .transaction(async |tx| {
                tx.transaction(async |tx| add(tx, "inside").await.map(drop)).await?;
                assert_eq!(companies(tx).await?, "inside");
                if commits { Ok(()) } else { Err(refusal()) }
            })
            .await;
        assert_eq!(result.is_ok(), commits);
        assert_eq!(companies(db).await?, if commits { "inside" } else { "" });
    }
    Ok(())
}

/// A hundred savepoints can fail in one transaction.
pub async fn a_hundred_savepoints_fail(db: &Db) -> Result<()> {
    db.transaction(async |tx| {
        for n in 0..100 {
            let failed: Result<()> = tx
                .transaction(async |tx| {
                    add(tx, "lost").await?;
                    if n % 2 == 0 { fail(tx).await } else { Err(refusal()) }
                })
                .await;
            assert!(failed.is_err());
            add(tx, &format!("{n:02}")).await?;
        }
        Ok(())
    })
    .await?;
    assert_eq!(Company::query().count(db).await?, 100);
    assert_eq!(Company::filter(Company::name.eq("lost")).count(db).await?, 0);
    Ok(())
}

/// Savepoints nest three deep; each level fails by itself.
pub async fn savepoints_nest(db: &Db) -> Result<()> {
    db.transaction(async |tx| {
        add(tx, "1").await?;
        tx.transaction(async |tx| {
            add(tx, "2").await?;
            let third: Result<()> = tx
                .transaction(async |tx| {
                    add(tx, "3").await?;
                    tx.transaction(async |tx| add(tx, "4").await.map(drop)).await?;
                    assert_eq!(companies(tx).await?, "1 2 3 4");
                    fail(tx).await
                })
                .await;
            assert!(third.is_err());
            assert_eq!(companies(tx).await?, "1 2");
            add(tx, "5").await.map(drop)
        })
        .await?;
        let second: Result<()> = tx
            .transaction(async |tx| {
                tx.transaction(async |tx| add(tx, "6").await.map(drop)).await?;
                Err(refusal())
            })
            .await;
        assert!(second.is_err());
        add(tx, "7").await.map(drop)
    })
    .await?;
    assert_eq!(companies(db).await?, "1 2 5 7");
    Ok(())
}

/// A savepoint that is dropped is rolled back before the next statement.
pub async fn dropped_savepoint_rolls_back(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    add(&tx, "a").await?;
    let savepoint = tx.begin().await?;
    add(&savepoint, "lost").await?;
    drop(savepoint);
    assert_eq!(companies(&tx).await?, "a");
    let savepoint = tx.begin().await?;
    add(&savepoint, "lost too").await?;
    drop(savepoint);
    let savepoint = tx.begin().await?;
    add(&savepoint, "b").await?;
    savepoint.commit().await?;
    let savepoint = tx.begin().await?;
    add(&savepoint, "lost last").await?;
    drop(savepoint);
    tx.commit().await?;
    assert_eq!(companies(db).await?, "a b");
    Ok(())
}

/// Savepoints that are dropped with a statement's error leave the transaction usable.
pub async fn dropped_savepoint_heals_errors(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    add(&tx, "a").await?;
    let savepoint = tx.begin().await?;
    assert!(fail(&savepoint).await.is_err());
    drop(savepoint);
    add(&tx, "b").await?;
    tx.commit().await?;
    assert_eq!(companies(db).await?, "a b");
    Ok(())
}

/// An inner savepoint that is dropped inside an outer one that rolls back is forgotten.
pub async fn dropped_savepoint_inside_a_rolled_back_one_is_forgotten(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    add(&tx, "a").await?;
    let outer = tx.begin().await?;
    let inner = outer.begin().await?;
    add(&inner, "lost").await?;
    drop(inner);
    outer.rollback().await?;
    add(&tx, "b").await?;
    tx.commit().await?;
    assert_eq!(companies(db).await?, "a b");
    Ok(())
}

/// Nested savepoints that are dropped together are rolled back together.
pub async fn dropped_nested_savepoints_roll_back(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    add(&tx, "a").await?;
    let outer = tx.begin().await?;
    add(&outer, "lost").await?;
    let inner = outer.begin().await?;
    add(&inner, "lost too").await?;
    drop(inner);
    drop(outer);
    assert_eq!(companies(&tx).await?, "a");
    tx.commit().await?;
    assert_eq!(companies(db).await?, "a");
    Ok(())
}

/// A savepoint's `rollback` undoes it, and the transaction goes on.
pub async fn savepoint_rolls_back_by_hand(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    add(&tx, "a").await?;
    let savepoint = tx.begin().await?;
    add(&savepoint, "lost").await?;
    savepoint.rollback().await?;
    add(&tx, "b").await?;
    tx.commit().await?;
    assert_eq!(companies(db).await?, "a b");
    Ok(())
}

/// A timeout around a savepoint rolls the savepoint back, and the transaction goes on.
pub async fn timeout_inside_rolls_back_the_savepoint(db: &Db) -> Result<()> {
    db.transaction(async |tx| {
        add(tx, "a").await?;
        let slow = async {
            tx.transaction(async |tx| {
                add(tx, "lost").await?;
                tokio::time::sleep(Duration::from_secs(60)).await;
                Ok::<(), Error>(())
            })
            .await
        };
        assert!(timeout(Duration::from_millis(100), slow).await.is_err());
        assert_eq!(companies(tx).await?, "a");
        add(tx, "b").await.map(drop)
    })
    .await?;
    assert_eq!(companies(db).await?, "a b");
    Ok(())
}
