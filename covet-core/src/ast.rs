//! The tree that a dialect renders.
//!
//! Types end here: nothing in the tree knows a model. Values are not in the tree either; a
//! [`Expr::Bind`] names the position of its value among the statement's values.

mod expr;
mod statement;

pub use expr::{ArithmeticOp, ArrayOp, ColumnRef, CompareOp, Expr, Gather, Related, TextMatch, Tree};
pub use statement::{
    Conflict, CopyRows, CreateIndex, CreateTable, Delete, Direction, Insert, Limit, Lock, Nulls, On, Order, Returning,
    Select, Selection, Statement, Update, UpdateMany,
};
