//! Assignments of an update.

use super::{Column, Operand, Push};
use crate::{
    tape::{Op, Tape},
    value::SqlType,
};
use std::marker::PhantomData;

/// A column of `M` with its new value.
pub struct Assignment<M> {
    tape: Tape,
    model: PhantomData<fn() -> M>,
}

impl<M> Clone for Assignment<M> {
    fn clone(&self) -> Self {
        Assignment { tape: self.tape.clone(), model: PhantomData }
    }
}

impl<M> Assignment<M> {
    /// `column value SET`
    pub(crate) fn into_tape(self) -> Tape {
        self.tape
    }
}

/// Sets a column.
#[diagnostic::on_unimplemented(
    message = "cannot store `{V}` in `{Self}`",
    label = "not a value or expression of this column's type"
)]
pub trait SetTo<V>: Sized {
    /// The model.
    type Model;

    /// The new value: a value, or an expression that the database computes, such as `User::age + 1`.
    fn set(self, value: V) -> Assignment<Self::Model>;
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType, V: Operand<M, T>> SetTo<V> for Column<M, T> {
    type Model = M;
    fn set(self, value: V) -> Assignment<M> {
        let mut tape = Tape::new();
        self.push(&mut tape);
        value.operand(&mut tape);
        tape.op(Op::Set);
        Assignment { tape, model: PhantomData }
    }
}

/// One assignment, a tuple of them, or a `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an assignment for `{M}`",
    label = "expected `.set(..)` of a column of `{M}`, or a tuple of them"
)]
pub trait Assignments<M> {
    /// Writes them onto the tape.
    #[doc(hidden)]
    fn assign(self, tape: &mut Tape);
}

#[diagnostic::do_not_recommend]
impl<M> Assignments<M> for Assignment<M> {
    fn assign(self, tape: &mut Tape) {
        tape.append(self.tape);
    }
}
#[diagnostic::do_not_recommend]
impl<M> Assignments<M> for Vec<Assignment<M>> {
    fn assign(self, tape: &mut Tape) {
        self.into_iter().for_each(|assignment| assignment.assign(tape));
    }
}

macro_rules! tuples {
    ($($name:ident $at:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<M, $($name: Assignments<M>),*> Assignments<M> for ($($name,)*) {
            fn assign(self, tape: &mut Tape) {
                $(self.$at.assign(tape);)*
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
