//! A new row where one may exist already: upserts, `get_or_create`, `update_or_create`.
//!
//! What a user writes; how it runs is the module `put`.

use super::{AllGiven, Create, New, Set, found, put::Put};
use crate::{
    backend::{Executor, Pending},
    column::{Change, Changes, ColumnList},
    error::{Error, ErrorKind, Result},
    model::Model,
    schema::ColumnDef,
    violation::ValidationErrors,
};
use std::mem;

/// What became of a row that was stored where one may exist already. The same on every engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The row is new.
    Created,
    /// The row existed, and a column of it has another value now.
    Updated,
    /// The row existed, and is as it was.
    Unchanged,
}

/// What is a new row once every required field is given: a builder, and [`New`]. Derived.
pub trait NewRow: Sized {
    /// The model.
    type Model;
    /// The states of the required fields.
    type Given;

    /// The row as far as it goes.
    #[doc(hidden)]
    fn row(&self) -> &New<Self::Model>;

    /// The row as far as it goes.
    #[doc(hidden)]
    fn row_mut(&mut self) -> &mut New<Self::Model>;

    /// The row as far as it goes.
    #[doc(hidden)]
    fn new_row(mut self) -> New<Self::Model> {
        mem::replace(self.row_mut(), New::nothing())
    }

    /// Checks the values against the rules of the model, as `save` does first; nothing is sent.
    ///
    /// # Errors
    /// Every violation, by field.
    fn validate(&self) -> Result<(), ValidationErrors>
    where
        Self::Model: Model,
    {
        self.row().validate()
    }

    /// Stores the row without asking the rules of the model; the constraints of the database hold anyway.
    #[must_use = "the row is not stored before `.save(&db)`"]
    fn skip_validation(mut self) -> Self {
        self.row_mut().skips_validation = true;
        self
    }

    /// [`on_conflict`](Conflicts::on_conflict) with the columns of a unique constraint that the model has, by its
    /// name: `users_email_key`.
    fn on_constraint(self, name: &str) -> OnConflict<Self::Model>
    where
        Self::Model: Model,
        Self::Given: AllGiven<Self::Model>,
    {
        self.new_row().conflict_of(name)
    }
}

impl<M: Model> NewRow for New<M> {
    type Model = M;
    type Given = Set;
    fn row(&self) -> &New<M> {
        self
    }
    fn row_mut(&mut self) -> &mut New<M> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> AllGiven<M> for Set {}

/// Stores a new row where one may exist already.
#[diagnostic::on_unimplemented(
    message = "`{C}` is not a list of columns of the model of `{Self}`",
    label = "expected a column of the new row's model, or a tuple of them"
)]
pub trait Conflicts<C>: NewRow {
    /// Says which unique columns may exist already: one column, or the columns of a unique constraint or of the
    /// primary key. A conflict in any other column stays a violation, on every engine.
    fn on_conflict(self, target: C) -> OnConflict<Self::Model>
    where
        Self::Given: AllGiven<Self::Model>;
}

#[diagnostic::do_not_recommend]
impl<R: NewRow<Model: Model>, C: ColumnList<R::Model>> Conflicts<C> for R {
    fn on_conflict(self, target: C) -> OnConflict<R::Model>
    where
        R::Given: AllGiven<R::Model>,
    {
        self.new_row().conflict(target)
    }
}

impl<M: Model> New<M> {
    fn conflict(self, target: impl ColumnList<M>) -> OnConflict<M> {
        let mut columns = Vec::new();
        target.columns(&mut columns);
        OnConflict { target: self.target(columns), row: self }
    }

    fn conflict_of(self, name: &str) -> OnConflict<M> {
        let table = M::TABLE;
        let columns: Vec<_> = table.columns_of(name);
        let columns: Vec<_> = table.columns.iter().filter(|column| columns.contains(&column.name)).collect();
        let target = if !columns.is_empty() && table.is_unique(&columns) {
            self.target(columns)
        } else {
            let message = format!("`{}` has no unique constraint `{name}`", table.model);
            Err(Error::new(ErrorKind::Configuration, message).hint(
                "constraints are named `table_column_key` and `table_pkey`; or name the columns: `.on_conflict(..)`",
            ))
        };
        OnConflict { target, row: self }
    }

    pub(super) fn target(&self, columns: Vec<&'static ColumnDef>) -> Result<Vec<&'static ColumnDef>> {
        let table = M::TABLE;
        if !table.is_unique(&columns) {
            let names = columns.iter().map(|column| format!("`{}`", column.name)).collect::<Vec<_>>().join(", ");
            let message = format!("no unique constraint of `{}` is over {names} alone", table.name);
            return Err(Error::new(ErrorKind::Configuration, message).hint(
                "name the columns of one, or mark the field `#[covet(unique)]`: without it two rows could be stored",
            ));
        }
        if let Some(column) = columns.iter().find(|column| self.value(column).is_none()) {
            let message = format!("the new row has no value for `{}`, by which it would be found", column.name);
            return Err(Error::new(ErrorKind::Configuration, message).hint("set the field, or name other columns"));
        }
        Ok(columns)
    }
}

/// A new row with the columns that may exist already.
#[must_use = "say what becomes of a row that exists: `.update(..)`, `.update_all()` or `.ignore()`"]
pub struct OnConflict<M> {
    row: New<M>,
    target: Result<Vec<&'static ColumnDef>>,
}

/// Says what becomes of a row that exists.
#[diagnostic::on_unimplemented(
    message = "`{C}` is not a change of a row of the model of `{Self}`",
    label = "expected a column of the new row's model, `.set(..)` of one, or a tuple of them"
)]
pub trait UpdatesConflict<C>: Sized {
    /// What can be saved then.
    type Upsert;

    /// A row that exists is changed: a column takes the new row's value, `User::views.set(User::views + 1)` is
    /// computed from the row that exists. When nothing would differ nothing is written. What else the new row has is
    /// for a row that does not exist.
    fn update(self, changes: C) -> Self::Upsert;
}

#[diagnostic::do_not_recommend]
impl<M: Model, C: Changes<M>> UpdatesConflict<C> for OnConflict<M> {
    type Upsert = Upsert<M>;
    fn update(self, changes: C) -> Upsert<M> {
        let mut list = Vec::new();
        changes.changes(&mut list);
        self.with(|_| list)
    }
}

impl<M: Model> OnConflict<M> {
    /// A row that exists takes every value of the new row, NULL and defaults included, but those of its key, of the
    /// target, and of what is `read_only`.
    pub fn update_all(self) -> Upsert<M> {
        let target = self.target.as_ref().map_or_else(|_| Vec::new(), Clone::clone);
        self.with(|row| row.all_but(&target))
    }

    /// A row that exists stays as it is, and comes back.
    pub fn ignore(self) -> Upsert<M> {
        self.with(|_| Vec::new())
    }

    fn with(self, changes: impl FnOnce(&New<M>) -> Vec<Change>) -> Upsert<M> {
        let changes = changes(&self.row);
        let put = self.target.and_then(|target| Put::new(self.row, target, changes));
        Upsert { put }
    }
}

/// An upsert that has not run yet.
#[must_use = "the row is not stored before `.save(&db)`"]
pub struct Upsert<M> {
    put: Result<Put<M>>,
}

impl<M: Model> Upsert<M> {
    /// Stores the row, or changes the one that exists; gives the row as it is now, and what happened. No hooks run.
    ///
    /// # Errors
    /// A [`ErrorKind::Configuration`], before anything is sent, when the target is not unique or has no value.
    #[track_caller]
    pub fn save<'a>(self, on: &'a dyn Executor) -> Pending<'a, (M, Outcome)> {
        Pending::write(async move { self.put?.run(on).await })
    }
}

/// What [`Create::get_or_create`] gives: `.by(..)` names the unique columns.
#[must_use = "name the unique columns: `.by(User::email)`"]
pub struct GetOrCreate<M> {
    row: New<M>,
}

/// What [`Create::update_or_create`] gives: `.by(..)` names the unique columns.
#[must_use = "name the unique columns: `.by(User::email)`"]
pub struct UpdateOrCreate<M> {
    row: New<M>,
}

pub(super) fn get_or_create<M: Create>(row: New<M>) -> GetOrCreate<M> {
    GetOrCreate { row }
}

pub(super) fn update_or_create<M: Create>(row: New<M>) -> UpdateOrCreate<M> {
    UpdateOrCreate { row }
}

/// Says by which columns a row is looked up.
#[diagnostic::on_unimplemented(
    message = "`{C}` is not a list of columns of the model of `{Self}`",
    label = "expected a column of the new row's model, or a tuple of them"
)]
pub trait By<C>: Sized {
    /// What can be saved then.
    type Found;

    /// Looks the row up by its values of these unique columns: one column, or those of a unique constraint or of
    /// the primary key.
    fn by(self, target: C) -> Self::Found;
}

#[diagnostic::do_not_recommend]
impl<M: Model, C: ColumnList<M>> By<C> for GetOrCreate<M> {
    type Found = Found<M>;
    fn by(self, target: C) -> Found<M> {
        let OnConflict { row, target } = self.row.conflict(target);
        Found { put: target.and_then(|target| Put::new(row, target, Vec::new())) }
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, C: ColumnList<M>> By<C> for UpdateOrCreate<M> {
    type Found = FoundAndUpdated<M>;
    fn by(self, target: C) -> FoundAndUpdated<M> {
        FoundAndUpdated { on_conflict: self.row.conflict(target) }
    }
}

/// A `get_or_create` that has not run yet.
#[must_use = "nothing is looked up before `.save(&db)`"]
pub struct Found<M> {
    put: Result<Put<M>>,
}

impl<M: Model> Found<M> {
    /// Gives the row that exists, or stores the new one, with its [hooks](super::Hooks) around; says whether it is new.
    /// However many do this at once, one of them makes the row.
    ///
    /// # Errors
    /// A [`ErrorKind::Configuration`], before anything is sent, when the columns are not unique or have no value.
    #[track_caller]
    pub fn save<'a>(self, on: &'a dyn Executor) -> Pending<'a, (M, bool)> {
        Pending::write(async move { created(found::run(self.put?, on).await?) })
    }
}

/// An `update_or_create` that has not run yet.
#[must_use = "nothing is stored before `.save(&db)`"]
pub struct FoundAndUpdated<M> {
    on_conflict: OnConflict<M>,
}

#[diagnostic::do_not_recommend]
impl<M: Model, C: Changes<M>> UpdatesConflict<C> for FoundAndUpdated<M> {
    type Upsert = Upserted<M>;
    fn update(self, changes: C) -> Upserted<M> {
        Upserted { put: self.on_conflict.update(changes).put }
    }
}

impl<M: Model> FoundAndUpdated<M> {
    /// Changes the row that exists to all values that were given, or stores the new one, with its
    /// [hooks](super::Hooks) around; says whether it is new.
    ///
    /// # Errors
    /// A [`ErrorKind::Configuration`], before anything is sent, when the columns are not unique or have no value.
    #[track_caller]
    pub fn save<'a>(self, on: &'a dyn Executor) -> Pending<'a, (M, bool)> {
        Upserted { put: self.on_conflict.update_all().put }.save(on)
    }
}

/// An `update_or_create` of chosen columns that has not run yet.
#[must_use = "nothing is stored before `.save(&db)`"]
pub struct Upserted<M> {
    put: Result<Put<M>>,
}

impl<M: Model> Upserted<M> {
    /// Changes the row that exists, or stores the new one, with its [hooks](super::Hooks) around; says whether it is new.
    ///
    /// # Errors
    /// A [`ErrorKind::Configuration`], before anything is sent, when the columns are not unique or have no value.
    #[track_caller]
    pub fn save<'a>(self, on: &'a dyn Executor) -> Pending<'a, (M, bool)> {
        Pending::write(async move { created(found::run(self.put?, on).await?) })
    }
}

fn created<M>((row, outcome): (M, Outcome)) -> Result<(M, bool)> {
    Ok((row, outcome == Outcome::Created))
}
