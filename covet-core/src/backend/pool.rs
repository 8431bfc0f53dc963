//! What a pool is. Servers have the one of the module `server_pool`; other databases bring their own.

use super::{Backend, Connection, Options};
use crate::error::{Error, ErrorKind, Result};
use async_trait::async_trait;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use tokio::time::timeout;

/// What a connection is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// One statement that only reads.
    Read,
    /// Anything else.
    Write,
}

/// A borrowed connection; dropping it gives it back.
pub trait Held: Send + Sync {
    /// The connection.
    fn connection(&self) -> &dyn Connection;

    /// Marks the connection as unclean: it is not lent again as it is.
    fn spoil(&self);

    /// Takes over the rollback of a dropped transaction, to be done before the next statement.
    /// Says whether it did; covet rolls back at once otherwise.
    fn roll_back_later(&self) -> bool {
        false
    }
}

/// How many connections there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolStatus {
    /// Open connections.
    pub open: u32,
    /// Open connections that nobody uses.
    pub idle: u32,
    /// The most that may be open.
    pub most: u32,
}

/// The connections of one database.
#[async_trait]
pub trait Pool: Send + Sync + 'static {
    /// Lends a connection to `run` when one is free, without overtaking anybody.
    fn lend_inline(&self, _intent: Intent, _run: &mut dyn FnMut(&dyn Connection)) {}

    /// Borrows a connection when one is free, without overtaking anybody; `None` says nothing.
    /// [`acquire`](Self::acquire) follows.
    fn acquire_now(&self, _intent: Intent) -> Option<Box<dyn Held>> {
        None
    }

    /// Borrows a connection, waiting for one in the order of the calls.
    ///
    /// # Errors
    /// When the deadline passes; the text has the last reason why no connection could be opened.
    async fn acquire(&self, intent: Intent) -> Result<Box<dyn Held>>;

    /// How many connections there are.
    fn status(&self) -> PoolStatus;
}

/// Connects under the deadline. A panic of the driver is an error, so that it costs no capacity.
///
/// # Errors
/// As [`Backend::connect`], and when the deadline passes.
pub async fn connect<B: Backend + ?Sized>(backend: &B, url: &str, options: &Options) -> Result<Box<dyn Connection>> {
    let attempt = AssertUnwindSafe(backend.connect(url, options)).catch_unwind();
    match timeout(options.connect_timeout, attempt).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Error::new(ErrorKind::Connection, "the driver panicked while it connected")),
        Err(_) => Err(Error::new(
            ErrorKind::Timeout,
            format!("the server did not finish connecting within {:?}", options.connect_timeout),
        )
        .hint("check that the address is right and the server is not overloaded, or raise `connect_timeout`")),
    }
}
