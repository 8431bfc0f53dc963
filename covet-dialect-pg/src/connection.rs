//! One connection.

use crate::{
    PostgresDialect,
    bind::Parameter,
    bulk::Way,
    error,
    row::{self, Format},
    tls::{Connector, Stream},
    url::{self, Target},
};
use async_trait::async_trait;
use bytes::Bytes;
use covet_core::{
    backend::{Connection, Done, Options},
    error::{Error, ErrorKind, Result},
    render::{Dialect, Prepared},
    value::{RowSink, Value, Values},
};
use futures_util::TryStreamExt;
use lru::LruCache;
use std::{
    future::poll_fn,
    hash::{BuildHasherDefault, Hasher},
    num::NonZeroUsize,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite},
    net::TcpStream,
    runtime::Handle,
    sync::{oneshot, watch},
    time::{sleep, timeout},
};
use tokio_postgres::{CancelToken, Client, CopyInSink, RowStream, Socket, Statement, config::Host, tls::TlsConnect};

/// Without these covet's laws do not hold.
const SET_UP: &str = "SET TIME ZONE 'UTC'; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on";

/// How long a request to cancel may take, and how long a dropped connection may finish.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is kept for this connection, by the number of the SQL. The numbers are ours: they need no
/// hash that strangers cannot guess.
pub type Kept<T> = Mutex<LruCache<u64, T, BuildHasherDefault<Number>>>;

/// An empty cache of that size, or `None` where nothing is to be kept.
fn kept<T>(most: usize) -> Option<Kept<T>> {
    NonZeroUsize::new(most).map(|most| Mutex::new(LruCache::with_hasher(most, BuildHasherDefault::default())))
}

/// Hashes a number by one multiplication.
#[derive(Default)]
pub struct Number(u64);

impl Hasher for Number {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// A statement that the server has prepared, and how its columns are read: their types are looked at once.
pub struct Known {
    pub(crate) statement: Statement,
    formats: Box<[Format]>,
}

/// A connection of tokio-postgres. Statements pipeline: no lock is held while one is under way.
pub struct PostgresConnection {
    client: Client,
    target: Arc<Target>,
    connector: Connector,
    version: String,
    /// The statements that the server keeps; `None` when none are to be kept.
    statements: Option<Kept<Arc<Known>>>,
    /// How rows get into tables, by the statement that asks for it.
    pub(crate) ways: Option<Kept<Arc<Way>>>,
    in_transaction: AtomicBool,
    /// Whether a statement since BEGIN failed or was dropped, so that the server may have aborted.
    in_doubt: AtomicBool,
    /// The server has said goodbye, and the driver notices when the socket closes, a moment later;
    /// or replies would no longer reach their statements.
    pub(crate) lost: AtomicBool,
    /// How many hold statements back: see [`Closed`].
    gate: watch::Sender<usize>,
    /// Why the driver stopped.
    ended: Arc<OnceLock<String>>,
    /// Tells the driver that nobody waits any more.
    _alive: oneshot::Sender<()>,
}

impl PostgresConnection {
    pub async fn connect(url: &str, options: &Options) -> Result<PostgresConnection> {
        let target = url::parse(url)?;
        let connector = Connector::new(&target).await?;
        let connecting = target.config.connect(connector.make());
        let (client, driver) = connecting.await.map_err(|error| error::connect(error, &target))?;
        let version = driver.parameter("server_version").unwrap_or_default().to_owned();
        let (alive, dropped) = oneshot::channel();
        let ended = Arc::new(OnceLock::new());
        tokio::spawn(drive(driver, Arc::clone(&ended), dropped));
        let connection = PostgresConnection {
            client,
            target: Arc::new(target),
            connector,
            version,
            statements: kept(options.statements_per_connection),
            ways: kept(options.statements_per_connection),
            in_transaction: AtomicBool::new(false),
            in_doubt: AtomicBool::new(false),
            lost: AtomicBool::new(false),
            gate: watch::Sender::new(0),
            ended,
            _alive: alive,
        };
        connection.batch(SET_UP).await?;
        Ok(connection)
    }

    /// The server's statement, and whether it was prepared before.
    pub(crate) async fn prepare(&self, prepared: &Prepared) -> Result<(Arc<Known>, bool)> {
        if prepared.keep
            && let Some(mut statements) = lock(&self.statements)
            && let Some(known) = statements.get(&prepared.id)
        {
            return Ok((Arc::clone(known), true));
        }
        // Rare, and in a box of its own: the future of every statement would have room for it.
        Ok((Box::pin(self.prepare_anew(prepared)).await?, false))
    }

    /// Statements that start together each prepare; waiting for one of them could wait for a future that
    /// nobody polls.
    async fn prepare_anew(&self, prepared: &Prepared) -> Result<Arc<Known>> {
        let statement = self.send(pin!(self.client.prepare(&prepared.sql))).await?;
        let statement = statement.map_err(|error| self.explain(error))?;
        let formats = statement.columns().iter().map(|column| Format::of(column.type_())).collect();
        let known = Arc::new(Known { statement, formats });
        if prepared.keep
            && let Some(mut statements) = lock(&self.statements)
        {
            statements.put(prepared.id, Arc::clone(&known));
        }
        Ok(known)
    }

    /// Starts a statement. When the server has forgotten it or its tables have changed, it is
    /// prepared again, once; inside a transaction that is too late, for the error aborted it.
    pub(crate) async fn start(&self, prepared: &Prepared, values: &[Value]) -> Result<(RowStream, Arc<Known>)> {
        let mut again = !self.in_transaction.load(Ordering::Acquire);
        loop {
            let (known, kept) = self.prepare(prepared).await?;
            let started = {
                let start = self.client.query_raw(&known.statement, values.iter().map(Parameter));
                self.send(pin!(start)).await?
            };
            let error = match started {
                Ok(rows) => return Ok((rows, known)),
                Err(error) => error,
            };
            if !error::is_stale(&error) {
                return Err(self.explain(error));
            }
            if let Some(mut statements) = lock(&self.statements) {
                statements.pop(&prepared.id);
            }
            if !(kept && again) {
                return Err(self.explain(error));
            }
            again = false;
        }
    }

    /// Starts a statement whose rows, if it has any, are not wanted, and reads its reply. Gives the count of
    /// the rows that it changed.
    pub(crate) async fn finish(&self, prepared: &Prepared, values: &[Value]) -> Result<u64> {
        let (rows, _) = self.start(prepared, values).await?;
        let mut rows = pin!(rows);
        while rows.try_next().await.map_err(|error| self.explain(error))?.is_some() {}
        Ok(rows.rows_affected().unwrap_or(0))
    }

    /// Runs what is sent when it is polled for the first time, once the gate is open.
    async fn send<T>(&self, mut work: Pin<&mut impl Future<Output = Answer<T>>>) -> Result<Answer<T>> {
        let first = loop {
            // Nobody closes the gate while it is borrowed.
            let first = poll_fn(|cx| {
                let closed = self.gate.borrow();
                Poll::Ready((*closed == 0 && !self.lost.load(Ordering::Acquire)).then(|| work.as_mut().poll(cx)))
            });
            match first.await {
                Some(first) => break first,
                None if self.lost.load(Ordering::Acquire) => return Err(error::lost()),
                None => {}
            }
            // The sender lives as long as `self`.
            let _ = self.gate.subscribe().wait_for(|closed| *closed == 0).await;
        };
        match first {
            Poll::Ready(answer) => Ok(answer),
            Poll::Pending => Ok(work.await),
        }
    }

    /// Sends a COPY without its rows, while no other statement is sent.
    ///
    /// The driver asks for one reply more than the server gives when the server refuses a COPY at
    /// once, and every later reply would go to the statement before its own. So a COPY that does
    /// not begin costs the connection.
    pub(crate) async fn begin_copy(&self, copy: &Statement) -> Result<CopyInSink<Bytes>> {
        let gate = loop {
            let _ = self.gate.subscribe().wait_for(|closed| *closed == 0).await;
            if let Some(gate) = Closed::alone(&self.gate) {
                break gate;
            }
        };
        if self.lost.load(Ordering::Acquire) {
            return Err(error::lost());
        }
        let mut beginning = Beginning { lost: &self.lost, begun: false, _gate: gate };
        let sink = self.client.copy_in(copy).await.map_err(|error| self.explain(error))?;
        beginning.begun = true;
        Ok(sink)
    }

    #[cold]
    pub(crate) fn explain(&self, error: tokio_postgres::Error) -> Error {
        let closed = error.is_closed();
        let error = error::statement(error);
        if error.kind() == ErrorKind::ConnectionLost {
            self.lost.store(true, Ordering::Release);
        }
        match self.ended.get() {
            Some(cause) if closed => error.hint(cause.clone()),
            _ => error,
        }
    }
}

/// What the driver gives.
type Answer<T> = std::result::Result<T, tokio_postgres::Error>;

/// What is kept, if anything is.
pub fn lock<T>(kept: &Option<Kept<T>>) -> Option<MutexGuard<'_, LruCache<u64, T, BuildHasherDefault<Number>>>> {
    kept.as_ref().map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Moves bytes until the connection ends. Once nobody waits, it has some time to say goodbye.
async fn drive(
    driver: tokio_postgres::Connection<Socket, Stream<Socket>>,
    ended: Arc<OnceLock<String>>,
    dropped: oneshot::Receiver<()>,
) {
    let mut driver = pin!(driver);
    let error = tokio::select! {
        result = &mut driver => result.err(),
        () = async { let _ = dropped.await; sleep(PATIENCE).await } => None,
    };
    // Known before the statements under way hear that the connection is closed: `driver` still lives.
    if let Some(error) = error.as_ref().and_then(|error| error.as_db_error()) {
        let _ = ended.set(error::database(error).to_string());
    }
}

#[async_trait]
impl Connection for PostgresConnection {
    fn dialect(&self) -> Arc<dyn Dialect> {
        Arc::new(PostgresDialect::new())
    }

    fn version(&self) -> String {
        self.version.clone()
    }

    async fn query(
        &self,
        statement: &Arc<Prepared>,
        values: Values,
        mut sink: Box<dyn RowSink>,
    ) -> Result<Box<dyn RowSink>> {
        let doubt = Doubt::of(&self.in_doubt);
        let (rows, known) = self.start(statement, &values).await?;
        let mut rows = pin!(rows);
        let mut refused = None;
        // Rows behind one that the sink refuses are read all the same: the next reply stands behind them.
        while let Some(row) = rows.try_next().await.map_err(|error| self.explain(error))? {
            if refused.is_none() {
                refused = sink.row(&row::received(&row, &known.formats)).err();
            }
            if refused.is_none() && sink.is_full() {
                refused = sink.flush().await.err();
            }
        }
        doubt.settle();
        refused.map_or(Ok(sink), Err)
    }

    async fn execute(&self, statement: &Arc<Prepared>, values: Values) -> Result<Done> {
        let doubt = Doubt::of(&self.in_doubt);
        if let Some(columns) = &statement.copy {
            let done = Box::pin(self.bulk(statement, columns, values)).await?;
            doubt.settle();
            return Ok(done);
        }
        let rows = self.finish(statement, &values).await?;
        doubt.settle();
        Ok(Done { rows, last_key: None })
    }

    async fn batch(&self, sql: &str) -> Result<()> {
        let doubt = Doubt::of(&self.in_doubt);
        self.send(pin!(self.client.batch_execute(sql))).await?.map_err(|error| self.explain(error))?;
        doubt.settle();
        Ok(())
    }

    async fn begin(&self) -> Result<()> {
        self.in_transaction.store(true, Ordering::Release);
        self.in_doubt.store(false, Ordering::Release);
        let result = self.batch("BEGIN").await;
        if result.is_err() {
            self.in_transaction.store(false, Ordering::Release);
        }
        result
    }

    // The server answers a bare COMMIT of an aborted transaction with success and rolls back; the
    // statement before it fails then.
    async fn commit(&self) -> Result<()> {
        let sql = if self.in_doubt.load(Ordering::Acquire) { "SELECT 1; COMMIT" } else { "COMMIT" };
        self.batch(sql).await.map_err(error::commit)?;
        self.in_transaction.store(false, Ordering::Release);
        Ok(())
    }

    async fn rollback(&self) -> Result<()> {
        self.batch("ROLLBACK").await?;
        self.in_transaction.store(false, Ordering::Release);
        Ok(())
    }

    async fn ping(&self) -> Result<()> {
        self.batch("").await
    }

    fn is_closed(&self) -> bool {
        self.lost.load(Ordering::Acquire) || self.client.is_closed()
    }

    fn pipelines(&self) -> bool {
        true
    }

    fn cancel(&self) {
        let Ok(runtime) = Handle::try_current() else { return };
        let (token, target) = (self.client.cancel_token(), Arc::clone(&self.target));
        let connector = self.connector.clone();
        let request = Closed::more(&self.gate);
        runtime.spawn(async move {
            // The statement may have ended already; there is nobody to tell.
            let _ = timeout(PATIENCE, cancel(token, &target, &connector)).await;
            drop(request);
        });
    }
}

/// Holds statements back. A request to cancel that came late would hit one of them in place of its
/// predecessor; a COPY that does not begin would mix up their replies.
struct Closed(watch::Sender<usize>);

impl Closed {
    fn more(gate: &watch::Sender<usize>) -> Closed {
        gate.send_modify(|closed| *closed += 1);
        Closed(gate.clone())
    }

    /// Closes the gate unless another one does.
    fn alone(gate: &watch::Sender<usize>) -> Option<Closed> {
        let mine = gate.send_if_modified(|closed| {
            let open = *closed == 0;
            *closed += usize::from(open);
            open
        });
        mine.then(|| Closed(gate.clone()))
    }
}

impl Drop for Closed {
    fn drop(&mut self) {
        self.0.send_modify(|closed| *closed -= 1);
    }
}

/// The connection is lost unless the COPY begins. The gate opens after that is known.
struct Beginning<'a> {
    lost: &'a AtomicBool,
    begun: bool,
    _gate: Closed,
}

impl Drop for Beginning<'_> {
    fn drop(&mut self) {
        if !self.begun {
            self.lost.store(true, Ordering::Release);
        }
    }
}

/// Tells, unless it is settled, that a statement did not end well.
struct Doubt<'a> {
    told: &'a AtomicBool,
    settled: bool,
}

impl Doubt<'_> {
    fn of(told: &AtomicBool) -> Doubt<'_> {
        Doubt { told, settled: false }
    }

    fn settle(mut self) {
        self.settled = true;
    }
}

impl Drop for Doubt<'_> {
    fn drop(&mut self) {
        if !self.settled {
            self.told.store(true, Ordering::Release);
        }
    }
}

/// Asks the server to stop the statement. It closes the connection once it has done so.
async fn cancel(token: CancelToken, target: &Target, connector: &Connector) {
    let config = &target.config;
    let port = config.get_ports().first().copied().unwrap_or(5432);
    match (config.get_hosts(), config.get_hostaddrs()) {
        (_, [host]) => {
            if let Ok(stream) = TcpStream::connect((*host, port)).await {
                cancel_on(token, stream, connector.handshake(url::name(config))).await;
            }
        }
        ([Host::Tcp(host)], []) => {
            if let Ok(stream) = TcpStream::connect((host.as_str(), port)).await {
                cancel_on(token, stream, connector.handshake(url::name(config))).await;
            }
        }
        #[cfg(unix)]
        ([Host::Unix(folder)], []) => {
            let path = folder.join(format!(".s.PGSQL.{port}"));
            if let Ok(stream) = tokio::net::UnixStream::connect(path).await {
                cancel_on(token, stream, connector.handshake(url::name(config))).await;
            }
        }
        // Only the driver knows which of several hosts it chose.
        _ => drop(token.cancel_query(connector.make()).await),
    }
}

async fn cancel_on<S, T>(token: CancelToken, mut stream: S, handshake: T)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
    T: for<'a> TlsConnect<&'a mut S>,
{
    if token.cancel_query_raw(&mut stream, handshake).await.is_ok() {
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
}
