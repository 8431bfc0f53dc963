//! What a query gives for its rows, where that is more than a row of its table.

use super::{Ready, wrong_outcome};
use crate::{
    backend::{Executor, Inline, Outcome, Work},
    error::Result,
    schema::{ColumnDef, RelationDef, TableDef},
    tape::{Tape, Word},
    value::{Row, RowSink},
};
use std::{any::Any, pin::Pin, ptr, sync::Arc};

/// How the rows of a query become what it gives.
pub(crate) enum Plan<Out> {
    /// Each row by itself, whose columns are those of the table.
    Rows(fn(&dyn Row, usize) -> Result<Out>),
    /// The columns are chosen, and other statements may follow.
    By(Arc<dyn Fetch<Out>>),
}

impl<Out> Clone for Plan<Out> {
    fn clone(&self) -> Self {
        match self {
            Plan::Rows(decode) => Plan::Rows(*decode),
            Plan::By(fetch) => Plan::By(Arc::clone(fetch)),
        }
    }
}

/// Chooses columns, and makes what reads them.
pub(crate) trait Fetch<Out>: Send + Sync {
    fn select(&self, list: &mut Selected) -> Box<dyn Collect<Out>>;
}

/// What [`Collect::finish`] gives.
pub(crate) type Finished<'a, Out> = Pin<Box<dyn Future<Output = Result<Vec<Out>>> + Send + 'a>>;

/// Reads the rows of one run, then gives one value for each.
pub(crate) trait Collect<Out>: Send {
    fn row(&mut self, row: &dyn Row) -> Result<()>;
    /// Forgets the rows: the statement runs again.
    fn clear(&mut self);
    /// Runs what must follow.
    fn finish<'a>(self: Box<Self>, on: &'a dyn Executor) -> Finished<'a, Out>;
}

/// The columns of a statement while they are being chosen.
pub(crate) struct Selected {
    pub(crate) tape: Tape,
    /// The hops to the table whose columns are chosen now.
    pub(crate) path: Vec<&'static RelationDef>,
    width: usize,
    /// The tables that are selected whole: the hops to them, and the position of the first column.
    wholes: Vec<(Vec<&'static RelationDef>, &'static TableDef, usize)>,
}

impl Selected {
    pub(crate) fn new() -> Selected {
        Selected { tape: Tape::new(), path: Vec::new(), width: 0, wholes: Vec::new() }
    }

    /// Every column of a table; gives the position of the first one.
    pub(crate) fn whole(&mut self, table: &'static TableDef) -> usize {
        let at = self.width;
        self.tape.words.extend(self.path.iter().map(|hop| Word::Hop(hop)));
        self.tape.words.push(Word::Whole(table));
        self.width += table.columns.len();
        self.wholes.push((self.path.clone(), table, at));
        at
    }

    /// One column of the table that the path leads to; gives its position.
    pub(crate) fn column(&mut self, column: &'static ColumnDef) -> usize {
        let is_here = |path: &[&'static RelationDef]| {
            path.len() == self.path.len() && path.iter().zip(&self.path).all(|(one, other)| ptr::eq(*one, *other))
        };
        let found = self.wholes.iter().filter(|(path, ..)| is_here(path)).find_map(|(_, table, at)| {
            table.columns.iter().position(|other| ptr::eq(other, column)).map(|position| at + position)
        });
        found.unwrap_or_else(|| {
            let mut tape = Tape::new();
            tape.words.push(Word::Column(column));
            self.value(tape)
        })
    }

    /// A value of the table that the path leads to; gives its position.
    pub(crate) fn value(&mut self, tape: Tape) -> usize {
        let tape = if self.path.is_empty() { tape } else { tape.behind(&self.path) };
        self.tape.append(tape);
        self.width += 1;
        self.width - 1
    }
}

impl<Out: Send + 'static> Plan<Out> {
    /// Chooses columns of the table.
    pub(crate) fn select(&self, table: &'static TableDef, list: &mut Selected) -> Box<dyn Collect<Out>> {
        match self {
            Plan::Rows(decode) => Box::new(Whole { at: list.whole(table), decode: *decode, rows: Vec::new() }),
            Plan::By(fetch) => fetch.select(list),
        }
    }
}

/// Whole rows of a table.
struct Whole<Out> {
    at: usize,
    decode: fn(&dyn Row, usize) -> Result<Out>,
    rows: Vec<Out>,
}

impl<Out: Send + 'static> Collect<Out> for Whole<Out> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.rows.push((self.decode)(row, self.at)?);
        Ok(())
    }
    fn clear(&mut self) {
        self.rows.clear();
    }
    fn finish<'a>(self: Box<Self>, _: &'a dyn Executor) -> Finished<'a, Out> {
        Box::pin(async move { Ok(self.rows) })
    }
}

/// Two plans about one row, and what becomes of what they give.
pub(crate) struct Pair<A, B, Out> {
    table: &'static TableDef,
    one: Plan<A>,
    two: Plan<B>,
    join: fn(A, B) -> Out,
}

impl<A: Send + 'static, B: Send + 'static, Out: Send + 'static> Pair<A, B, Out> {
    pub(crate) fn plan(table: &'static TableDef, one: Plan<A>, two: Plan<B>, join: fn(A, B) -> Out) -> Plan<Out> {
        Plan::By(Arc::new(Pair { table, one, two, join }))
    }
}

impl<A: Send + 'static, B: Send + 'static, Out: Send + 'static> Fetch<Out> for Pair<A, B, Out> {
    fn select(&self, list: &mut Selected) -> Box<dyn Collect<Out>> {
        let one = self.one.select(self.table, list);
        let two = self.two.select(self.table, list);
        Box::new(PairRows { one, two, join: self.join })
    }
}

struct PairRows<A, B, Out> {
    one: Box<dyn Collect<A>>,
    two: Box<dyn Collect<B>>,
    join: fn(A, B) -> Out,
}

impl<A: Send + 'static, B: Send + 'static, Out: Send + 'static> Collect<Out> for PairRows<A, B, Out> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.one.row(row)?;
        self.two.row(row)
    }
    fn clear(&mut self) {
        self.one.clear();
        self.two.clear();
    }
    fn finish<'a>(self: Box<Self>, on: &'a dyn Executor) -> Finished<'a, Out> {
        Box::pin(async move {
            let one = self.one.finish(on).await?;
            let two = self.two.finish(on).await?;
            Ok(one.into_iter().zip(two).map(|(one, two)| (self.join)(one, two)).collect())
        })
    }
}

/// Hands rows to what reads them.
struct Reading<T>(T);

impl<T: Reads> RowSink for Reading<T> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.0.row(row)
    }
    fn restart(&mut self) -> bool {
        self.0.clear();
        true
    }
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

/// What reads the rows of one statement.
pub(crate) trait Reads: Send + 'static {
    fn row(&mut self, row: &dyn Row) -> Result<()>;
    fn clear(&mut self);
}

impl<Out: 'static> Reads for Box<dyn Collect<Out>> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        (**self).row(row)
    }
    fn clear(&mut self) {
        (**self).clear();
    }
}

/// Runs a statement, whose rows `reads` takes, and gives it back.
pub(crate) async fn read<T: Reads>(executor: &dyn Executor, (statement, values): Ready, reads: T) -> Result<T> {
    let mut sink = Reading(reads);
    if let Some(result) = executor.run_inline(&mut Inline::Query(&statement, &values, &mut sink)) {
        return result.map(|_| sink.0);
    }
    let Outcome::Rows(sink) = executor.run(Work::Query(statement, values, Box::new(sink))).await? else {
        return Err(wrong_outcome());
    };
    let sink: Box<Reading<T>> = sink.into_any().downcast().map_err(|_| wrong_outcome())?;
    Ok(sink.0)
}
