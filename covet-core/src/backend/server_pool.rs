//! The pool of servers: bb8 behind a fair queue.

use super::{Backend, Connection, Held, Intent, Opened, Options, Pool, PoolStatus, connect};
use crate::error::{Error, ErrorKind, Result};
use async_trait::async_trait;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// A connection with what the pool knows about it.
struct Slot {
    connection: Arc<dyn Connection>,
    spoilt: bool,
    /// When it was last lent or, where bb8 has it, given back.
    used: Instant,
    /// When bb8 last lent it.
    left_pool: Instant,
}

/// Within this time of its last use a connection is lent without asking the server.
const FRESH: Duration = Duration::from_millis(500);

/// How long a connection that is always in use stays away from bb8, which ends the lives of old ones.
const MOST_AWAY: Duration = Duration::from_secs(30);

impl Slot {
    fn is_broken(&self) -> bool {
        self.spoilt || self.connection.is_closed()
    }
}

/// A connection on loan from bb8.
type Loan<B> = bb8::PooledConnection<'static, Manager<B>>;

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
                let now = Instant::now();
                Ok(Slot { connection: connection.into(), spoilt: false, used: now, left_pool: now })
            }
            Err(error) => {
                *lock(&self.last_error) = Some((error.kind(), error.to_string()));
                Err(error)
            }
        }
    }

    async fn is_valid(&self, slot: &mut Slot) -> Result<()> {
        if slot.used.elapsed() >= FRESH {
            match timeout(self.options.connect_timeout, slot.connection.ping()).await {
                Ok(result) => result?,
                Err(_) => return Err(Error::new(ErrorKind::Timeout, "an idle connection did not answer")),
            }
        }
        // The server has just answered, now or within this time: the loan begins fresh.
        slot.used = Instant::now();
        slot.left_pool = slot.used;
        Ok(())
    }

    fn has_broken(&self, slot: &mut Slot) -> bool {
        slot.is_broken()
    }
}

/// bb8 with a fair queue in front: bb8 alone starves some waiters under overload.
pub struct ServerPool<B: Backend> {
    pool: bb8::Pool<Manager<B>>,
    front: Arc<Front<B>>,
    options: Options,
    last_error: LastError,
}

/// What stands in front of bb8.
struct Front<B: Backend> {
    /// Who gets the next connection.
    queue: Semaphore,
    spare: Mutex<Spare<B>>,
}

/// The connection that was given back last, for the next one who comes: a loan from bb8 costs several
/// readings of the clock, two timers and three locks.
struct Spare<B: Backend> {
    loan: Option<Loan<B>>,
    /// How many wait for a loan from bb8, which must get every connection then.
    waiting: usize,
}

/// Somebody who waits for a loan from bb8.
struct Waiting<'a, B: Backend>(&'a Front<B>);

impl<B: Backend> Front<B> {
    /// The spare connection, unless bb8 has to look at it first.
    fn spare(&self) -> Option<Loan<B>> {
        let mut loan = lock(&self.spare).loan.take()?;
        let now = Instant::now();
        if loan.is_broken() || now - loan.used >= FRESH || now - loan.left_pool >= MOST_AWAY {
            return None;
        }
        loan.used = now;
        Some(loan)
    }

    fn wait(&self) -> Waiting<'_, B> {
        let mut spare = lock(&self.spare);
        spare.waiting += 1;
        let loan = spare.loan.take();
        drop(spare);
        drop(loan);
        Waiting(self)
    }

    fn take_back(&self, mut loan: Loan<B>) {
        if !loan.is_broken() {
            let mut spare = lock(&self.spare);
            if spare.waiting == 0 && spare.loan.is_none() {
                spare.loan = Some(loan);
                return;
            }
        }
        loan.used = Instant::now();
    }
}

impl<B: Backend> Drop for Waiting<'_, B> {
    fn drop(&mut self) {
        lock(&self.0.spare).waiting -= 1;
    }
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
        let spare = Mutex::new(Spare { loan: None, waiting: 0 });
        let front = Arc::new(Front { queue: Semaphore::new(most as usize), spare });
        Ok(Opened {
            dialect,
            version,
            pool: Arc::new(ServerPool { pool, front, options: options.clone(), last_error }),
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
    fn acquire_now(&self, _intent: Intent) -> Option<Box<dyn Held>> {
        let permit = self.front.queue.try_acquire().ok()?;
        Some(HeldSlot::lend(self.front.spare()?, permit, &self.front))
    }

    async fn acquire(&self, _intent: Intent) -> Result<Box<dyn Held>> {
        let waited = self.options.acquire_timeout;
        // One deadline for both: in the queue, and for the connection.
        let work = async {
            let permit = self.front.queue.acquire().await;
            let permit = permit.map_err(|_| Error::new(ErrorKind::Connection, "the pool is closed"))?;
            if let Some(loan) = self.front.spare() {
                return Ok(HeldSlot::lend(loan, permit, &self.front));
            }
            let _waiting = self.front.wait();
            let loan = self.pool.get_owned().await;
            let loan = loan.map_err(|error| run_error(error, &self.last_error, &self.options))?;
            Ok(HeldSlot::lend(loan, permit, &self.front))
        };
        match timeout(waited, work).await {
            Ok(result) => result,
            Err(_) => Err(no_connection(&self.last_error, waited)),
        }
    }

    fn status(&self) -> PoolStatus {
        // Nobody takes the spare one meanwhile.
        let spare = lock(&self.front.spare);
        let state = self.pool.state();
        let idle = state.idle_connections + u32::from(spare.loan.is_some());
        PoolStatus { open: state.connections, idle, most: self.options.max_connections }
    }
}

struct HeldSlot<B: Backend> {
    connection: Arc<dyn Connection>,
    spoilt: AtomicBool,
    /// Until it is given back.
    loan: Option<Loan<B>>,
    front: Arc<Front<B>>,
}

impl<B: Backend> HeldSlot<B> {
    fn lend(loan: Loan<B>, permit: SemaphorePermit<'_>, front: &Arc<Front<B>>) -> Box<dyn Held> {
        permit.forget();
        let (connection, front) = (Arc::clone(&loan.connection), Arc::clone(front));
        Box::new(HeldSlot { connection, spoilt: AtomicBool::new(false), loan: Some(loan), front })
    }
}

impl<B: Backend> Held for HeldSlot<B> {
    fn connection(&self) -> &dyn Connection {
        &*self.connection
    }

    fn spoil(&self) {
        self.spoilt.store(true, Ordering::Release);
    }
}

impl<B: Backend> Drop for HeldSlot<B> {
    fn drop(&mut self) {
        if let Some(mut loan) = self.loan.take() {
            loan.spoilt = *self.spoilt.get_mut();
            self.front.take_back(loan);
        }
        // Behind the connection, so that the next in the queue finds it.
        self.front.queue.add_permits(1);
    }
}
