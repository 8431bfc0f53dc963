//! What runs once a transaction has committed.

use crate::models::*;
use covet::{
    backend::{Db, Executor as _, Tx},
    error::{Error, ErrorKind, Result},
    prelude::*,
};
use std::sync::{Arc, Mutex, PoisonError};

/// What has run.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
    }

    fn on_commit(&self, tx: &Tx, line: &'static str) {
        let log = self.clone();
        tx.on_commit(async move { log.add(line) });
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn company(tx: &Tx, name: &str) -> Result<Company> {
    Company::create().name(name).save(tx).await
}

fn failure() -> Error {
    Error::new(ErrorKind::NotFound, "on purpose")
}

/// They run in their order, when others see what was committed; one that fails undoes nothing.
pub async fn they_run_after_the_commit(db: &Db) -> Result<()> {
    let log = Log::default();
    db.transaction(async |tx| {
        company(tx, "one").await?;
        log.on_commit(tx, "first");
        tx.on_commit(async { Err::<(), _>(failure()) });
        let (others, seen) = (db.clone(), log.clone());
        tx.on_commit(async move {
            let count = Company::query().count(&others).await?;
            seen.add(&format!("{count} company"));
            Ok::<_, Error>(())
        });
        assert!(log.lines().is_empty());
        Ok(())
    })
    .await?;
    assert_eq!(log.lines(), ["first", "1 company"]);
    assert_eq!(Company::query().count(db).await?, 1);
    Ok(())
}

/// A transaction that is rolled back or dropped forgets them.
pub async fn rollback_forgets_them(db: &Db) -> Result<()> {
    let log = Log::default();
    let failed = db.transaction(async |tx| {
        log.on_commit(tx, "failed");
        Err::<(), _>(failure())
    });
    assert!(failed.await.is_err());
    let tx = db.begin().await?;
    log.on_commit(&tx, "by hand");
    tx.rollback().await?;
    let tx = db.begin().await?;
    log.on_commit(&tx, "dropped");
    drop(tx);
    let tx = db.begin().await?;
    log.on_commit(&tx, "kept");
    tx.commit().await?;
    assert_eq!(log.lines(), ["kept"]);
    Ok(())
}

/// A savepoint that is rolled back or dropped forgets its own, and those of the savepoints inside it.
pub async fn savepoints_forget_their_own(db: &Db) -> Result<()> {
    let log = Log::default();
    db.transaction(async |tx| {
        log.on_commit(tx, "before");
        let failed = tx.transaction(async |inner| {
            log.on_commit(inner, "failed");
            inner
                .transaction(async |deep| {
                    log.on_commit(deep, "deep");
                    Ok::<_, Error>(())
                })
                .await?;
            Err::<(), _>(failure())
        });
        assert!(failed.await.is_err());
        tx.transaction(async |inner| {
            log.on_commit(inner, "inside");
            Ok::<_, Error>(())
        })
        .await?;
        let dropped = tx.begin().await?;
        log.on_commit(&dropped, "dropped");
        drop(dropped);
        log.on_commit(tx, "behind");
        assert!(log.lines().is_empty());
        Ok(())
    })
    .await?;
    assert_eq!(log.lines(), ["before", "inside", "behind"]);
    Ok(())
}

/// A transaction that runs again registers anew: they run once for each commit.
pub async fn they_run_once_for_each_commit(db: &Db) -> Result<()> {
    let (log, attempts) = (Log::default(), Log::default());
    db.transaction(async |tx| {
        log.on_commit(tx, "once");
        attempts.add("attempt");
        if attempts.lines().len() < 3 { Err(Error::new(ErrorKind::Retryable, "again")) } else { Ok(()) }
    })
    .await?;
    assert_eq!((log.lines().len(), attempts.lines().len()), (1, 3));
    Ok(())
}
