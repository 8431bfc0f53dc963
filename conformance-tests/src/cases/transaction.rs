//! Transactions, savepoints, connections.

use super::work::{add, companies, fail, refusal};
use crate::models::*;
use covet::{
    backend::{Db, TransactionError},
    error::{Error, ErrorKind, Result},
    prelude::*,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::time::timeout;

/// `Ok` commits what the closure did, and gives its value.
pub async fn ok_commits(db: &Db) -> Result<()> {
    let count = db
        .transaction(async |tx| {
            add(tx, "a").await?;
            add(tx, "b").await?;
            Company::query().count(tx).await
        })
        .await?;
    assert_eq!(count, 2);
    assert_eq!(companies(db).await?, "a b");
    Ok(())
}

/// `Err` rolls back, and is given back.
pub async fn err_rolls_back(db: &Db) -> Result<()> {
    add(db, "before").await?;
    let result: Result<()> = db
        .transaction(async |tx| {
            add(tx, "inside").await?;
            Company::filter(Company::name.eq("before")).delete(tx).await?;
            Err(refusal())
        })
        .await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(companies(db).await?, "before");
    Ok(())
}

/// A failed statement rolls back when its error leaves the closure.
pub async fn failed_statement_rolls_back(db: &Db) -> Result<()> {
    let result = db
        .transaction(async |tx| {
            add(tx, "inside").await?;
            fail(tx).await
        })
        .await;
    assert!(result.unwrap_err().is_unique_violation());
    assert_eq!(companies(db).await?, "");
    assert_eq!(Country::query().count(db).await?, 0);
    Ok(())
}

/// `begin` and `commit` do by hand what the closure does.
pub async fn begin_and_commit_keep(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    add(&tx, "kept").await?;
    tx.commit().await?;
    assert_eq!(companies(db).await?, "kept");
    Ok(())
}

/// `rollback` undoes inserts, updates and deletes.
pub async fn rollback_undoes(db: &Db) -> Result<()> {
    add(db, "a").await?;
    add(db, "b").await?;
    let tx = db.begin().await?;
    add(&tx, "c").await?;
    Company::filter(Company::name.eq("a")).update(Company::name.set("z")).exec(&tx).await?;
    Company::filter(Company::name.eq("b")).delete(&tx).await?;
    assert_eq!(companies(&tx).await?, "c z");
    tx.rollback().await?;
    assert_eq!(companies(db).await?, "a b");
    Ok(())
}

/// A transaction that is dropped is rolled back, and its connection works on.
pub async fn drop_rolls_back(db: &Db) -> Result<()> {
    for n in 0..30 {
        let tx = db.begin().await?;
        add(&tx, "dropped").await?;
        drop(tx);
        assert_eq!(Company::query().count(db).await?, n);
        add(db, &format!("{n:02}")).await?;
    }
    assert_eq!(Company::filter(Company::name.eq("dropped")).count(db).await?, 0);
    assert_eq!(Company::query().count(db).await?, 30);
    Ok(())
}

/// A transaction whose future is dropped in the middle is rolled back.
pub async fn dropped_future_rolls_back(db: &Db) -> Result<()> {
    for _ in 0..5 {
        let endless = async {
            db.transaction(async |tx| {
                add(tx, "inside").await?;
                tokio::time::sleep(Duration::from_secs(60)).await;
                Ok(())
            })
            .await
        };
        assert!(timeout(Duration::from_millis(100), endless).await.is_err());
        assert_eq!(companies(db).await?, "");
    }
    add(db, "after").await?;
    assert_eq!(companies(db).await?, "after");
    Ok(())
}

/// A panic inside rolls back.
pub async fn panic_rolls_back(db: &Db) -> Result<()> {
    let inside = db.clone();
    let task = tokio::spawn(async move {
        let tx = inside.begin().await.unwrap();
        add(&tx, "inside").await.unwrap();
        std::panic::resume_unwind(Box::new("on purpose"));
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(companies(db).await?, "");
    add(db, "after").await?;
    assert_eq!(companies(db).await?, "after");
    Ok(())
}

/// A transaction sees what it wrote.
pub async fn transaction_sees_its_own_writes(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    let row = add(&tx, "a").await?;
    assert_eq!(Company::find(&row).get(&tx).await?, row);
    assert_eq!(Company::find(&row).update(Company::city.set("Graz")).exec(&tx).await?, 1);
    assert_eq!(Company::find(&row).get(&tx).await?.city.as_deref(), Some("Graz"));
    assert_eq!(Company::find(&row).delete(&tx).await?, 1);
    assert!(!Company::query().exists(&tx).await?);
    tx.commit().await?;
    assert_eq!(companies(db).await?, "");
    Ok(())
}

/// Others see nothing of a transaction before it commits.
pub async fn others_see_nothing_before_commit(db: &Db) -> Result<()> {
    add(db, "a").await?;
    let tx = db.begin().await?;
    add(&tx, "b").await?;
    Company::filter(Company::name.eq("a")).update(Company::name.set("z")).exec(&tx).await?;
    assert_eq!(companies(db).await?, "a");
    assert_eq!(Company::query().count(db).await?, 1);
    tx.commit().await?;
    assert_eq!(companies(db).await?, "b z");
    Ok(())
}

/// After a failed statement a commit keeps what succeeded, or says that it was rolled back.
pub async fn commit_after_a_failed_statement_tells_the_truth(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    add(&tx, "a").await?;
    assert!(fail(&tx).await.unwrap_err().is_unique_violation());
    match tx.commit().await {
        Ok(()) => {
            assert_eq!(companies(db).await?, "a");
            assert_eq!(Country::query().get(db).await?.name, "once");
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::TransactionRolledBack);
            assert_eq!(companies(db).await?, "");
            assert_eq!(Country::query().count(db).await?, 0);
        }
    }
    add(db, "after").await?;
    assert_eq!(Company::filter(Company::name.eq("after")).count(db).await?, 1);
    Ok(())
}

#[derive(Debug)]
enum Refused {
    TooPoor,
    Database(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        Refused::Database(error)
    }
}

impl TransactionError for Refused {
    fn database(&self) -> Option<&Error> {
        match self {
            Refused::Database(error) => Some(error),
            Refused::TooPoor => None,
        }
    }
}

/// `try_transaction` gives an error type of the program's own back.
pub async fn own_error_type_comes_back(db: &Db) -> Result<()> {
    let result = db
        .try_transaction(async |tx| {
            add(tx, "a").await?;
            Err::<(), _>(Refused::TooPoor)
        })
        .await;
    assert!(matches!(result, Err(Refused::TooPoor)));
    let result = db.try_transaction(async |tx| Ok::<_, Refused>(fail(tx).await?)).await;
    assert!(matches!(result, Err(Refused::Database(error)) if error.is_unique_violation()));
    assert_eq!(companies(db).await?, "");
    let result = db.try_transaction(async |tx| Ok::<_, Refused>(add(tx, "b").await?)).await;
    assert!(result.is_ok_and(|row| row.name == "b"));
    assert_eq!(companies(db).await?, "b");
    Ok(())
}

/// `transaction_once` takes a closure that changes its surroundings, and runs it once.
pub async fn transaction_once_changes_its_surroundings(db: &Db) -> Result<()> {
    let mut seen = Vec::new();
    db.transaction_once(async |tx| {
        seen.push(add(tx, "a").await?.name);
        Ok::<_, Error>(())
    })
    .await?;
    assert_eq!(seen, ["a"]);
    let result = db
        .transaction_once(async |tx| {
            seen.push(add(tx, "b").await?.name);
            Err::<(), _>(refusal())
        })
        .await;
    assert!(result.is_err());
    assert_eq!(seen, ["a", "b"]);
    assert_eq!(companies(db).await?, "a");
    Ok(())
}

/// A transaction that the database asks to repeat runs again, at most five times.
pub async fn retryable_errors_run_again(db: &Db) -> Result<()> {
    let attempts = AtomicU32::new(0);
    let value = db
        .transaction(async |tx| {
            add(tx, "a").await?;
            match attempts.fetch_add(1, Ordering::Relaxed) {
                0 | 1 => Err(Error::new(ErrorKind::Retryable, "on purpose")),
                attempt => Ok(attempt),
            }
        })
        .await?;
    assert_eq!(value, 2);
    assert_eq!(companies(db).await?, "a");
    attempts.store(0, Ordering::Relaxed);
    let result: Result<()> = db
        .transaction(async |_tx| {
            attempts.fetch_add(1, Ordering::Relaxed);
            Err(Error::new(ErrorKind::Retryable, "on purpose"))
        })
        .await;
    assert!(result.unwrap_err().is_retryable());
    assert_eq!(attempts.load(Ordering::Relaxed), 5);
    let once: Result<()> = db
        .transaction_once(async |_tx| {
            attempts.fetch_add(1, Ordering::Relaxed);
            Err(Error::new(ErrorKind::Retryable, "on purpose"))
        })
        .await;
    assert!(once.is_err());
    assert_eq!(attempts.load(Ordering::Relaxed), 6);
    Ok(())
}

/// A service that keeps its database.
struct Service {
    db: Db,
    city: String,
}

impl Service {
    async fn open(&self, names: &[&str]) -> Result<usize> {
        let suffix = String::from("Ltd");
        let result = self.db.transaction(async |tx| {
            for name in names {
                Company::create().name(format!("{name} {suffix}")).city(&self.city).save(tx).await?;
            }
            Ok(names.len())
        });
        result.await
    }
}

/// The closure borrows `self`, a slice and a local, and the whole runs as a task of its own.
pub async fn closure_borrows_and_can_be_spawned(db: &Db) -> Result<()> {
    let service = Arc::new(Service { db: db.clone(), city: "Graz".to_owned() });
    let tasks = (0..4).map(|n| {
        let service = Arc::clone(&service);
        tokio::spawn(async move { service.open(&[&format!("a{n}"), &format!("b{n}")]).await })
    });
    for task in tasks.collect::<Vec<_>>() {
        assert_eq!(task.await.unwrap()?, 2);
    }
    assert_eq!(Company::filter(Company::city.eq("Graz") & Company::name.ends_with(" Ltd")).count(db).await?, 8);
    Ok(())
}

/// Counters that many transactions raise lose nothing.
pub async fn concurrent_transactions_lose_nothing(db: &Db) -> Result<()> {
    let row = Sample::create().big(0_i64).save(db).await?;
    let id = row.id;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..5 {
                    db.transaction(async |tx| {
                        Sample::find(id).update(Sample::big.set(Sample::big + 1)).exec(tx).await?;
                        Sample::create().label("step").save(tx).await
                    })
                    .await?;
                }
                Ok::<_, Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap()?;
    }
    assert_eq!(Sample::find(id).get(db).await?.big, Some(100));
    assert_eq!(Sample::filter(Sample::label.eq("step")).count(db).await?, 100);
    Ok(())
}
