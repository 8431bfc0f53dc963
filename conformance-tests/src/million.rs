//! A million rows: how they go in, and what memory a stream of them takes. Linux, since it reads `/proc`.

use crate::runner::{Open, remove, urls};
use chrono::NaiveDate;
use covet::{error::Result, prelude::*, query::sql};
use covet_macros::Model;
use std::{
    env, fs,
    sync::{Arc, Mutex},
    time::Instant,
};
use tokio::runtime::Runtime;

#[derive(Model, Clone, Debug)]
#[covet(table = "thousand")]
pub struct Thousand {
    pub id: i64,
    pub n: i64,
    pub label: String,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "million")]
pub struct Million {
    pub id: i64,
    pub n: i64,
    pub label: String,
}

/// Seven columns of several types, besides the key.
#[derive(Model, Clone, Debug)]
#[covet(table = "seven")]
pub struct Seven {
    pub id: i64,
    pub number: i64,
    pub text: String,
    pub flag: bool,
    pub float: f64,
    pub small: Option<i16>,
    pub day: NaiveDate,
    pub note: Option<String>,
}

/// The most that a stream may take over what the process had before.
const MOST_MEGABYTES: u64 = 50;

fn resident_megabytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// Streams a million rows from the newest server of a family.
///
/// # Panics
/// When a row is wrong or missing, when the memory grows, and when no server of the family is there
/// although `COVET_TEST_REQUIRE` is set.
pub fn stream_takes_bounded_memory(family: &str, open: Open) {
    let Some((label, url)) = urls(family).pop() else {
        assert!(env::var_os("COVET_TEST_REQUIRE").is_none(), "no `COVET_TEST_{family}*_URL` is set");
        return;
    };
    Runtime::new().unwrap().block_on(async { stream(&open(url.clone()).await.unwrap()).await.unwrap() });
    remove(&label, &url);
}

async fn stream(db: &Db) -> Result<()> {
    db.drop_tables(models![Thousand, Million]).await?;
    db.create_tables(models![Thousand, Million]).await?;
    let rows = (0..1_000).map(|n| Thousand::create().n(n).label(format!("label number {n}")).build());
    Thousand::bulk_create(rows).exec(db).await?;
    let cross = "INSERT INTO million (n, label) SELECT a.n * 1000 + b.n, b.label FROM thousand a CROSS JOIN thousand b";
    assert_eq!(sql(cross).exec(db).await?, 1_000_000);
    let (before, mut most) = (resident_megabytes(), 0);
    let (mut count, mut sum, mut stream) = (0_i64, 0_i64, Million::query().stream(db));
    while let Some(row) = stream.next().await {
        let row = row?;
        (count, sum) = (count + 1, sum + row.n);
        if count % 10_000 == 0 {
            assert_eq!(row.label, format!("label number {}", row.n % 1_000));
            most = most.max(resident_megabytes());
        }
    }
    assert_eq!((count, sum), (1_000_000, 499_999_500_000));
    drop(stream);
    // A stream that is dropped after a row is stopped, not read to its end.
    let mut stream = Million::query().stream(db);
    stream.next().await.unwrap()?;
    drop(stream);
    let started = Instant::now();
    assert_eq!(Thousand::filter(Thousand::n.eq(7)).count(db).await?, 1);
    println!("{}: a query {:?} after a stream was dropped", db.dialect().name(), started.elapsed());
    assert!(most <= before + MOST_MEGABYTES, "{before} MB before, {most} MB while the stream was read");
    db.drop_tables(models![Thousand, Million]).await
}

/// Stores a million rows in the newest server of each of the families and 100,000 in the others, telling the progress.
///
/// # Panics
/// When a row is missing, when the progress is not told, and when no server of the family is there although
/// `COVET_TEST_REQUIRE` is set.
pub fn rows_go_in_at_once(families: &str, open: Open) {
    let mut all = urls(families);
    assert!(!all.is_empty() || env::var_os("COVET_TEST_REQUIRE").is_none(), "no `COVET_TEST_{families}*_URL` is set");
    let mut count = 1_000_000;
    while let Some((label, url)) = all.pop() {
        Runtime::new().unwrap().block_on(async { insert(&open(url.clone()).await.unwrap(), count).await.unwrap() });
        remove(&label, &url);
        count = 100_000;
    }
}

async fn insert(db: &Db, count: i64) -> Result<()> {
    db.drop_tables(models![Seven]).await?;
    db.create_tables(models![Seven]).await?;
    let day = NaiveDate::default();
    let rows = (0..count).map(|n| {
        let row = Seven::create().number(n).text(format!("row {n}")).flag(n % 2 == 0).float(0.5).day(day);
        row.small((n % 3 == 0).then_some(7)).build()
    });
    let (told, started) = (Arc::new(Mutex::new(Vec::new())), Instant::now());
    let tell = Arc::clone(&told);
    let bulk = Seven::bulk_create(rows).progress(move |done, total| tell.lock().unwrap().push((done, total)));
    assert_eq!(bulk.exec(db).await?, count.unsigned_abs());
    println!("{}: {count} rows in {:?}", db.dialect().name(), started.elapsed());
    let told = std::mem::take(&mut *told.lock().unwrap());
    assert!(told.len() > 1 && told.iter().zip(&told[1..]).all(|(one, next)| one.0 < next.0), "{} steps", told.len());
    assert_eq!(told.last(), Some(&(count.unsigned_abs(), count.unsigned_abs())));
    assert_eq!(Seven::query().count(db).await?, count);
    assert_eq!(
        Seven::filter(Seven::flag & Seven::small.eq(7) & Seven::note.is_null()).count(db).await?,
        (count + 5) / 6
    );
    assert_eq!(Seven::filter(Seven::number.eq(count - 1)).get(db).await?.text, format!("row {}", count - 1));
    db.drop_tables(models![Seven]).await
}
