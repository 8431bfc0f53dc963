//! How MySQL and MariaDB spell SQL.

use crate::{bulk, conflict, ddl, features, types};
use covet_core::{
    ast::{
        ArithmeticOp, Conflict, CopyRows, CreateTable, Direction, Expr, Insert, Limit, Lock, Nulls, Order, Returning,
        Update, UpdateMany,
    },
    error::{Error, Result},
    feature::{Feature, Features},
    render::{BindLimits, Dialect, Form, Grammar, Quotes, Writer, ansi},
    schema::{ColumnDef, OnDelete, RelationDef, TableDef},
    value::{Kind, Value},
};

/// Which of the two databases answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// Oracle's MySQL.
    MySql,
    /// MariaDB.
    MariaDb,
}

impl Flavour {
    /// The name as users write it.
    pub const fn name(self) -> &'static str {
        match self {
            Flavour::MySql => "MySQL",
            Flavour::MariaDb => "MariaDB",
        }
    }
}

/// The dialect of one server.
#[derive(Debug, Clone)]
pub struct MySqlDialect {
    flavour: Flavour,
    json_table: bool,
    /// Older servers of MariaDB match with 16 bits a character.
    regex: bool,
    /// Older servers of MariaDB have no negative difference of unsigned numbers, whatever the mode says.
    negative: bool,
    limits: BindLimits,
    /// The database of the connections.
    database: Option<String>,
}

impl MySqlDialect {
    /// MySQL, without a server.
    pub fn mysql() -> MySqlDialect {
        let limits = features::limits(None);
        MySqlDialect { flavour: Flavour::MySql, json_table: true, regex: true, negative: true, limits, database: None }
    }

    /// MariaDB of a version that has JSON_TABLE (10.6), without a server.
    pub fn mariadb() -> MySqlDialect {
        MySqlDialect { flavour: Flavour::MariaDb, ..MySqlDialect::mysql() }
    }

    /// The dialect of a server that answered.
    pub(crate) fn of_server(
        flavour: Flavour,
        version: (u32, u32, u32),
        max_allowed_packet: usize,
        database: Option<String>,
    ) -> MySqlDialect {
        let json_table = flavour == Flavour::MySql || version >= (10, 6, 0);
        let recent = flavour == Flavour::MySql || version >= (10, 11, 0);
        let limits = features::limits(Some(max_allowed_packet));
        MySqlDialect { flavour, json_table, regex: recent, negative: recent, limits, database }
    }

    /// Which of the two databases it is.
    pub fn flavour(&self) -> Flavour {
        self.flavour
    }
}

/// The largest list that is spelt as placeholders where JSON_TABLE is the other way: 2^10.
const MOST_PLACEHOLDERS: u8 = 10;

/// Two to the power of this is the first number of placeholders that a statement cannot have.
const TOO_MANY_PLACEHOLDERS: u8 = 16;

impl Dialect for MySqlDialect {
    fn name(&self) -> &'static str {
        self.flavour.name()
    }

    fn short_name(&self) -> &'static str {
        match self.flavour {
            Flavour::MySql => "mysql",
            Flavour::MariaDb => "mariadb",
        }
    }

    fn features(&self) -> Features {
        let features = match self.flavour {
            Flavour::MySql => features::MYSQL,
            Flavour::MariaDb => features::MARIADB,
        };
        let features = if self.json_table { features.with(Feature::LongLists) } else { features };
        if self.regex { features.with(Feature::Regex) } else { features }
    }

    fn limits(&self) -> BindLimits {
        self.limits
    }

    fn column_type(&self, column: &ColumnDef) -> String {
        types::column_type(column)
    }

    fn quote(&self) -> char {
        '`'
    }

    fn quotes(&self) -> Quotes {
        Quotes { backslash: true, hash: true, ..Quotes::default() }
    }

    fn parameter(&self, w: &mut Writer<'_>, index: usize, kind: Kind) {
        cast(w, index, Form::Plain, types::cast(kind, self.flavour).as_deref());
    }

    fn typed(&self, w: &mut Writer<'_>, index: usize, column: &ColumnDef) {
        bulk::typed(w, index, column.kind, self.flavour);
    }

    fn is_in(&self, w: &mut Writer<'_>, value: &Expr, index: usize, kind: Kind, log: u8) -> Result<()> {
        match types::json_type(kind) {
            Some((column, before, behind)) if self.json_table && log > MOST_PLACEHOLDERS => {
                operand(w, value)?;
                w.sql(" IN (SELECT ").sql(before).sql("`value`").sql(behind).sql(" FROM JSON_TABLE(").json(index);
                w.sql(", '$[*]' COLUMNS (`value` ").sql(&column);
                if column == "LONGTEXT" {
                    w.sql(" CHARACTER SET utf8mb4 COLLATE ").sql(ddl::collation(self.flavour));
                }
                w.sql(" PATH '$')) AS `list`)");
                Ok(())
            }
            Some(_) | None if log >= TOO_MANY_PLACEHOLDERS => Err(Error::unsupported(Feature::LongLists, self.name())),
            Some(_) | None => {
                let Some(ty) = types::cast(kind, self.flavour) else {
                    return ansi::is_in(w, value, index, kind, log);
                };
                operand(w, value)?;
                w.sql(" IN (");
                w.list(0..1_usize << log, |w, at| {
                    cast(w, index, Form::Member(at), Some(&ty));
                    Ok(())
                })?;
                w.sql(")");
                Ok(())
            }
        }
    }

    // The case is not left to the collation: `c` says so here, and the pattern itself on MariaDB.
    fn regex(&self, w: &mut Writer<'_>, value: &Expr, index: usize, ignore_case: bool) -> Result<()> {
        self.require(Feature::Regex)?;
        match self.flavour {
            Flavour::MySql => {
                w.sql("REGEXP_LIKE(");
                w.expr(value)?;
                w.sql(", ").bind(index, Form::Regex { grammar: Grammar::Icu, ignore_case }).sql(", 'c')");
            }
            Flavour::MariaDb => {
                operand(w, value)?;
                w.sql(" REGEXP ").bind(index, Form::Regex { grammar: Grammar::Pcre, ignore_case });
            }
        }
        Ok(())
    }

    // A negative difference of unsigned numbers meets further unsigned numbers as a DECIMAL, since they would
    // make it unsigned again.
    fn arithmetic(&self, w: &mut Writer<'_>, op: ArithmeticOp, left: &Expr, right: &Expr) -> Result<()> {
        let (word, end) = match op {
            ArithmeticOp::Add => (" + ", ""),
            ArithmeticOp::Sub => (" - ", ""),
            ArithmeticOp::Mul => (" * ", ""),
            ArithmeticOp::IntDiv => (" DIV NULLIF(", ", 0)"),
            ArithmeticOp::Rem => (" % NULLIF(", ", 0)"),
            ArithmeticOp::Div => return ansi::arithmetic(w, op, left, right),
        };
        let subtracts = op == ArithmeticOp::Sub;
        let may_fail = if subtracts { !self.negative } else { [left, right].into_iter().any(types::is_difference) };
        let exact = may_fail && types::is_unsigned(left);
        if !exact && op != ArithmeticOp::IntDiv {
            return ansi::arithmetic(w, op, left, right);
        }
        let side = |w: &mut Writer<'_>, number: &Expr| {
            if !exact {
                return operand(w, number);
            }
            w.sql("CAST(");
            w.expr(number)?;
            w.sql(" AS DECIMAL(21, 0))");
            Ok(())
        };
        side(w, left)?;
        w.sql(word);
        side(w, right)?;
        w.sql(end);
        Ok(())
    }

    fn double(&self) -> &'static str {
        "DOUBLE"
    }

    fn distinct(&self, w: &mut Writer<'_>, left: &Expr, right: &Expr, negated: bool) -> Result<()> {
        w.sql(if negated { "" } else { "NOT (" });
        operand(w, left)?;
        w.sql(" <=> ");
        operand(w, right)?;
        w.sql(if negated { "" } else { ")" });
        Ok(())
    }

    // NULL sorts smallest natively, and there is no word for another place.
    fn order(&self, w: &mut Writer<'_>, order: &Order) -> Result<()> {
        if order.nullable && !order.is_null_smallest() {
            operand(w, &order.expr)?;
            w.sql(if order.nulls == Nulls::First { " IS NOT NULL, " } else { " IS NULL, " });
        }
        w.expr(&order.expr)?;
        if order.direction == Direction::Descending {
            w.sql(" DESC");
        }
        Ok(())
    }

    // There is no bare OFFSET; the manual prescribes the largest row count.
    fn slice(&self, w: &mut Writer<'_>, limit: Option<Limit>, offset: Option<usize>) {
        if limit.is_none() && offset.is_some() {
            w.sql(" LIMIT 18446744073709551615");
        }
        ansi::slice(w, limit, offset);
    }

    fn default_values(&self) -> &'static str {
        " () VALUES ()"
    }

    // MariaDB's connections run with SIMULTANEOUS_ASSIGNMENT; MySQL has no such mode.
    fn update(&self, w: &mut Writer<'_>, update: &Update) -> Result<()> {
        match self.flavour {
            Flavour::MariaDb => ansi::update(w, update),
            Flavour::MySql => ansi::update(w, &Update { set: readers_first(&update.set)?, ..update.clone() }),
        }
    }

    fn conflict(&self, w: &mut Writer<'_>, insert: &Insert, conflict: &Conflict) -> Result<()> {
        conflict::clause(w, self.flavour, insert, conflict)
    }

    // MariaDB has no FOR SHARE.
    fn lock(&self, w: &mut Writer<'_>, lock: Lock) {
        match lock {
            Lock::Share => {
                w.sql(" LOCK IN SHARE MODE");
            }
            Lock::Update => ansi::lock(w, lock),
        }
    }

    fn update_many(&self, w: &mut Writer<'_>, update: &UpdateMany) -> Result<()> {
        bulk::update_many(w, update, self.flavour)
    }

    // The keys of the rows of one INSERT .. VALUES follow each other at this distance.
    fn key_step(&self) -> &'static str {
        "SELECT @@auto_increment_increment"
    }

    fn copy_from_rows(&self) -> Option<usize> {
        match self.flavour {
            Flavour::MySql => None,
            Flavour::MariaDb => Some(2),
        }
    }

    // One row of placeholders, which the server runs with each row of an array.
    fn copy(&self, w: &mut Writer<'_>, copy: &CopyRows) -> Result<()> {
        self.require(Feature::Copy)?;
        ansi::insert(
            w,
            &Insert {
                table: copy.table,
                columns: copy.columns.clone(),
                rows: 1,
                source: None,
                returning: Returning::Nothing,
                conflict: None,
            },
        )
    }

    // A foreign key looks for the other table in the database of its own.
    /// InnoDB has no SET DEFAULT, and MySQL sets nothing that a CHECK reads.
    fn on_delete(&self, relation: &RelationDef) -> &'static str {
        match relation.on_delete {
            OnDelete::SetDefault(_) => "",
            OnDelete::SetNull if self.column_condition(relation.column()).is_some() => "",
            OnDelete::NoAction | OnDelete::Restrict | OnDelete::Protect | OnDelete::Cascade | OnDelete::SetNull => {
                ansi::on_delete(relation)
            }
        }
    }
    fn own_schema(&self) -> Option<&str> {
        self.database.as_deref()
    }

    fn create_table(&self, w: &mut Writer<'_>, create: &CreateTable) -> Result<()> {
        ddl::create_table(w, create)
    }

    fn column_definition(&self, w: &mut Writer<'_>, table: &TableDef, column: &ColumnDef) -> Result<()> {
        ddl::column_definition(w, table, column, self.flavour)
    }

    fn literal(&self, value: &Value) -> Result<String> {
        ddl::literal(value, self.flavour)
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

    // MySQL drops tables that refer to each other in one statement; MariaDB looks at one after the other.
    fn drop_tables(&self, w: &mut Writer<'_>, tables: &[&'static TableDef], circles: &[&'static RelationDef]) {
        if self.flavour == Flavour::MariaDb {
            ddl::drop_foreign_keys(w, circles);
        }
        ansi::drop_tables(w, tables);
    }

    fn auto_key(&self) -> &'static str {
        " AUTO_INCREMENT"
    }

    fn table_options(&self) -> &'static str {
        ddl::table_options(self.flavour)
    }
}

/// Appends an operand, in parentheses unless it is a single word.
fn operand(w: &mut Writer<'_>, expr: &Expr) -> Result<()> {
    if matches!(expr, Expr::Column(_) | Expr::Bind { .. }) {
        return w.expr(expr);
    }
    w.sql("(");
    w.expr(expr)?;
    w.sql(")");
    Ok(())
}

/// A placeholder, cast to a type.
fn cast(w: &mut Writer<'_>, index: usize, form: Form, ty: Option<&str>) {
    match ty {
        Some(ty) => w.sql("CAST(").bind(index, form).sql(" AS ").sql(ty).sql(")"),
        None => w.bind(index, form),
    };
}

type Assignment = (&'static ColumnDef, Expr);

/// MySQL assigns from left to right, and an assignment reads what those before it wrote. So a
/// column is written only when nothing reads it any more.
fn readers_first(set: &[Assignment]) -> Result<Vec<Assignment>> {
    let mut left: Vec<&Assignment> = set.iter().collect();
    let mut sorted = Vec::with_capacity(set.len());
    while !left.is_empty() {
        let free = left.iter().position(|(column, _)| {
            !left.iter().any(|(other, value)| other.name != column.name && reads(value, column))
        });
        let Some(free) = free else {
            return Err(Error::unsupported(Feature::SimultaneousAssignment, "MySQL"));
        };
        sorted.push(left.remove(free).clone());
    }
    Ok(sorted)
}

fn reads(value: &Expr, column: &ColumnDef) -> bool {
    let mut found = false;
    value.columns(&mut |at| found |= at.path.is_empty() && at.column.name == column.name);
    found
}
