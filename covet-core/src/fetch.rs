//! Rows back to types.

mod from_row;
mod stream;

pub use from_row::{FromRow, Reader};
pub use stream::RowStream;

use crate::{
    backend::{Done, Executor, Inline, Outcome, Work},
    error::{Error, ErrorKind, Result},
    render::Prepared,
    tape::Tape,
    value::{Row, RowSink, Values},
};
use std::{any::Any, sync::Arc};

/// How a row becomes a `T`.
pub(crate) enum Decode<T> {
    /// By the position of its columns, which the query builder knows.
    At(fn(&dyn Row, usize) -> Result<T>),
    /// By a reader that was made for the statement.
    By(Reader<T>),
}

impl<T> Decode<T> {
    fn row(&mut self, row: &dyn Row) -> Result<T> {
        match self {
            Decode::At(decode) => decode(row, 0),
            Decode::By(reader) => reader(row),
        }
    }
}

/// Collects decoded rows.
struct Collector<T> {
    rows: Vec<T>,
    decode: Decode<T>,
}

impl<T: Send + 'static> RowSink for Collector<T> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.rows.push(self.decode.row(row)?);
        Ok(())
    }
    fn restart(&mut self) -> bool {
        self.rows.clear();
        true
    }
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

#[cold]
fn wrong_outcome() -> Error {
    Error::new(ErrorKind::Database, "the backend answered with another kind of result")
        .hint("please report this as a bug of the backend")
}

/// Runs SQL text that is ready and decodes its rows.
pub(crate) async fn rows_of<T: Send + 'static>(
    executor: &dyn Executor,
    statement: Arc<Prepared>,
    values: Values,
    decode: Decode<T>,
) -> Result<Vec<T>> {
    let mut sink = Collector { rows: Vec::new(), decode };
    if let Some(result) = executor.run_inline(&mut Inline::Query(&statement, &values, &mut sink)) {
        return result.map(|_| sink.rows);
    }
    let sink = Box::new(sink);
    let Outcome::Rows(sink) = executor.run(Work::Query(statement, values, sink)).await? else {
        return Err(wrong_outcome());
    };
    let sink: Box<Collector<T>> = sink.into_any().downcast().map_err(|_| wrong_outcome())?;
    Ok(sink.rows)
}

/// Runs a tape and decodes its rows.
pub(crate) async fn rows<T: Send + 'static>(
    executor: &dyn Executor,
    tape: Tape,
    decode: fn(&dyn Row, usize) -> Result<T>,
) -> Result<Vec<T>> {
    let (statement, values) = prepare(executor, tape)?;
    rows_of(executor, statement, values, Decode::At(decode)).await
}

/// Runs SQL text that is ready, without rows.
pub(crate) async fn execute_text(executor: &dyn Executor, statement: Arc<Prepared>, values: Values) -> Result<Done> {
    match executor.run(Work::Execute(statement, values)).await? {
        Outcome::Done(done) => Ok(done),
        Outcome::Rows(_) => Err(wrong_outcome()),
    }
}

/// Runs a tape without rows.
pub(crate) async fn execute(executor: &dyn Executor, tape: Tape) -> Result<Done> {
    let (statement, values) = prepare(executor, tape)?;
    if let Some(result) = executor.run_inline(&mut Inline::Execute(&statement, &values)) {
        return result;
    }
    execute_text(executor, statement, values).await
}

/// Runs tapes without rows, one behind the other; counts their rows.
pub(crate) async fn execute_many(executor: &dyn Executor, tapes: Vec<Tape>) -> Result<Done> {
    let statements = tapes.into_iter().map(|tape| prepare(executor, tape)).collect::<Result<_>>()?;
    match executor.run(Work::Many(statements)).await? {
        Outcome::Done(done) => Ok(done),
        Outcome::Rows(_) => Err(wrong_outcome()),
    }
}

pub(crate) fn prepare(executor: &dyn Executor, tape: Tape) -> Result<(Arc<Prepared>, Values)> {
    let shared = executor.shared();
    let statement = shared.statements.get(&*shared.dialect, &tape.words)?;
    let values = statement.bind(tape.values)?;
    Ok((statement, values))
}

/// The first column as an integer.
pub(crate) fn integer(row: &dyn Row, at: usize) -> Result<i64> {
    row.i64(at)?.ok_or_else(|| Error::decode("the value is NULL"))
}

/// The first column as a truth value; engines without booleans answer 0 or 1.
pub(crate) fn truth(row: &dyn Row, at: usize) -> Result<bool> {
    row.bool(at)?.ok_or_else(|| Error::decode("the value is NULL"))
}
