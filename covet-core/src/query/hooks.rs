//! Hooks: code of a model around the saving and deleting of one row.

use super::{
    Deleted, New, instance, returning,
    save::{self, Written},
    scope::Scoping,
};
use crate::{
    backend::{Executor, Tx},
    column::{Column, Storable},
    error::Result,
    model::Model,
    value::{OwnedRow, SqlType, Value},
};
use std::{any::Any, future::Future, marker::PhantomData, pin::Pin};

/// What runs around the saving and deleting of one row of a model with `#[covet(hooks)]`.
///
/// Each runs in the transaction of the write; inside a transaction that is a savepoint. An error rolls the write
/// back and is what the write gives. It runs around `save` of a builder, around `save`, `save_only` and `delete` of a row in
/// hand, and around the row that `get_or_create` makes and `update_or_create` makes or changes; when another task makes
/// that row first, what the hooks did is rolled back and they run again. Rows that go with a deleted row in hand, by
/// `on_delete = cascade`, have theirs too. Bulk writes, `on_conflict`, `insert_from`, and
/// updates and deletes of queries run none of them. Side effects that cannot be rolled back belong into
/// [`tx.on_commit(..)`](Tx::on_commit).
///
/// ```
/// # extern crate covet_core as covet;
/// # use covet::{error::Result, prelude::*}; use covet_macros::Model;
/// # fn slug_of(title: &str) -> String { title.to_lowercase() }
/// #[derive(Model)]
/// #[covet(hooks)]
/// struct Article {
///     id: i64,
///     title: String,
///     slug: String,
/// }
///
/// impl Hooks for Article {
///     async fn before_save(row: &mut Saving<Self>, _tx: &Tx) -> Result<()> {
///         if let Some(title) = row.get(Article::title)? {
///             row.set(Article::slug, slug_of(&title));
///         }
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no hooks",
    label = "`#[covet(hooks)]` without hooks",
    note = "add `impl Hooks for {Self}`, or remove `#[covet(hooks)]`"
)]
pub trait Hooks: Model {
    /// Runs before a row is inserted, or written again; it may change what is stored.
    ///
    /// # Errors
    /// Whatever stops the write.
    fn before_save(row: &mut Saving<Self>, tx: &Tx) -> impl Future<Output = Result<()>> + Send {
        let _ = (row, tx);
        async { Ok(()) }
    }

    /// Runs when the row was stored; `created` says whether it is new.
    ///
    /// # Errors
    /// Whatever takes the write back.
    fn after_save(&self, created: bool, tx: &Tx) -> impl Future<Output = Result<()>> + Send {
        let _ = (created, tx);
        async { Ok(()) }
    }

    /// Runs before the row is deleted.
    ///
    /// # Errors
    /// Whatever stops the deletion.
    fn before_delete(&self, tx: &Tx) -> impl Future<Output = Result<()>> + Send {
        let _ = tx;
        async { Ok(()) }
    }

    /// Runs when the row was deleted.
    ///
    /// # Errors
    /// Whatever takes the deletion back.
    fn after_delete(&self, tx: &Tx) -> impl Future<Output = Result<()>> + Send {
        let _ = tx;
        async { Ok(()) }
    }
}

/// The values of a row on its way into the database.
pub struct Saving<M> {
    pub(super) values: Vec<Option<Value>>,
    is_new: bool,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Saving<M> {
    pub(super) fn new(values: Vec<Option<Value>>, is_new: bool) -> Saving<M> {
        Saving { values, is_new, model: PhantomData }
    }

    /// Whether the row is inserted.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// The value of a field; `None` where the write has none: a key that the database makes.
    ///
    /// # Errors
    /// When the value does not fit its type.
    pub fn get<T: SqlType>(&self, column: Column<M, T>) -> Result<Option<T>> {
        match self.at(column).and_then(|at| self.values[at].clone()) {
            Some(value) => T::decode(&OwnedRow(vec![value]), 0).map(Some),
            None => Ok(None),
        }
    }

    /// Sets a field.
    pub fn set<T: SqlType>(&mut self, column: Column<M, T>, value: impl Storable<T>) {
        if let Some(at) = self.at(column) {
            self.values[at] = Some(value.store_in(column.def()));
        }
    }

    fn at<T>(&self, column: Column<M, T>) -> Option<usize> {
        M::TABLE.columns.iter().position(|other| std::ptr::eq(other, column.def()))
    }
}

type Hook<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// The hooks of a model, as functions; in place of an `impl` that a model may not have.
pub struct HookTable<M> {
    pub(super) before_save: for<'a> fn(&'a mut Saving<M>, &'a Tx) -> Hook<'a>,
    pub(super) after_save: for<'a> fn(&'a M, bool, &'a Tx) -> Hook<'a>,
    pub(super) before_delete: for<'a> fn(&'a M, &'a Tx) -> Hook<'a>,
    pub(super) after_delete: for<'a> fn(&'a M, &'a Tx) -> Hook<'a>,
    leaving: &'static DeleteHooks,
}

impl<M: Hooks> HookTable<M> {
    /// The hooks of `M`.
    pub const NEW: &'static Self = &HookTable {
        before_save: |row, tx| Box::pin(M::before_save(row, tx)),
        after_save: |row, created, tx| Box::pin(row.after_save(created, tx)),
        before_delete: |row, tx| Box::pin(row.before_delete(tx)),
        after_delete: |row, tx| Box::pin(row.after_delete(tx)),
        leaving: DeleteHooks::of::<M>(),
    };
}

/// Rows that are deleted with others, between their hooks.
pub(super) type Leaving = Box<dyn Any + Send>;

/// The hooks of a model around the deletion of rows by their keys, for whoever does not know the model.
pub struct DeleteHooks {
    pub(super) before: for<'a> fn(&'a [Value], &'a Tx) -> BoxFuture<'a, Leaving>,
    pub(super) after: for<'a> fn(Leaving, &'a Tx) -> Hook<'a>,
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

impl DeleteHooks {
    /// Those of a model, if it has some.
    pub fn of_model<M: Model>() -> Option<&'static (dyn Any + Send + Sync)> {
        of::<M>().map(|table| table.leaving as &(dyn Any + Send + Sync))
    }

    const fn of<M: Hooks>() -> &'static DeleteHooks {
        &DeleteHooks {
            before: |keys, tx| {
                Box::pin(async move {
                    let mut rows: Vec<M> = Vec::with_capacity(keys.len());
                    for keys in keys.chunks(returning::keys_at_once::<M>()) {
                        rows.extend(returning::by_keys::<M>(keys, Scoping::Off).all(tx).await?);
                    }
                    for row in &rows {
                        row.before_delete(tx).await?;
                    }
                    Ok(Box::new(rows) as Leaving)
                })
            },
            after: |rows, tx| {
                Box::pin(async move {
                    for row in rows.downcast::<Vec<M>>().map(|rows| *rows).unwrap_or_default() {
                        row.after_delete(tx).await?;
                    }
                    Ok(())
                })
            },
        }
    }
}

/// The hooks of a model, if it has some.
pub(super) fn of<M: Model>() -> Option<&'static HookTable<M>> {
    M::hooks().and_then(|table| table.downcast_ref())
}

/// Inserts a row with its hooks around.
pub(super) async fn create<M: Model>(mut new: New<M>, hooks: &'static HookTable<M>, on: &dyn Executor) -> Result<M> {
    let tx = on.begin().await?;
    let done = async {
        let mut row = Saving::new(std::mem::take(&mut new.values), true);
        (hooks.before_save)(&mut row, &tx).await?;
        new.values = row.values;
        let row = new.store(&tx).await?;
        (hooks.after_save)(&row, true, &tx).await?;
        Ok(row)
    };
    let done = done.await;
    end(tx, done).await
}

/// Writes a row in hand back with its hooks around: all columns, or some and those that the hooks change.
pub(super) async fn save<M: Model>(
    row: &mut M,
    what: Written,
    hooks: &'static HookTable<M>,
    on: &dyn Executor,
) -> Result<()> {
    let tx = on.begin().await?;
    let done = async {
        let old = row.values();
        let mut saving = Saving::new(old.iter().cloned().map(Some).collect(), false);
        (hooks.before_save)(&mut saving, &tx).await?;
        let new: Vec<_> = saving.values.into_iter().map(|value| value.unwrap_or(Value::Null)).collect();
        let is_changed = |at: &usize| old[*at] != new[*at];
        let changed = (0..old.len()).filter(is_changed).map(|at| &M::TABLE.columns[at]);
        // A hook may set what is read only for others.
        let changed: Vec<_> = changed.collect();
        save::check_keys(M::TABLE, &changed)?;
        let is_whole = what.only.is_none() && !changed.iter().any(|column| column.read_only);
        let named = || M::TABLE.columns.iter().filter(|column| save::is_saved(column)).collect();
        let only = (!is_whole).then(|| what.only.unwrap_or_else(named).into_iter().chain(changed).collect());
        let mut new = M::decode(&OwnedRow(new), 0)?;
        save::write(&mut new, &Written { only, ..what }, &tx).await?;
        (hooks.after_save)(&new, false, &tx).await?;
        Ok(new)
    };
    let done = done.await;
    *row = end(tx, done).await?;
    Ok(())
}

/// Deletes a row in hand with its hooks around.
pub(super) async fn delete<M: Model>(row: M, hooks: &'static HookTable<M>, on: &dyn Executor) -> Result<Deleted> {
    let tx = on.begin().await?;
    let done = async {
        (hooks.before_delete)(&row, &tx).await?;
        let deleted = instance::remove(&row, &tx).await?;
        (hooks.after_delete)(&row, &tx).await?;
        Ok(deleted)
    };
    let done = done.await;
    end(tx, done).await
}

pub(super) async fn end<T>(tx: Tx, done: Result<T>) -> Result<T> {
    match done {
        Ok(value) => tx.commit().await.map(|()| value),
        Err(error) => {
            // The first error is the one that tells what happened.
            if let Err(error) = tx.rollback().await {
                tracing::warn!(target: "covet", %error, "rollback failed");
            }
            Err(error)
        }
    }
}
