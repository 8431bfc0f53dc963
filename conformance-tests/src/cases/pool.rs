//! Many tasks on few connections, dropped futures, held connections, blocking code.

use super::work::{add, companies, fail, refusal};
use crate::models::*;
use covet::{
    backend::Db,
    error::{Error, ErrorKind, Result},
    prelude::*,
};
use std::{sync::Arc, time::Duration};
use tokio::{task::spawn_blocking, time::timeout};

async fn numbered(db: &Db, count: i32) -> Result<Vec<i64>> {
    let rows = (0..count).map(|n| Sample::create().label(n.to_string()).medium(n).build());
    Sample::bulk_create(rows).exec(db).await?;
    let rows = Sample::query().order_by(Sample::medium.asc()).all(db).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A thousand look-ups from two hundred tasks share the pool, and each gets its own answer.
pub async fn pool_serves_many_tasks(db: &Db) -> Result<()> {
    let ids = Arc::new(numbered(db, 50).await?);
    let tasks: Vec<_> = (0..200)
        .map(|task| {
            let (db, ids) = (db.clone(), Arc::clone(&ids));
            tokio::spawn(async move {
                for step in 0..5 {
                    let n = (task * 7 + step * 13) % 50;
                    let row = Sample::find(ids[n]).get(&db).await?;
                    assert_eq!((row.id, row.label), (ids[n], n.to_string()));
                }
                Ok::<_, Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap()?;
    }
    let status = db.status();
    assert!(status.open <= status.most, "{status:?}");
    Ok(())
}

/// Statements that are dropped half-way leave no reply behind for the next one.
pub async fn cancelled_statements_leave_nothing_behind(db: &Db) -> Result<()> {
    let ids = numbered(db, 50).await?;
    let mut random = 0x2545_f491_u64;
    for (step, id) in ids.iter().enumerate() {
        // A step of Knuth's generator.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let patience = Duration::from_micros((random >> 33) % 1_500);
        let raced = match step % 3 {
            0 => timeout(patience, async { Sample::query().all(db).await.map(drop) }).await,
            1 => timeout(patience, async { Sample::find(*id).get(db).await.map(drop) }).await,
            _ => timeout(patience, async { add(db, "maybe").await.map(drop) }).await,
        };
        if let Ok(result) = raced {
            result?;
        }
        let n = (step * 17) % 50;
        assert_eq!(Sample::find(ids[n]).get(db).await?.label, n.to_string());
    }
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(Sample::find(*id).get(db).await?.medium, i32::try_from(n).ok());
    }
    add(db, "after").await?;
    assert_eq!(Company::filter(Company::name.eq("after")).count(db).await?, 1);
    Ok(())
}

/// Transactions that are dropped at any moment store everything or nothing.
pub async fn cancelled_transactions_are_all_or_nothing(db: &Db) -> Result<()> {
    for step in 0..40_u64 {
        let label = format!("{step:02}");
        let pair = async {
            db.transaction(async |tx| {
                Sample::create().label(&label).medium(1).save(tx).await?;
                Sample::create().label(&label).medium(2).save(tx).await
            })
            .await
        };
        let finished = timeout(Duration::from_micros(step * 60), pair).await;
        let stored = Sample::filter(Sample::label.eq(&label)).count(db).await?;
        if matches!(finished, Ok(Ok(_))) {
            assert_eq!(stored, 2, "step {step}");
        }
    }
    // A write behind them all: whatever was under way has ended.
    add(db, "after").await?;
    for step in 0..40 {
        let stored = Sample::filter(Sample::label.eq(format!("{step:02}"))).count(db).await?;
        assert!(stored == 0 || stored == 2, "step {step} stored {stored} of 2 rows");
    }
    Ok(())
}

/// A held connection runs queries and transactions.
pub async fn held_connection_runs_everything(db: &Db) -> Result<()> {
    let conn = db.acquire().await?;
    add(&conn, "a").await?;
    conn.transaction(async |tx| add(tx, "b").await.map(drop)).await?;
    let failed: Result<()> = conn
        .transaction(async |tx| {
            add(tx, "lost").await?;
            Err(refusal())
        })
        .await;
    assert!(failed.is_err());
    assert!(fail(&conn).await.is_err());
    assert_eq!(companies(&conn).await?, "a b");
    let tx = conn.begin().await?;
    add(&tx, "c").await?;
    tx.commit().await?;
    drop(conn);
    assert_eq!(companies(db).await?, "a b c");
    Ok(())
}

/// A transaction that is dropped on a held connection is rolled back before the next statement there.
pub async fn drop_on_a_held_connection_rolls_back(db: &Db) -> Result<()> {
    let conn = db.acquire().await?;
    let tx = conn.begin().await?;
    add(&tx, "lost").await?;
    drop(tx);
    add(&conn, "kept").await?;
    assert_eq!(companies(&conn).await?, "kept");
    drop(conn);
    assert_eq!(companies(db).await?, "kept");
    Ok(())
}

/// A run does nothing before it is awaited.
pub async fn runs_are_lazy(db: &Db) -> Result<()> {
    drop(Company::create().name("never").save(db));
    drop(db.transaction(async |tx| add(tx, "never").await));
    let later = Company::create().name("later").save(db);
    assert_eq!(Company::query().count(db).await?, 0);
    later.await?;
    assert_eq!(companies(db).await?, "later");
    Ok(())
}

/// `.wait()` in async code is an error that says so.
pub async fn wait_inside_async_is_refused(db: &Db) -> Result<()> {
    let error = Company::query().count(db).wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitInsideAsync);
    let error = db.transaction(async |tx| add(tx, "a").await).wait().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitInsideAsync);
    assert_eq!(Company::query().count(db).await?, 0);
    Ok(())
}

/// `.wait()` works in `spawn_blocking` and in a thread without a runtime.
pub async fn wait_works_in_blocking_code(db: &Db) -> Result<()> {
    let work = |db: Db| {
        move || -> Result<i64> {
            Company::create().name("a").save(&db).wait()?;
            db.transaction(async |tx| add(tx, "b").await.map(drop)).wait()?;
            Company::query().count(&db).wait()
        }
    };
    assert_eq!(spawn_blocking(work(db.clone())).await.unwrap()?, 2);
    let thread = std::thread::spawn(work(db.clone()));
    assert_eq!(spawn_blocking(move || thread.join()).await.unwrap().unwrap()?, 4);
    assert_eq!(companies(db).await?, "a a b b");
    Ok(())
}
