//! SQL as PostgreSQL spells it.

use crate::{ddl, features};
use covet_core::{
    ast::{ArithmeticOp, CopyRows, CreateTable, Expr, UpdateMany},
    error::Result,
    feature::Features,
    render::{BindLimits, Dialect, Form, Grammar, Quotes, Store, Writer, ansi},
    schema::{ColumnDef, TableDef},
    value::{EnumDef, Kind, Value},
};
use std::fmt;

/// PostgreSQL's SQL. Needs no server.
#[derive(Debug, Clone, Copy)]
pub struct PostgresDialect {
    features: Features,
}

impl PostgresDialect {
    /// The dialect of the newest server that covet knows.
    pub const fn new() -> PostgresDialect {
        PostgresDialect { features: features::NEWEST }
    }
}

impl Default for PostgresDialect {
    fn default() -> PostgresDialect {
        PostgresDialect::new()
    }
}

impl fmt::Display for PostgresDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Dialect for PostgresDialect {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn short_name(&self) -> &'static str {
        "pg"
    }

    fn features(&self) -> Features {
        self.features
    }

    // The protocol counts parameters in 16 bits.
    fn limits(&self) -> BindLimits {
        BindLimits { parameters: 65_535, rows: 1_000, bytes: 16 << 20 }
    }

    fn column_type(&self, column: &ColumnDef) -> String {
        ddl::column_type(column)
    }

    fn quotes(&self) -> Quotes {
        Quotes { e_text: true, dollar: true, nested: true, ..Quotes::default() }
    }

    fn placeholder(&self, w: &mut Writer<'_>, number: usize) {
        w.sql("$").number(number);
    }

    fn store(&self, kind: Kind) -> Option<Store> {
        if kind == Kind::U64 { Some(|value, _| value.signed()) } else { ansi::store(kind) }
    }

    fn column_condition(&self, column: &ColumnDef) -> Option<String> {
        ddl::condition(column)
    }

    // Under `COLLATE "C"` lower() knows ASCII only.
    fn fold_case(&self, w: &mut Writer<'_>, value: &mut dyn FnMut(&mut Writer<'_>) -> Result<()>) -> Result<()> {
        w.sql("lower(");
        value(w)?;
        w.sql(" COLLATE \"und-x-icu\")");
        Ok(())
    }

    fn regex(&self, w: &mut Writer<'_>, value: &Expr, index: usize, ignore_case: bool) -> Result<()> {
        atom(w, value)?;
        w.sql(" ~ ").bind(index, Form::Regex { grammar: Grammar::Advanced, ignore_case });
        Ok(())
    }

    // One array parameter: any length under one text. There are no arrays of arrays.
    fn is_in(&self, w: &mut Writer<'_>, value: &Expr, index: usize, kind: Kind, log: u8) -> Result<()> {
        if kind.is_array() {
            return ansi::is_in(w, value, index, kind, log);
        }
        atom(w, value)?;
        w.sql(" = ANY(").bind(index, Form::Plain).sql(")");
        Ok(())
    }

    // The server infers a parameter's type from what stands beside it: from a column the right
    // one, from the 0 of NULLIF an integer of 32 bits, from another parameter none.
    fn arithmetic(&self, w: &mut Writer<'_>, op: ArithmeticOp, left: &Expr, right: &Expr) -> Result<()> {
        let casts = match op {
            ArithmeticOp::Add | ArithmeticOp::Sub | ArithmeticOp::Mul => is_bind(left) && is_bind(right),
            ArithmeticOp::Div | ArithmeticOp::IntDiv | ArithmeticOp::Rem => is_bind(left) || is_bind(right),
        };
        if !casts {
            return ansi::arithmetic(w, op, left, right);
        }
        match op {
            ArithmeticOp::Add => both(w, left, " + ", right),
            ArithmeticOp::Sub => both(w, left, " - ", right),
            ArithmeticOp::Mul => both(w, left, " * ", right),
            ArithmeticOp::IntDiv => divide(w, left, " / ", right),
            ArithmeticOp::Rem => divide(w, left, " % ", right),
            ArithmeticOp::Div => {
                w.sql("CAST(");
                typed(w, left)?;
                w.sql(" AS ").sql(self.double()).sql(") / NULLIF(CAST(");
                typed(w, right)?;
                w.sql(" AS ").sql(self.double()).sql("), 0)");
                Ok(())
            }
        }
    }

    fn create_table(&self, w: &mut Writer<'_>, create: &CreateTable) -> Result<()> {
        ddl::create_table(w, create)
    }

    fn create_schema(&self, w: &mut Writer<'_>, schema: &str) {
        ddl::create_schema(w, schema);
    }

    fn create_enum(&self, w: &mut Writer<'_>, native: &EnumDef) {
        ddl::create_enum(w, native);
    }

    fn drop_enum(&self, w: &mut Writer<'_>, native: &EnumDef) {
        ddl::drop_enum(w, native);
    }

    fn typed(&self, w: &mut Writer<'_>, index: usize, column: &ColumnDef) {
        w.bind(index, Form::Plain);
        type_of(w, column);
    }

    // One array for each column, so that one statement does for any number of rows; where a column has arrays of its
    // own, which `unnest` would take apart, a list of rows.
    fn update_many(&self, w: &mut Writer<'_>, update: &UpdateMany) -> Result<()> {
        w.sql("UPDATE ").table(update.table);
        ansi::set_from(w, update, false)?;
        if update.rows == 0 {
            w.sql(" FROM unnest(");
            w.list(update.given().enumerate(), |w, (at, column)| {
                self.typed(w, at, column);
                w.sql("[]");
                Ok(())
            })?;
        } else {
            w.sql(" FROM (VALUES ");
            let width = update.given().len();
            w.list(0..update.rows, |w, row| {
                w.sql("(");
                w.list(update.given().enumerate(), |w, (at, column)| {
                    self.typed(w, row * width + at, column);
                    Ok(())
                })?;
                w.sql(")");
                Ok(())
            })?;
        }
        w.sql(") AS ").name(ansi::VALUES).sql(" (");
        w.list(update.given(), |w, column| {
            w.name(column.name);
            Ok(())
        })?;
        w.sql(") WHERE ");
        ansi::joined(w, update)
    }

    fn reserve_keys(&self, table: &TableDef, key: &ColumnDef) -> Option<String> {
        let table = ansi::literals(&[&ddl::name_of(table)], "\\");
        let key = ansi::literals(&[key.name], "\\");
        Some(format!("SELECT nextval(pg_get_serial_sequence({table}, {key})) FROM generate_series(1, ?)"))
    }

    fn literal(&self, value: &Value) -> Result<String> {
        ddl::literal(value)
    }

    fn now(&self, kind: Kind) -> Result<String> {
        ddl::now(kind).map(str::to_owned).ok_or_else(|| ansi::no_expression(self.name(), "now", kind))
    }

    fn random_uuid(&self, kind: Kind) -> Result<String> {
        ddl::random_uuid(kind).map(str::to_owned).ok_or_else(|| ansi::no_expression(self.name(), "uuid", kind))
    }

    fn copy_from_rows(&self) -> Option<usize> {
        Some(2)
    }

    // What is sent depends on the table and on the number of rows: see the module `bulk`.
    fn copy(&self, w: &mut Writer<'_>, copy: &CopyRows) -> Result<()> {
        w.sql("COPY ").table(copy.table).sql(" (");
        w.list(&copy.columns, |w, column| {
            w.name(column.name);
            Ok(())
        })?;
        w.sql(") FROM STDIN (FORMAT binary)");
        Ok(())
    }

    // NULL sorts smallest in covet, so the index has to agree to serve ORDER BY.
    fn index_column(&self, w: &mut Writer<'_>, column: &ColumnDef, descending: bool) {
        ansi::index_column(w, column, descending);
        if column.nullable {
            w.sql(if descending { " NULLS LAST" } else { " NULLS FIRST" });
        }
    }
}

fn is_bind(expr: &Expr) -> bool {
    matches!(expr, Expr::Bind { .. })
}

/// `::type`
fn type_of(w: &mut Writer<'_>, column: &ColumnDef) {
    w.sql("::");
    match column.native() {
        Some(native) => w.name(native.name),
        None => w.sql(&ddl::type_name(column.kind)),
    };
}

/// An operand of the strongest operator.
fn atom(w: &mut Writer<'_>, expr: &Expr) -> Result<()> {
    if is_bind(expr) || matches!(expr, Expr::Column(_)) {
        return w.expr(expr);
    }
    w.sql("(");
    w.expr(expr)?;
    w.sql(")");
    Ok(())
}

/// An operand with its type, when the server could not tell it.
fn typed(w: &mut Writer<'_>, expr: &Expr) -> Result<()> {
    if let Expr::Bind { index, kind } = expr {
        w.bind(*index, Form::Plain).sql("::").sql(&ddl::type_name(*kind));
        return Ok(());
    }
    w.expr(expr)
}

fn both(w: &mut Writer<'_>, left: &Expr, word: &str, right: &Expr) -> Result<()> {
    typed(w, left)?;
    w.sql(word);
    typed(w, right)
}

fn divide(w: &mut Writer<'_>, left: &Expr, word: &str, right: &Expr) -> Result<()> {
    if is_bind(left) {
        typed(w, left)?
    } else {
        atom(w, left)?
    }
    w.sql(word).sql("NULLIF(");
    typed(w, right)?;
    w.sql(", 0)");
    Ok(())
}
