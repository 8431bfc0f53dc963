//! Rows in hand written back: every column that a save writes, or some.

use super::{
    Query, hooks,
    instance::{key_of, missed},
    scope::{self, Scoping},
    touch::{self, Now},
};
use crate::{
    backend::{Executor, Pending},
    error::{Error, ErrorKind, Result},
    fetch,
    model::Model,
    schema::{Carried, ColumnDef, TableDef, Touch},
    tape::{Op, Tape},
    validate,
    value::{OwnedRow, Value},
};
use std::{
    future::Future,
    pin::Pin,
    ptr,
    task::{Context, Poll},
};

/// A row in hand on its way back. Lazy: nothing happens before it is awaited, or waited for with
/// [`wait`](Self::wait).
#[must_use = "nothing is written before `.await` or `.wait()`"]
pub struct Save<'a, M> {
    /// What to do, until it runs.
    start: Option<Start<'a, M>>,
    running: Option<Pending<'a, ()>>,
}

struct Start<'a, M> {
    row: &'a mut M,
    what: Written,
    on: &'a dyn Executor,
}

/// What of a row is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    /// Every column that a save writes, unless some are named.
    pub only: Option<Vec<&'static ColumnDef>>,
    pub skips_validation: bool,
}

impl<'a, M: Model> Save<'a, M> {
    pub(super) fn new(row: &'a mut M, only: Option<Vec<&'static ColumnDef>>, on: &'a dyn Executor) -> Save<'a, M> {
        let what = Written { only, skips_validation: false };
        Save { start: Some(Start { row, what, on }), running: None }
    }

    /// Writes the row without asking the rules of the model: `user.save(&db).skip_validation().await?`. The
    /// constraints of the database hold anyway.
    pub fn skip_validation(mut self) -> Save<'a, M> {
        if let Some(start) = &mut self.start {
            start.what.skips_validation = true;
        }
        self
    }

    /// Runs it in blocking code; see [`Pending::wait`].
    ///
    /// # Errors
    /// As the run itself, and when async code calls it.
    pub fn wait(self) -> Result<()> {
        Pending::new(self).wait()
    }
}

impl<M: Model> Future for Save<'_, M> {
    type Output = Result<()>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        if let Some(Start { row, what, on }) = self.start.take() {
            self.running = Some(Pending::new(save(row, what, on)));
        }
        match &mut self.running {
            Some(running) => Pin::new(running).poll(cx),
            // One of the two is always there.
            None => Poll::Pending,
        }
    }
}

/// Updates a row, with the hooks of its model.
async fn save<M: Model>(row: &mut M, what: Written, on: &dyn Executor) -> Result<()> {
    if let Some(only) = &what.only {
        check_named(M::TABLE, only)?;
    }
    match hooks::of::<M>() {
        None => write(row, &what, on).await,
        Some(table) => hooks::save(row, what, table, on).await,
    }
}

/// Refuses what no save writes: the key, and what is read only.
pub(super) fn check_named(table: &TableDef, named: &[&'static ColumnDef]) -> Result<()> {
    check_keys(table, named)?;
    let Some(column) = named.iter().find(|column| column.read_only) else { return Ok(()) };
    let message = format!("`{}` of `{}` is read only", column.field, table.model);
    Err(Error::new(ErrorKind::Configuration, message)
        .hint("leave it out; to change it on purpose, use `.update(..)` of a query"))
}

/// Refuses the key.
pub(super) fn check_keys(table: &TableDef, named: &[&'static ColumnDef]) -> Result<()> {
    if let Some(column) = named.iter().find(|column| column.primary_key) {
        let message = format!("`{}` is the primary key of `{}`, by which its row is found", column.field, table.model);
        return Err(Error::new(ErrorKind::Configuration, message)
            .hint("leave it out; to change a key, use `.update(..)` of a query"));
    }
    Ok(())
}

/// Whether a save of the whole row writes the column.
pub(super) fn is_saved(column: &ColumnDef) -> bool {
    !column.primary_key && column.generated.is_none() && !column.read_only
}

/// What a row becomes when it is written.
struct Write {
    set: Tape,
    /// The row behind it, where covet has set a part of it.
    new: Option<Vec<Value>>,
}

/// The assignments of a row: all columns that are saved, or some.
fn assignments(
    table: &'static TableDef,
    mut values: Vec<Value>,
    only: Option<&[&'static ColumnDef]>,
    now: &mut Now<'_>,
) -> Result<Write> {
    let mut set = Tape::new();
    let mut is_set_here = false;
    for (column, value) in table.columns.iter().zip(&mut values) {
        let is_listed = match only {
            Some(only) => only.iter().any(|other| ptr::eq(*other, column)),
            None => is_saved(column),
        };
        if column.version {
            *value = touch::next_version(column, value)?;
        } else if column.touch == Touch::OnUpdate {
            *value = now.value(column.kind);
        } else if is_listed {
            set.assign(column, value.clone());
            continue;
        } else {
            continue;
        }
        is_set_here = true;
        set.assign(column, value.clone());
    }
    Ok(Write { set, new: is_set_here.then_some(values) })
}

/// Asks the rules of the model about what is written.
fn check(table: &'static TableDef, values: &[Value], only: Option<&[&'static ColumnDef]>) -> Result<()> {
    let Some(only) = only else { return validate::check_row(table, Carried::Row(values)) };
    let is_listed = |column: &ColumnDef| only.iter().any(|other| ptr::eq(*other, column));
    let pairs: Vec<_> = table.columns.iter().zip(values).filter(|(column, _)| is_listed(column)).collect();
    validate::check_row(table, Carried::Columns(&pairs))
}

/// Updates the row with the key of `row`, and `row` with what covet has set or the database has computed; without
/// its hooks.
pub(super) async fn write<M: Model>(row: &mut M, what: &Written, on: &dyn Executor) -> Result<()> {
    let new = if M::TABLE.columns.iter().any(|column| column.generated.is_some()) {
        let tx = on.begin().await?;
        written(row, what, &tx).await?;
        let new = Query::<M>::of_key(key_of(M::TABLE, &row.values())).unscoped().get(&tx).await?;
        tx.commit().await?;
        Some(new)
    } else {
        written(row, what, on).await?
    };
    if let Some(new) = new {
        *row = new;
    }
    Ok(())
}

/// Updates the row with the key of `row`; the row with what covet has set, if that is anything.
async fn written<M: Model>(row: &M, what: &Written, on: &dyn Executor) -> Result<Option<M>> {
    let values = row.values();
    let (key, only) = (key_of(M::TABLE, &values), what.only.as_deref());
    if !what.skips_validation {
        check(M::TABLE, &values, only)?;
    }
    let rows = Query::<M>::of_key(key.clone()).and_version(&values);
    let Write { set, new } = assignments(M::TABLE, values, only, &mut Now::new(&on.shared().options.clock))?;
    let is_found = if set.words.is_empty() {
        // A row that is all key has nothing to write.
        rows.exists(on).await?
    } else {
        scope::assigned(M::TABLE, &set, Scoping::All, Some(on.shared()))?;
        let ready = fetch::prepare(on, rows.tape(set, Op::Update, Some(on.shared()))?)?;
        fetch::execute(on, ready).await?.rows > 0
    };
    if !is_found {
        return Err(missed::<M>(key, on).await);
    }
    new.map(|new| M::decode(&OwnedRow(new), 0)).transpose()
}
