//! Rows back to types.

mod from_row;
mod overlay;
mod plan;
mod stream;

pub use from_row::{FromRow, Reader};
pub(crate) use overlay::Overlay;
pub(crate) use plan::{Collect, Fetch, Finished, Pair, Plan, Reads, Selected, read};
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

/// A statement with its values, in the order and form of its placeholders.
pub(crate) type Ready = (Arc<Prepared>, Values);

/// Runs a statement and decodes its rows.
pub(crate) async fn rows_by<T: Send + 'static>(
    executor: &dyn Executor,
    (statement, values): Ready,
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

/// Runs a statement of the query builder and decodes its rows.
pub(crate) async fn rows<T: Send + 'static>(
    executor: &dyn Executor,
    ready: Ready,
    decode: fn(&dyn Row, usize) -> Result<T>,
) -> Result<Vec<T>> {
    rows_by(executor, ready, Decode::At(decode)).await
}

/// Runs a statement without rows.
pub(crate) async fn execute(executor: &dyn Executor, (statement, values): Ready) -> Result<Done> {
    if let Some(result) = executor.run_inline(&mut Inline::Execute(&statement, &values)) {
        return result;
    }
    done(executor, Work::Execute(statement, values)).await
}

/// Runs statements without rows, one behind the other; counts their rows.
pub(crate) async fn execute_many(executor: &dyn Executor, all: Vec<Ready>) -> Result<Done> {
    done(executor, Work::Many(all)).await
}

async fn done(executor: &dyn Executor, work: Work) -> Result<Done> {
    match executor.run(work).await? {
        Outcome::Done(done) => Ok(done),
        Outcome::Rows(_) => Err(wrong_outcome()),
    }
}

/// Looks the SQL of a tape up, or renders it.
pub(crate) fn prepare(executor: &dyn Executor, tape: Tape) -> Result<Ready> {
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
