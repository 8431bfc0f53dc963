//! Questions about related rows: correlated sub-queries.

use crate::{
    ast::{Expr, Gather, Related},
    error::{Error, ErrorKind, Result},
    render::Writer,
};

/// `EXISTS (SELECT 1 FROM .. WHERE ..)`, `(SELECT COUNT(*) FROM ..)`
///
/// # Errors
/// When an expression cannot be rendered, or the text is for the schema.
pub fn related(w: &mut Writer<'_>, related: &Related) -> Result<()> {
    if w.is_schema() {
        let what = format!("a condition of the schema asks for rows of `{}`", related.key.from.model);
        return Err(Error::new(ErrorKind::Configuration, what)
            .hint("it can read columns of its own row only; check others when you write, with `clean`"));
    }
    let outer = w.text_of(|w| w.column(&related.outer))?;
    super::same_uuids(related.key.column().kind, related.key.target().kind)?;
    w.sql(if related.what == Gather::Exists { "EXISTS (" } else { "(" });
    w.enter_inside(related.key.from, &related.on);
    w.around_from(
        |w| {
            w.sql("SELECT ");
            w.dialect().gather(w, related.what, related.value.as_ref())
        },
        |w| {
            w.sql(" WHERE ");
            w.own(related.key.column())?;
            w.sql(" = ").sql(&outer);
            let Some(filter) = &related.filter else { return Ok(()) };
            let is_loose = matches!(filter, Expr::Or(_) | Expr::Xor(..));
            w.sql(if is_loose { " AND (" } else { " AND " });
            w.expr(filter)?;
            w.sql(if is_loose { ")" } else { "" });
            Ok(())
        },
    )?;
    w.leave();
    w.sql(")");
    Ok(())
}

/// `1`, `COUNT(*)`, `SUM(..)`; the mean of integers is a floating-point number.
///
/// # Errors
/// When the value cannot be rendered.
pub fn gather(w: &mut Writer<'_>, what: Gather, value: Option<&Expr>) -> Result<()> {
    let double = w.dialect().double();
    w.sql(match what {
        Gather::Exists => "1",
        Gather::Count => "COUNT(*)",
        Gather::Sum => "SUM(",
        Gather::Min => "MIN(",
        Gather::Max => "MAX(",
        Gather::Avg => "AVG(CAST(",
    });
    let Some(value) = value else { return Ok(()) };
    w.expr(value)?;
    if what == Gather::Avg {
        w.sql(" AS ").sql(double).sql(")");
    }
    w.sql(")");
    Ok(())
}
