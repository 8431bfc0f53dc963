//! Column tokens and what can be done with them.
//!
//! `User::age` is a [`Column`], `Post::author.name` a [`Joined`], a computed value an [`Expr`].
//! Lookups with an argument are traits ([`lookup`]), so that a wrong argument is a short error.

mod arithmetic;
mod list;
pub mod lookup;
mod operand;
mod order;
mod predicate;
mod references;
mod set;
mod to_many;

pub use arithmetic::{IntegerFor, IsInteger, NumberFor};
pub use list::{Change, Changes, ColumnList};
pub use operand::{Operand, Storable};
pub use order::{Order, Orders};
pub use predicate::{Condition, IntoPredicate, Predicate, ToOneIs, all_of, any_of};
#[doc(hidden)]
pub use references::{ReferredBy, primary_key_of, referenced};
pub use set::{Assignment, Assignments, SetTo};
pub use to_many::{Counted, Matching, Scalar, Summed, ToManyExtreme, ToManySum, ToManyWhere};

use crate::{
    model::Model,
    schema::{ColumnDef, PathDef},
    tape::Tape,
    violation::FieldName,
};
use std::marker::PhantomData;

/// A column of `M` itself: it can be compared, ordered by, and set.
pub struct Column<M, T> {
    def: &'static ColumnDef,
    types: PhantomData<fn() -> (M, T)>,
}

/// A column of a model that `M` reaches through to-one relations: `Post::author.name`.
pub struct Joined<M, T> {
    path: &'static PathDef,
    def: &'static ColumnDef,
    types: PhantomData<fn() -> (M, T)>,
}

/// A computed value in the scope of `M`: `User::views + 1`. `Of` says what is counted, where it is a number of related
/// rows.
pub struct Expr<M, T, Of = ()> {
    tape: Tape,
    types: PhantomData<fn() -> (M, T)>,
    of: PhantomData<fn() -> Of>,
}

impl<M, T> Clone for Column<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M, T> Copy for Column<M, T> {}
impl<M, T> Clone for Joined<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M, T> Copy for Joined<M, T> {}
impl<M, T, Of> Clone for Expr<M, T, Of> {
    fn clone(&self) -> Self {
        Expr::new(self.tape.clone())
    }
}

impl<M, T> Column<M, T> {
    /// Made by the derive.
    #[doc(hidden)]
    pub const fn new(def: &'static ColumnDef) -> Self {
        Column { def, types: PhantomData }
    }

    /// The column's name in the database.
    pub const fn name(self) -> &'static str {
        self.def.name
    }

    pub(crate) const fn def(self) -> &'static ColumnDef {
        self.def
    }
}

impl<M: Model, T> Column<M, T> {
    /// Made by the derive: the column at a position.
    #[doc(hidden)]
    pub const fn nth(at: usize) -> Self {
        Column { def: &M::TABLE.columns[at], types: PhantomData }
    }
}

impl<M, T> From<Column<M, T>> for FieldName {
    fn from(column: Column<M, T>) -> FieldName {
        column.def.field.into()
    }
}

impl<M, T> Joined<M, T> {
    /// Made by the derive.
    #[doc(hidden)]
    pub const fn new(path: &'static PathDef, def: &'static ColumnDef) -> Self {
        Joined { path, def, types: PhantomData }
    }

    /// Made by the derive: the column at a position.
    #[doc(hidden)]
    pub const fn nth(path: &'static PathDef, columns: &'static [ColumnDef], at: usize) -> Self {
        Joined { path, def: &columns[at], types: PhantomData }
    }
}

impl<M, T, Of> Expr<M, T, Of> {
    fn new(tape: Tape) -> Self {
        Expr { tape, types: PhantomData, of: PhantomData }
    }
}

/// What can be written onto a tape.
pub(crate) trait Push {
    fn push(self, tape: &mut Tape);
}

impl<M, T> Push for Column<M, T> {
    fn push(self, tape: &mut Tape) {
        tape.column(PathDef::ROOT, self.def);
    }
}
impl<M, T> Push for Joined<M, T> {
    fn push(self, tape: &mut Tape) {
        tape.column(self.path, self.def);
    }
}
impl<M, T, Of> Push for Expr<M, T, Of> {
    fn push(self, tape: &mut Tape) {
        tape.append(self.tape);
    }
}
