//! One connection; statements run and decode on a blocking thread.

use crate::{
    SqliteDialect,
    bind::bind,
    error::{foreign_key, foreign_key_over, from_driver},
    features,
    row::SqliteRow,
    url::Place,
};
use async_trait::async_trait;
use covet_core::{
    backend::{Connection, Done, Options},
    error::{Error, ErrorKind, Result},
    render::{Dialect, Prepared},
    value::{RowSink, Values},
};
use rusqlite::{InterruptHandle, config::DbConfig};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Reads and writes.
    Writer,
    /// Reads only.
    Reader,
}

/// How long a statement waits for another process's lock.
const BUSY: Duration = Duration::from_secs(5);

struct Inner {
    driver: Mutex<rusqlite::Connection>,
    interrupt: InterruptHandle,
    in_transaction: AtomicBool,
}

/// One connection.
#[derive(Clone)]
pub struct SqliteConnection(Arc<Inner>);

/// Set when the caller is gone before its job began.
struct Abandon {
    gone: Arc<AtomicBool>,
    done: bool,
}

impl Drop for Abandon {
    fn drop(&mut self) {
        if !self.done {
            self.gone.store(true, Ordering::Release);
        }
    }
}

impl SqliteConnection {
    /// Opens and sets up.
    pub async fn open(place: Place, role: Role, options: Options) -> Result<SqliteConnection> {
        blocking(move || open(&place, role, &options)).await
    }

    /// Runs a job on a blocking thread. This is the seam for running inline instead.
    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&rusqlite::Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let inner = Arc::clone(&self.0);
        let gone = Arc::new(AtomicBool::new(false));
        let mut abandon = Abandon { gone: Arc::clone(&gone), done: false };
        let result = blocking(move || {
            let driver = inner.lock();
            if gone.load(Ordering::Acquire) {
                return Err(Error::new(ErrorKind::Timeout, "the statement was cancelled"));
            }
            let result = job(&driver);
            // After FULL, IOERR, NOMEM and INTERRUPT SQLite may have rolled back by itself.
            if result.is_err() && driver.is_autocommit() && inner.in_transaction.swap(false, Ordering::AcqRel) {
                return result.map_err(|error| {
                    Error::new(ErrorKind::TransactionRolledBack, "SQLite rolled the transaction back")
                        .with_source(error)
                });
            }
            inner.in_transaction.store(!driver.is_autocommit(), Ordering::Release);
            result
        })
        .await;
        abandon.done = true;
        result
    }

    /// Waits until no statement runs and rolls back what a dropped future has left. Blocks.
    pub fn settle(&self) {
        let driver = self.0.lock();
        if !driver.is_autocommit() {
            // Whatever this says, `is_autocommit` is asked again before the connection is lent.
            let _ = driver.execute_batch("ROLLBACK");
        }
        self.0.in_transaction.store(!driver.is_autocommit(), Ordering::Release);
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, rusqlite::Connection> {
        self.driver.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn blocking<T: Send + 'static>(job: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(job).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(Error::new(ErrorKind::ConnectionLost, "the runtime is shutting down")),
    }
}

fn open(place: &Place, role: Role, options: &Options) -> Result<SqliteConnection> {
    let driver = match place {
        Place::Memory => rusqlite::Connection::open_in_memory(),
        Place::File(path) => rusqlite::Connection::open(path),
    };
    let driver = driver.map_err(|error| from_driver(&error))?;
    let set_up = || -> rusqlite::Result<()> {
        driver.busy_timeout(BUSY)?;
        driver.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        driver.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        driver.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        driver.pragma_update(None, "foreign_keys", true)?;
        if role == Role::Writer {
            driver.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        }
        driver.pragma_update(None, "synchronous", "NORMAL")?;
        driver.pragma_update(None, "query_only", role == Role::Reader)?;
        driver.set_prepared_statement_cache_capacity(options.statements_per_connection);
        Ok(())
    };
    set_up().map_err(|error| from_driver(&error))?;
    features::add_functions(&driver)?;
    let interrupt = driver.get_interrupt_handle();
    Ok(SqliteConnection(Arc::new(Inner {
        driver: Mutex::new(driver),
        interrupt,
        in_transaction: AtomicBool::new(false),
    })))
}

fn query(
    driver: &rusqlite::Connection,
    statement: &Prepared,
    values: Values,
    mut sink: Box<dyn RowSink>,
) -> Result<Box<dyn RowSink>> {
    let mut cached = driver.prepare_cached(&statement.sql).map_err(|error| from_driver(&error))?;
    bind(&mut cached, values)?;
    let mut rows = cached.raw_query();
    while let Some(row) = rows.next().map_err(|error| from_driver(&error))? {
        sink.row(&SqliteRow(row))?;
    }
    Ok(sink)
}

fn execute(driver: &rusqlite::Connection, statement: &Prepared, values: Values) -> Result<Done> {
    let replay = values.clone();
    let mut cached = driver.prepare_cached(&statement.sql).map_err(|error| from_driver(&error))?;
    bind(&mut cached, values)?;
    match cached.raw_execute() {
        Ok(rows) => {
            drop(cached);
            Ok(Done { rows: rows as u64, last_key: Some(driver.last_insert_rowid()) })
        }
        Err(error) => {
            drop(cached);
            let error = from_driver(&error);
            if error.is_foreign_key_violation() {
                Err(which_foreign_key(driver, statement, replay))
            } else {
                Err(error)
            }
        }
    }
}

/// SQLite does not say which foreign key failed. The statement runs once more with the check put
/// off, the check says which row is wrong, and all of it is rolled back.
fn which_foreign_key(driver: &rusqlite::Connection, statement: &Prepared, values: Values) -> Error {
    let find = || -> rusqlite::Result<Option<(String, String)>> {
        driver.execute_batch("SAVEPOINT covet_which; PRAGMA defer_foreign_keys = ON")?;
        let mut prepared = driver.prepare(&statement.sql)?;
        if bind(&mut prepared, values).is_err() {
            return Ok(None);
        }
        prepared.raw_execute()?;
        driver
            .query_row(
                "SELECT c.\"table\", k.\"from\" FROM pragma_foreign_key_check AS c \
                 JOIN pragma_foreign_key_list(c.\"table\") AS k ON k.id = c.fkid LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map(Some)
    };
    let was_open = !driver.is_autocommit();
    let found = find();
    let _ = driver.execute_batch("ROLLBACK TO covet_which; RELEASE covet_which");
    if was_open {
        let _ = driver.execute_batch("PRAGMA defer_foreign_keys = OFF");
    }
    match found {
        Ok(Some((table, column))) => foreign_key(foreign_key_over(&table, &column)),
        Ok(None) | Err(_) => foreign_key(Default::default()),
    }
}

#[async_trait]
impl Connection for SqliteConnection {
    fn dialect(&self) -> Arc<dyn Dialect> {
        Arc::new(SqliteDialect)
    }

    async fn query(
        &self,
        statement: &Arc<Prepared>,
        values: Values,
        sink: Box<dyn RowSink>,
    ) -> Result<Box<dyn RowSink>> {
        let statement = Arc::clone(statement);
        self.run(move |driver| query(driver, &statement, values, sink)).await
    }

    async fn execute(&self, statement: &Arc<Prepared>, values: Values) -> Result<Done> {
        let statement = Arc::clone(statement);
        self.run(move |driver| execute(driver, &statement, values)).await
    }

    async fn batch(&self, sql: &str) -> Result<()> {
        let sql = sql.to_owned();
        self.run(move |driver| driver.execute_batch(&sql).map_err(|error| from_driver(&error))).await
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

    fn cancel(&self) {
        self.0.interrupt.interrupt();
    }
}
