//! Promises about where SQLite runs a statement, each with statements inline and on blocking threads.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use covet_conformance::models::{Company, Country, Post, Sample};
use covet_core as covet;
use covet_core::{
    backend::{Db, Done, Inline, Outcome, Work},
    error::{Error, ErrorKind, Result},
    prelude::*,
    query::sql,
    render::Prepared,
    value::{Row, RowSink, SqlType, Values},
};
use covet_dialect_sqlite::{Sqlite, SqliteDialect};
use rusqlite::StatementStatus;
use std::{
    any::Any,
    future::{Future, poll_fn},
    path::PathBuf,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::Poll,
    time::Duration,
};
use tokio::{runtime::Runtime, time::timeout};

/// A file that goes with the test.
struct File(PathBuf);

impl File {
    fn new(test: &str) -> File {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        File(std::env::temp_dir().join(format!("covet-{test}-{}-{number}.db", std::process::id())))
    }

    async fn open(&self, connections: u32, inline: bool) -> Db {
        let url = format!("sqlite:{}", self.0.display());
        let db = Db::builder().backend(Sqlite).max_connections(connections).inline_execution(inline);
        let db = db.open(&url).await.unwrap();
        db.create_tables(covet::models![Company, Country, Sample]).await.unwrap();
        db
    }

    fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(&self.0).unwrap()
    }
}

/// `synchronous` is NORMAL, or FULL by the URL; writes work with both.
#[test]
fn commits_wait_for_the_disk_where_the_url_says_so() {
    Runtime::new().unwrap().block_on(async {
        for (parameter, level) in [("", 1), ("?synchronous=normal", 1), ("?synchronous=full", 2)] {
            let file = File::new("synchronous");
            let url = format!("sqlite:{}{parameter}", file.0.display());
            let db = Db::builder().backend(Sqlite).open(&url).await.unwrap();
            db.create_tables(covet::models![Company]).await.unwrap();
            assert_eq!(sql("PRAGMA synchronous").rows::<(i64,)>().get(&db).await.unwrap(), (level,), "{parameter}");
            for name in ["a", "b", "c"] {
                Company::create().name(name).save(&db).await.unwrap();
            }
            let tx = db.begin().await.unwrap();
            Company::create().name("d").save(&tx).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(Company::query().count(&db).await.unwrap(), 4);
        }
    });
}

impl Drop for File {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            // The log goes with the last connection.
            let _ = std::fs::remove_file(format!("{}{suffix}", self.0.display()));
        }
    }
}

/// Runs a promise in both modes.
fn both<F: Future<Output = ()>>(promise: impl Fn(bool) -> F) {
    let runtime = Runtime::new().unwrap();
    for inline in [true, false] {
        runtime.block_on(promise(inline));
    }
}

const COUNT: &str = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?) SELECT max(x) FROM n";

async fn count_to(on: &dyn Executor, n: i64) -> Result<i64> {
    Ok(sql(COUNT).bind(n).rows::<(i64,)>().all(on).await?.remove(0).0)
}

/// Polls a future some times, lets the runtime have its turn in between, and drops it.
async fn drop_after<F: Future>(polls: u32, future: F) {
    let mut future = pin!(future);
    for _ in 0..polls {
        if poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_ready())).await {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn until(what: impl Fn() -> bool) {
    let wait = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(60), wait).await.unwrap();
}

/// Reliability 24: a statement on a thread that nobody waits for is stopped, and the one after it is not.
#[test]
fn dropped_statement_on_a_thread_never_stops_the_next() {
    both(|inline| async move {
        let file = File::new("dropped");
        // What begins with WITH may write, so all of it shares the writer.
        let db = file.open(2, inline).await;
        for round in 0..200 {
            drop_after(round % 5, count_to(&db, i64::MAX)).await;
            if round % 50 == 0 {
                assert!(timeout(Duration::from_millis(20), count_to(&db, i64::MAX)).await.is_err());
            }
            assert_eq!(count_to(&db, 3_000 + i64::from(round)).await.unwrap(), 3_000 + i64::from(round));
        }
        until(|| db.status().idle == db.status().open).await;
    });
}

/// Reliability 1: reads of the query builder, dropped after any number of polls, leave a clean connection.
#[test]
fn dropped_read_of_the_builder_leaves_a_clean_connection() {
    both(|inline| async move {
        let file = File::new("clean");
        let db = file.open(2, inline).await;
        let rows = (0..5_000).map(|n| Company::create().name(format!("{n:05}")).city("Graz").build());
        Company::bulk_create(rows).exec(&db).await.unwrap();
        let all = Company::query().order_by(Company::city.desc());
        for round in 0..200_i64 {
            drop_after(u32::try_from(round % 4).unwrap(), all.clone().all(&db)).await;
            assert_eq!(Company::find(round + 1).get(&db).await.unwrap().name, format!("{round:05}"));
        }
        assert_eq!(all.all(&db).await.unwrap().len(), 5_000);
        until(|| db.status().idle == db.status().open).await;
    });
}

/// Reliability 6: queries race against drops, and nobody gets another's rows.
#[test]
fn races_of_queries_and_drops_mix_nothing_up() {
    both(|inline| async move {
        let file = File::new("race");
        let db = file.open(3, inline).await;
        Company::bulk_create((0..200).map(|n| Company::create().name(n.to_string()).build())).exec(&db).await.unwrap();
        let tasks: Vec<_> = (0..64_i64)
            .map(|task| {
                let db = db.clone();
                tokio::spawn(async move {
                    for round in 0..60 {
                        let n = (task * 7 + round) % 200;
                        if round % 3 == 0 {
                            drop_after(u32::try_from(round % 4).unwrap(), count_to(&db, 100_000)).await;
                        } else if round % 3 == 1 {
                            assert_eq!(count_to(&db, n + 1).await.unwrap(), n + 1);
                        }
                        assert_eq!(Company::find(n + 1).get(&db).await.unwrap().name, n.to_string());
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        until(|| db.status().idle == db.status().open).await;
    });
}

/// Counts the rows and how often they began anew.
struct Counted {
    rows: Vec<i64>,
    starts: u32,
}

impl RowSink for Counted {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.rows.push(i64::decode(row, 0)?);
        Ok(())
    }
    fn restart(&mut self) -> bool {
        self.rows.clear();
        self.starts += 1;
        true
    }
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

/// A statement that passes for one of the query builder's.
fn built(text: &str) -> Arc<Prepared> {
    let mut prepared = Prepared::plain(text.to_owned(), true, true);
    prepared.table = Some(Company::TABLE);
    Arc::new(prepared)
}

/// Gives the sink, and whether the statement ran inline.
async fn run(on: &dyn Executor, statement: &Arc<Prepared>) -> (Counted, bool) {
    let mut sink = Counted { rows: Vec::new(), starts: 0 };
    if on.run_inline(&mut Inline::Query(statement, &Values::new(), &mut sink)).is_some_and(|done| done.is_ok()) {
        return (sink, true);
    }
    assert!(sink.rows.is_empty(), "what was given up left rows behind");
    let work = Work::Query(Arc::clone(statement), Values::new(), Box::new(sink));
    match on.run(work).await.unwrap() {
        Outcome::Rows(sink) => (*sink.into_any().downcast::<Counted>().unwrap(), false),
        Outcome::Done(_) => panic!("a query gave no rows"),
    }
}

/// A read that is given up runs again from the start: each row is there once.
#[test]
fn read_that_takes_too_long_gives_each_row_once() {
    let rows = "WITH RECURSIVE n(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM n WHERE x < 199999) SELECT x FROM n";
    both(|inline| async move {
        let file = File::new("once");
        let db = file.open(2, inline).await;
        let expected: Vec<i64> = (0..200_000).collect();
        let statement = built(rows);
        // The connection for reads is opened by the first.
        assert_eq!(Company::query().all(&db).await.unwrap(), []);
        let mut given_up = 0;
        for _ in 0..12 {
            let (sink, inline) = run(&db, &statement).await;
            assert!(sink.rows == expected && !inline);
            given_up += sink.starts / 2;
        }
        if inline {
            // The second time is enough to remember it.
            assert!((1..=4).contains(&given_up), "given up {given_up} times of 12");
        } else {
            assert_eq!(given_up, 0);
        }
        // A transaction survives: what was interrupted has only read.
        let tx = db.begin().await.unwrap();
        Company::create().name("kept").save(&tx).await.unwrap();
        let (sink, _) = run(&tx, &built(rows)).await;
        assert!(sink.rows == expected);
        tx.commit().await.unwrap();
        assert_eq!(Company::query().count(&db).await.unwrap(), 1);
    });
}

/// What counts a whole table, or is the user's own, never runs inline; a lookup does.
#[test]
fn only_short_statements_of_the_builder_run_inline() {
    Runtime::new().unwrap().block_on(async {
        let file = File::new("inline");
        let db = file.open(2, true).await;
        assert_eq!(Company::query().all(&db).await.unwrap(), []);
        let mut own = Prepared::plain("SELECT 1".to_owned(), true, true);
        for (text, inline) in [
            ("SELECT id FROM companies WHERE id = 1", true),
            ("SELECT count(*) FROM companies WHERE city = 'Graz'", true),
            ("SELECT count(*) FROM companies", false),
        ] {
            assert_eq!(run(&db, &built(text)).await.1, inline, "{text}");
        }
        own.keep = true;
        assert!(!run(&db, &Arc::new(own)).await.1);
        let write = |text: &str| {
            let mut statement = Prepared::plain(text.to_owned(), false, true);
            statement.table = Some(Company::TABLE);
            db.run_inline(&mut Inline::Execute(&statement, &Values::new())).map(Result::unwrap)
        };
        assert_eq!(write("INSERT INTO companies (name) VALUES ('a')"), Some(Done { rows: 1, last_key: Some(1) }));
        assert_eq!(write("UPDATE companies SET name = 'b' WHERE id = 1").unwrap().rows, 1);
        assert_eq!(write("UPDATE companies SET name = 'c'"), None);
        sql("CREATE TRIGGER t AFTER INSERT ON companies BEGIN DELETE FROM samples; END").exec(&db).await.unwrap();
        assert_eq!(write("INSERT INTO companies (name) VALUES ('d')"), None, "it has a trigger");
        assert_eq!(Company::query().all(&db).await.unwrap().len(), 1);
    });
}

/// 64 tasks do the same in both modes and leave the same rows.
#[test]
fn both_modes_leave_the_same_rows() {
    let results = std::sync::Mutex::new(Vec::new());
    both(|inline| {
        let results = &results;
        async move {
            let file = File::new("same");
            let db = file.open(5, inline).await;
            let keys: Vec<i64> = (1..=64).collect();
            Sample::bulk_create(keys.iter().map(|n| Sample::create().id(*n).big(0_i64).build()))
                .exec(&db)
                .await
                .unwrap();
            let tasks: Vec<_> = (1..=64_i64)
                .map(|task| {
                    let db = db.clone();
                    tokio::spawn(async move {
                        for step in 0..12_i64 {
                            let key = (task * 5 + step) % 64 + 1;
                            Sample::find(key).update(Sample::big.set(Sample::big + task)).exec(&db).await?;
                            Sample::create().id(task * 1_000 + step).label("step").big(step).save(&db).await?;
                            assert_eq!(Sample::find(task * 1_000 + step).get(&db).await?.big, Some(step));
                            db.transaction(async |tx| {
                                Sample::find(1_i64).update(Sample::big.set(Sample::big + 1)).exec(tx).await?;
                                Sample::find(task * 1_000 + step).delete(tx).await
                            })
                            .await?;
                        }
                        Ok::<_, Error>(())
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap().unwrap();
            }
            let rows = Sample::query().order_by(Sample::id.asc()).all(&db).await.unwrap();
            results.lock().unwrap().push(rows);
        }
    });
    let results = results.into_inner().unwrap();
    assert_eq!(results[0], results[1]);
    assert_eq!(results[0].iter().filter_map(|row| row.big).sum::<i64>(), (1..=64).sum::<i64>() * 12 + 64 * 12);
}

/// Reliability 86: transactions that read and then write wait for each other, and lose nothing.
#[test]
fn transactions_that_read_and_then_write_never_fail() {
    both(|inline| async move {
        let file = File::new("writers");
        let db = file.open(4, inline).await;
        let row = Sample::create().big(0_i64).save(&db).await.unwrap().id;
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    for _ in 0..25 {
                        let tx = db.begin().await?;
                        let before = Sample::find(row).get(&tx).await?.big.unwrap();
                        Sample::find(row).update(Sample::big.set(before + 1)).exec(&tx).await?;
                        tx.commit().await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(Sample::find(row).get(&db).await.unwrap().big, Some(200));
    });
}

/// Reliability 88: a write waits for another process's lock, gives up with an error that can be retried, and
/// can be dropped while it waits.
#[test]
fn locks_of_others_are_waited_for() {
    both(|inline| async move {
        let file = File::new("locked");
        let db = file.open(2, inline).await;
        let other = file.raw();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let waiting = tokio::spawn({
            let db = db.clone();
            async move { Company::create().name("waited").save(&db).await }
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!waiting.is_finished());
        other.execute_batch("COMMIT; BEGIN IMMEDIATE").unwrap();
        // Either it came in between, or it waits on.
        other.execute_batch("COMMIT").unwrap();
        assert_eq!(waiting.await.unwrap().unwrap().name, "waited");

        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let error = Company::create().name("refused").save(&db).await.unwrap_err();
        assert!(error.is_retryable(), "{error:?}");
        let dropped = timeout(Duration::from_millis(30), async { Company::create().name("dropped").save(&db).await });
        assert!(dropped.await.is_err());
        other.execute_batch("COMMIT").unwrap();
        Company::create().name("after").save(&db).await.unwrap();
        let names: Vec<_> = Company::query().all(&db).await.unwrap().into_iter().map(|row| row.name).collect();
        assert_eq!(names, ["waited", "after"]);
    });
}

/// Reliability 21: after an interrupt inside a savepoint nothing more runs in the transaction, and nothing of it stays.
#[test]
fn interrupted_write_ends_its_transaction() {
    both(|inline| async move {
        let file = File::new("interrupt");
        let db = file.open(2, inline).await;
        let tx = db.begin().await.unwrap();
        Company::create().name("outer").save(&tx).await.unwrap();
        let endless = "INSERT INTO companies (name) WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) \
                       SELECT x FROM n";
        let inner = tx.begin().await.unwrap();
        assert!(timeout(Duration::from_millis(50), sql(endless).exec(&inner)).await.is_err());
        drop(inner);
        assert!(Company::create().name("swallowed").save(&tx).await.is_err());
        assert!(tx.commit().await.is_err());
        assert_eq!(Company::query().all(&db).await.unwrap(), []);
        Company::create().name("after").save(&db).await.unwrap();
    });
}

/// Reliability 25: a pool that is dropped while a statement runs stops it and closes its file.
#[test]
fn dropped_pool_stops_what_runs() {
    for inline in [true, false] {
        let file = File::new("closed");
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async {
            let db = file.open(3, inline).await;
            let task = tokio::spawn({
                let db = db.clone();
                async move { count_to(&db, i64::MAX).await }
            });
            tokio::time::sleep(Duration::from_millis(30)).await;
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        });
        drop(runtime);
        // Only the last connection may leave the write-ahead log.
        let driver = file.raw();
        let leave = || driver.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get::<_, String>(0));
        let left = (0..1_000).any(|_| {
            std::thread::sleep(Duration::from_millis(5));
            leave().is_ok_and(|mode| mode == "delete")
        });
        assert!(left, "a connection is open");
    }
}

/// Reliability 30 and 31: many tasks on few connections, and aborted ones, leave all connections free.
#[test]
fn storms_leave_all_connections_free() {
    both(|inline| async move {
        let file = File::new("storm");
        let db = file.open(4, inline).await;
        Company::bulk_create((0..50).map(|n| Company::create().name(n.to_string()).build())).exec(&db).await.unwrap();
        let tasks: Vec<_> = (0..1_000_i64)
            .map(|task| {
                let db = db.clone();
                tokio::spawn(async move {
                    for n in 0..5 {
                        let n = (task + n) % 50;
                        assert_eq!(Company::find(n + 1).get(&db).await.unwrap().name, n.to_string());
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let tasks: Vec<_> = (0..2_000_i64)
            .map(|task| {
                let db = db.clone();
                tokio::spawn(async move {
                    if task % 2 == 0 {
                        count_to(&db, 20_000).await.map(drop)
                    } else {
                        Company::query().all(&db).await.map(drop)
                    }
                })
            })
            .collect();
        for (n, task) in tasks.iter().enumerate() {
            task.abort();
            if n % 100 == 0 {
                tokio::task::yield_now().await;
            }
        }
        until(|| db.status().idle == db.status().open).await;
        assert!(db.status().open <= 4);
        assert_eq!(Company::query().all(&db).await.unwrap().len(), 50);
    });
}

/// Reliability 143 and 151: a value of another storage class, or text that is not UTF-8, is an error that names the column.
#[test]
fn values_of_another_kind_are_errors() {
    both(|inline| async move {
        let file = File::new("kinds");
        let db = file.open(2, inline).await;
        db.drop_tables(covet::models![Country]).await.unwrap();
        sql("CREATE TABLE countries (code, \"full name\")").exec(&db).await.unwrap();
        for bad in ["x'00ff'", "5", "CAST(x'fffe' AS TEXT)", "NULL"] {
            let insert = covet::query::assert_safe(format!("INSERT INTO countries VALUES ('XX', {bad})"));
            sql("DELETE FROM countries").exec(&db).await.unwrap();
            sql(insert).exec(&db).await.unwrap();
            let error = Country::query().all(&db).await.unwrap_err();
            assert_eq!((error.kind(), error.column()), (ErrorKind::Decode, Some("countries.full name")), "{bad}");
        }
    });
}

/// After ANALYZE, SQLite prepares no statement of the builder again because a value has changed, and it uses the
/// same indexes as without the `+`; a partial index is used too.
#[test]
fn changed_values_prepare_nothing_again() {
    let file = File::new("prepared");
    let driver = file.raw();
    driver
        .execute_batch(
            "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT, author_id INTEGER NOT NULL, \
             reviewer_id INTEGER, views INTEGER NOT NULL, published INTEGER) STRICT; \
             CREATE INDEX by_title ON posts (title); CREATE INDEX hot ON posts (views) WHERE views = 7; \
             WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5000) \
             INSERT INTO posts SELECT x, 'title ' || (x % 50), NULL, 1, NULL, x % 100, NULL FROM n; ANALYZE",
        )
        .unwrap();
    let plan = |text: &str| -> String {
        let mut statement = driver.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
        let mut rows = statement.raw_query();
        rows.next().unwrap().unwrap().get(3).unwrap()
    };
    for (query, index) in [
        (Post::find(1).to_sql(&SqliteDialect).unwrap().text, "INTEGER PRIMARY KEY"),
        (Post::filter(Post::title.eq("a")).limit(5).to_sql(&SqliteDialect).unwrap().text, "by_title"),
        (Post::filter(Post::title.between("a", "b")).to_sql(&SqliteDialect).unwrap().text, "by_title"),
    ] {
        assert!(plan(&query).contains(index), "{query}: {}", plan(&query));
        assert_eq!(plan(&query), plan(&query.replace("+?", "?")), "{query}");
        let mut statement = driver.prepare(&query).unwrap();
        for round in 1..6 {
            for at in 1..=statement.parameter_count() {
                if query.contains("\"title\" = ") && at == 1 || query.contains("BETWEEN") {
                    statement.raw_bind_parameter(at, format!("title {round}")).unwrap();
                } else {
                    statement.raw_bind_parameter(at, round).unwrap();
                }
            }
            let mut rows = statement.raw_query();
            while rows.next().unwrap().is_some() {}
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{query}");
    }
    let hot = Post::filter(Post::views.eq(7)).to_sql(&SqliteDialect).unwrap().text;
    let mut statement = driver.prepare(&hot).unwrap();
    statement.raw_bind_parameter(1, 7).unwrap();
    let mut rows = statement.raw_query();
    while rows.next().unwrap().is_some() {}
    drop(rows);
    // A scan would step over all 5,000 rows.
    assert_eq!(statement.get_status(StatementStatus::FullscanStep), 0, "{hot}");
}
