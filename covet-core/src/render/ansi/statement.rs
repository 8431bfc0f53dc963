//! Whole statements.

use super::{ddl::names, expr::same_uuids};
use crate::{
    ast::{
        Conflict, CopyRows, Delete, Direction, Expr, Insert, Limit, Lock, Nulls, Order, Returning, Select, Selection,
        Statement, Update,
    },
    error::{Error, ErrorKind, Result},
    feature::Feature,
    render::{Form, Writer},
    schema::{ColumnDef, TableDef},
    value::Kind,
};

/// Any statement.
///
/// # Errors
/// When the dialect refuses a part of it.
pub fn statement(w: &mut Writer<'_>, statement: &Statement) -> Result<()> {
    let dialect = w.dialect();
    if let Statement::Insert(Insert { columns, source: None, .. }) | Statement::Copy(CopyRows { columns, .. }) =
        statement
    {
        for (index, column) in columns.iter().enumerate() {
            w.stored(index, column.kind);
        }
    }
    if let Statement::UpdateMany(update) = statement {
        for (index, column) in update.given().enumerate() {
            w.stored(index, column.kind);
        }
    }
    match statement {
        Statement::Select(select) => dialect.select(w, select),
        Statement::Insert(insert) => dialect.insert(w, insert),
        Statement::Update(update) => dialect.update(w, update),
        Statement::UpdateMany(update) => dialect.update_many(w, update),
        Statement::Delete(delete) => dialect.delete(w, delete),
        Statement::Copy(copy) => dialect.copy(w, copy),
    }
}

/// `SELECT`; a count or a test of a slice looks at exactly the slice.
///
/// # Errors
/// When an expression cannot be rendered.
pub fn select(w: &mut Writer<'_>, select: &Select) -> Result<()> {
    match select.selection {
        Selection::Rows if select.part.is_some() => w.dialect().parts(w, select),
        Selection::Rows | Selection::Key => rows(w, select),
        Selection::Exists => {
            w.sql("SELECT EXISTS (");
            rows(w, select)?;
            w.sql(")");
            Ok(())
        }
        Selection::Count if select.is_slice() => {
            w.sql("SELECT COUNT(*) FROM (");
            rows(w, &Select { selection: Selection::Key, ..select.clone() })?;
            w.sql(") AS ").name("slice");
            Ok(())
        }
        Selection::Count => rows(w, select),
    }
}

fn rows(w: &mut Writer<'_>, select: &Select) -> Result<()> {
    let dialect = w.dialect();
    let table = select.table;
    w.enter_with(table, &select.on);
    w.around_from(
        |w| {
            w.sql("SELECT ");
            match select.selection {
                Selection::Count => w.sql("COUNT(*)"),
                Selection::Exists => w.sql("1"),
                Selection::Key => return columns(w, table, table.keys()),
                Selection::Rows if !select.items.is_empty() => return items(w, &select.items),
                Selection::Rows if select.columns.is_empty() => return columns(w, table, table.columns.iter()),
                Selection::Rows => return w.list(&select.columns, |w, column| w.expr(column)),
            };
            Ok(())
        },
        |w| {
            if let Some(filter) = &select.filter {
                w.sql(" WHERE ");
                w.expr(filter)?;
            }
            // The order of a count or a test matters only when it chooses the slice.
            if !select.order.is_empty() && (select.selection == Selection::Rows || select.is_slice()) {
                w.sql(" ORDER BY ");
                w.list(&select.order, |w, order| dialect.order(w, order))?;
            }
            dialect.slice(w, select.limit, select.offset);
            if let Some(lock) = select.lock {
                dialect.lock(w, lock);
            }
            Ok(())
        },
    )?;
    w.leave();
    Ok(())
}

/// Columns with their table.
fn columns(w: &mut Writer<'_>, table: &TableDef, columns: impl Iterator<Item = &'static ColumnDef>) -> Result<()> {
    w.list(columns, |w, column| {
        w.name(table.name).sql(".").name(column.name);
        Ok(())
    })
}

/// Values that go into columns of another table.
fn items(w: &mut Writer<'_>, items: &[(&'static ColumnDef, Expr)]) -> Result<()> {
    w.list(items, |w, (column, value)| {
        same_storage(w, column, value)?;
        if let Expr::Bind { index, kind } = value {
            w.stored(*index, *kind);
            w.dialect().typed(w, *index, column);
        } else {
            w.expr(value)?;
        }
        w.sql(" AS ").name(column.name);
        Ok(())
    })
}

/// Refuses what a column would keep as another value: a decimal with other digits, a UUID in another form.
fn same_storage(w: &Writer<'_>, column: &ColumnDef, value: &Expr) -> Result<()> {
    value.kind().map_or(Ok(()), |kind| same_uuids(column.kind, kind))?;
    let (Kind::Decimal(Some(to)), Some(from)) = (column.kind, value.digits()) else { return Ok(()) };
    if to == from {
        return Ok(());
    }
    if to.scale < from.scale || to.precision - to.scale < from.precision - from.scale {
        let message = format!("`{}` has fewer digits than what is stored in it", column.name);
        return Err(Error::new(ErrorKind::Configuration, message).hint("give both columns the same `decimal(p, s)`"));
    }
    w.dialect().require(Feature::DecimalsOfOtherDigits)
}

/// A parameter like any other.
pub fn typed(w: &mut Writer<'_>, index: usize, column: &ColumnDef) {
    w.dialect().parameter(w, index, column.kind);
}

/// `expr [DESC] NULLS FIRST|LAST`
///
/// # Errors
/// When the expression cannot be rendered.
pub fn order(w: &mut Writer<'_>, order: &Order) -> Result<()> {
    w.expr(&order.expr)?;
    if order.direction == Direction::Descending {
        w.sql(" DESC");
    }
    if order.nullable {
        w.sql(if order.nulls == Nulls::First { " NULLS FIRST" } else { " NULLS LAST" });
    }
    Ok(())
}

/// `LIMIT ? OFFSET ?`
pub fn slice(w: &mut Writer<'_>, limit: Option<Limit>, offset: Option<usize>) {
    match limit {
        Some(Limit::Bound(index)) => {
            w.sql(" LIMIT ").bind(index, Form::Plain);
        }
        Some(Limit::Printed(number)) => {
            w.sql(" LIMIT ").number(number.into());
        }
        None => {}
    }
    if let Some(offset) = offset {
        w.sql(" OFFSET ").bind(offset, Form::Plain);
    }
}

/// `FOR SHARE`, `FOR UPDATE`
pub fn lock(w: &mut Writer<'_>, lock: Lock) {
    w.sql(match lock {
        Lock::Share => " FOR SHARE",
        Lock::Update => " FOR UPDATE",
    });
}

/// `INSERT INTO .. VALUES ..`
///
/// # Errors
/// When the key must come back and the database cannot return it.
pub fn insert(w: &mut Writer<'_>, insert: &Insert) -> Result<()> {
    let dialect = w.dialect();
    w.sql("INSERT INTO ").table(insert.table);
    if insert.columns.is_empty() {
        w.sql(dialect.default_values());
    } else {
        w.sql(" (");
        w.list(&insert.columns, |w, column| {
            w.name(column.name);
            Ok(())
        })?;
        if let Some(source) = &insert.source {
            return insert_from(w, insert, source);
        }
        w.sql(") VALUES ");
        let width = insert.columns.len();
        w.list(0..insert.rows, |w, row| {
            w.sql("(");
            w.list(0..width, |w, column| {
                w.bind(row * width + column, Form::Plain);
                Ok(())
            })?;
            w.sql(")");
            Ok(())
        })?;
    }
    if let Some(conflict) = &insert.conflict {
        dialect.conflict(w, insert, conflict)?;
    }
    let (returned, feature) = match insert.returning {
        Returning::Nothing => return Ok(()),
        Returning::Key => {
            let key = insert.table.auto_key().map_or(insert.table.columns, |at| &insert.table.columns[at..=at]);
            (key, Feature::InsertReturning)
        }
        Returning::Row => (insert.table.columns, Feature::ReturningRow),
    };
    dialect.require(feature)?;
    w.sql(" RETURNING ");
    names(w, &returned.iter().map(|column| column.name).collect::<Vec<_>>());
    Ok(())
}

/// `) SELECT ..`. Behind a bare FROM the word ON could begin a join: a conflict stands behind a WHERE. MySQL counts a row
/// that it passes over like one that is new, and its reply does not tell them apart.
fn insert_from(w: &mut Writer<'_>, insert: &Insert, source: &Select) -> Result<()> {
    let dialect = w.dialect();
    let Some(conflict) = &insert.conflict else {
        w.sql(") ");
        return dialect.select(w, source);
    };
    dialect.require(Feature::ConflictsFromQuery)?;
    w.sql(") SELECT * FROM (");
    dialect.select(w, source)?;
    w.sql(") AS ").name("chosen").sql(" WHERE 1 = 1");
    dialect.conflict(w, insert, conflict)
}

/// `ON CONFLICT (..) DO NOTHING`, or `DO UPDATE SET column = excluded.column`
///
/// # Errors
/// None here.
pub fn conflict(w: &mut Writer<'_>, _insert: &Insert, conflict: &Conflict) -> Result<()> {
    w.sql(" ON CONFLICT ");
    if !conflict.target.is_empty() {
        w.sql("(");
        names(w, &conflict.target.iter().map(|column| column.name).collect::<Vec<_>>());
        w.sql(") ");
    }
    if conflict.update.is_empty() {
        w.sql("DO NOTHING");
        return Ok(());
    }
    w.sql("DO UPDATE SET ");
    w.list(&conflict.update, |w, column| {
        w.name(column.name).sql(" = excluded.").name(column.name);
        Ok(())
    })
}

/// Refuses: standard SQL has no such statement.
///
/// # Errors
/// Always.
pub fn copy(w: &mut Writer<'_>, _copy: &CopyRows) -> Result<()> {
    w.dialect().require(Feature::Copy)
}

/// `UPDATE .. SET ..`
///
/// # Errors
/// When an expression cannot be rendered, or an assignment reads a related model.
pub fn update(w: &mut Writer<'_>, update: &Update) -> Result<()> {
    let dialect = w.dialect();
    let table = update.rows.table;
    w.enter(table);
    w.sql("UPDATE ").table(table).sql(" SET ");
    w.list(&update.set, |w, (column, value)| {
        let mut related = false;
        value.columns(&mut |at| related |= !at.path.is_empty());
        if related {
            dialect.require(Feature::UpdateFromRelation)?;
        }
        same_storage(w, column, value)?;
        w.name(column.name).sql(" = ");
        w.expr(value)
    })?;
    chosen(w, &update.rows)?;
    w.leave();
    if update.returning { returning(w, table) } else { Ok(()) }
}

/// `RETURNING` every column.
fn returning(w: &mut Writer<'_>, table: &TableDef) -> Result<()> {
    w.dialect().require(Feature::WriteReturning)?;
    w.sql(" RETURNING ");
    names(w, &table.columns.iter().map(|column| column.name).collect::<Vec<_>>());
    Ok(())
}

/// `DELETE FROM ..`
///
/// # Errors
/// When an expression cannot be rendered.
pub fn delete(w: &mut Writer<'_>, delete: &Delete) -> Result<()> {
    w.enter(delete.rows.table);
    w.sql("DELETE FROM ").table(delete.rows.table);
    chosen(w, &delete.rows)?;
    w.leave();
    if delete.returning { returning(w, delete.rows.table) } else { Ok(()) }
}

/// The WHERE of an update or a delete. Joins, order and limits go into a sub-query of keys, which
/// is wrapped once more because MySQL refuses to read the table that it changes (error 1093).
fn chosen(w: &mut Writer<'_>, rows: &Select) -> Result<()> {
    let joined = rows.filter.as_ref().is_some_and(|filter| {
        let mut joined = false;
        filter.columns(&mut |at| joined |= !at.path.is_empty());
        joined || filter.reads(rows.table)
    });
    if joined || rows.is_slice() {
        let keys: Vec<_> = rows.table.keys().map(|column| column.name).collect();
        let (open, close) = if keys.len() > 1 { ("(", ")") } else { ("", "") };
        w.sql(" WHERE ").sql(open);
        names(w, &keys);
        w.sql(close).sql(" IN (SELECT ");
        names(w, &keys);
        w.sql(" FROM (");
        self::rows(w, rows)?;
        w.sql(") AS ").name("chosen").sql(")");
    } else if let Some(filter) = &rows.filter {
        w.sql(" WHERE ");
        let filter: &Expr = filter;
        w.expr(filter)?;
    }
    Ok(())
}
