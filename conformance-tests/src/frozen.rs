//! What a server may do to a program by saying nothing any more: end it at a deadline, and not more.

use crate::servers::Server;
use covet::{
    backend::{Backend, Builder, Db, Executor, Work},
    error::{Error, Result},
};
use std::{future::Future, time::Duration};

/// The deadlines of the connections; far below the guard.
const SOON: Duration = Duration::from_millis(500);

/// A test that hangs fails.
async fn bounded<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), work).await.expect("the deadline did not end the wait")
}

async fn statement(on: &dyn Executor) -> Result<()> {
    bounded(on.run(Work::Batch("SELECT 1".into()))).await.map(drop)
}

fn is_timeout(error: &Error, option: &str) {
    assert!(error.is_timeout(), "{error:?}");
    assert!(error.to_string().contains(option), "`{option}` is not in: {error}");
}

/// Freezes the server in the middle of connections, statements and transactions, each of which must
/// end as a timeout, and thaws it: the same pools must work again.
///
/// Does nothing when the server is somebody else's.
pub async fn times_out_everywhere(backend: impl Backend + Copy, server: &Server, url: &str) {
    let builder = |most: u32| -> Builder {
        let builder = Db::builder().backend(backend).max_connections(most);
        builder.connect_timeout(SOON).acquire_timeout(SOON * 3).statement_timeout(SOON)
    };
    // A busy machine may need several tries.
    let open = async || loop {
        match builder(1).open(url).await {
            Ok(db) => break db,
            Err(error) => assert!(error.is_timeout(), "{error:?}"),
        }
    };
    let (fresh, idle, begun) = bounded(async { (open().await, open().await, open().await) }).await;
    let transaction = begun.begin().await.unwrap();
    for on in [&fresh as &dyn Executor, &idle, &transaction] {
        statement(on).await.unwrap();
    }
    // Long enough that the pool asks the connection before it lends it.
    tokio::time::sleep(Duration::from_millis(700)).await;
    let held = fresh.acquire().await.unwrap();
    {
        let Some(_frozen) = server.freeze() else { return };
        is_timeout(&statement(&held).await.unwrap_err(), "`statement_timeout`");
        drop(held);
        // The connection has been given up, and there is no other.
        is_timeout(&statement(&fresh).await.unwrap_err(), "no connection");
        is_timeout(&statement(&idle).await.unwrap_err(), "no connection");
        is_timeout(&bounded(idle.begin()).await.err().unwrap(), "no connection");
        is_timeout(&statement(&transaction).await.unwrap_err(), "`statement_timeout`");
        drop(transaction);
        is_timeout(&bounded(builder(1).open(url)).await.unwrap_err(), "`connect_timeout`");
    }
    for db in [fresh, idle, begun] {
        let mut tries = 0;
        while let Err(error) = statement(&db).await {
            tries += 1;
            assert!(error.is_timeout() && tries < 20, "{error:?}");
        }
    }
}
