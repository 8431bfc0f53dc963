//! Collects SQL text, the order of its binds, and the joins that columns ask for.

use super::Dialect;
use crate::{
    ast::{ColumnRef, Expr, On},
    error::{Error, ErrorKind, Result},
    feature::{Feature, Features},
    schema::{ColumnDef, RelationDef, TableDef},
    value::{Kind, Value, Values, ip_bytes},
};
use chrono::Datelike;
use std::{fmt::Write, ptr};

/// The grammar of regular expressions that a database reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grammar {
    /// That of the crate `regex` itself.
    Rust,
    /// PostgreSQL's advanced regular expressions.
    Advanced,
    /// ICU's, as in MySQL.
    Icu,
    /// PCRE's, as in MariaDB.
    Pcre,
}

/// What becomes of a value between the query and the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Sent as it is.
    Plain,
    /// A LIKE pattern: escaped with `!`, with `%` before it, behind it, or both.
    Pattern {
        /// `%` stands before it.
        before: bool,
        /// `%` stands behind it.
        behind: bool,
    },
    /// One member of a list; the last one repeats when the list is shorter.
    Member(usize),
    /// A list as a JSON array. Numbers that a database with these features lacks are refused.
    Json(Features),
    /// A regular expression, in the database's grammar.
    Regex {
        /// The grammar.
        grammar: Grammar,
        /// Whether case is folded.
        ignore_case: bool,
    },
}

/// A placeholder's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bind {
    /// Its position among the statement's values.
    pub index: usize,
    /// What becomes of it.
    pub form: Form,
}

/// What becomes of a value before it is sent, by the kind of its column.
pub type Store = fn(Value, Kind) -> Result<Value>;

/// The table that a SELECT, UPDATE or DELETE is about, and what joins it.
struct Scope {
    table: &'static TableDef,
    /// The number of its alias, inside of another statement.
    alias: Option<usize>,
    on: Vec<On>,
    /// What it joins, with the numbers of the aliases.
    joins: Vec<(Vec<&'static RelationDef>, usize)>,
}

/// Collects SQL text and binds.
pub struct Writer<'a> {
    dialect: &'a dyn Dialect,
    sql: String,
    binds: Vec<Bind>,
    stores: Vec<Option<(Store, Kind)>>,
    scopes: Vec<Scope>,
    aliases: usize,
    /// The values that stand in the text itself.
    literals: Option<Values>,
    /// What went wrong where no error can be given.
    failed: Option<Error>,
}

impl<'a> Writer<'a> {
    /// An empty writer.
    pub fn new(dialect: &'a dyn Dialect) -> Writer<'a> {
        Writer {
            dialect,
            sql: String::new(),
            binds: Vec::new(),
            stores: Vec::new(),
            scopes: Vec::new(),
            aliases: 0,
            literals: None,
            failed: None,
        }
    }

    /// An empty writer of a condition for the schema: values are literals, columns have no table.
    pub fn of_schema(dialect: &'a dyn Dialect, values: Values) -> Writer<'a> {
        Writer { literals: Some(values), ..Writer::new(dialect) }
    }

    /// Whether the text is for the schema, where there are no parameters and no functions of covet's own.
    pub fn is_schema(&self) -> bool {
        self.literals.is_some()
    }

    /// The dialect that is being spelt.
    pub fn dialect(&self) -> &'a dyn Dialect {
        self.dialect
    }

    /// Appends SQL text as it is.
    pub fn sql(&mut self, text: &str) -> &mut Self {
        self.sql.push_str(text);
        self
    }

    /// Appends a number.
    pub fn number(&mut self, number: usize) -> &mut Self {
        // Writing to a String cannot fail.
        let _ = write!(self.sql, "{number}");
        self
    }

    /// Appends a quoted identifier.
    pub fn name(&mut self, name: &str) -> &mut Self {
        let quote = self.dialect.quote();
        self.sql.push(quote);
        for c in name.chars() {
            if c == quote {
                self.sql.push(quote);
            }
            self.sql.push(c);
        }
        self.sql.push(quote);
        self
    }

    /// Appends the name of a table, behind that of its schema.
    pub fn table(&mut self, table: &TableDef) -> &mut Self {
        if let Some(schema) = table.schema_on(self.dialect.short_name()) {
            self.name(schema).sql(".");
        }
        self.name(table.name)
    }

    /// Appends items with commas between them.
    ///
    /// # Errors
    /// The first error of `each`.
    pub fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T) -> Result<()>,
    ) -> Result<()> {
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.sql.push_str(", ");
            }
            each(self, item)?;
        }
        Ok(())
    }

    /// Appends a placeholder for a value.
    pub fn bind(&mut self, index: usize, form: Form) -> &mut Self {
        if let Some(values) = &self.literals {
            match self.literal(values, index, form) {
                Ok(literal) => self.sql.push_str(&literal),
                Err(error) => self.failed = self.failed.take().or(Some(error)),
            }
            return self;
        }
        self.binds.push(Bind { index, form });
        let (dialect, number) = (self.dialect, self.binds.len());
        dialect.placeholder(self, number);
        self
    }

    fn literal(&self, values: &Values, index: usize, form: Form) -> Result<String> {
        let mut value = values.get(index).cloned().unwrap_or(Value::Null);
        value.check()?;
        if let Some((change, kind)) = self.stores.get(index).copied().flatten() {
            store(&mut value, change, kind)?;
        }
        self.dialect.literal(&self::form(&value, form)?)
    }

    /// How long a list is that stands in the text itself.
    pub(super) fn literal_list(&self, index: usize) -> Option<usize> {
        if let Value::List(list) = self.literals.as_ref()?.get(index)? { Some(list.len()) } else { None }
    }

    /// Appends a placeholder for a list, which is sent as a JSON array.
    pub fn json(&mut self, index: usize) -> &mut Self {
        let features = self.dialect.features();
        self.bind(index, Form::Json(features))
    }

    /// Says of which kind a value is; the dialect may change it before it is sent. In a list of rows the
    /// values of the first row stand for all.
    pub fn stored(&mut self, index: usize, kind: Kind) {
        if let Some(store) = self.dialect.store(kind) {
            if self.stores.len() <= index {
                self.stores.resize(index + 1, None);
            }
            self.stores[index] = Some((store, kind));
        }
    }

    /// Appends an expression.
    ///
    /// # Errors
    /// When a part of it cannot be rendered.
    pub fn expr(&mut self, expr: &Expr) -> Result<()> {
        super::ansi::expr(self, expr)
    }

    /// Opens the scope of a table: columns without a path are its own.
    pub fn enter(&mut self, table: &'static TableDef) {
        self.enter_with(table, &[]);
    }

    /// Opens the scope of a table with conditions on what is joined.
    pub fn enter_with(&mut self, table: &'static TableDef, on: &[On]) {
        self.scopes.push(Scope { table, alias: None, on: on.to_vec(), joins: Vec::new() });
    }

    /// Opens the scope of a table inside of another one, where it has an alias.
    pub fn enter_inside(&mut self, table: &'static TableDef, on: &[On]) {
        self.aliases += 1;
        self.scopes.push(Scope { table, alias: Some(self.aliases), on: on.to_vec(), joins: Vec::new() });
    }

    /// Closes the innermost scope.
    pub fn leave(&mut self) {
        self.scopes.pop();
    }

    /// Appends a column with its table or alias, joining what its path needs.
    ///
    /// # Errors
    /// When no scope is open.
    pub fn column(&mut self, column: &ColumnRef) -> Result<()> {
        if self.is_schema() {
            if !column.path.is_empty() {
                let what = format!("a condition of the schema reads `{}` of a related model", column.column.name);
                return Err(Error::new(ErrorKind::Configuration, what)
                    .hint("it can read columns of its own row only; check others when you write, with `clean`"));
            }
            self.name(column.column.name);
            return Ok(());
        }
        if column.path.is_empty() {
            return self.own(column.column);
        }
        let alias = self.join(&column.path)?;
        self.alias(alias).sql(".").name(column.column.name);
        Ok(())
    }

    /// Appends a column of the innermost scope's own table.
    ///
    /// # Errors
    /// When no scope is open.
    pub fn own(&mut self, column: &ColumnDef) -> Result<()> {
        let scope = self.scopes.last().ok_or_else(no_scope)?;
        let (table, alias) = (scope.table, scope.alias);
        self.qualifier(table, alias).sql(".").name(column.name);
        Ok(())
    }

    fn alias(&mut self, number: usize) -> &mut Self {
        self.name(&format!("t{number}"))
    }

    /// What stands before the columns of a scope's table.
    fn qualifier(&mut self, table: &TableDef, alias: Option<usize>) -> &mut Self {
        match alias {
            Some(alias) => self.alias(alias),
            None => self.name(table.name),
        }
    }

    /// What `write` appends, as a text of its own.
    ///
    /// # Errors
    /// The error of `write`.
    pub(super) fn text_of(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<String> {
        let before = std::mem::take(&mut self.sql);
        let result = write(self);
        let text = std::mem::replace(&mut self.sql, before);
        result.map(|()| text)
    }

    /// The alias of a path; the same path is joined once.
    fn join(&mut self, path: &[&'static RelationDef]) -> Result<usize> {
        if path.len() > 1 {
            self.join(&path[..path.len() - 1])?;
        }
        let scope = self.scopes.last_mut().ok_or_else(no_scope)?;
        if let Some((_, alias)) = scope.joins.iter().find(|(join, _)| same_path(join, path)) {
            return Ok(*alias);
        }
        self.aliases += 1;
        scope.joins.push((path.to_vec(), self.aliases));
        Ok(self.aliases)
    }

    /// Renders `head`, ` FROM table joins`, then `tail`, where both may ask for joins.
    ///
    /// # Errors
    /// The first error of `head` or `tail`.
    pub fn around_from(
        &mut self,
        head: impl Fn(&mut Self) -> Result<()>,
        tail: impl Fn(&mut Self) -> Result<()>,
    ) -> Result<()> {
        if self.scopes.last().is_some_and(|scope| !scope.on.is_empty()) {
            // The joins have values, whose placeholders stand between the others: find the joins first.
            let (text, binds) = (self.sql.len(), self.binds.len());
            head(self)?;
            tail(self)?;
            self.sql.truncate(text);
            self.binds.truncate(binds);
            head(self)?;
            self.from()?;
            return tail(self);
        }
        head(self)?;
        let before = std::mem::take(&mut self.sql);
        tail(self)?;
        let behind = std::mem::replace(&mut self.sql, before);
        self.from()?;
        self.sql.push_str(&behind);
        Ok(())
    }

    fn from(&mut self) -> Result<()> {
        let scope = self.scopes.last().ok_or_else(no_scope)?;
        let (table, own, joins, on) = (scope.table, scope.alias, scope.joins.clone(), scope.on.clone());
        self.sql(" FROM ").table(table);
        if let Some(own) = own {
            self.sql(" AS ").alias(own);
        }
        for (path, alias) in &joins {
            let Some((last, before)) = path.split_last() else {
                continue;
            };
            let parent = joins.iter().find(|(join, _)| same_path(join, before)).map(|(_, alias)| *alias).or(own);
            super::ansi::same_uuids(last.column().kind, last.target().kind)?;
            let has_condition = |end: usize| on.iter().find(|on| same_path(&on.path, &path[..end]));
            let left = (1..=path.len())
                .any(|end| path[end - 1].nullable || path[end - 1].to.scope.hides() && has_condition(end).is_some());
            self.sql(if left { " LEFT JOIN " } else { " JOIN " }).table(last.to).sql(" AS ");
            self.alias(*alias).sql(" ON ").alias(*alias).sql(".").name(last.target().name).sql(" = ");
            self.qualifier(table, parent).sql(".").name(last.column().name);
            if let Some(on) = has_condition(path.len()) {
                let is_loose = matches!(on.condition, Expr::Or(_) | Expr::Xor(..));
                self.sql(if is_loose { " AND (" } else { " AND " });
                self.expr(&on.condition)?;
                self.sql(if is_loose { ")" } else { "" });
            }
        }
        Ok(())
    }

    /// What becomes of the values, by their positions.
    pub(super) fn take_stores(&mut self) -> Vec<Option<(Store, Kind)>> {
        std::mem::take(&mut self.stores)
    }

    /// The text of a condition for the schema.
    ///
    /// # Errors
    /// When a value has no literal.
    pub fn finish_schema(self) -> Result<String> {
        self.failed.map_or(Ok(self.sql), Err)
    }

    /// The text and the binds.
    pub fn finish(self) -> (String, Vec<Bind>) {
        (self.sql, self.binds)
    }
}

#[cold]
fn no_scope() -> Error {
    Error::new(ErrorKind::Configuration, "a column stands outside of a statement")
        .hint("please report this as a bug of the dialect")
}

fn same_path(a: &[&'static RelationDef], b: &[&'static RelationDef]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| ptr::eq(*a, *b))
}

/// Puts the values of a query into the order and form of the placeholders.
///
/// # Errors
/// When a list is longer than the placeholders made for it.
pub fn bound(binds: &[Bind], values: &Values) -> Result<Values> {
    binds.iter().map(|bind| form(values.get(bind.index).unwrap_or(&Value::Null), bind.form)).collect()
}

/// Changes values as the dialect says.
///
/// # Errors
/// When the database cannot hold a value.
pub fn store(value: &mut Value, store: Store, kind: Kind) -> Result<()> {
    if value.is_null() {
        return Ok(());
    }
    *value = if let Value::List(list) = value {
        let stored: Result<Vec<_>> = list.iter().cloned().map(|value| store(value, kind)).collect();
        Value::List(stored?.into())
    } else {
        store(std::mem::replace(value, Value::Null), kind)?
    };
    Ok(())
}

fn form(value: &Value, form: Form) -> Result<Value> {
    Ok(match (form, value) {
        (Form::Pattern { before, behind }, Value::Text(text)) => Value::Text(pattern(text, before, behind)),
        (Form::Member(at), Value::List(list)) => list.get(at).or(list.last()).cloned().unwrap_or(Value::Null),
        (Form::Json(features), Value::List(list)) => Value::Text(json(list, features)?),
        (Form::Regex { grammar, ignore_case }, Value::Text(text)) => {
            Value::Text(regex(text, ignore_case, grammar)?.into_boxed_str())
        }
        (Form::Plain | Form::Pattern { .. } | Form::Member(_) | Form::Json(_) | Form::Regex { .. }, value) => {
            value.clone()
        }
    })
}

#[cfg(feature = "regex")]
use super::regex::translate as regex;

#[cfg(not(feature = "regex"))]
fn regex(_: &str, _: bool, _: Grammar) -> Result<String> {
    Err(Error::new(ErrorKind::Unsupported, "covet was built without regular expressions")
        .hint("turn on its cargo feature `regex`"))
}

fn pattern(text: &str, before: bool, behind: bool) -> Box<str> {
    let mut pattern = String::with_capacity(text.len() + 2);
    if before {
        pattern.push('%');
    }
    for c in text.chars() {
        if matches!(c, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    if behind {
        pattern.push('%');
    }
    pattern.into_boxed_str()
}

/// A JSON array; numbers that are no integers as text, bytes and UUIDs as hexadecimal text, dates as
/// SQLite stores them.
fn json(list: &[Value], features: Features) -> Result<Box<str>> {
    let mut out = String::with_capacity(list.len() * 8 + 2);
    out.push('[');
    for (at, value) in list.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match value {
            Value::Bool(v) => out.push(if *v { '1' } else { '0' }),
            Value::I16(_) | Value::I32(_) | Value::I64(_) | Value::U8(_) | Value::U16(_) | Value::U32(_) => {
                let _ = write!(out, "{}", value.as_i64().unwrap_or_default());
            }
            Value::U64(number) => {
                let _ = write!(out, "{number}");
            }
            // As text, for a JSON number may pass through floating point.
            Value::Decimal(number) => {
                let _ = write!(out, "\"{number}\"");
            }
            Value::Json(text) => json_text(&mut out, text),
            Value::Refused(_) => value.check()?,
            Value::Text(text) => {
                // Inside JSON nobody would see it any more.
                value.check()?;
                json_text(&mut out, text);
            }
            Value::Bytes(bytes) => hex(&mut out, bytes),
            Value::Uuid(uuid) => hex(&mut out, uuid.as_bytes()),
            Value::Ip(address) => hex(&mut out, &ip_bytes(*address)),
            Value::DateTime(time) => {
                super::ansi::in_years(time.year())?;
                let _ = write!(out, "\"{}\"", time.format("%Y-%m-%d %H:%M:%S%.6f"));
            }
            Value::NaiveDateTime(time) => {
                super::ansi::in_years(time.year())?;
                let _ = write!(out, "\"{}\"", time.format("%Y-%m-%d %H:%M:%S%.6f"));
            }
            Value::Date(date) => {
                super::ansi::in_years(date.year())?;
                let _ = write!(out, "\"{}\"", date.format("%Y-%m-%d"));
            }
            Value::Time(time) => {
                let _ = write!(out, "\"{}\"", time.format("%H:%M:%S%.6f"));
            }
            Value::F32(v) => double(&mut out, f64::from(*v), features)?,
            Value::F64(v) => double(&mut out, *v, features)?,
            Value::Null | Value::List(_) => {
                return Err(Error::new(ErrorKind::Encode, "a member of the list has no exact JSON form"));
            }
        }
    }
    out.push(']');
    Ok(out.into_boxed_str())
}

/// The shortest text that gives the same number again.
fn double(out: &mut String, number: f64, features: Features) -> Result<()> {
    let missing = |feature: Feature, is_one: bool| is_one && !features.has(feature);
    if missing(Feature::FloatNan, number.is_nan()) {
        return Err(Error::unsupported(Feature::FloatNan, "the database"));
    }
    if missing(Feature::FloatInfinity, number.is_infinite()) {
        return Err(Error::unsupported(Feature::FloatInfinity, "the database"));
    }
    let _ = write!(out, "\"{number:e}\"");
    Ok(())
}

fn hex(out: &mut String, bytes: &[u8]) {
    out.push('"');
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out.push('"');
}

fn json_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if u32::from(c) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
