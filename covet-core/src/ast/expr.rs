//! Expressions and predicates.

use super::On;
use crate::{
    schema::{ColumnDef, RelationDef, TableDef},
    value::{Digits, Kind},
};

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `=`
    Eq,
    /// `<>`; rows with NULL drop.
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Gte,
    /// `<`
    Lt,
    /// `<=`
    Lte,
}

/// Where a text must be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextMatch {
    /// The whole text.
    Whole,
    /// Anywhere.
    Contains,
    /// At the beginning.
    StartsWith,
    /// At the end.
    EndsWith,
}

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// Division as floating-point numbers; NULL when the divisor is zero.
    Div,
    /// Division of integers that truncates toward zero; NULL when the divisor is zero.
    IntDiv,
    /// The remainder of the truncating division; NULL when the divisor is zero.
    Rem,
}

/// How an array and something else are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArrayOp {
    /// It has every element of another array.
    Contains,
    /// Another array has every element of it.
    ContainedBy,
    /// It has an element of another array.
    Overlap,
    /// One of its elements is a value.
    AnyEq,
}

/// A column behind a path of to-one relations.
#[derive(Debug, Clone)]
pub struct ColumnRef {
    /// The hops from the statement's table; empty for its own columns.
    pub path: Vec<&'static RelationDef>,
    /// The column.
    pub column: &'static ColumnDef,
}

/// What is asked of related rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gather {
    /// Whether there is one.
    Exists,
    /// How many there are.
    Count,
    /// The sum of a value; NULL for no rows.
    Sum,
    /// The smallest value; NULL for no rows.
    Min,
    /// The largest value; NULL for no rows.
    Max,
    /// The mean of a value, as a floating-point number; NULL for no rows.
    Avg,
}

impl Gather {
    /// Whether it is asked of a value.
    pub fn has_value(self) -> bool {
        !matches!(self, Gather::Exists | Gather::Count)
    }
}

/// A question about related rows: a sub-query over the rows whose foreign key equals a column of the row.
#[derive(Debug, Clone)]
pub struct Related {
    /// The foreign key of the related rows.
    pub key: &'static RelationDef,
    /// What it equals.
    pub outer: ColumnRef,
    /// What is asked.
    pub what: Gather,
    /// The value of which it is asked.
    pub value: Option<Expr>,
    /// Which rows are asked.
    pub filter: Option<Expr>,
    /// Conditions on what is joined.
    pub on: Vec<On>,
}

/// Whether a value is that of a row above or below another one in a tree of rows.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The foreign key that leads to the row above.
    pub key: &'static RelationDef,
    /// The value: what the foreign key points at, of the row.
    pub value: Expr,
    /// The same of the row where the search starts.
    pub start: Expr,
    /// Whether rows below it are meant.
    pub down: bool,
    /// The greatest distance, unless it is 0.
    pub most: u32,
}

/// An expression or a predicate.
#[derive(Debug, Clone)]
pub enum Expr {
    /// A column.
    Column(ColumnRef),
    /// A bound value.
    Bind {
        /// Its position among the statement's values.
        index: usize,
        /// Its type.
        kind: Kind,
    },
    /// A constant condition.
    Bool(bool),
    /// `left op right`
    Compare {
        /// How.
        op: CompareOp,
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
    },
    /// Whether two values differ, NULL being a value like others: never unknown.
    Distinct {
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
        /// `IS NOT DISTINCT FROM`.
        negated: bool,
    },
    /// `value BETWEEN low AND high`, both ends included.
    Between {
        /// The value.
        value: Box<Expr>,
        /// The lower bound.
        low: Box<Expr>,
        /// The upper bound.
        high: Box<Expr>,
    },
    /// `value IN (..)`; the list is one of the statement's values and is not empty.
    In {
        /// The value.
        value: Box<Expr>,
        /// The position of the list among the statement's values.
        index: usize,
        /// The type of its members.
        kind: Kind,
        /// The list has at most two to the power of this many members.
        log: u8,
    },
    /// A literal text lookup.
    Text {
        /// Where the text must be found.
        how: TextMatch,
        /// Whether case is folded.
        ignore_case: bool,
        /// The text that is searched.
        value: Box<Expr>,
        /// What is searched for.
        pattern: Box<Expr>,
    },
    /// A text matches a regular expression.
    Regex {
        /// The text.
        value: Box<Expr>,
        /// The position of the pattern among the statement's values.
        index: usize,
        /// Whether case is folded.
        ignore_case: bool,
    },
    /// `value IS NULL`, or its opposite.
    IsNull {
        /// The value.
        value: Box<Expr>,
        /// `IS NOT NULL`.
        negated: bool,
    },
    /// All of them; never empty.
    And(Vec<Expr>),
    /// One of them at least; never empty.
    Or(Vec<Expr>),
    /// Exactly one of two; unknown counts as not true.
    Xor(Box<Expr>, Box<Expr>),
    /// The complement.
    Not {
        /// The condition.
        inner: Box<Expr>,
        /// Whether the condition can be unknown; such rows are kept.
        nullable: bool,
    },
    /// A question about related rows.
    Related(Box<Related>),
    /// A question about the place in a tree of rows.
    Tree(Box<Tree>),
    /// A lookup in an array.
    Array {
        /// How.
        op: ArrayOp,
        /// The array.
        array: Box<Expr>,
        /// What it is compared with.
        other: Box<Expr>,
    },
    /// How many elements an array has.
    Length(Box<Expr>),
    /// An element of an array; NULL where there is none.
    Element {
        /// The array.
        array: Box<Expr>,
        /// Which one, counted from 0.
        index: u16,
    },
    /// Arithmetic.
    Arithmetic {
        /// The operation.
        op: ArithmeticOp,
        /// The left operand.
        left: Box<Expr>,
        /// The right operand.
        right: Box<Expr>,
    },
}

impl Expr {
    /// The type of a column or of a value.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Expr::Column(column) => Some(column.column.kind),
            Expr::Bind { kind, .. } => Some(*kind),
            Expr::Related(related) => match (related.what, &related.value) {
                (Gather::Min | Gather::Max, Some(value)) => value.kind(),
                (Gather::Count, _) => Some(Kind::I64),
                (Gather::Exists | Gather::Sum | Gather::Avg | Gather::Min | Gather::Max, _) => None,
            },
            Expr::Length(_) => Some(Kind::I32),
            Expr::Element { array, .. } => {
                if let Some(Kind::Array(element)) = array.kind() {
                    Some(*element)
                } else {
                    None
                }
            }
            Expr::Array { .. }
            | Expr::Bool(_)
            | Expr::Compare { .. }
            | Expr::Distinct { .. }
            | Expr::Between { .. }
            | Expr::In { .. }
            | Expr::Tree(_)
            | Expr::Text { .. }
            | Expr::IsNull { .. }
            | Expr::And(_)
            | Expr::Or(_)
            | Expr::Xor(..)
            | Expr::Not { .. }
            | Expr::Regex { .. }
            | Expr::Arithmetic { .. } => None,
        }
    }

    /// The digits of a decimal column, or of a value beside one.
    pub fn digits(&self) -> Option<Digits> {
        if let Some(Kind::Decimal(digits)) = self.kind() { digits } else { None }
    }

    /// Calls `visit` with every column of the row that the expression is about.
    pub fn columns<'a>(&'a self, visit: &mut dyn FnMut(&'a ColumnRef)) {
        if let Expr::Column(column) = self {
            visit(column);
        }
        if let Expr::Related(related) = self {
            visit(&related.outer);
        }
        self.operands(&mut |expr| expr.columns(visit));
    }

    /// Whether the expression reads rows of a table, other than the row that it is about.
    pub fn reads(&self, table: &TableDef) -> bool {
        let mut found = false;
        let is_it = |hop: &RelationDef| std::ptr::eq(hop.to, table);
        if let Expr::Column(column) = self {
            found = column.path.iter().any(|hop| is_it(hop));
        }
        if let Expr::Related(related) = self {
            let Related { key, outer, value, filter, .. } = &**related;
            found = std::ptr::eq(key.from, table) || outer.path.iter().any(|hop| is_it(hop));
            found |= value.iter().chain(filter).any(|expr| expr.reads(table));
        }
        if let Expr::Tree(tree) = self {
            found |= std::ptr::eq(tree.key.from, table);
        }
        self.operands(&mut |expr| found |= expr.reads(table));
        found
    }

    /// Calls `visit` with each operand.
    fn operands<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        match self {
            Expr::Column(_) | Expr::Related(_) | Expr::Bind { .. } | Expr::Bool(_) => {}
            Expr::In { value, .. }
            | Expr::IsNull { value, .. }
            | Expr::Regex { value, .. }
            | Expr::Length(value)
            | Expr::Element { array: value, .. } => visit(value),
            Expr::Tree(tree) => [&tree.value, &tree.start].into_iter().for_each(visit),
            Expr::Not { inner, .. } => visit(inner),
            Expr::And(all) | Expr::Or(all) => all.iter().for_each(visit),
            Expr::Between { value, low, high } => [value, low, high].into_iter().for_each(|expr| visit(expr)),
            Expr::Compare { left: a, right: b, .. }
            | Expr::Distinct { left: a, right: b, .. }
            | Expr::Arithmetic { left: a, right: b, .. }
            | Expr::Text { value: a, pattern: b, .. }
            | Expr::Array { array: a, other: b, .. }
            | Expr::Xor(a, b) => {
                visit(a);
                visit(b);
            }
        }
    }
}
