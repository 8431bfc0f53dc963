//! Questions about the place in a tree of rows: recursive common table expressions.

use crate::{ast::Tree, error::Result, render::Writer, schema::ColumnDef};

/// `IN (WITH RECURSIVE .. SELECT ..)`, behind the value. A row that was found is not looked at again, so that a cycle
/// ends; where rows are counted by their distance, that ends it.
///
/// # Errors
/// When the start cannot be rendered.
pub fn tree(w: &mut Writer<'_>, tree: &Tree) -> Result<()> {
    let Tree { key, start, down, most, .. } = tree;
    let (own, target) = (key.column(), key.target());
    // A step leads from the row with one of both to the row, or the rows, that the other one gives.
    let (from, to) = if *down { (own, target) } else { (target, own) };
    let is_bounded = *most > 0;
    w.sql(" IN (WITH RECURSIVE ").name("tree").sql(" (").name("at");
    if is_bounded {
        w.sql(", ").name("depth");
    }
    w.sql(") AS (SELECT ");
    node(w, to).sql(if is_bounded { ", 1 FROM " } else { " FROM " });
    w.table(key.from).sql(" ").name("node").sql(" WHERE ");
    node(w, from).sql(" = ");
    w.expr(start)?;
    not_null(w, to);
    w.sql(" UNION SELECT ");
    node(w, to);
    if is_bounded {
        w.sql(", ").name("tree").sql(".").name("depth").sql(" + 1");
    }
    w.sql(" FROM ").name("tree").sql(" INNER JOIN ").table(key.from).sql(" ").name("node").sql(" ON ");
    node(w, from).sql(" = ").name("tree").sql(".").name("at");
    not_null(w, to);
    if is_bounded {
        w.sql(" WHERE ").name("tree").sql(".").name("depth").sql(" < ").number(*most as usize);
    }
    w.sql(") SELECT ").name("at").sql(" FROM ").name("tree").sql(")");
    Ok(())
}

fn node<'w, 'a>(w: &'w mut Writer<'a>, column: &ColumnDef) -> &'w mut Writer<'a> {
    w.name("node").sql(".").name(column.name)
}

fn not_null(w: &mut Writer<'_>, column: &ColumnDef) {
    if column.nullable {
        w.sql(" AND ");
        node(w, column).sql(" IS NOT NULL");
    }
}
