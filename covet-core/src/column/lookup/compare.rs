//! Comparisons and membership.

use crate::{
    ast::CompareOp,
    column::{Column, Expr, Joined, Operand, Predicate, Push, Storable},
    tape::{Op, Tape},
    value::SqlType,
};

/// Comparison lookups. Text compares by code point on every engine: case, accents and trailing
/// spaces count.
#[diagnostic::on_unimplemented(
    message = "cannot compare `{Self}` with `{V}`",
    label = "not a value or expression this column can be compared with",
    note = "for `Option`s: `.is_null()` and `.is_not_null()`"
)]
pub trait Compare<V>: Sized {
    /// The predicate.
    type Predicate;

    /// Compares with `op`.
    #[doc(hidden)]
    fn compare(self, op: CompareOp, value: V) -> Self::Predicate;

    /// Keeps rows whose value lies between two bounds, both included. Reversed bounds match nothing.
    #[must_use]
    fn between(self, low: V, high: V) -> Self::Predicate;

    /// Keeps rows whose value is `value`.
    #[must_use]
    fn eq(self, value: V) -> Self::Predicate {
        self.compare(CompareOp::Eq, value)
    }

    /// Keeps rows whose value is another one. As in SQL, rows with NULL drop.
    #[must_use]
    fn ne(self, value: V) -> Self::Predicate {
        self.compare(CompareOp::Ne, value)
    }

    /// Keeps rows whose value is greater.
    #[must_use]
    fn gt(self, value: V) -> Self::Predicate {
        self.compare(CompareOp::Gt, value)
    }

    /// Keeps rows whose value is greater or equal.
    #[must_use]
    fn gte(self, value: V) -> Self::Predicate {
        self.compare(CompareOp::Gte, value)
    }

    /// Keeps rows whose value is less.
    #[must_use]
    fn lt(self, value: V) -> Self::Predicate {
        self.compare(CompareOp::Lt, value)
    }

    /// Keeps rows whose value is less or equal.
    #[must_use]
    fn lte(self, value: V) -> Self::Predicate {
        self.compare(CompareOp::Lte, value)
    }
}

/// Comparisons to which NULL is a value like others. They are true or false, never unknown.
#[diagnostic::on_unimplemented(
    message = "cannot compare `{Self}` with `{V}`",
    label = "not a value, an `Option` or an expression of this column's type",
    note = "a text that may be missing is an `Option<String>`: `text.map(str::to_owned)`"
)]
// There is no `Option<&str>`, here and in `set`: beside it a bare `None` would have no type.
#[expect(clippy::wrong_self_convention, reason = "SQL's own words, and tokens are copied")]
pub trait Distinct<V>: Sized {
    /// The predicate.
    type Predicate;

    #[doc(hidden)]
    fn distinct(self, value: V, negated: bool) -> Self::Predicate;

    /// Keeps rows whose value is another one than `value`: a value, an `Option`, a column or an
    /// expression, nullable or not. NULL differs from every value, and not from NULL.
    ///
    /// [`ne`](Compare::ne) drops rows with NULL instead.
    #[must_use]
    fn is_distinct_from(self, value: V) -> Self::Predicate {
        self.distinct(value, false)
    }

    /// Keeps rows whose value is `value`: a value, an `Option`, a column or an expression, nullable or
    /// not. NULL is equal to NULL.
    #[must_use]
    fn is_not_distinct_from(self, value: V) -> Self::Predicate {
        self.distinct(value, true)
    }
}

/// Membership in a list of values.
#[diagnostic::on_unimplemented(
    message = "`{L}` is not a list of values for `{Self}`",
    label = "expected a list of this column's type, such as an array or a `Vec`"
)]
pub trait In<L>: Sized {
    /// The predicate.
    type Predicate;

    /// Keeps rows whose value is in the list. An empty list matches nothing.
    #[must_use]
    fn in_(self, values: L) -> Self::Predicate;
}

macro_rules! compare {
    ($($token:ident $([$of:ident])?),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType, V: Operand<M, T::Inner> $(, $of)?> Compare<V> for $token<M, T $(, $of)?> {
            type Predicate = Predicate<M>;
            fn compare(self, op: CompareOp, value: V) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                value.operand(&mut tape);
                tape.op(Op::Compare(op));
                Predicate::new(tape, T::NULLABLE)
            }
            fn between(self, low: V, high: V) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                low.operand(&mut tape);
                high.operand(&mut tape);
                tape.op(Op::Between);
                Predicate::new(tape, T::NULLABLE)
            }
        }
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType, V: Operand<M, Option<T::Inner>> $(, $of)?> Distinct<V> for $token<M, T $(, $of)?> {
            type Predicate = Predicate<M>;
            fn distinct(self, value: V, negated: bool) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                value.operand(&mut tape);
                tape.op(Op::Distinct { negated });
                Predicate::new(tape, false)
            }
        }
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType, L: IntoIterator<Item: Storable<T::Inner>> $(, $of)?> In<L> for $token<M, T $(, $of)?> {
            type Predicate = Predicate<M>;
            fn in_(self, values: L) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                let column = tape.last_column();
                let store = |value: L::Item| match column {
                    Some(column) => value.store_in(column),
                    None => value.store(),
                };
                let values: Vec<_> = values.into_iter().map(store).collect();
                if values.is_empty() {
                    let mut none = Tape::new();
                    none.op(Op::Bool(false));
                    return Predicate::new(none, false);
                }
                tape.list(T::KIND, values);
                Predicate::new(tape, T::NULLABLE)
            }
        }
    )*};
}
compare!(Column, Joined, Expr[Of]);
