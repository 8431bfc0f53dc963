//! Orderings. NULL sorts smallest on every engine: first ascending, last descending, unless a term
//! says otherwise.

use super::{Column, Expr, Joined, Push};
use crate::{
    ast::Nulls,
    tape::{Op, Tape},
};
use std::marker::PhantomData;

/// One term of an ordering of rows of `M`.
pub struct Order<M> {
    tape: Tape,
    model: PhantomData<fn() -> M>,
}

impl<M> Clone for Order<M> {
    fn clone(&self) -> Self {
        Order { tape: self.tape.clone(), model: PhantomData }
    }
}

impl<M> Order<M> {
    /// Puts NULL before every value, which an ascending term does anyway. Of several calls the last one
    /// counts; a term that is never NULL is left as it is.
    #[must_use]
    pub fn nulls_first(self) -> Order<M> {
        self.nulls(Nulls::First)
    }

    /// Puts NULL behind every value, which a descending term does anyway. Of several calls the last one
    /// counts; a term that is never NULL is left as it is.
    #[must_use]
    pub fn nulls_last(self) -> Order<M> {
        self.nulls(Nulls::Last)
    }

    fn nulls(mut self, nulls: Nulls) -> Order<M> {
        self.tape.op(Op::Nulls(nulls));
        self
    }
}

/// One term, a tuple of terms, or a `Vec` of them; `()` is no order.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an ordering of `{M}`",
    label = "expected `.asc()` or `.desc()` of a column of `{M}`"
)]
pub trait Orders<M> {
    /// Writes the terms onto the tape.
    #[doc(hidden)]
    fn orders(self, tape: &mut Tape);
}

#[diagnostic::do_not_recommend]
impl<M> Orders<M> for Order<M> {
    fn orders(self, tape: &mut Tape) {
        tape.append(self.tape);
    }
}
#[diagnostic::do_not_recommend]
impl<M> Orders<M> for () {
    fn orders(self, _tape: &mut Tape) {}
}
#[diagnostic::do_not_recommend]
impl<M> Orders<M> for Vec<Order<M>> {
    fn orders(self, tape: &mut Tape) {
        self.into_iter().for_each(|order| order.orders(tape));
    }
}

macro_rules! tuples {
    ($($name:ident $at:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<M, $($name: Orders<M>),*> Orders<M> for ($($name,)*) {
            fn orders(self, tape: &mut Tape) {
                $(self.$at.orders(tape);)*
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

macro_rules! order {
    ($($token:ident $([$of:ident])?),*) => {$(
        impl<M, T $(, $of)?> $token<M, T $(, $of)?> {
            /// Smallest first; NULL is smallest, unless [`nulls_last`](Order::nulls_last) says otherwise.
            #[must_use]
            pub fn asc(self) -> Order<M> {
                self.order(Op::Ascending)
            }

            /// Largest first; NULL is smallest, unless [`nulls_first`](Order::nulls_first) says otherwise.
            #[must_use]
            pub fn desc(self) -> Order<M> {
                self.order(Op::Descending)
            }

            fn order(self, direction: Op) -> Order<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                tape.op(direction);
                Order { tape, model: PhantomData }
            }
        }
    )*};
}
order!(Column, Joined, Expr[Of]);
