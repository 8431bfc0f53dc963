//! Rows in hand: written back, read again, removed. How they are written is the module `save`.

use super::{Deleted, Query, cascade::Hooked, hooks, save::Save};
use crate::{
    ast::CompareOp,
    backend::{Executor, Pending},
    column::{ColumnList, Predicate},
    error::{Error, ErrorKind, Result},
    fetch::{self, Decode, Overlay},
    model::Model,
    schema::{ColumnDef, PathDef, TableDef},
    tape::{Op, Tape, Word},
    value::{OwnedRow, Value},
};
use std::ptr;

/// Writes a row back, reads it again, removes it.
///
/// A model is a plain struct: it does not remember what it was. Each method is found by the row's primary key; a
/// row that is gone is [`ErrorKind::NotFound`], one that has another `#[covet(version)]` is [`ErrorKind::Stale`].
/// A method of your own with one of these names wins, except a `delete(&self)`: `delete` takes the row itself, and
/// Rust looks for such methods first.
pub trait Instance: Model {
    /// Updates every column but those of the key and those that are `read_only`. The rules of the model are asked
    /// first, unless [`skip_validation`](Save::skip_validation) says not to.
    ///
    /// `auto_now` columns and the version get their new values in the database and in the row. After an error the
    /// row in hand is as it was.
    ///
    /// ```no_run
    /// # extern crate covet_core as covet;
    /// # use covet::prelude::*; use covet_macros::Model;
    /// # #[derive(Model)] struct User { id: i64, age: i32 }
    /// # async fn f(mut user: User, db: &Db) -> covet::error::Result<()> {
    /// user.age += 1;
    /// user.save(db).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no row with the key, [`ErrorKind::Stale`] when it was changed since
    /// it was read, [`ErrorKind::Validation`] before anything is sent when values break rules of the model, and
    /// what the database says.
    fn save<'a>(&'a mut self, on: &'a dyn Executor) -> Save<'a, Self>;

    /// Reads every column of the row again.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no row with the key.
    #[track_caller]
    fn refresh<'a>(&'a mut self, on: &'a dyn Executor) -> Pending<'a, ()>;

    /// Deletes the row, and the rows whose foreign keys to it cascade; says what was deleted.
    ///
    /// # Errors
    /// [`ErrorKind::Protected`] when rows refer to it by a foreign key that does not let it go,
    /// [`ErrorKind::NotFound`] when there is no row with the key, [`ErrorKind::Stale`] when it was changed since
    /// it was read, and what the database says.
    #[track_caller]
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
    /// As [`save`](Instance::save); a column of the key is refused, and one that is `read_only`.
    fn save_only<'a>(&'a mut self, columns: C, on: &'a dyn Executor) -> Save<'a, Self>;

    /// Reads these columns again: `user.refresh_only((User::name,), &db)`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no row with the key.
    #[track_caller]
    fn refresh_only<'a>(&'a mut self, columns: C, on: &'a dyn Executor) -> Pending<'a, ()>;
}

#[diagnostic::do_not_recommend]
impl<M: Model> Instance for M {
    fn save<'a>(&'a mut self, on: &'a dyn Executor) -> Save<'a, M> {
        Save::new(self, None, on)
    }

    #[track_caller]
    fn refresh<'a>(&'a mut self, on: &'a dyn Executor) -> Pending<'a, ()> {
        Pending::new(async move {
            *self = Query::<M>::of_key(key_of(M::TABLE, &self.values())).get(on).await?;
            Ok(())
        })
    }

    #[track_caller]
    fn delete<'a>(self, on: &'a dyn Executor) -> Pending<'a, Deleted> {
        Pending::write(async move {
            match hooks::of::<M>() {
                None => remove(&self, on).await,
                Some(table) => hooks::delete(self, table, on).await,
            }
        })
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, C: ColumnList<M>> InstanceColumns<C> for M {
    fn save_only<'a>(&'a mut self, columns: C, on: &'a dyn Executor) -> Save<'a, M> {
        Save::new(self, Some(listed(columns)), on)
    }

    #[track_caller]
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

/// Deletes a row without its hooks; those of rows that go with it run.
pub(super) async fn remove<M: Model>(row: &M, on: &dyn Executor) -> Result<Deleted> {
    let values = row.values();
    let key = key_of(M::TABLE, &values);
    let deleted = Query::<M>::of_key(key.clone()).and_version(&values).delete_with(Hooked::Yes, on).await?;
    if deleted == 0 { Err(missed::<M>(key, on).await) } else { Ok(deleted) }
}

/// Why no row was changed or removed.
#[cold]
pub(super) async fn missed<M: Model>(key: Value, on: &dyn Executor) -> Error {
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
    pub(super) fn and_version(self, values: &[Value]) -> Query<M> {
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
