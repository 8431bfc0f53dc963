//! Runs one statement on the driver, wherever that is.

use super::watch::{Budget, ROWS};
use crate::{
    bind::bind,
    error::{foreign_key, foreign_key_over, from_driver},
    row::SqliteRow,
};
use covet_core::{
    backend::Done,
    error::{Error, Result},
    render::Prepared,
    value::{RowSink, Values},
};
use rusqlite::{Connection, ErrorCode, StatementStatus};
use tokio::runtime::Handle;

/// Why a statement did not come to its end.
pub enum Stopped {
    /// It must run again, on a blocking thread.
    Early,
    /// It failed.
    Failed(Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Stopped {
        Stopped::Failed(error)
    }
}

/// The budget is spent, or another connection has the lock.
fn is_early(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::OperationInterrupted | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// What a read met.
#[derive(Default)]
pub struct Read {
    /// A value that takes long to copy, which nothing can interrupt.
    pub long_values: bool,
}

/// Runs a statement with rows; without a budget it runs to the end.
pub fn query(
    driver: &Connection,
    statement: &Prepared,
    values: &Values,
    sink: &mut dyn RowSink,
    budget: Option<&Budget<'_>>,
) -> Result<Read, Stopped> {
    let stopped = |error: rusqlite::Error| match budget {
        Some(_) if is_early(&error) => Stopped::Early,
        _ => Stopped::Failed(from_driver(&error)),
    };
    let mut cached = driver.prepare_cached(&statement.sql).map_err(stopped)?;
    if budget.is_some() {
        // The count of steps outlives the run, and with it the distance to the next look at the clock.
        cached.reset_status(StatementStatus::VmStep);
    }
    bind(&mut cached, values)?;
    let mut rows = cached.raw_query();
    let (mut count, mut long_values) = (0_usize, false);
    while let Some(row) = rows.next().map_err(stopped)? {
        let row = SqliteRow::new(row);
        sink.row(&row)?;
        long_values |= row.has_long_values();
        if budget.is_none() && sink.is_full() {
            Handle::current().block_on(sink.flush())?;
        }
        count += 1;
        if count.is_multiple_of(ROWS) && budget.is_some_and(|budget| !budget.look()) {
            return Err(Stopped::Early);
        }
    }
    Ok(Read { long_values })
}

/// What a write did, and whether SQLite had to prepare it anew.
pub struct Written {
    pub done: Done,
    pub prepared_anew: bool,
}

/// Runs a statement without rows.
pub fn execute(driver: &Connection, statement: &Prepared, values: &Values) -> Result<Done> {
    match write(driver, statement, values)? {
        Ok(written) => Ok(written.done),
        Err(error) => {
            let error = from_driver(&error);
            Err(if error.is_foreign_key_violation() { which_foreign_key(driver, statement, values) } else { error })
        }
    }
}

/// Runs a write that is short. It is never interrupted: SQLite would roll the whole transaction back.
/// What another thread can do better has left nothing behind: a write that finds the file locked,
/// and one whose broken foreign key must be looked for.
pub fn execute_short(driver: &Connection, statement: &Prepared, values: &Values) -> Result<Written, Stopped> {
    match write(driver, statement, values)? {
        Ok(written) => Ok(written),
        Err(error) if is_early(&error) => Err(Stopped::Early),
        Err(error) => {
            let error = from_driver(&error);
            Err(if error.is_foreign_key_violation() { Stopped::Early } else { Stopped::Failed(error) })
        }
    }
}

fn write(driver: &Connection, statement: &Prepared, values: &Values) -> Result<rusqlite::Result<Written>> {
    let mut cached = match driver.prepare_cached(&statement.sql) {
        Ok(cached) => cached,
        Err(error) => return Ok(Err(error)),
    };
    bind(&mut cached, values)?;
    Ok(cached.raw_execute().map(|rows| Written {
        done: Done { rows: rows as u64, last_key: Some(driver.last_insert_rowid()) },
        prepared_anew: cached.reset_status(StatementStatus::RePrepare) > 0,
    }))
}

/// SQLite does not say which foreign key failed. The statement runs once more with the check put
/// off, the check says which row is wrong, and all of it is rolled back.
fn which_foreign_key(driver: &Connection, statement: &Prepared, values: &Values) -> Error {
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
