//! Rows in hand: written back, read again, removed.

use super::{
    Query, hooks,
    scope::{self, Scoping},
    touch::{self, Now},
};
use crate::{
    ast::CompareOp,
    backend::{Executor, Pending},
    column::{ColumnList, Predicate},
    error::{Error, ErrorKind, Result},
    fetch::{self, Decode, Overlay},
    model::Model,
    schema::{Carried, ColumnDef, PathDef, TableDef, Touch},
    tape::{Op, Tape, Word},
    validate,
    value::{OwnedRow, Value},
};
use std::{fmt, ptr};

/// Writes a row back, reads it again, removes it.
///
/// A model is a plain struct: it does not remember what it was. Each method is found by the row's primary key; a
/// row that is gone is [`ErrorKind::NotFound`], one that has another `#[covet(version)]` is [`ErrorKind::Stale`].
/// A method of your own with one of these names wins, except a `delete(&self)`: `delete` takes the row itself, and
/// Rust looks for such methods first.
pub trait Instance: Model {
    /// Updates every column but those of the key.
    ///
    /// `auto_now` columns and the version get their new values in the database and in the row. After an error the
    /// row in hand is as it was.
    ///
    /// ```no_run
    /// # use covet_core as covet; use covet::prelude::*;
    /// # async fn f<User: Model>(mut user: User, db: &Db) -> covet::error::Result<()> {
    /// // user.age += 1;
    /// user.save(db).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no row with the key, [`ErrorKind::Stale`] when it was changed since
    /// it was read, [`ErrorKind::Validation`] before anything is sent when values break rules of the model, and
    /// what the database says.
    fn save<'a>(&'a mut self, on: &'a dyn Executor) -> Pending<'a, ()>;

    /// Reads every column of the row again.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no row with the key.
    fn refresh<'a>(&'a mut self, on: &'a dyn Executor) -> Pending<'a, ()>;

    /// Deletes the row; says what was deleted.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no row with the key, [`ErrorKind::Stale`] when it was changed since
    /// it was read, and what the database says.
    fn delete<'a>(self, on: &'a dyn Executor) -> Pending<'a, Deleted>;
}

/// Writes some columns of a row back, or reads them again.
#[diagnostic::on_unimplemented(
    message = "`{C}` is not a list of columns of `{Self}`",
    label = "expected a column of this model, or a tuple of them"
)]
pub trait InstanceColumns<C>: Model {
    /// Updates these columns, the `auto_now` columns and the version:
    /// `user.save_only((User::name, User::age), &db)`.
    ///
    /// # Errors
    /// As [`save`](Instance::save); a column of the key is refused.
    fn save_only<'a>(&'a mut self, columns: C, on: &'a dyn Executor) -> Pending<'a, ()>;

    /// Reads these columns again: `user.refresh_only((User::name,), &db)`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no row with the key.
    fn refresh_only<'a>(&'a mut self, columns: C, on: &'a dyn Executor) -> Pending<'a, ()>;
}

#[diagnostic::do_not_recommend]
impl<M: Model> Instance for M {
    fn save<'a>(&'a mut self, on: &'a dyn Executor) -> Pending<'a, ()> {
        Pending::new(async move { save(self, None, on).await })
    }

    fn refresh<'a>(&'a mut self, on: &'a dyn Executor) -> Pending<'a, ()> {
        Pending::new(async move {
            *self = Query::<M>::of_key(key_of(M::TABLE, &self.values())).get(on).await?;
            Ok(())
        })
    }

    fn delete<'a>(self, on: &'a dyn Executor) -> Pending<'a, Deleted> {
        Pending::new(async move {
            match hooks::of::<M>() {
                None => remove(&self, on).await,
                Some(table) => hooks::delete(self, table, on).await,
            }
        })
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, C: ColumnList<M>> InstanceColumns<C> for M {
    fn save_only<'a>(&'a mut self, columns: C, on: &'a dyn Executor) -> Pending<'a, ()> {
        let columns = listed(columns);
        Pending::new(async move { save(self, Some(&columns), on).await })
    }

    fn refresh_only<'a>(&'a mut self, columns: C, on: &'a dyn Executor) -> Pending<'a, ()> {
        let columns = listed(columns);
        Pending::new(async move {
            let old = OwnedRow(self.values());
            let mut tape = Tape::new();
            for column in &columns {
                tape.column(PathDef::ROOT, column);
            }
            let place = |column: &'static ColumnDef| columns.iter().position(|other| ptr::eq(*other, column));
            let places: Vec<_> = M::TABLE.columns.iter().map(place).collect();
            let tape = Query::<M>::of_key(key_of(M::TABLE, &old.0)).tape(tape, Op::SelectColumns, Some(on.shared()))?;
            let decode =
                move |row: &dyn crate::value::Row| M::decode(&Overlay { new: row, places: &places, old: &old }, 0);
            let ready = fetch::prepare(on, tape)?;
            let found = fetch::rows_by(on, ready, Decode::By(Box::new(decode))).await?.pop();
            *self = found.ok_or_else(not_found::<M>)?;
            Ok(())
        })
    }
}

fn listed<M>(columns: impl ColumnList<M>) -> Vec<&'static ColumnDef> {
    let mut list = Vec::new();
    columns.columns(&mut list);
    list
}

/// The key among the values of a row.
pub(super) fn key_of(table: &TableDef, values: &[Value]) -> Value {
    match table.primary_key {
        [at] => values[*at].clone(),
        several => Value::List(several.iter().map(|at| values[*at].clone()).collect()),
    }
}

/// What a row becomes when it is written.
struct Write {
    set: Tape,
    /// The row behind it, where covet has set a part of it.
    new: Option<Vec<Value>>,
}

/// The assignments of a row: all columns, or some.
fn assignments(
    table: &'static TableDef,
    mut values: Vec<Value>,
    only: Option<&[&'static ColumnDef]>,
    now: &mut Now<'_>,
) -> Result<Write> {
    let mut set = Tape::new();
    let mut is_set_here = false;
    for (column, value) in table.columns.iter().zip(&mut values) {
        let is_listed = only.is_none_or(|only| only.iter().any(|other| ptr::eq(*other, column)));
        if column.version {
            *value = touch::next_version(column, value)?;
        } else if column.touch == Touch::OnUpdate {
            *value = now.value(column.kind);
        } else if is_listed && column.primary_key && only.is_some() {
            return Err(key_is_listed(table, column));
        } else if is_listed && !column.primary_key && column.generated.is_none() {
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

#[cold]
pub(super) fn key_is_listed(table: &TableDef, column: &ColumnDef) -> Error {
    let message = format!("`{}` is the primary key of `{}`, by which its row is found", column.field, table.model);
    Error::new(ErrorKind::Configuration, message).hint("leave it out; to change a key, use `.update(..)` of a query")
}

/// Asks the rules of the model about what is written.
fn check(table: &'static TableDef, values: &[Value], only: Option<&[&'static ColumnDef]>) -> Result<()> {
    let Some(only) = only else { return validate::check_row(table, Carried::Row(values)) };
    let is_listed = |column: &ColumnDef| only.iter().any(|other| ptr::eq(*other, column));
    let pairs: Vec<_> = table.columns.iter().zip(values).filter(|(column, _)| is_listed(column)).collect();
    validate::check_row(table, Carried::Columns(&pairs))
}

/// Updates a row, with the hooks of its model.
async fn save<M: Model>(row: &mut M, only: Option<&[&'static ColumnDef]>, on: &dyn Executor) -> Result<()> {
    match hooks::of::<M>() {
        None => write(row, only, on).await,
        Some(table) => hooks::save(row, only, table, on).await,
    }
}

/// Deletes a row without its hooks.
pub(super) async fn remove<M: Model>(row: &M, on: &dyn Executor) -> Result<Deleted> {
    let values = row.values();
    let key = key_of(M::TABLE, &values);
    let rows = Query::<M>::of_key(key.clone()).and_version(&values).delete(on).await?;
    if rows == 0 {
        return Err(missed::<M>(key, on).await);
    }
    Ok(Deleted { counts: vec![(M::TABLE, rows)] })
}

/// Updates the row with the key of `row`, and `row` with what covet has set or the database has computed; without
/// its hooks.
pub(super) async fn write<M: Model>(row: &mut M, only: Option<&[&'static ColumnDef]>, on: &dyn Executor) -> Result<()> {
    let new = if M::TABLE.columns.iter().any(|column| column.generated.is_some()) {
        let tx = on.begin().await?;
        written(row, only, &tx).await?;
        let new = Query::<M>::of_key(key_of(M::TABLE, &row.values())).unscoped().get(&tx).await?;
        tx.commit().await?;
        Some(new)
    } else {
        written(row, only, on).await?
    };
    if let Some(new) = new {
        *row = new;
    }
    Ok(())
}

/// Updates the row with the key of `row`; the row with what covet has set, if that is anything.
async fn written<M: Model>(row: &M, only: Option<&[&'static ColumnDef]>, on: &dyn Executor) -> Result<Option<M>> {
    let values = row.values();
    let key = key_of(M::TABLE, &values);
    check(M::TABLE, &values, only)?;
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

/// Why no row was changed or removed.
#[cold]
async fn missed<M: Model>(key: Value, on: &dyn Executor) -> Error {
    if !M::TABLE.columns.iter().any(|column| column.version) {
        return not_found::<M>();
    }
    match Query::<M>::of_key(key).exists(on).await {
        Ok(true) => Error::new(ErrorKind::Stale, format!("the `{}` was changed since it was read", M::TABLE.model))
            .hint("`.refresh(..)` it, and make the change again"),
        Ok(false) => not_found::<M>(),
        Err(error) => error,
    }
}

#[cold]
fn not_found<M: Model>() -> Error {
    Error::new(ErrorKind::NotFound, format!("no such `{}`", M::TABLE.model))
        .hint("it was deleted since it was read, or never stored: `.create()` stores new rows")
}

impl<M: Model> Query<M> {
    /// Keeps the row that has the version of `values`.
    fn and_version(self, values: &[Value]) -> Query<M> {
        let versions = M::TABLE.columns.iter().zip(values).filter(|(column, _)| column.version);
        versions.fold(self, |rows, (column, value)| {
            let mut tape = Tape::new();
            tape.words.push(Word::Column(column));
            tape.bind(column.kind, value.clone());
            tape.op(Op::Compare(CompareOp::Eq));
            super::Filter::filter(rows, Predicate::new(tape, false))
        })
    }
}

/// What a delete removed, by model.
#[derive(Clone, Default)]
pub struct Deleted {
    counts: Vec<(&'static TableDef, u64)>,
}

impl Deleted {
    /// All rows together.
    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, rows)| rows).sum()
    }

    /// The rows of one model.
    pub fn of<M: Model>(&self) -> u64 {
        self.counts.iter().filter(|(table, _)| ptr::eq(*table, M::TABLE)).map(|(_, rows)| rows).sum()
    }

    /// The names of the models with their rows.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.counts.iter().map(|(table, rows)| (table.model, *rows))
    }
}

/// `{"User": 1}`
impl fmt::Debug for Deleted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.counts()).finish()
    }
}
