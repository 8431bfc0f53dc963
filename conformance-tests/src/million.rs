//! A million rows: what memory a stream takes. Linux, since it reads `/proc`.

use crate::runner::{Open, remove, urls};
use covet::{error::Result, prelude::*, query::sql};
use covet_macros::Model;
use std::{env, fs, time::Instant};
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
