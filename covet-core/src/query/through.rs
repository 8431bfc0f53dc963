//! The other columns of new links: `Post::tags.of(&post).add([&rust]).through(PostTag::create().note(".."))`.

use super::{BulkCreates, New, NewRow};
use crate::{
    backend::{Executor, Pending},
    error::{Error, ErrorKind, Result},
    model::Model,
    schema::{ColumnDef, Role, TableDef, Touch},
    value::Value,
};
use std::ptr;

/// A pair of keys: that of the row in hand, and that of the other one.
pub(super) type Pair = [Value; 2];

/// Stores links with what the row of the join table says.
type Store =
    Box<dyn for<'a> Fn(&'a dyn Executor, [&'static ColumnDef; 2], Vec<Pair>) -> Pending<'a, u64> + Send + Sync>;

/// What fills the other columns of new links.
pub(super) struct Filled {
    table: &'static TableDef,
    store: Store,
}

impl Filled {
    pub(super) fn new<R: NewRow<Model: Model>>(row: R) -> Filled {
        let row = row.new_row();
        let store: Store = Box::new(move |on, columns, pairs| {
            let rows = pairs.into_iter().map(|pair| linking(&row, columns, pair)).collect::<Result<Vec<_>>>();
            Pending::new(async move { R::Model::bulk_create(rows?).exec(on).await })
        });
        Filled { table: R::Model::TABLE, store }
    }

    /// Stores links that do not exist yet.
    pub(super) async fn add(
        &self,
        on: &dyn Executor,
        join: &'static TableDef,
        columns: [&'static ColumnDef; 2],
        pairs: Vec<Pair>,
    ) -> Result<u64> {
        if !ptr::eq(self.table, join) {
            let message = format!("a `{}` is no link of these rows", self.table.model);
            return Err(Error::new(ErrorKind::Configuration, message)
                .hint(format!("`.through(..)` takes the other columns of a `{}`", join.model)));
        }
        (self.store)(on, columns, pairs).await
    }
}

/// The row of the join table between two others.
fn linking<J: Model>(row: &New<J>, columns: [&'static ColumnDef; 2], pair: Pair) -> Result<New<J>> {
    let mut row = row.clone();
    for (column, value) in columns.into_iter().zip(pair) {
        row = row.given(column, value);
    }
    let is_made = |column: &ColumnDef| {
        column.is_made() || column.touch != Touch::Never || column.version || column.role == Role::Tenant
    };
    let missing = J::TABLE.columns.iter().find(|column| row.value(column).is_none() && !is_made(column));
    let Some(column) = missing else { return Ok(row) };
    let message = format!("a link has no `{}`", column.field);
    Err(Error::new(ErrorKind::Configuration, message).in_column(J::TABLE.name, column.name).hint(format!(
        "give it a value: `.through({}::create().{}(..))`",
        J::TABLE.model,
        column.field
    )))
}
