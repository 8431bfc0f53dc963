//! Transactions, savepoints, connections.

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
use tokio::{task::spawn_blocking, time::timeout};

async fn add(on: &dyn Executor, name: &str) -> Result<Company> {
    Company::create().name(name).save(on).await
}

/// The names of all companies, in their order.
async fn companies(on: &dyn Executor) -> Result<String> {
    let rows = Company::query().order_by(Company::name.asc()).all(on).await?;
    Ok(rows.into_iter().map(|row| row.name).collect::<Vec<_>>().join(" "))
}

/// An error that comes from a statement: a key that is there already.
async fn fail(on: &dyn Executor) -> Result<()> {
    let again = Country::create().code("XX").name("again");
    Country::create().code("XX").name("once").save(on).await?;
    again.save(on).await.map(drop)
}

/// An error that comes from the program.
fn refusal() -> Error {
    Error::new(ErrorKind::NotFound, "the program says no")
}

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
