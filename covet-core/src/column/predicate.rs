//! Conditions and their algebra.

use super::{Column, Joined, Push};
use crate::{
    model::{Path, Relation, Single, ToOne, Via},
    tape::{Op, Tape},
};
use std::{
    marker::PhantomData,
    ops::{BitAnd, BitOr, BitXor, Not},
};

/// A condition on rows of `M`: one concrete type, whatever it is made of.
#[must_use = "a predicate does nothing before it is given to `filter`"]
pub struct Predicate<M> {
    pub(crate) tape: Tape,
    /// Whether it can be unknown because an operand is NULL.
    pub(crate) nullable: bool,
    model: PhantomData<fn() -> M>,
}

impl<M> Clone for Predicate<M> {
    fn clone(&self) -> Self {
        Predicate::new(self.tape.clone(), self.nullable)
    }
}

impl<M> Predicate<M> {
    pub(crate) fn new(tape: Tape, nullable: bool) -> Self {
        Predicate { tape, nullable, model: PhantomData }
    }

    fn constant(value: bool) -> Self {
        let mut tape = Tape::new();
        tape.op(Op::Bool(value));
        Predicate::new(tape, false)
    }

    fn join(mut self, other: Self, op: Op) -> Self {
        self.tape.append(other.tape);
        self.tape.op(op);
        self.nullable |= other.nullable;
        self
    }
}

/// A predicate, or a `bool` column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition on `{M}`",
    label = "expected a predicate of `{M}`"
)]
pub trait IntoPredicate<M> {
    /// The predicate.
    #[doc(hidden)]
    fn into_predicate(self) -> Predicate<M>;
}

#[diagnostic::do_not_recommend]
impl<M> IntoPredicate<M> for Predicate<M> {
    fn into_predicate(self) -> Predicate<M> {
        self
    }
}

macro_rules! bool_columns {
    ($($token:ident, $bool:ty, $nullable:literal;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M> IntoPredicate<M> for $token<M, $bool> {
            fn into_predicate(self) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                Predicate::new(tape, $nullable)
            }
        }
        #[diagnostic::do_not_recommend]
        impl<M> Not for $token<M, $bool> {
            type Output = Predicate<M>;
            fn not(self) -> Predicate<M> {
                !self.into_predicate()
            }
        }
        bool_columns!(@op $token, $bool, BitAnd, bitand);
        bool_columns!(@op $token, $bool, BitOr, bitor);
        bool_columns!(@op $token, $bool, BitXor, bitxor);
    )*};
    (@op $token:ident, $bool:ty, $trait:ident, $method:ident) => {
        #[diagnostic::do_not_recommend]
        impl<M, C: IntoPredicate<M>> $trait<C> for $token<M, $bool> {
            type Output = Predicate<M>;
            fn $method(self, other: C) -> Predicate<M> {
                self.into_predicate().$method(other)
            }
        }
    };
}
bool_columns! {
    Column, bool, false;
    Column, Option<bool>, true;
    Joined, bool, false;
    Joined, Option<bool>, true;
}

/// What `filter` takes: a predicate, a `bool` column, or an `Option` of a predicate, where `None`
/// is no condition.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition on `{M}`",
    label = "expected a predicate of `{M}`"
)]
pub trait Condition<M> {
    /// The predicate, if there is one.
    #[doc(hidden)]
    fn condition(self) -> Option<Predicate<M>>;
}
macro_rules! conditions {
    ($($token:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M> Condition<M> for $token {
            fn condition(self) -> Option<Predicate<M>> {
                Some(self.into_predicate())
            }
        }
    )*};
}
conditions!(
    Predicate<M>,
    Column<M, bool>,
    Column<M, Option<bool>>,
    Joined<M, bool>,
    Joined<M, Option<bool>>
);
#[diagnostic::do_not_recommend]
impl<M> Condition<M> for Option<Predicate<M>> {
    fn condition(self) -> Option<Predicate<M>> {
        self
    }
}

macro_rules! connectives {
    ($($(#[$doc:meta])* $trait:ident, $method:ident, $op:expr;)*) => {$(
        $(#[$doc])*
        #[diagnostic::do_not_recommend]
        impl<M, C: IntoPredicate<M>> $trait<C> for Predicate<M> {
            type Output = Predicate<M>;
            fn $method(self, other: C) -> Predicate<M> {
                self.join(other.into_predicate(), $op)
            }
        }
    )*};
}
connectives! {
    /// Both.
    BitAnd, bitand, Op::And;
    /// One at least.
    BitOr, bitor, Op::Or;
}

/// Exactly one; unknown counts as not true.
#[diagnostic::do_not_recommend]
impl<M, C: IntoPredicate<M>> BitXor<C> for Predicate<M> {
    type Output = Predicate<M>;
    fn bitxor(self, other: C) -> Predicate<M> {
        let mut both = self.join(other.into_predicate(), Op::Xor);
        both.nullable = false;
        both
    }
}

/// The exact complement: rows for which the condition is unknown are kept.
impl<M> Not for Predicate<M> {
    type Output = Predicate<M>;
    fn not(mut self) -> Predicate<M> {
        self.tape.op(Op::Not { nullable: self.nullable });
        self.nullable = false;
        self
    }
}

/// True when every predicate holds; true for none at all.
pub fn all_of<M>(predicates: impl IntoIterator<Item = Predicate<M>>) -> Predicate<M> {
    let joined = predicates.into_iter().reduce(|all, next| all.join(next, Op::And));
    joined.unwrap_or_else(|| Predicate::constant(true))
}

/// True when at least one predicate holds; false for none at all.
pub fn any_of<M>(predicates: impl IntoIterator<Item = Predicate<M>>) -> Predicate<M> {
    let joined = predicates.into_iter().reduce(|any, next| any.join(next, Op::Or));
    joined.unwrap_or_else(|| Predicate::constant(false))
}

/// Re-uses a condition that was written for the target of a to-one relation.
#[diagnostic::on_unimplemented(
    message = "`{C}` is not a condition on the target of `{Self}`",
    label = "not a condition on the related model"
)]
pub trait ToOneIs<C>: Sized {
    /// The model that the query is about.
    type Root;

    /// Keeps rows whose related row meets the condition: `Post::author.is(User::age.gte(18))`.
    fn is(self, condition: C) -> Predicate<Self::Root>;
}

#[diagnostic::do_not_recommend]
impl<P: Path, R: Relation<From = P::Target, Arity: Single>, C: IntoPredicate<R::To>> ToOneIs<C> for ToOne<P, R> {
    type Root = P::Root;
    fn is(self, condition: C) -> Predicate<P::Root> {
        let inner = condition.into_predicate();
        let mut hops = Vec::new();
        <Via<P, R> as Path>::DEF.hops(&mut |hop| hops.push(hop));
        let nullable = inner.nullable || hops.iter().any(|hop| hop.may_be_absent());
        Predicate::new(inner.tape.behind(&hops), nullable)
    }
}
