//! Parts: structs whose fields become columns of the models that flatten them.

use super::{Arity, Columns, Model, Path};
use crate::{
    error::Result,
    schema::{ColumnDef, TableDef},
    value::{Row, Value},
};
use std::marker::PhantomData;

/// A struct whose fields become columns of each model that has it as a field: `#[covet(flatten)] stamps: Stamps`.
/// Derived; it has no table of its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be flattened into a model",
    label = "not a part",
    note = "add `#[derive(covet::Embed)]` to `{Self}`"
)]
pub trait Embed: Sized + Send + Sync + 'static {
    /// The columns, in the order of the fields.
    #[doc(hidden)]
    const COLUMNS: &'static [ColumnDef];

    /// The tokens: `User::stamps.created_at`.
    #[doc(hidden)]
    type Tokens<F: Flattened>: Columns;

    /// The columns as fields behind a path: `Post::author.stamps.created_at`.
    #[doc(hidden)]
    type Joined<P: Path, F: Flattened>: Columns;

    /// The state of a builder before the part is given: `S` where it has a required field, else
    /// [`Set`](crate::query::Set).
    #[doc(hidden)]
    type Unset<S>;

    /// [`Maybe`](super::Maybe) when a field deletes softly.
    #[doc(hidden)]
    type Presence: Arity;

    /// The builder.
    #[doc(hidden)]
    type Builder;

    /// Its place in the patches of models.
    #[doc(hidden)]
    type Patch;

    /// Reads the part, whose first column is that at `base` of the table; the row's columns begin at `at`.
    ///
    /// # Errors
    /// When a value does not fit its field; the error names the column.
    #[doc(hidden)]
    fn decode(row: &dyn Row, at: usize, table: &'static TableDef, base: usize) -> Result<Self>;

    /// Appends one value for each column.
    #[doc(hidden)]
    fn values(&self, values: &mut Vec<Value>);

    /// What its fields have by default.
    #[doc(hidden)]
    fn defaults() -> Part<Self>;

    /// Starts the part of a new row, for the model's builder. Fields with a default need not be given.
    fn create() -> Self::Builder;
}

/// Where a part stands in a model; an empty enum made by the derive.
pub trait Flattened: 'static {
    /// The model.
    type Model: Model;
    /// The columns from the part's first on.
    const COLUMNS: &'static [ColumnDef];
}

/// The part of a part, `AT` columns behind its first.
#[derive(Debug)]
pub struct Inside<F, const AT: usize>(PhantomData<fn() -> F>);

impl<F: Flattened, const AT: usize> Flattened for Inside<F, AT> {
    type Model = F::Model;
    const COLUMNS: &'static [ColumnDef] = F::COLUMNS.split_at(AT).1;
}

/// Values of a part that are not stored yet, by column.
pub struct Part<E> {
    values: Vec<Option<Value>>,
    part: PhantomData<fn() -> E>,
}

impl<E> Clone for Part<E> {
    fn clone(&self) -> Self {
        Part { values: self.values.clone(), part: PhantomData }
    }
}

impl<E: Embed> Part<E> {
    /// No values yet.
    #[doc(hidden)]
    pub fn empty() -> Part<E> {
        Part { values: vec![None; E::COLUMNS.len()], part: PhantomData }
    }

    /// Sets one column.
    #[doc(hidden)]
    pub fn put(mut self, column: usize, value: Value) -> Part<E> {
        self.values[column] = Some(value);
        self
    }

    /// Sets the columns of a part inside, from its first one on.
    #[doc(hidden)]
    pub fn put_part<I: Embed>(mut self, column: usize, part: Part<I>) -> Part<E> {
        part.put_into(&mut self.values[column..]);
        self
    }

    /// Gives the values that are there to the columns.
    pub(crate) fn put_into(self, columns: &mut [Option<Value>]) {
        for (column, value) in columns.iter_mut().zip(self.values) {
            if value.is_some() {
                *column = value;
            }
        }
    }
}

/// What a model's builder takes for a part: the part, or its builder once every required field is given.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `{E}` of a new row",
    label = "expected a `{E}`, or its builder with every required field"
)]
pub trait IntoPart<E: Embed> {
    /// The values.
    #[doc(hidden)]
    fn into_part(self) -> Part<E>;
}

#[diagnostic::do_not_recommend]
impl<E: Embed> IntoPart<E> for E {
    fn into_part(self) -> Part<E> {
        let mut values = Vec::with_capacity(E::COLUMNS.len());
        self.values(&mut values);
        Part { values: values.into_iter().map(Some).collect(), part: PhantomData }
    }
}
#[diagnostic::do_not_recommend]
impl<E: Embed> IntoPart<E> for Part<E> {
    fn into_part(self) -> Part<E> {
        self
    }
}
