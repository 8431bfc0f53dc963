//! What a backend author implements.

use super::{Clock, Inline, Pool, ServerPool, loops};
use crate::{
    error::Result,
    render::{Dialect, Prepared},
    value::{RowSink, Values},
};
use async_trait::async_trait;
use std::{sync::Arc, time::Duration};

/// What a statement without rows did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// How many rows it matched or inserted.
    pub rows: u64,
    /// The key that the database made for the last inserted row.
    pub last_key: Option<i64>,
}

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The most connections that are open at once (10).
    pub max_connections: u32,
    /// The deadline of one attempt to connect, handshake and set-up included (10 s).
    pub connect_timeout: Duration,
    /// How long a query waits for a connection (30 s).
    pub acquire_timeout: Duration,
    /// The deadline of one statement (none).
    pub statement_timeout: Option<Duration>,
    /// How many prepared statements one connection keeps (100).
    pub statements_per_connection: usize,
    /// Whether a backend without a server may run short statements on the caller's thread (yes).
    pub inline_execution: bool,
    /// After how many reads of one shape from one line of one task a warning is traced; not looked for when `None`.
    pub n_plus_one: Option<u32>,
    /// Where the time of `auto_now` and `auto_now_add` comes from (the operating system).
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            max_connections: 10,
            connect_timeout: Duration::from_secs(10),
            acquire_timeout: Duration::from_secs(30),
            statement_timeout: None,
            statements_per_connection: 100,
            inline_execution: true,
            n_plus_one: cfg!(debug_assertions).then_some(loops::MOST),
            clock: Clock::default(),
        }
    }
}

/// An opened database: its dialect and its connections.
pub struct Opened {
    /// The dialect of the server that answered.
    pub dialect: Arc<dyn Dialect>,
    /// The version of the server that answered.
    pub version: String,
    /// Its connections.
    pub pool: Arc<dyn Pool>,
}

/// A kind of database.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// The URL schemes that it opens, without the colon.
    fn schemes(&self) -> &'static [&'static str];

    /// Opens one connection and sets it up, so that covet's laws hold on it.
    ///
    /// The caller sets the deadline. Errors say what is wrong and what to do, without the password.
    ///
    /// # Errors
    /// When the URL is wrong or the server refuses.
    async fn connect(&self, url: &str, options: &Options) -> Result<Box<dyn Connection>>;

    /// Opens the database. The default connects once, so that a wrong URL fails at once, and
    /// pools further connections.
    ///
    /// # Errors
    /// As [`connect`](Self::connect), and when the deadline passes.
    async fn open(self: Arc<Self>, url: &str, options: &Options) -> Result<Opened>
    where
        Self: Sized,
    {
        ServerPool::open(self, url, options).await
    }

    /// [`open`](Self::open) for trait objects.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    async fn open_boxed(self: Arc<Self>, url: &str, options: &Options) -> Result<Opened>;
}

/// One connection.
///
/// Methods take `&self`: a driver that pipelines can, one that cannot serialises inside. A future
/// of these methods may be dropped at any time; covet then calls [`cancel`](Self::cancel) and does
/// not lend the connection again before it is known to be clean.
#[async_trait]
pub trait Connection: Send + Sync + 'static {
    /// The dialect of the server at the other end.
    fn dialect(&self) -> Arc<dyn Dialect>;

    /// The server's version, as it says it: `18.1`, `11.8.6-MariaDB`.
    fn version(&self) -> String {
        String::new()
    }

    /// Runs a statement and gives each row to the sink.
    ///
    /// # Errors
    /// What the server says, or the sink's first error.
    async fn query(
        &self,
        statement: &Arc<Prepared>,
        values: Values,
        sink: Box<dyn RowSink>,
    ) -> Result<Box<dyn RowSink>>;

    /// Like [`query`](Self::query), and waits with [`RowSink::flush`] whenever [`RowSink::is_full`].
    ///
    /// The default is for backends whose `query` does that.
    ///
    /// # Errors
    /// What the server says, or the sink's first error.
    async fn stream(
        &self,
        statement: &Arc<Prepared>,
        values: Values,
        sink: Box<dyn RowSink>,
    ) -> Result<Box<dyn RowSink>> {
        self.query(statement, values, sink).await
    }

    /// Runs a statement here and now, on the caller's thread; `None` when it has to wait for anything. It has
    /// done nothing then, and its sink is empty; [`query`](Self::query) or [`execute`](Self::execute) follows.
    fn run_inline(&self, _work: &mut Inline<'_>) -> Option<Result<Done>> {
        None
    }

    /// Runs a statement without rows.
    ///
    /// # Errors
    /// What the server says.
    async fn execute(&self, statement: &Arc<Prepared>, values: Values) -> Result<Done>;

    /// Runs statements without rows, one behind the other, until one fails; counts their rows. covet has
    /// opened a transaction around them.
    ///
    /// # Errors
    /// What the server says of the first one that fails.
    async fn execute_many(&self, statements: Vec<(Arc<Prepared>, Values)>) -> Result<Done> {
        let mut all = Done::default();
        for (statement, values) in statements {
            let done = self.execute(&statement, values).await?;
            all = Done { rows: all.rows + done.rows, last_key: done.last_key };
        }
        Ok(all)
    }

    /// Runs one statement or several as they stand, without values.
    ///
    /// # Errors
    /// What the server says.
    async fn batch(&self, sql: &str) -> Result<()>;

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// What the server says.
    async fn begin(&self) -> Result<()> {
        self.batch("BEGIN").await
    }

    /// Commits. An error means that nothing was committed, unless the connection was lost.
    ///
    /// # Errors
    /// What the server says; a transaction that the server rolled back is an error.
    async fn commit(&self) -> Result<()> {
        self.batch("COMMIT").await
    }

    /// Rolls back.
    ///
    /// # Errors
    /// What the server says.
    async fn rollback(&self) -> Result<()> {
        self.batch("ROLLBACK").await
    }

    /// Makes sure that the server answers.
    ///
    /// # Errors
    /// When it does not.
    async fn ping(&self) -> Result<()>;

    /// Whether the connection is known to be unusable.
    fn is_closed(&self) -> bool;

    /// Whether a statement can start while another is under way.
    fn pipelines(&self) -> bool {
        false
    }

    /// Asks the server to stop the statement that is under way. Returns at once.
    fn cancel(&self);
}
