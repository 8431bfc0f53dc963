//! `.stream`: rows one by one.

use crate::models::*;
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    fetch::RowStream,
    prelude::*,
    query::sql,
};
use std::time::Duration;
use tokio::time::timeout;

async fn numbered(on: &dyn Executor, count: i32) -> Result<()> {
    let rows = (0..count).map(|n| Sample::create().label(format!("{n}")).medium(n).build());
    Sample::bulk_create(rows).exec(on).await.map(drop)
}

async fn collect<T: Send + 'static>(mut stream: RowStream<'_, T>) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    while let Some(row) = stream.next().await {
        rows.push(row?);
    }
    Ok(rows)
}

/// A stream gives the rows of `all`, in their order, whatever their number.
pub async fn stream_gives_the_rows_of_all(db: &Db) -> Result<()> {
    for count in [0, 1, 63, 1, 62, 1, 1, 127, 1_000] {
        numbered(db, count).await?;
        let query = || Sample::filter(Sample::medium.gte(0)).order_by((Sample::medium.asc(), Sample::id.asc()));
        assert_eq!(collect(query().stream(db)).await?, query().all(db).await?);
    }
    Ok(())
}

/// Behind its last row a stream stays at its end.
pub async fn ended_stream_stays_ended(db: &Db) -> Result<()> {
    numbered(db, 1).await?;
    let mut stream = Sample::query().stream(db);
    assert!(stream.next().await.is_some_and(|row| row.is_ok()));
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none());
    Ok(())
}

/// A stream that is dropped after a row never hands its rows to the next query, and costs no connection.
pub async fn dropped_stream_leaves_no_rows_behind(db: &Db) -> Result<()> {
    numbered(db, 3_000).await?;
    for n in 0..40 {
        let mut stream = Sample::query().order_by(Sample::id.asc()).stream(db);
        for _ in 0..n {
            stream.next().await.unwrap()?;
        }
        drop(stream);
        let found = timeout(Duration::from_secs(20), Sample::filter(Sample::medium.eq(n)).all(db)).await.unwrap()?;
        assert_eq!(found.iter().map(|row| row.label.clone()).collect::<Vec<_>>(), [n.to_string()]);
    }
    Ok(())
}

/// A stream that nobody has read yet has sent nothing.
pub async fn unread_stream_runs_nothing(db: &Db) -> Result<()> {
    let stream = Sample::query().stream(db);
    numbered(db, 2).await?;
    assert_eq!(collect(stream).await?.len(), 2);
    Ok(())
}

/// While a stream of a transaction is read, other statements of the transaction are refused, not mixed up.
pub async fn stream_keeps_its_transaction_busy(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    numbered(&tx, 1_000).await?;
    let mut stream = Sample::query().order_by(Sample::medium.asc()).stream(&tx);
    assert_eq!(stream.next().await.unwrap()?.medium, Some(0));
    let refused = timeout(Duration::from_secs(20), Sample::query().count(&tx)).await.unwrap();
    assert!(refused.is_err_and(|error| error.kind() == ErrorKind::ConnectionBusy));
    assert_eq!(collect(stream).await?.len(), 999);
    assert_eq!(Sample::query().count(&tx).await?, 1_000);
    tx.commit().await?;
    assert_eq!(Sample::query().count(db).await?, 1_000);
    Ok(())
}

/// A stream that is closed early lets its transaction go on.
pub async fn closed_stream_lets_its_transaction_go_on(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    numbered(&tx, 2_000).await?;
    for read in [0, 1, 64, 65, 200] {
        let mut stream = Sample::query().order_by(Sample::medium.asc()).stream(&tx);
        for n in 0..read {
            assert_eq!(stream.next().await.unwrap()?.medium, Some(n));
        }
        stream.close().await?;
        assert_eq!(Sample::query().count(&tx).await?, 2_000, "after {read} rows");
    }
    // One that nobody has read is not sent: on PostgreSQL it would end the transaction.
    sql("SELECT id FROM there_is_no_such_table").rows::<(i64,)>().stream(&tx).close().await?;
    tx.commit().await?;
    assert_eq!(Sample::query().count(db).await?, 2_000);
    Ok(())
}

/// A stream that is dropped half-way in a transaction ends it: nothing follows, nothing is stored.
pub async fn dropped_stream_ends_its_transaction(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    numbered(&tx, 2_000).await?;
    let mut stream = Sample::query().stream(&tx);
    stream.next().await.unwrap()?;
    drop(stream);
    assert!(timeout(Duration::from_secs(20), Sample::query().count(&tx)).await.unwrap().is_err());
    assert!(timeout(Duration::from_secs(20), tx.commit()).await.unwrap().is_err());
    assert_eq!(timeout(Duration::from_secs(20), Sample::query().count(db)).await.unwrap()?, 0);
    Ok(())
}

/// A row that cannot be decoded ends the stream with the column's name, behind the rows before it.
pub async fn undecodable_row_ends_the_stream(db: &Db) -> Result<()> {
    numbered(db, 200).await?;
    let text = "SELECT CASE WHEN medium = 150 THEN NULL ELSE medium END AS seen FROM samples ORDER BY medium";
    let mut stream = sql(text).rows::<(i32,)>().stream(db);
    for n in 0..150 {
        assert_eq!(stream.next().await.unwrap()?, (n,));
    }
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.column()), (ErrorKind::Decode, Some("seen")));
    assert!(stream.next().await.is_none());
    assert_eq!(Sample::query().count(db).await?, 200);
    Ok(())
}

/// A statement that fails is the stream's only item.
pub async fn failing_statement_is_the_only_item(db: &Db) -> Result<()> {
    let mut stream = sql("SELECT id FROM there_is_no_such_table").rows::<(i64,)>().stream(db);
    assert!(stream.next().await.is_some_and(|row| row.is_err()));
    assert!(stream.next().await.is_none());
    Ok(())
}

/// Many streams at once, each slower than its statement, give each its own rows.
pub async fn streams_run_side_by_side(db: &Db) -> Result<()> {
    numbered(db, 500).await?;
    let tasks = (0..4_i32).map(|n| {
        let db = db.clone();
        tokio::spawn(async move {
            let query = Sample::filter(Sample::medium.gte(n * 100)).order_by(Sample::medium.asc());
            let (mut stream, mut seen) = (query.stream(&db), Vec::new());
            while let Some(row) = stream.next().await {
                seen.extend(row?.medium);
                tokio::task::yield_now().await;
            }
            assert!((n * 100..500).eq(seen), "stream {n}");
            Result::Ok(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        timeout(Duration::from_secs(60), task).await.unwrap().unwrap()?;
    }
    Ok(())
}
