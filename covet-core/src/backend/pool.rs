//! Pools: bb8 behind a fair queue for servers; other databases bring their own [`Pool`].

use super::{Backend, Connection, Opened, Options};
use crate::error::{Error, ErrorKind, Result};
use async_trait::async_trait;
use futures_util::FutureExt;
use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

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

/// A connection with what the pool knows about it.
struct Slot {
    connection: Box<dyn Connection>,
    spoilt: AtomicBool,
    used: Mutex<Instant>,
}

/// Within this time of its last use a connection is lent without asking the server.
const FRESH: Duration = Duration::from_millis(500);

struct Manager<B> {
    backend: Arc<B>,
    url: String,
    options: Options,
    first: Mutex<Option<Box<dyn Connection>>>,
    last_error: LastError,
}

/// Why the last attempt to connect failed.
type LastError = Arc<Mutex<Option<(ErrorKind, String)>>>;

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<B: Backend> bb8::ManageConnection for Manager<B> {
    type Connection = Slot;
    type Error = Error;

    async fn connect(&self) -> Result<Slot> {
        let first = lock(&self.first).take();
        let connection = match first {
            Some(connection) => Ok(connection),
            None => connect(&*self.backend, &self.url, &self.options).await,
        };
        match connection {
            Ok(connection) => {
                *lock(&self.last_error) = None;
                Ok(Slot { connection, spoilt: AtomicBool::new(false), used: Mutex::new(Instant::now()) })
            }
            Err(error) => {
                *lock(&self.last_error) = Some((error.kind(), error.to_string()));
                Err(error)
            }
        }
    }

    async fn is_valid(&self, slot: &mut Slot) -> Result<()> {
        if lock(&slot.used).elapsed() < FRESH {
            return Ok(());
        }
        match timeout(self.options.connect_timeout, slot.connection.ping()).await {
            Ok(result) => result,
            Err(_) => Err(Error::new(ErrorKind::Timeout, "an idle connection did not answer")),
        }
    }

    fn has_broken(&self, slot: &mut Slot) -> bool {
        slot.spoilt.load(Ordering::Acquire) || slot.connection.is_closed()
    }
}

/// bb8 with a fair queue in front: bb8 alone starves some waiters under overload.
pub struct ServerPool<B: Backend> {
    pool: bb8::Pool<Manager<B>>,
    queue: Arc<Semaphore>,
    options: Options,
    last_error: LastError,
}

impl<B: Backend> ServerPool<B> {
    /// Connects once, then pools further connections.
    ///
    /// # Errors
    /// When the first connection fails.
    pub async fn open(backend: Arc<B>, url: &str, options: &Options) -> Result<Opened> {
        let most = options.max_connections.max(1);
        let first = connect(&*backend, url, options).await?;
        let (dialect, version) = (first.dialect(), first.version());
        let last_error = LastError::default();
        let manager = Manager {
            backend,
            url: url.to_owned(),
            options: options.clone(),
            first: Mutex::new(Some(first)),
            last_error: Arc::clone(&last_error),
        };
        let pool = bb8::Pool::builder()
            .max_size(most)
            .test_on_check_out(true)
            .connection_timeout(options.acquire_timeout)
            .build(manager)
            .await?;
        // The first connection goes into the pool now.
        drop(pool.get().await.map_err(|error| run_error(error, &last_error, options))?);
        let queue = Arc::new(Semaphore::new(most as usize));
        Ok(Opened {
            dialect,
            version,
            pool: Arc::new(ServerPool { pool, queue, options: options.clone(), last_error }),
        })
    }
}

fn run_error(error: bb8::RunError<Error>, last_error: &LastError, options: &Options) -> Error {
    match error {
        bb8::RunError::User(error) => error,
        bb8::RunError::TimedOut => no_connection(last_error, options.acquire_timeout),
    }
}

#[cold]
fn no_connection(last_error: &LastError, waited: Duration) -> Error {
    match &*lock(last_error) {
        Some((kind, cause)) => {
            // A server that says nothing is a deadline that passed; one that refuses is a refusal.
            let kind = if *kind == ErrorKind::Timeout { *kind } else { ErrorKind::Connection };
            Error::new(kind, format!("no connection could be opened within {waited:?}; the last attempt: {cause}"))
        }
        None => Error::new(ErrorKind::Timeout, format!("no connection became free within {waited:?}"))
            .hint("raise `max_connections`, or hold connections and transactions for a shorter time"),
    }
}

#[async_trait]
impl<B: Backend> Pool for ServerPool<B> {
    async fn acquire(&self, _intent: Intent) -> Result<Box<dyn Held>> {
        let waited = self.options.acquire_timeout;
        // One deadline for both: in the queue, and for the connection.
        let work = async {
            let permit = Arc::clone(&self.queue).acquire_owned().await;
            let permit = permit.map_err(|_| Error::new(ErrorKind::Connection, "the pool is closed"))?;
            let slot = self.pool.get_owned().await;
            let slot = slot.map_err(|error| run_error(error, &self.last_error, &self.options))?;
            Ok(Box::new(HeldSlot { slot, _permit: permit }) as Box<dyn Held>)
        };
        match timeout(waited, work).await {
            Ok(result) => result,
            Err(_) => Err(no_connection(&self.last_error, waited)),
        }
    }

    fn status(&self) -> PoolStatus {
        let state = self.pool.state();
        PoolStatus { open: state.connections, idle: state.idle_connections, most: self.options.max_connections }
    }
}

struct HeldSlot<B: Backend> {
    // Given back before the permit, so that the next in the queue finds it.
    slot: bb8::PooledConnection<'static, Manager<B>>,
    _permit: OwnedSemaphorePermit,
}

impl<B: Backend> Held for HeldSlot<B> {
    fn connection(&self) -> &dyn Connection {
        &*self.slot.connection
    }

    fn spoil(&self) {
        self.slot.spoilt.store(true, Ordering::Release);
    }
}

impl<B: Backend> Drop for HeldSlot<B> {
    fn drop(&mut self) {
        *lock(&self.slot.used) = Instant::now();
    }
}
