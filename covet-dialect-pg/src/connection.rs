//! One connection.

use crate::{
    PostgresDialect,
    bind::Parameter,
    error,
    row::PostgresRow,
    tls::{Connector, Stream},
    url::{self, Target},
};
use async_trait::async_trait;
use covet_core::{
    backend::{Connection, Done, Options},
    error::{Error, ErrorKind, Result},
    render::{Dialect, Prepared},
    value::{RowSink, Values},
};
use futures_util::TryStreamExt;
use lru::LruCache;
use std::{
    num::NonZeroUsize,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite},
    net::TcpStream,
    runtime::Handle,
    sync::{oneshot, watch},
    time::{sleep, timeout},
};
use tokio_postgres::{CancelToken, Client, RowStream, Socket, Statement, config::Host, tls::TlsConnect};

/// Without these covet's laws do not hold.
const SET_UP: &str = "SET TIME ZONE 'UTC'; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on";

/// How long a request to cancel may take, and how long a dropped connection may finish.
const PATIENCE: Duration = Duration::from_secs(5);

/// The statements that the server keeps for this connection, by the number of their SQL.
type Statements = Mutex<LruCache<u64, Statement>>;

/// A connection of tokio-postgres. Statements pipeline: no lock is held while one is under way.
pub struct PostgresConnection {
    client: Client,
    target: Arc<Target>,
    connector: Connector,
    version: String,
    /// `None` when none are to be kept.
    statements: Option<Statements>,
    in_transaction: AtomicBool,
    /// The server has said goodbye; the driver notices when the socket closes, a moment later.
    lost: AtomicBool,
    /// How many requests to cancel are under way. A statement waits for them: one that came late
    /// would hit it in place of its predecessor.
    cancelling: watch::Sender<usize>,
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
            statements: NonZeroUsize::new(options.statements_per_connection)
                .map(|most| Mutex::new(LruCache::new(most))),
            in_transaction: AtomicBool::new(false),
            lost: AtomicBool::new(false),
            cancelling: watch::Sender::new(0),
            ended,
            _alive: alive,
        };
        connection.batch(SET_UP).await?;
        Ok(connection)
    }

    fn statements(&self) -> Option<MutexGuard<'_, LruCache<u64, Statement>>> {
        self.statements.as_ref().map(|statements| statements.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The server's statement, and whether it was prepared before.
    async fn prepare(&self, prepared: &Prepared) -> Result<(Statement, bool), tokio_postgres::Error> {
        if prepared.keep
            && let Some(statement) = self.statements().and_then(|mut statements| statements.get(&prepared.id).cloned())
        {
            return Ok((statement, true));
        }
        // Statements that start together each prepare; waiting for one of them could wait for a
        // future that nobody polls.
        let statement = self.client.prepare(&prepared.sql).await?;
        if prepared.keep
            && let Some(mut statements) = self.statements()
        {
            statements.put(prepared.id, statement.clone());
        }
        Ok((statement, false))
    }

    /// Starts a statement. When the server has forgotten it or its tables have changed, it is
    /// prepared again, once; inside a transaction that is too late, for the error aborted it.
    async fn start(&self, prepared: &Prepared, values: &Values) -> Result<RowStream> {
        self.quiet().await;
        let mut again = !self.in_transaction.load(Ordering::Acquire);
        loop {
            let (statement, kept) = self.prepare(prepared).await.map_err(|error| self.explain(error))?;
            let error = match self.client.query_raw(&statement, values.iter().map(Parameter)).await {
                Ok(rows) => return Ok(rows),
                Err(error) => error,
            };
            if !error::is_stale(&error) {
                return Err(self.explain(error));
            }
            if let Some(mut statements) = self.statements() {
                statements.pop(&prepared.id);
            }
            if !(kept && again) {
                return Err(self.explain(error));
            }
            again = false;
        }
    }

    /// Waits for requests to cancel.
    async fn quiet(&self) {
        let mut cancelling = self.cancelling.subscribe();
        // The sender lives as long as `self`.
        let _ = cancelling.wait_for(|requests| *requests == 0).await;
    }

    #[cold]
    fn explain(&self, error: tokio_postgres::Error) -> Error {
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
        let mut rows = pin!(self.start(statement, &values).await?);
        let mut refused = None;
        // Rows behind one that the sink refuses are read all the same: the next reply stands behind them.
        while let Some(row) = rows.try_next().await.map_err(|error| self.explain(error))? {
            if refused.is_none() {
                refused = sink.row(&PostgresRow(&row)).err();
            }
            if refused.is_none() && sink.is_full() {
                refused = sink.flush().await.err();
            }
        }
        refused.map_or(Ok(sink), Err)
    }

    async fn execute(&self, statement: &Arc<Prepared>, values: Values) -> Result<Done> {
        let mut rows = pin!(self.start(statement, &values).await?);
        while rows.try_next().await.map_err(|error| self.explain(error))?.is_some() {}
        Ok(Done { rows: rows.rows_affected().unwrap_or(0), last_key: None })
    }

    async fn batch(&self, sql: &str) -> Result<()> {
        self.quiet().await;
        self.client.batch_execute(sql).await.map_err(|error| self.explain(error))
    }

    async fn begin(&self) -> Result<()> {
        self.in_transaction.store(true, Ordering::Release);
        let result = self.batch("BEGIN").await;
        if result.is_err() {
            self.in_transaction.store(false, Ordering::Release);
        }
        result
    }

    // The server answers a bare COMMIT of an aborted transaction with success and rolls back; the
    // statement before it fails then, at no cost in time.
    async fn commit(&self) -> Result<()> {
        self.batch("SELECT 1; COMMIT").await.map_err(error::commit)?;
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
        let request = Request::new(self.cancelling.clone());
        runtime.spawn(async move {
            // The statement may have ended already; there is nobody to tell.
            let _ = timeout(PATIENCE, cancel(token, &target, &connector)).await;
            drop(request);
        });
    }
}

/// A request to cancel that is under way.
struct Request(watch::Sender<usize>);

impl Request {
    fn new(count: watch::Sender<usize>) -> Request {
        count.send_modify(|requests| *requests += 1);
        Request(count)
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.0.send_modify(|requests| *requests -= 1);
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
