//! One connection: short statements on the caller's thread, all others on a blocking one.

mod checkpoint;
mod job;
mod pace;
mod statement;
mod turn;
mod watch;

pub use pace::Paces;

use self::{
    checkpoint::Log,
    job::{Abandon, Job, blocking},
    pace::{KnownPaces, Shape},
    statement::{Read, Stopped, execute, execute_short, query},
    watch::{Budget, Watch},
};
use crate::{
    SqliteDialect,
    bind::bytes_of,
    error::from_driver,
    features,
    url::{Place, Synchronous},
};
use async_trait::async_trait;
use covet_core::{
    backend::{Connection, Done, Inline, Options},
    error::{Error, ErrorKind, Result},
    render::{Dialect, Prepared},
    value::{RowSink, Values},
};
use rusqlite::{InterruptHandle, config::DbConfig};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError},
    time::{Duration, Instant},
};

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Reads and writes.
    Writer,
    /// Reads only.
    Reader,
}

/// A write that took longer is given to a blocking thread for a while.
const LONG_WRITE: Duration = Duration::from_micros(500);
/// Values with more bytes than this are bound on a blocking thread.
const MOST_BYTES: usize = 16 << 10;

/// The driver's connection and what belongs under the same lock.
struct Driver {
    connection: rusqlite::Connection,
    paces: KnownPaces,
    in_transaction: bool,
}

struct Inner {
    driver: Mutex<Driver>,
    interrupt: InterruptHandle,
    watch: Arc<Watch>,
    log: Option<Arc<Log>>,
    inline: bool,
    /// Whether a commit returns only when it is on the disk.
    waits_for_disk: bool,
}

/// One connection.
#[derive(Clone)]
pub struct SqliteConnection(Arc<Inner>);

impl Driver {
    /// What a statement did. After FULL, IOERR, NOMEM and INTERRUPT SQLite may have rolled back by itself.
    fn outcome<T>(&mut self, result: Result<T>) -> Result<T> {
        let was_in_transaction = self.in_transaction;
        self.in_transaction = !self.connection.is_autocommit();
        match result {
            Err(error) if was_in_transaction && !self.in_transaction => {
                Err(Error::new(ErrorKind::TransactionRolledBack, "SQLite rolled the transaction back")
                    .with_source(error))
            }
            result => result,
        }
    }
}

impl SqliteConnection {
    /// Opens and sets up.
    pub async fn open(place: Place, role: Role, options: Options, paces: Paces) -> Result<SqliteConnection> {
        blocking(move || open(&place, role, &options, paces)).await
    }

    /// Runs a job on a blocking thread.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Driver) -> Result<T> + Send + 'static) -> Result<T> {
        let inner = Arc::clone(&self.0);
        let job = Job::new();
        let _abandon = Abandon { job: job.clone(), interrupt: &self.0.interrupt, watch: &self.0.watch };
        blocking(move || {
            let mut driver = inner.lock();
            let _waiting = inner.watch.wait();
            let _running = job.begin(&inner.watch)?;
            let result = work(&mut driver);
            let result = driver.outcome(result);
            if inner.log.as_ref().is_some_and(|log| log.is_due()) {
                Log::copy_back(&driver.connection);
            }
            result
        })
        .await
    }

    /// Waits until no statement runs and rolls back what a dropped future has left. Blocks.
    pub fn settle(&self) {
        let mut driver = self.0.lock();
        if !driver.connection.is_autocommit() {
            // Whatever this says, `is_autocommit` is asked again before the connection is lent.
            let _ = driver.connection.execute_batch("ROLLBACK");
        }
        driver.in_transaction = !driver.connection.is_autocommit();
    }

    /// Copies the log back on a blocking thread, which nobody waits for.
    fn copy_log_back(&self) {
        if self.0.log.as_ref().is_some_and(|log| log.is_due()) {
            let inner = Arc::clone(&self.0);
            drop(tokio::task::spawn_blocking(move || Log::copy_back(&inner.lock().connection)));
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Driver> {
        self.driver.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The driver, for a statement of the query builder that may run here and now: SQL of the user's own
    /// can do anything.
    fn lock_inline(&self, statement: &Prepared, values: &Values) -> Option<MutexGuard<'_, Driver>> {
        if !self.inline || statement.table.is_none() || turn::is_over() || bytes_of(values) > MOST_BYTES {
            return None;
        }
        match self.driver.try_lock() {
            Ok(driver) => Some(driver),
            Err(TryLockError::Poisoned(driver)) => Some(driver.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Runs a read on the caller's thread; `None` when it must run on another one.
    fn query_inline(&self, statement: &Prepared, values: &Values, sink: &mut dyn RowSink) -> Option<Result<Done>> {
        if !statement.reads {
            return None;
        }
        let mut guard = self.lock_inline(statement, values)?;
        let driver = &mut *guard;
        let pace = driver.paces.of(statement);
        if !pace.is_short() || !sink.restart() {
            return None;
        }
        let budget = Budget::start(&self.watch);
        let known = pace.shape(&driver.connection, statement).is_some_and(|shape| shape != Shape::Blind);
        let result = known.then(|| query(&driver.connection, statement, values, sink, Some(&budget)));
        let spent = budget.spent();
        drop(budget);
        turn::held(spent);
        match result {
            None => None,
            Some(Err(Stopped::Early)) => {
                pace.fell_back();
                sink.restart();
                None
            }
            Some(Err(Stopped::Failed(error))) => Some(driver.outcome(Err(error))),
            Some(Ok(read)) => {
                pace.ended(&read);
                Some(Ok(Done::default()))
            }
        }
    }

    /// Runs a write by key on the caller's thread; `None` when it must run on another one.
    fn execute_inline(&self, statement: &Prepared, values: &Values) -> Option<Result<Done>> {
        let mut guard = self.lock_inline(statement, values)?;
        let driver = &mut *guard;
        // A statement that commits by itself would wait for the disk here.
        if self.waits_for_disk && !driver.in_transaction {
            return None;
        }
        let pace = driver.paces.of(statement);
        if !pace.is_short() {
            return None;
        }
        let started = Instant::now();
        if pace.shape(&driver.connection, statement) != Some(Shape::Point) {
            return None;
        }
        let result = execute_short(&driver.connection, statement, values);
        let spent = started.elapsed();
        turn::held(spent);
        match result {
            Ok(written) => {
                if spent > LONG_WRITE {
                    pace.fell_back();
                } else {
                    pace.ended(&Read::default());
                }
                if written.prepared_anew {
                    pace.forget_shape();
                }
                Some(Ok(written.done))
            }
            Err(Stopped::Early) => {
                pace.fell_back();
                None
            }
            Err(Stopped::Failed(error)) => Some(driver.outcome(Err(error))),
        }
    }
}

fn open(place: &Place, role: Role, options: &Options, paces: Paces) -> Result<SqliteConnection> {
    let synchronous = match place {
        Place::Memory => Synchronous::Normal,
        Place::File(_, synchronous) => *synchronous,
    };
    let connection = match place {
        Place::Memory => rusqlite::Connection::open_in_memory(),
        Place::File(path, _) => rusqlite::Connection::open(path),
    };
    let mut connection = connection.map_err(|error| from_driver(&error))?;
    let mut set_up = || -> rusqlite::Result<(Arc<Watch>, Option<Arc<Log>>)> {
        let watch = Watch::install(&mut connection)?;
        let waiting = watch.wait();
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let mut log = None;
        if role == Role::Writer {
            let mut mode = String::new();
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| {
                mode = row.get(0)?;
                Ok(())
            })?;
            if mode.eq_ignore_ascii_case("wal") {
                log = Some(Log::install(&mut connection)?);
            }
        }
        connection.pragma_update(None, "synchronous", synchronous.pragma())?;
        connection.pragma_update(None, "query_only", role == Role::Reader)?;
        connection.set_prepared_statement_cache_capacity(options.statements_per_connection);
        // Reads the schema, so that no statement on a caller's thread has to.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        drop(waiting);
        Ok((watch, log))
    };
    let (watch, log) = set_up().map_err(|error| from_driver(&error))?;
    features::add_functions(&connection)?;
    let interrupt = connection.get_interrupt_handle();
    let driver = Driver { connection, paces: KnownPaces::new(paces), in_transaction: false };
    Ok(SqliteConnection(Arc::new(Inner {
        driver: Mutex::new(driver),
        interrupt,
        watch,
        log,
        inline: options.inline_execution,
        waits_for_disk: synchronous == Synchronous::Full,
    })))
}

fn to_the_end<T>(result: Result<T, Stopped>) -> Result<T> {
    result.map_err(|stopped| match stopped {
        Stopped::Failed(error) => error,
        Stopped::Early => Error::new(ErrorKind::Database, "a statement without a budget was stopped")
            .hint("please report this as a bug of covet"),
    })
}

#[async_trait]
impl Connection for SqliteConnection {
    fn dialect(&self) -> Arc<dyn Dialect> {
        Arc::new(SqliteDialect)
    }

    fn run_inline(&self, work: &mut Inline<'_>) -> Option<Result<Done>> {
        match work {
            Inline::Query(statement, values, sink) => self.0.query_inline(statement, values, *sink),
            Inline::Execute(statement, values) => {
                let result = self.0.execute_inline(statement, values)?;
                self.copy_log_back();
                Some(result)
            }
        }
    }

    async fn query(
        &self,
        statement: &Arc<Prepared>,
        values: Values,
        mut sink: Box<dyn RowSink>,
    ) -> Result<Box<dyn RowSink>> {
        if turn::pass().await
            && let Some(result) = self.run_inline(&mut Inline::Query(statement, &values, &mut *sink))
        {
            return result.map(|_| sink);
        }
        let statement = Arc::clone(statement);
        self.run(move |driver| {
            let pace = driver.paces.of(&statement);
            let started = Instant::now();
            let read = to_the_end(query(&driver.connection, &statement, &values, &mut *sink, None))?;
            pace.ended_on_thread(started.elapsed(), &read);
            Ok(sink)
        })
        .await
    }

    /// A stream is as slow as its reader, for whom the blocking thread waits.
    async fn stream(
        &self,
        statement: &Arc<Prepared>,
        values: Values,
        mut sink: Box<dyn RowSink>,
    ) -> Result<Box<dyn RowSink>> {
        let statement = Arc::clone(statement);
        self.run(move |driver| {
            to_the_end(query(&driver.connection, &statement, &values, &mut *sink, None))?;
            Ok(sink)
        })
        .await
    }

    async fn execute(&self, statement: &Arc<Prepared>, values: Values) -> Result<Done> {
        if turn::pass().await
            && let Some(result) = self.run_inline(&mut Inline::Execute(statement, &values))
        {
            return result;
        }
        let statement = Arc::clone(statement);
        self.run(move |driver| {
            let pace = driver.paces.of(&statement);
            let started = Instant::now();
            let done = execute(&driver.connection, &statement, &values)?;
            pace.ended_on_thread(started.elapsed(), &Read::default());
            Ok(done)
        })
        .await
    }

    // One hop for all of them.
    async fn execute_many(&self, statements: Vec<(Arc<Prepared>, Values)>) -> Result<Done> {
        self.run(move |driver| {
            let mut all = Done::default();
            for (statement, values) in &statements {
                let done = execute(&driver.connection, statement, values)?;
                all = Done { rows: all.rows + done.rows, last_key: done.last_key };
            }
            Ok(all)
        })
        .await
    }

    async fn batch(&self, sql: &str) -> Result<()> {
        let sql = sql.to_owned();
        self.run(move |driver| driver.connection.execute_batch(&sql).map_err(|error| from_driver(&error))).await
    }

    // A deferred transaction that reads and then writes fails at once when another one has
    // committed in between; an immediate one waits its turn.
    async fn begin(&self) -> Result<()> {
        self.batch("BEGIN IMMEDIATE").await
    }

    async fn ping(&self) -> Result<()> {
        self.batch("SELECT 1").await
    }

    fn is_closed(&self) -> bool {
        false
    }

    // The dropped future has stopped its own statement, and no other.
    fn cancel(&self) {}
}
