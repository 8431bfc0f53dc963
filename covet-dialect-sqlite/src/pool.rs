//! One writer and several readers; a database in memory has the writer only.

use crate::{
    SqliteDialect,
    connection::{Paces, Role, SqliteConnection},
    url::Place,
};
use async_trait::async_trait;
use covet_core::{
    backend::{Connection, Held, Intent, Opened, Options, Pool, PoolStatus},
    error::{Error, ErrorKind, Result},
};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU32, Ordering},
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// Connections of one role, handed out in the order of the calls.
struct Lane {
    idle: Mutex<Vec<SqliteConnection>>,
    queue: Semaphore,
    open: AtomicU32,
    most: u32,
}

impl Lane {
    fn new(most: u32, first: Vec<SqliteConnection>) -> Arc<Lane> {
        let open = AtomicU32::new(u32::try_from(first.len()).unwrap_or(0));
        Arc::new(Lane { idle: Mutex::new(first), queue: Semaphore::new(most as usize), open, most })
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<SqliteConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connections of one SQLite database.
pub struct SqlitePool {
    place: Place,
    options: Options,
    paces: Paces,
    writer: Arc<Lane>,
    readers: Option<Arc<Lane>>,
}

impl SqlitePool {
    /// Opens the writer; readers are opened when they are wanted.
    pub async fn open(place: Place, options: &Options) -> Result<Opened> {
        let paces = Paces::default();
        let open = SqliteConnection::open(place.clone(), Role::Writer, options.clone(), paces.clone());
        let writer = timeout(options.connect_timeout, open)
            .await
            .map_err(|_| Error::new(ErrorKind::Timeout, "SQLite did not open the file in time"))??;
        let readers = match &place {
            Place::Memory => None,
            Place::File(..) => Some(Lane::new(options.max_connections.saturating_sub(1).max(1), Vec::new())),
        };
        let writer = Lane::new(1, vec![writer]);
        let pool = SqlitePool { place, options: options.clone(), paces, writer, readers };
        let version = rusqlite::version().to_owned();
        Ok(Opened { dialect: Arc::new(SqliteDialect), version, pool: Arc::new(pool) })
    }
}

impl SqlitePool {
    fn lane(&self, intent: Intent) -> (&Arc<Lane>, Role) {
        match (intent, &self.readers) {
            (Intent::Read, Some(readers)) => (readers, Role::Reader),
            (Intent::Read | Intent::Write, _) => (&self.writer, Role::Writer),
        }
    }

    /// Waits in the queue of a lane.
    async fn wait(&self, lane: &Arc<Lane>) -> Result<Turn> {
        let waited = self.options.acquire_timeout;
        match timeout(waited, lane.queue.acquire()).await {
            Ok(Ok(permit)) => Ok(Turn::new(lane, permit)),
            Ok(Err(_)) => Err(Error::new(ErrorKind::Connection, "the pool is closed")),
            Err(_) => Err(Error::new(ErrorKind::Timeout, format!("no connection became free within {waited:?}"))
                .hint("SQLite has one writer at a time: hold transactions for a shorter time")),
        }
    }
}

#[async_trait]
impl Pool for SqlitePool {
    fn lend_inline(&self, intent: Intent, run: &mut dyn FnMut(&dyn Connection)) {
        let (lane, _) = self.lane(intent);
        // Dropped last, so that the next in the queue finds the connection.
        let Ok(_permit) = lane.queue.try_acquire() else { return };
        let Some(connection) = lane.idle().pop() else { return };
        let lent = Lent { connection: Some(connection), lane };
        if let Some(connection) = &lent.connection {
            run(connection);
        }
    }

    async fn acquire(&self, intent: Intent) -> Result<Box<dyn Held>> {
        let (lane, role) = self.lane(intent);
        let turn = self.wait(lane).await?;
        let idle = lane.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let (place, options, paces) = (self.place.clone(), self.options.clone(), self.paces.clone());
                let opened = SqliteConnection::open(place, role, options, paces).await?;
                lane.open.fetch_add(1, Ordering::Relaxed);
                opened
            }
        };
        Ok(Box::new(HeldConnection { connection, turn: Some(turn), spoilt: AtomicBool::new(false) }))
    }

    fn status(&self) -> PoolStatus {
        let lanes = || [Some(&self.writer), self.readers.as_ref()].into_iter().flatten();
        PoolStatus {
            open: lanes().map(|lane| lane.open.load(Ordering::Relaxed)).sum(),
            idle: lanes().map(|lane| u32::try_from(lane.idle().len()).unwrap_or(u32::MAX)).sum(),
            most: lanes().map(|lane| lane.most).sum(),
        }
    }
}

/// A connection that is given back when it is dropped, after a panic too.
struct Lent<'a> {
    connection: Option<SqliteConnection>,
    lane: &'a Lane,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.lane.idle().extend(self.connection.take());
    }
}

/// The right to one connection of a lane; dropping it lets the next in the queue have one.
struct Turn(Arc<Lane>);

impl Turn {
    fn new(lane: &Arc<Lane>, permit: SemaphorePermit<'_>) -> Turn {
        permit.forget();
        Turn(Arc::clone(lane))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.queue.add_permits(1);
    }
}

struct HeldConnection {
    connection: SqliteConnection,
    /// Until the connection is given back.
    turn: Option<Turn>,
    spoilt: AtomicBool,
}

impl Held for HeldConnection {
    fn connection(&self) -> &dyn Connection {
        &self.connection
    }

    fn spoil(&self) {
        self.spoilt.store(true, Ordering::Release);
    }
}

impl Drop for HeldConnection {
    fn drop(&mut self) {
        let Some(turn) = self.turn.take() else { return };
        let connection = self.connection.clone();
        if !self.spoilt.load(Ordering::Acquire) {
            turn.0.idle().push(connection);
            return;
        }
        let settle = move || {
            connection.settle();
            turn.0.idle().push(connection);
        };
        // Settling waits for the statement under way, which the dropping thread must not.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(settle)),
            Err(_) => drop(std::thread::spawn(settle)),
        }
    }
}
