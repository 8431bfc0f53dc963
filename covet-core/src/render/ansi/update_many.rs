//! `UPDATE` of many rows, each with values of its own.

use super::ddl::names;
use crate::{
    ast::UpdateMany,
    error::Result,
    render::{Form, Writer},
    schema::ColumnDef,
};

/// The name of the values.
pub const VALUES: &str = "new";

/// `WITH new (..) AS (VALUES ..) UPDATE .. FROM new`
///
/// # Errors
/// None here.
pub fn update_many(w: &mut Writer<'_>, update: &UpdateMany) -> Result<()> {
    w.sql("WITH ").name(VALUES).sql(" (");
    names(w, &update.given().map(|column| column.name).collect::<Vec<_>>());
    w.sql(") AS (VALUES ");
    let width = update.given().len();
    w.list(0..update.rows, |w, row| {
        w.sql("(");
        w.list(0..width, |w, at| {
            w.bind(row * width + at, Form::Plain);
            Ok(())
        })?;
        w.sql(")");
        Ok(())
    })?;
    w.sql(") UPDATE ").table(update.table);
    set_from(w, update, false)?;
    w.sql(" FROM ").name(VALUES).sql(" WHERE ");
    joined(w, update)
}

/// ` SET column = new.column`, and the next version; `qualified` where the table must stand before the column.
///
/// # Errors
/// None here.
pub fn set_from(w: &mut Writer<'_>, update: &UpdateMany, qualified: bool) -> Result<()> {
    w.sql(" SET ");
    let versions = update.table.columns.iter().filter(|column| column.version);
    w.list(update.columns.iter().copied().chain(versions), |w, column| {
        if qualified {
            w.name(update.table.name).sql(".");
        }
        w.name(column.name).sql(" = ");
        of(w, if column.version { update.table.name } else { VALUES }, column);
        w.sql(if column.version { " + 1" } else { "" });
        Ok(())
    })
}

/// `table.key = new.key`, and the condition
///
/// # Errors
/// When the condition cannot be rendered.
pub fn joined(w: &mut Writer<'_>, update: &UpdateMany) -> Result<()> {
    for (at, key) in update.keys.iter().enumerate() {
        w.sql(if at > 0 { " AND " } else { "" });
        of(w, update.table.name, key);
        w.sql(" = ");
        of(w, VALUES, key);
    }
    if let Some(filter) = &update.filter {
        w.enter(update.table);
        w.sql(" AND (");
        w.expr(filter)?;
        w.sql(")");
        w.leave();
    }
    Ok(())
}

fn of(w: &mut Writer<'_>, table: &str, column: &ColumnDef) {
    w.name(table).sql(".").name(column.name);
}
