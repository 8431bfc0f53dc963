//! Models: what the derive writes, and what queries know of a struct.

mod declared;
mod embed;
mod foreign_key;
mod relation;
mod serde;

#[doc(hidden)]
pub use declared::{JOIN_INDEX, foreign_key_to, join_columns, join_key, many_to_many_to, through, unique_key_to};
pub use embed::{Embed, Flattened, Inside, IntoPart, Part};
pub(crate) use foreign_key::value_of;
pub use foreign_key::{ForeignKey, Key, KeyPart, OneToOne};
pub use relation::{
    Arity, At, Free, KeyOf, Linked, Many, Maybe, One, OverJoin, Path, Relation, Reverse, Root, Single, ToMany, ToOne,
    Via,
};

use crate::{
    error::Result,
    schema::TableDef,
    value::{Row, Value},
};

use std::any::Any;

/// A struct whose values are rows of a table. Derived.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a covet model",
    label = "not a model",
    note = "add `#[derive(covet::Model)]` to `{Self}`"
)]
pub trait Model: Sized + Send + Sync + 'static {
    /// The table.
    #[doc(hidden)]
    const TABLE: &'static TableDef;

    /// The type of the primary key.
    type Key: Key;

    /// [`Maybe`] when a scope may hide a row that others refer to.
    #[doc(hidden)]
    type Presence: Single;

    /// The columns as fields, for paths such as `Post::author.name`.
    #[doc(hidden)]
    type Columns<P: Path>: Columns;

    /// Reads a row whose columns begin at `at`.
    ///
    /// # Errors
    /// When a value does not fit its field; the error names the column.
    #[doc(hidden)]
    fn decode(row: &dyn Row, at: usize) -> Result<Self>;

    /// The values of this row, one for each column.
    #[doc(hidden)]
    fn values(&self) -> Vec<Value>;

    /// The table of the hooks that run around the saving and deleting of one row.
    #[doc(hidden)]
    fn hooks() -> Option<&'static (dyn Any + Send + Sync)> {
        None
    }

    /// The description of the table: columns, labels, choices.
    ///
    /// ```
    /// # use covet_core::{model::Model, schema::ColumnDef};
    /// fn titles<M: Model>() -> Vec<&'static str> {
    ///     let title = |column: &ColumnDef| if column.label.is_empty() { column.field } else { column.label };
    ///     M::schema().columns.iter().map(title).collect()
    /// }
    /// ```
    fn schema() -> &'static TableDef {
        Self::TABLE
    }

    /// The primary key of this row.
    fn key(&self) -> Self::Key;
}

/// A derived struct of columns; there is one value of it.
#[doc(hidden)]
pub trait Columns: Sized + 'static {
    /// The value.
    const NEW: &'static Self;
}

/// Lists models for `Db::create_tables`: `models![User, Post]`. A list to keep is a
/// [`Registry`](crate::registry::Registry).
#[macro_export]
macro_rules! models {
    ($($model:ty),* $(,)?) => {
        [$(<$model as $crate::model::Model>::TABLE),*]
    };
}
