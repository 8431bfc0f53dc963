//! The flat form of a query while it is being built, and the key of the statement cache.
//!
//! Words are in postfix order; the values stand apart. Combining two predicates appends. Two
//! queries share their SQL exactly when their words are equal, compared whole. The tree that a
//! dialect renders is folded from the words only when the cache has no SQL for them
//! (the module `fold`).

use crate::{
    ast::{ArithmeticOp, ArrayOp, CompareOp, Gather, Lock, Nulls, Returning, TextMatch},
    schema::{ColumnDef, Link, PathDef, RelationDef, TableDef},
    value::{Kind, Value, Values},
};
use smallvec::SmallVec;
use std::{
    hash::{Hash, Hasher},
    ptr,
};

/// One instruction of the tape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is named after the node of `ast` that it becomes")]
pub enum Op {
    /// The next value.
    Bind(Kind),
    /// The next value, a list whose length is at most two to the power of `log`.
    List {
        kind: Kind,
        log: u8,
    },
    Bool(bool),
    Compare(CompareOp),
    Distinct {
        negated: bool,
    },
    Between,
    Text {
        how: TextMatch,
        ignore_case: bool,
    },
    /// The next value, a pattern.
    Regex {
        ignore_case: bool,
    },
    IsNull,
    IsNotNull,
    And,
    Or,
    Xor,
    Not {
        nullable: bool,
    },
    Arithmetic(ArithmeticOp),
    Array(ArrayOp),
    Length,
    Element(u16),
    /// Ends what is asked of related rows, which began with the nearest [`Word::Back`] that has no end yet: the
    /// value, where there is one, then the condition.
    Gather {
        what: Gather,
        filtered: bool,
    },
    /// Whether the value before the start, which is the next value's, is above or below it in the tree of the
    /// [`Word::Tree`] before. With 0 for `most` at any distance.
    Tree {
        down: bool,
        most: u32,
    },
    /// Ends the filter of the statement.
    Where,
    Ascending,
    Descending,
    /// Ends a condition on what the hops before it lead to: the row is absent where it does not hold.
    On,
    /// Where the term before it puts NULL.
    Nulls(Nulls),
    Limit,
    /// A limit that stands in the text.
    LimitOf(u16),
    Offset,
    Set,
    SelectRows,
    /// What stands before it is all that a row has.
    SelectColumns,
    /// The rows with equal values of the expression before it are a part, of which the limit and the offset take some.
    Part,
    SelectCount,
    SelectExists,
    /// Holds the rows of the SELECT.
    Lock(Lock),
    Update,
    UpdateReturning,
    Delete,
    DeleteReturning,
    /// The columns before it are the target of a conflict.
    OnConflict,
    /// The columns before it are taken from the new row on a conflict.
    Excluded,
    Insert {
        rows: u32,
        returning: Returning,
    },
    /// Any number of rows.
    Copy,
    /// The table before it takes what the assignments behind it make of each row of the query.
    Into,
    InsertFrom,
    /// So many of the values behind those of the words before it stand in rows.
    Given(u32),
    /// The columns before it, the key first, of so many rows; with 0 each value is a list, for any number of rows.
    UpdateMany {
        rows: u32,
    },
}

impl Op {
    /// Whether it takes the next value.
    pub fn takes_value(&self) -> bool {
        matches!(self, Op::Bind(_) | Op::List { .. } | Op::Regex { .. } | Op::Limit | Op::Offset)
    }
}

/// A word of the tape: an instruction, or the address of a `static`.
#[derive(Debug, Clone, Copy)]
pub enum Word {
    /// An instruction.
    Op(Op),
    /// A hop over a to-one relation; the next column stands behind it.
    Hop(&'static RelationDef),
    /// Leads to the rows whose foreign key this is, from the row that the hops before it lead to. What follows is
    /// about those rows, until [`Op::Gather`].
    Back(&'static RelationDef),
    /// Behind [`Word::Back`] of a join table: the hop that leads on. Words about the related rows have it too.
    On(&'static RelationDef),
    /// The foreign key that makes a tree of a table's rows.
    Tree(&'static RelationDef),
    /// A column.
    Column(&'static ColumnDef),
    /// Every column of the table that the hops before it lead to.
    Whole(&'static TableDef),
    /// The table of the statement.
    Table(&'static TableDef),
}

impl PartialEq for Word {
    fn eq(&self, other: &Word) -> bool {
        match (self, other) {
            (Word::Op(a), Word::Op(b)) => a == b,
            (Word::Hop(a), Word::Hop(b))
            | (Word::Back(a), Word::Back(b))
            | (Word::On(a), Word::On(b))
            | (Word::Tree(a), Word::Tree(b)) => ptr::eq(*a, *b),
            (Word::Column(a), Word::Column(b)) => ptr::eq(*a, *b),
            (Word::Table(a), Word::Table(b)) | (Word::Whole(a), Word::Whole(b)) => ptr::eq(*a, *b),
            (
                Word::Op(_)
                | Word::Hop(_)
                | Word::Back(_)
                | Word::On(_)
                | Word::Tree(_)
                | Word::Column(_)
                | Word::Whole(_)
                | Word::Table(_),
                _,
            ) => false,
        }
    }
}

impl Eq for Word {}

impl Hash for Word {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Word::Op(op) => op.hash(state),
            Word::Hop(relation) | Word::Back(relation) | Word::On(relation) | Word::Tree(relation) => {
                ptr::hash(*relation, state);
            }
            Word::Column(column) => ptr::hash(*column, state),
            Word::Table(table) | Word::Whole(table) => ptr::hash(*table, state),
        }
    }
}

/// Words and values of an expression, a predicate or a whole statement.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    /// The words, in postfix order.
    pub words: SmallVec<[Word; 8]>,
    /// The values, in the order of the words that take them.
    pub values: Values,
}

impl Tape {
    /// An empty tape.
    pub fn new() -> Tape {
        Tape::default()
    }

    /// Appends an instruction.
    pub fn op(&mut self, op: Op) {
        self.words.push(Word::Op(op));
    }

    /// Appends a column behind a path.
    pub fn column(&mut self, path: &PathDef, column: &'static ColumnDef) {
        path.hops(&mut |hop| self.words.push(Word::Hop(hop)));
        self.words.push(Word::Column(column));
    }

    /// The column that was appended last.
    pub(crate) fn last_column(&self) -> Option<&'static ColumnDef> {
        self.words.iter().rev().find_map(|word| if let Word::Column(column) = word { Some(*column) } else { None })
    }

    /// Appends a value of a kind.
    pub fn bind(&mut self, kind: Kind, value: Value) {
        self.op(Op::Bind(kind));
        self.values.push(value);
    }

    /// Appends the assignment of a value.
    pub fn assign(&mut self, column: &'static ColumnDef, value: Value) {
        self.words.push(Word::Column(column));
        self.bind(column.kind, value);
        self.op(Op::Set);
    }

    /// Appends a list. Its length is rounded up in the words, so that lists do not flood the cache.
    pub fn list(&mut self, kind: Kind, values: Vec<Value>) {
        let log = values.len().next_power_of_two().trailing_zeros();
        self.op(Op::List { kind, log: u8::try_from(log).unwrap_or(u8::MAX) });
        self.values.push(Value::List(values.into()));
    }

    /// Appends a question about the rows at the other end of a link, from the row behind the hops that were appended
    /// last.
    pub fn gather(&mut self, link: Link, what: Gather, value: Option<Tape>, filter: Option<Tape>) {
        let mut inner: SmallVec<[Tape; 2]> = SmallVec::new();
        let filtered = filter.is_some();
        inner.extend(value);
        inner.extend(filter);
        match link {
            // A to-one relation is a path, not a question.
            Link::One(key) | Link::Back(key) => {
                self.words.push(Word::Back(key));
                inner.into_iter().for_each(|tape| self.append(tape));
            }
            Link::Through { near, far } => {
                self.words.extend([Word::Back(near), Word::On(far)]);
                inner.into_iter().for_each(|tape| self.append(tape.behind(&[far])));
            }
        }
        self.op(Op::Gather { what, filtered });
    }

    /// The same with every column behind hops. Where they may lead nowhere every column can be NULL, and
    /// complements keep such rows.
    #[must_use]
    pub fn behind(self, hops: &[&'static RelationDef]) -> Tape {
        let may_be_absent = hops.iter().any(|hop| hop.may_be_absent());
        let mut moved = Tape { words: SmallVec::new(), values: self.values };
        let mut inside_hops = false;
        // What is asked of related rows is about those; only where it begins is behind the hops.
        let mut depth = 0_usize;
        for word in self.words {
            let is_reference = matches!(word, Word::Hop(_) | Word::Column(_) | Word::Whole(_) | Word::Back(_));
            if is_reference && !inside_hops && depth == 0 {
                moved.words.extend(hops.iter().map(|hop| Word::Hop(hop)));
            }
            inside_hops = matches!(word, Word::Hop(_));
            if let Word::Back(_) = word {
                depth += 1;
            }
            if let Word::Op(Op::Gather { .. }) = word {
                depth = depth.saturating_sub(1);
            }
            let not = if let Word::Op(Op::Not { nullable }) = word { Some(nullable) } else { None };
            moved.words.push(match not {
                Some(nullable) if depth == 0 => Word::Op(Op::Not { nullable: nullable || may_be_absent }),
                Some(_) | None => word,
            });
        }
        moved
    }

    /// Appends another tape.
    pub fn append(&mut self, other: Tape) {
        self.words.extend_from_slice(&other.words);
        self.values.extend(other.values);
    }
}
