//! covet against rusqlite on a WAL file: `cargo run --release --manifest-path benches/Cargo.toml`.
//!
//! Rounds alternate between the two, the ratio is taken inside a round, and the median is printed.
//! Queries run inside a spawned task, as they do in a server.

#![forbid(unsafe_code)]

use covet::prelude::*;
use rusqlite::params;
use std::{
    error::Error,
    hint::black_box,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[derive(Model, Clone, Debug)]
#[covet(table = "items")]
struct Item {
    id: i64,
    name: String,
    price: i32,
    note: Option<String>,
    active: bool,
}

const ROUNDS: usize = 15;
const ROWS: i64 = 10_000;

fn raw(file: &Path) -> Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(file)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item { id: row.get(0)?, name: row.get(1)?, price: row.get(2)?, note: row.get(3)?, active: row.get(4)? })
}

const COLUMNS: &str = "SELECT id, name, price, note, active FROM items";
const INSERT: &str = "INSERT INTO items (name, price, note, active) VALUES (?, ?, ?, ?)";

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<Duration> {
    let started = Instant::now();
    black_box(work()?);
    Ok(started.elapsed())
}

struct Row {
    task: &'static str,
    driver: Vec<Duration>,
    covet: Vec<Duration>,
    count: u32,
}

impl Row {
    fn print(mut self) {
        let mut ratios: Vec<f64> =
            self.covet.iter().zip(&self.driver).map(|(c, d)| c.as_secs_f64() / d.as_secs_f64()).collect();
        ratios.sort_by(f64::total_cmp);
        self.driver.sort();
        self.covet.sort();
        let middle = |times: &[Duration]| times[times.len() / 2] / self.count;
        println!(
            "{:28} | {:>12.2?} | {:>12.2?} | {:>6.2}",
            self.task,
            middle(&self.driver),
            middle(&self.covet),
            ratios[ratios.len() / 2]
        );
    }
}

async fn measure(file: PathBuf) -> Result<()> {
    let db = covet::connect(&format!("sqlite:{}", file.display())).await?;
    db.create_tables(models![Item]).await?;
    let new = |n: i64| Item::create().name(format!("item {n}")).price(7).note("a note of some length").active(true);
    Item::bulk_create((0..ROWS).map(|n| new(n).build())).exec(&db).await?;
    let driver = raw(&file)?;

    println!("SQLite {} on a WAL file, {ROUNDS} rounds, medians\n", rusqlite::version());
    println!("{:28} | {:>12} | {:>12} | {:>6}", "task", "rusqlite", "covet", "ratio");

    let count = 500;
    let mut row = Row { task: "lookup by key", driver: vec![], covet: vec![], count };
    for _ in 0..ROUNDS {
        row.driver.push(timed(|| {
            for key in 1..=i64::from(count) {
                let mut statement = driver.prepare_cached(&format!("{COLUMNS} WHERE id = ?"))?;
                black_box(statement.query_row([key], read)?);
            }
            Ok(())
        })?);
        let started = Instant::now();
        for key in 1..=i64::from(count) {
            black_box(Item::find(key).get(&db).await?);
        }
        row.covet.push(started.elapsed());
    }
    row.print();

    for (task, most, count) in [("100 rows", 100_u64, 50), ("10,000 rows", 10_000, 3)] {
        let mut row = Row { task, driver: vec![], covet: vec![], count };
        for _ in 0..ROUNDS {
            row.driver.push(timed(|| {
                for _ in 0..count {
                    let mut statement = driver.prepare_cached(&format!("{COLUMNS} LIMIT +?"))?;
                    let rows = statement.query_map([i64::try_from(most)?], read)?;
                    black_box(rows.collect::<rusqlite::Result<Vec<_>>>()?);
                }
                Ok(())
            })?);
            let started = Instant::now();
            for _ in 0..count {
                black_box(Item::query().limit(most).all(&db).await?);
            }
            row.covet.push(started.elapsed());
        }
        row.print();
    }

    let count = 200;
    let mut row = Row { task: "insert 1", driver: vec![], covet: vec![], count };
    for _ in 0..ROUNDS {
        row.driver.push(timed(|| {
            for n in 0..count {
                driver.prepare_cached(INSERT)?.execute(params![format!("item {n}"), 7, "a note", true])?;
            }
            Ok(())
        })?);
        let started = Instant::now();
        for n in 0..i64::from(count) {
            black_box(new(n).save(&db).await?);
        }
        row.covet.push(started.elapsed());
    }
    row.print();

    let mut row = Row { task: "bulk 10,000 against the loop", driver: vec![], covet: vec![], count: 1 };
    for _ in 0..ROUNDS {
        row.driver.push(timed(|| {
            driver.execute_batch("BEGIN IMMEDIATE")?;
            for n in 0..ROWS {
                driver.prepare_cached(INSERT)?.execute(params![format!("item {n}"), 7, "a note of some length", true])?;
            }
            Ok(driver.execute_batch("COMMIT")?)
        })?);
        let started = Instant::now();
        Item::bulk_create((0..ROWS).map(|n| new(n).build())).exec(&db).await?;
        row.covet.push(started.elapsed());
    }
    row.print();
    Ok(())
}

fn main() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("covet-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(runtime.spawn(measure(folder.join("bench.db"))));
    std::fs::remove_dir_all(folder)?;
    result?
}
