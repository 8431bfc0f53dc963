//! Columns that the database makes of a new row: defaults and generated ones. The row is read back.

use super::{New, Query, bulk::same};
use crate::{
    ast::Returning,
    backend::Executor,
    error::{Error, ErrorKind, Result},
    feature::Feature,
    fetch,
    model::Model,
    render::Dialect,
    schema::{ColumnDef, Touch},
    tape::Op,
    value::Value,
};

impl<M: Model> New<M> {
    /// The columns of a new row that no value is known of, before the builder has set any: NULL where it is allowed.
    pub(super) fn unset() -> Vec<Option<Value>> {
        let is_null = |column: &ColumnDef| column.nullable && !column.is_made() && column.touch == Touch::Never;
        let null = |column: &ColumnDef| is_null(column).then_some(Value::Null);
        M::TABLE.columns.iter().map(null).collect()
    }

    /// Whether the database makes more of the row than its key.
    pub(super) fn is_partial(&self) -> bool {
        let auto = M::TABLE.auto_key();
        self.values.iter().enumerate().any(|(at, value)| value.is_none() && Some(at) != auto)
    }

    /// Inserts the row and reads it back: in one statement where the database returns it, else in one transaction.
    pub(super) async fn save_and_read(self, on: &dyn Executor) -> Result<M> {
        let dialect = &*on.shared().dialect;
        if dialect.features().has(Feature::ReturningRow) {
            let ready = self.prepare(on, Returning::Row)?;
            return fetch::rows(on, ready, M::decode).await?.pop().ok_or_else(not_returned);
        }
        self.knows_key(dialect)?;
        let ready = self.prepare(on, Returning::Nothing)?;
        let tx = on.begin().await?;
        let made = fetch::execute(&tx, ready).await?.last_key;
        let row = self.read_back(&tx, made).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Refuses a row that could not be found again.
    pub(super) fn knows_key(&self, dialect: &dyn Dialect) -> Result<()> {
        let auto = M::TABLE.auto_key();
        let is_unknown = |at: &usize| self.values[*at].is_none() && Some(*at) != auto;
        let Some(at) = M::TABLE.primary_key.iter().copied().find(is_unknown) else { return Ok(()) };
        Err(Error::unsupported(Feature::ReturningRow, dialect.name())
            .in_column(M::TABLE.name, M::TABLE.columns[at].name)
            .hint("the key of the new row would be unknown: make it in Rust, by `#[covet(default = ..)]`"))
    }

    /// The key, if the row has one.
    pub(super) fn key(&self) -> Option<Value> {
        let part = |at: &usize| self.values[*at].clone();
        let mut key = M::TABLE.primary_key.iter().map(part).collect::<Option<Vec<_>>>()?;
        if key.len() == 1 { key.pop() } else { Some(Value::List(key.into())) }
    }

    /// A text that is the same for the same key.
    pub(super) fn key_text(&self) -> String {
        same(M::TABLE.primary_key.iter().filter_map(|at| self.values[*at].as_ref()))
    }

    /// Reads the row that was just stored, with the key that the database has made.
    pub(super) async fn read_back(&self, on: &dyn Executor, made: Option<i64>) -> Result<M> {
        let part = |at: &usize| self.values[*at].clone().or(made.map(Value::I64)).ok_or_else(not_returned);
        let mut key = M::TABLE.primary_key.iter().map(part).collect::<Result<Vec<_>>>()?;
        let key = if key.len() == 1 { key.pop().unwrap_or(Value::Null) } else { Value::List(key.into()) };
        let row = Query::<M>::of_key(key).unscoped().prepare(on, Op::SelectRows)?;
        fetch::rows(on, row, M::decode).await?.pop().ok_or_else(not_returned)
    }
}

#[cold]
fn not_returned() -> Error {
    Error::new(ErrorKind::Database, "the new row cannot be read back")
        .hint("a trigger or a policy of the database may hide it")
}
