//! How SQLite spells SQL.

use crate::{ddl, features, types};
use covet_core::{
    ast::{ArithmeticOp, Expr, Limit, Lock, Order, TextMatch},
    error::{Error, ErrorKind, Result},
    feature::{Feature, Features},
    render::{BindLimits, Dialect, Form, Grammar, Store, Writer, ansi},
    schema::{ColumnDef, RelationDef, TableDef},
    value::{Kind, Value},
};

/// How SQLite spells SQL.
#[derive(Debug, Clone, Copy, Default)]
pub struct SqliteDialect;

impl Dialect for SqliteDialect {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn short_name(&self) -> &'static str {
        "sqlite"
    }

    fn features(&self) -> Features {
        features::FEATURES
    }

    // 50 rows were the fastest of a sweep: 0.67 of the loop, larger statements 1.9.
    fn limits(&self) -> BindLimits {
        BindLimits { parameters: 32_766, rows: 50, bytes: usize::MAX }
    }

    fn column_type(&self, column: &ColumnDef) -> String {
        types::column_type(column).to_owned()
    }

    fn store(&self, kind: Kind) -> Option<Store> {
        types::store(kind)
    }

    // After ANALYZE a bare `?` makes SQLite prepare the statement again whenever the value changes, because
    // it might choose another index for it; `+?` does not. A column without an index of its own keeps the
    // bare `?`: its value may be what a partial index asks for.
    fn comparand(&self, w: &mut Writer<'_>, left: &Expr, index: usize, kind: Kind) {
        if let Expr::Column(at) = left
            && (at.column.primary_key || at.column.unique || at.column.index)
        {
            w.sql("+");
        }
        ansi::comparand(w, left, index, kind);
    }

    // SQLite's LIKE folds ASCII and nothing else.
    fn text(&self, w: &mut Writer<'_>, how: TextMatch, ignore_case: bool, value: &Expr, pattern: &Expr) -> Result<()> {
        if how == TextMatch::Whole {
            return ansi::text(w, how, ignore_case, value, pattern);
        }
        w.sql(if how == TextMatch::Contains { "instr(" } else { "substr(" });
        ansi::folded(w, ignore_case, value)?;
        match how {
            TextMatch::Contains => {
                w.sql(", ");
                ansi::folded(w, ignore_case, pattern)?;
                w.sql(") > 0");
                return Ok(());
            }
            TextMatch::StartsWith | TextMatch::Whole => {
                w.sql(", 1, length(");
                ansi::folded(w, ignore_case, pattern)?;
                w.sql(")) = ");
            }
            TextMatch::EndsWith => {
                w.sql(", length(");
                ansi::folded(w, ignore_case, value)?;
                w.sql(") - length(");
                ansi::folded(w, ignore_case, pattern)?;
                w.sql(") + 1) = ");
            }
        }
        ansi::folded(w, ignore_case, pattern)
    }

    fn regex(&self, w: &mut Writer<'_>, value: &Expr, index: usize, ignore_case: bool) -> Result<()> {
        self.require(Feature::Regex)?;
        own_function(w)?;
        w.sql("covet_regexp(").bind(index, Form::Regex { grammar: Grammar::Rust, ignore_case }).sql(", ");
        w.expr(value)?;
        w.sql(")");
        Ok(())
    }

    fn fold_case(&self, w: &mut Writer<'_>, value: &mut dyn FnMut(&mut Writer<'_>) -> Result<()>) -> Result<()> {
        own_function(w)?;
        w.sql("covet_lower(");
        value(w)?;
        w.sql(")");
        Ok(())
    }

    // One statement for lists of every length. SQLite's own parser may miss the nearest double.
    fn is_in(&self, w: &mut Writer<'_>, value: &Expr, index: usize, kind: Kind, _log: u8) -> Result<()> {
        let member = match kind {
            Kind::Bytes | Kind::Uuid | Kind::Ip => "unhex(value)",
            Kind::F32 | Kind::F64 => "covet_double(value)",
            Kind::Bool
            | Kind::I16
            | Kind::I32
            | Kind::I64
            | Kind::U8
            | Kind::U16
            | Kind::U32
            | Kind::U64
            | Kind::Decimal(_)
            | Kind::Text
            | Kind::UuidText
            | Kind::DateTime
            | Kind::NaiveDateTime
            | Kind::Date
            | Kind::Time
            | Kind::Json
            | Kind::Array(_) => "value",
        };
        w.sql("(");
        w.expr(value)?;
        w.sql(") IN (SELECT ").sql(member).sql(" FROM json_each(").json(index).sql("))");
        Ok(())
    }

    fn double(&self) -> &'static str {
        "REAL"
    }

    fn arithmetic(&self, w: &mut Writer<'_>, op: ArithmeticOp, left: &Expr, right: &Expr) -> Result<()> {
        ansi::arithmetic(w, op, left, right)
    }

    // NULL sorts smallest by itself.
    fn order(&self, w: &mut Writer<'_>, order: &Order) -> Result<()> {
        let nullable = order.nullable && !order.is_null_smallest();
        ansi::order(w, &Order { nullable, ..order.clone() })
    }

    // A bare `?` in LIMIT makes SQLite prepare the statement again on every run; `+?` does not.
    fn slice(&self, w: &mut Writer<'_>, limit: Option<Limit>, offset: Option<usize>) {
        match limit {
            Some(Limit::Bound(index)) => {
                w.sql(" LIMIT +").bind(index, Form::Plain);
            }
            Some(Limit::Printed(number)) => {
                w.sql(" LIMIT ").number(number.into());
            }
            None if offset.is_some() => {
                w.sql(" LIMIT -1");
            }
            None => {}
        }
        if let Some(offset) = offset {
            w.sql(" OFFSET +").bind(offset, Form::Plain);
        }
    }

    // The next key is one more than the largest that the table has ever had.
    fn reserve_keys(&self, table: &TableDef, key: &ColumnDef) -> Option<String> {
        let (name, column) = (ansi::quoted('"', table.name), ansi::quoted('"', key.name));
        let text = ansi::literals(&[table.name], "\\");
        Some(format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?), \
             last(key) AS (SELECT max(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = {text}), 0), \
             COALESCE((SELECT max({column}) FROM {name}), 0))) SELECT last.key + n.i FROM n, last ORDER BY n.i"
        ))
    }

    // A transaction is the only one that writes.
    fn lock(&self, _w: &mut Writer<'_>, _lock: Lock) {}

    fn table_options(&self) -> &'static str {
        " STRICT"
    }

    // Without AUTOINCREMENT the keys of deleted rows come again.
    fn auto_key(&self) -> &'static str {
        " AUTOINCREMENT"
    }

    fn literal(&self, value: &Value) -> Result<String> {
        ddl::literal(value)
    }

    fn now(&self, kind: Kind) -> Result<String> {
        ddl::now(kind).map(str::to_owned).ok_or_else(|| ansi::no_expression(self.name(), "now", kind))
    }

    fn random_uuid(&self, kind: Kind) -> Result<String> {
        ddl::random_uuid(kind).ok_or_else(|| ansi::no_expression(self.name(), "uuid", kind))
    }

    fn column_condition(&self, column: &ColumnDef) -> Option<String> {
        types::condition(column)
    }

    // SQLite drops one table a statement, and does not mind circles.
    fn drop_tables(&self, w: &mut Writer<'_>, tables: &[&'static TableDef], _circles: &[&'static RelationDef]) {
        for table in tables {
            w.sql("DROP TABLE IF EXISTS ").table(table).sql(";\n");
        }
    }
}

/// A schema with functions of covet's own could not be used by other programs.
fn own_function(w: &Writer<'_>) -> Result<()> {
    if !w.is_schema() {
        return Ok(());
    }
    let what = "SQLite has no Unicode case folding and no regular expressions in a condition of the schema";
    Err(Error::new(ErrorKind::Unsupported, what)
        .hint("check it when you write: a field's `regex = \"..\"`, `validate` or `clean`"))
}
