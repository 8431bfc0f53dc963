//! A slice of each part of the rows.

use crate::{
    ast::{Expr, Select},
    error::Result,
    render::{Form, Writer},
};

/// `SELECT c1, c2 FROM (SELECT .. AS c1, .. AS c2, ROW_NUMBER() OVER (PARTITION BY .. ORDER BY ..) AS place FROM ..)
/// AS parts WHERE place > ? AND place <= ? ORDER BY place`. The limit is the last place, the offset the one before the
/// first.
///
/// # Errors
/// When an expression cannot be rendered.
pub fn parts(w: &mut Writer<'_>, select: &Select) -> Result<()> {
    let dialect = w.dialect();
    let name = |at: usize| format!("c{}", at + 1);
    w.sql("SELECT ");
    w.list(0..select.columns.len(), |w, at| {
        w.name(&name(at));
        Ok(())
    })?;
    w.sql(" FROM (");
    w.enter_with(select.table, &select.on);
    w.around_from(
        |w| {
            w.sql("SELECT ");
            w.list(select.columns.iter().enumerate(), |w, (at, column)| {
                w.expr(column)?;
                w.sql(" AS ").name(&name(at));
                Ok(())
            })?;
            w.sql(", ROW_NUMBER() OVER (PARTITION BY ");
            w.list(&select.part, |w, part: &Expr| w.expr(part))?;
            if !select.order.is_empty() {
                w.sql(" ORDER BY ");
                w.list(&select.order, |w, order| dialect.order(w, order))?;
            }
            w.sql(") AS ").name("place");
            Ok(())
        },
        |w| {
            let Some(filter) = &select.filter else { return Ok(()) };
            w.sql(" WHERE ");
            w.expr(filter)
        },
    )?;
    w.leave();
    w.sql(") AS ").name("parts");
    let mut word = " WHERE ";
    if let Some(offset) = select.offset {
        w.sql(word).name("place").sql(" > ").bind(offset, Form::Plain);
        word = " AND ";
    }
    if let Some(crate::ast::Limit::Bound(limit)) = select.limit {
        w.sql(word).name("place").sql(" <= ").bind(limit, Form::Plain);
    }
    w.sql(" ORDER BY ").name("place");
    Ok(())
}
