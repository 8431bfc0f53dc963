//! What a model says about its table: plain data in `static`s, written by the derive.
//!
//! Nothing here is generic. Columns and relations are compared by address: each is one `static`.

mod check;
mod flatten;
mod index;
mod options;
mod relation;
mod rule;
mod scope;

pub use check::{CheckDef, Condition};
pub use flatten::{PartNames, columns, position};
pub use index::IndexDef;
pub use options::{DbDefault, Generated, PerEngine};
pub use relation::{Ends, Link, OnDelete, PathDef, RelationDef};
pub use rule::{Carried, Limit, Rule};
pub use scope::{Role, ScopeDef};

use crate::{
    value::{Digits, EnumDef, Kind},
    violation::ValidationErrors,
};
use std::{any::Any, hash::Hasher};

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct ColumnDef {
    /// The column's name in the database.
    pub name: &'static str,
    /// The field's name in Rust.
    pub field: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// Whether it is the primary key, or a part of it.
    pub primary_key: bool,
    /// Whether the database makes the key.
    pub auto: bool,
    /// Whether its values are unique.
    pub unique: bool,
    /// Whether it has an index of its own.
    pub index: bool,
    /// The longest text, in characters.
    pub max_length: Option<u32>,
    /// The values of an enum.
    pub choices: Option<&'static EnumDef>,
    /// When covet gives it the time.
    pub touch: Touch,
    /// Whether it counts the changes of its row.
    pub version: bool,
    /// Whether the empty text is a value of it; keys and foreign keys may be empty anyway.
    pub blank: bool,
    /// What its values must be, beyond `max_length` and `blank`.
    pub rules: &'static [Rule],
    /// Whether its values are kept out of every text that covet makes.
    pub sensitive: bool,
    /// What it says about who sees its row.
    pub role: Role,
    /// What the database stores when an INSERT does not give the column.
    pub db_default: Option<DbDefault>,
    /// What the database computes the column from.
    pub generated: Option<Generated>,
    /// Whether it is written with a new row and never by a save of a row in hand; forms show it.
    pub read_only: bool,
    /// The column that it refers to, where that is not the primary key of the other table.
    pub references: Option<fn() -> &'static ColumnDef>,
    /// A type of the user's own, on the engines that have one here.
    pub sql_type: Option<&'static PerEngine>,
    /// The collation, on the engines that have one here.
    pub collate: Option<&'static PerEngine>,
    /// What the database says of it; empty for nothing.
    pub comment: &'static str,
    /// What people call it; empty when they call it as the field.
    pub label: &'static str,
    /// What a form says of it; empty for nothing.
    pub help: &'static str,
}

impl ColumnDef {
    /// A column without options, to be completed: `ColumnDef { name: "age", kind: Kind::I32, ..ColumnDef::BARE }`.
    pub const BARE: ColumnDef = ColumnDef {
        name: "",
        field: "",
        kind: Kind::Bool,
        nullable: false,
        primary_key: false,
        auto: false,
        unique: false,
        index: false,
        max_length: None,
        choices: None,
        touch: Touch::Never,
        version: false,
        blank: false,
        rules: &[],
        sensitive: false,
        role: Role::Plain,
        db_default: None,
        generated: None,
        read_only: false,
        references: None,
        sql_type: None,
        collate: None,
        comment: "",
        label: "",
        help: "",
    };

    /// The column with its names.
    ///
    /// # Panics
    /// While the program is compiled, when it is a decimal one: it has no digits.
    #[doc(hidden)]
    #[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
    #[track_caller]
    pub const fn named(mut self, name: &'static str, field: &'static str) -> ColumnDef {
        if matches!(self.kind, Kind::Decimal(None)) {
            panic!("a decimal column says its digits: `#[covet(decimal(10, 2))]`");
        }
        self.name = name;
        self.field = field;
        self
    }

    /// The column with its names and digits.
    ///
    /// # Panics
    /// While the program is compiled, when it is no decimal one.
    #[doc(hidden)]
    #[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
    #[track_caller]
    pub const fn decimal(mut self, name: &'static str, field: &'static str, digits: Digits) -> ColumnDef {
        if !matches!(self.kind, Kind::Decimal(None)) {
            panic!("`decimal(precision, scale)` is for columns of `Decimal`");
        }
        self.kind = Kind::Decimal(Some(digits));
        self.named(name, field)
    }

    /// The primary key that numbers itself, with its names.
    ///
    /// # Panics
    /// While the program is compiled, when it is no integer.
    #[doc(hidden)]
    #[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
    #[track_caller]
    pub const fn numbered(mut self, name: &'static str, field: &'static str) -> ColumnDef {
        if !self.kind.is_integer() {
            panic!("an `auto` key is an integer");
        }
        self.primary_key = true;
        self.auto = true;
        self.named(name, field)
    }

    /// The column with an index of its own.
    #[doc(hidden)]
    #[must_use]
    pub const fn indexed(mut self) -> ColumnDef {
        self.index = true;
        self
    }

    /// The enum that the database keeps as a type of its own.
    pub fn native(&self) -> Option<&'static EnumDef> {
        self.choices.filter(|choices| choices.native)
    }

    /// Whether the database makes the value of a new row that does not give it.
    pub fn is_made(&self) -> bool {
        self.auto || self.db_default.is_some() || self.generated.is_some()
    }
}

/// When a column gets the time of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// Never.
    Never,
    /// When its row is stored: `auto_now_add`.
    OnCreate,
    /// When its row is stored and whenever it is changed: `auto_now`.
    OnUpdate,
}

/// What checks a row as a whole.
pub type CleanRow = fn(&'static TableDef, Carried<'_>, &mut ValidationErrors);

/// A table.
#[derive(Debug, Clone, Copy)]
pub struct TableDef {
    /// The table's name in the database.
    pub name: &'static str,
    /// The schema that it stands in, on the engines that have one here.
    pub schema: Option<&'static PerEngine>,
    /// The model's name in Rust.
    pub model: &'static str,
    /// Its columns, in the order of the fields.
    pub columns: &'static [ColumnDef],
    /// The positions of the primary key's columns, in the order of the key.
    pub primary_key: &'static [usize],
    /// Its foreign keys. A function, because constants that refer to each other in a circle cannot be evaluated.
    pub foreign_keys: fn() -> &'static [&'static RelationDef],
    /// The join tables that its many-to-many relations made.
    pub joins: fn() -> &'static [&'static TableDef],
    /// The relations that it declares, by which foreign keys of others lead to it.
    pub declared: fn() -> &'static [Link],
    /// Its hooks around a delete, for rows that go with others.
    pub hooks: fn() -> Option<&'static (dyn Any + Send + Sync)>,
    /// The rule over several fields.
    pub clean: Option<CleanRow>,
    /// How queries for rows are ordered that give no order of their own.
    pub order: &'static [OrderDef],
    /// Which of its rows queries see.
    pub scope: ScopeDef,
    /// The conditions that each row meets.
    pub checks: &'static [CheckDef],
    /// What the database says of it; empty for nothing.
    pub comment: &'static str,
    /// What people call a row; empty when they call it as the struct.
    pub label: &'static str,
    /// What people call several rows; empty for nothing.
    pub label_plural: &'static str,
    /// Its keys and indexes, besides those of single columns.
    pub indexes: &'static [IndexDef],
    /// Whether covet makes and drops it; otherwise it is somebody else's, or a view.
    pub managed: bool,
}

/// A term of a table's default order, or of an index.
#[derive(Debug, Clone, Copy)]
pub struct OrderDef {
    /// The position of the column.
    pub column: usize,
    /// Whether the largest value comes first.
    pub descending: bool,
}

impl TableDef {
    /// A table without options, to be completed.
    pub const BARE: TableDef = TableDef {
        name: "",
        schema: None,
        model: "",
        columns: &[],
        primary_key: &[],
        foreign_keys: || &[],
        joins: || &[],
        declared: || &[],
        hooks: || None,
        clean: None,
        order: &[],
        scope: ScopeDef::NONE,
        checks: &[],
        comment: "",
        label: "",
        label_plural: "",
        indexes: &[],
        managed: true,
    };

    /// The schema on an engine, by the short name of its dialect.
    pub fn schema_on(&self, engine: &str) -> Option<&'static str> {
        self.schema.and_then(|schema| schema.on(engine))
    }

    /// The columns of the primary key, in its order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &'static ColumnDef> + Clone + use<> {
        let columns = self.columns;
        self.primary_key.iter().map(|at| &columns[*at])
    }

    /// The primary key's column, unless it has several.
    pub fn key(&self) -> Option<&'static ColumnDef> {
        let mut keys = self.keys();
        keys.next().filter(|_| keys.len() == 0)
    }

    /// Whether a column is the primary key by itself.
    pub fn is_key(&self, column: &ColumnDef) -> bool {
        column.primary_key && self.primary_key.len() == 1
    }

    /// Whether no two rows have the same values in all of these columns, NULL aside.
    pub fn is_unique(&self, columns: &[&ColumnDef]) -> bool {
        let is_among = |column: &ColumnDef| columns.iter().any(|other| std::ptr::eq(*other, column));
        let is_key = self.primary_key.len() == columns.len() && self.keys().all(is_among);
        let is_index = |index: &&IndexDef| {
            index.is_constraint()
                && index.columns.len() == columns.len()
                && index.columns.iter().all(|term| is_among(&self.columns[term.column]))
        };
        is_key || matches!(columns, [column] if column.unique) || self.indexes.iter().any(|index| is_index(&index))
    }

    /// Whether no two rows have the same value in this column.
    pub const fn is_unique_column(&self, column: &ColumnDef) -> bool {
        let mut at = 0;
        while at < self.indexes.len() {
            let index = &self.indexes[at];
            if index.is_constraint()
                && index.columns.len() == 1
                && flatten::same(self.columns[index.columns[0].column].name, column.name)
            {
                return true;
            }
            at += 1;
        }
        column.unique || column.primary_key && self.primary_key.len() == 1
    }

    /// Whether an index has the column, alone or among others.
    pub fn is_indexed(&self, column: usize) -> bool {
        self.columns[column].index
            || self.indexes.iter().any(|index| index.columns.iter().any(|term| term.column == column))
    }

    /// The name of the unique key over these columns.
    pub fn unique_constraint(&self, columns: &[&str]) -> String {
        let is_same = |index: &&IndexDef| {
            index.unique
                && index.expressions.is_empty()
                && index.columns(self).iter().map(|column| column.name).eq(columns.iter().copied())
        };
        if self.keys().map(|column| column.name).eq(columns.iter().copied()) {
            return constraint_name(self.name, &[], "pkey");
        }
        let index = self.indexes.iter().find(is_same);
        index.map_or_else(|| constraint_name(self.name, columns, "key"), |index| index.constraint(self))
    }

    /// The position of the column that the database numbers by itself.
    pub fn auto_key(&self) -> Option<usize> {
        self.primary_key.iter().copied().find(|at| self.columns[*at].auto)
    }

    /// The foreign key over one column.
    pub fn foreign_key(&self, column: usize) -> Option<&'static RelationDef> {
        (self.foreign_keys)().iter().copied().find(|relation| relation.position() == Some(column))
    }

    /// Whether a unique index of this name is over an expression.
    pub fn is_expression(&self, constraint: &str) -> bool {
        let has = |index: &IndexDef| !index.expressions.is_empty() && index.constraint(self) == constraint;
        self.indexes.iter().any(has)
    }

    /// The columns of a constraint that covet named; none when it is over an expression.
    pub fn columns_of(&self, constraint: &str) -> Vec<&'static str> {
        let named = |column: &&ColumnDef| {
            ["key", "fkey", "check"].iter().any(|kind| constraint_name(self.name, &[column.name], kind) == constraint)
        };
        if constraint == "PRIMARY" || constraint == constraint_name(self.name, &[], "pkey") {
            return self.keys().map(|column| column.name).collect();
        }
        if let Some(check) = self.checks.iter().find(|check| check.constraint(self) == constraint) {
            return check.columns();
        }
        if let Some(index) = self.indexes.iter().find(|index| index.unique && index.constraint(self) == constraint) {
            if !index.expressions.is_empty() {
                return Vec::new();
            }
            return index.columns(self).into_iter().map(|column| column.name).collect();
        }
        self.columns.iter().filter(named).map(|column| column.name).collect()
    }
}

/// The longest identifier that every engine keeps whole: PostgreSQL's 63 bytes.
pub const MOST_NAME_BYTES: usize = 63;

/// Names a constraint or an index: `table_column_kind`, cut and hashed when longer than 63 bytes.
///
/// The same parts give the same name in every version of covet; migrations rely on it.
pub fn constraint_name(table: &str, columns: &[&str], kind: &str) -> String {
    let mut name = table.to_owned();
    for column in columns {
        name.push('_');
        name.push_str(column);
    }
    let whole = format!("{name}_{kind}");
    if whole.len() <= MOST_NAME_BYTES {
        return whole;
    }
    // SipHash 2-4 with a zero key is specified, so names stay the same for ever.
    let mut hasher = siphasher::sip::SipHasher24::new();
    hasher.write(whole.as_bytes());
    let tail = format!("_{:08x}_{kind}", hasher.finish() >> 32);
    let mut end = MOST_NAME_BYTES - tail.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
    name + &tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_fit_and_differ() {
        let one = constraint_name(&"é".repeat(40), &["first"], "fkey");
        let two = constraint_name(&"é".repeat(40), &["second"], "fkey");
        assert!(one.len() <= MOST_NAME_BYTES && two.len() <= MOST_NAME_BYTES);
        assert_ne!(one, two);
        assert_eq!(constraint_name("users", &["email"], "key"), "users_email_key");
    }
}
