//! `+ - * / %` on columns and expressions of one type.

use super::{Column, Expr, Joined, Operand, Push};
use crate::{
    ast::ArithmeticOp,
    tape::{Op, Tape},
    value::{IsNumber, SqlType},
};
use std::ops::{Add, Div, Mul, Rem, Sub};

/// Types with integer division and a remainder.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an integer", label = "expected an integer column")]
pub trait IsInteger: IsNumber {}
macro_rules! integers {
    ($($integer:ty),*) => {$(impl IsInteger for $integer {} impl IsInteger for Option<$integer> {})*};
}
integers!(i16, i32, i64);

fn join<M, T: SqlType, Out>(left: impl Push, op: ArithmeticOp, right: impl Operand<M, T::Inner>) -> Expr<M, Out> {
    let mut tape = Tape::new();
    left.push(&mut tape);
    right.operand(&mut tape);
    tape.op(Op::Arithmetic(op));
    Expr::new(tape)
}

macro_rules! arithmetic {
    ($($token:ident),*) => {$(
        arithmetic!(@op $token, IsNumber, Add, add, T);
        arithmetic!(@op $token, IsNumber, Sub, sub, T);
        arithmetic!(@op $token, IsNumber, Mul, mul, T);
        arithmetic!(@op $token, IsNumber, Div, div, Option<f64>);
        arithmetic!(@op $token, IsInteger, Rem, rem, Option<T::Inner>);
        impl<M, T: IsInteger> $token<M, T> {
            /// Divides integers, truncating toward zero. NULL when the divisor is zero.
            #[must_use]
            pub fn int_div(self, divisor: impl Operand<M, T::Inner>) -> Expr<M, Option<T::Inner>> {
                join::<M, T, _>(self, ArithmeticOp::IntDiv, divisor)
            }
        }
    )*};
    (@op $token:ident, $bound:ident, $trait:ident, $method:ident, $out:ty) => {
        #[diagnostic::do_not_recommend]
        impl<M, T: $bound, V: Operand<M, T::Inner>> $trait<V> for $token<M, T> {
            type Output = Expr<M, $out>;
            fn $method(self, other: V) -> Self::Output {
                join::<M, T, $out>(self, ArithmeticOp::$trait, other)
            }
        }
    };
}
arithmetic!(Column, Joined, Expr);
