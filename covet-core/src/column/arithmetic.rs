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
integers!(i16, i32, i64, u8, u16, u32, u64);

fn join<M, T: SqlType, Out>(left: impl Push, op: ArithmeticOp, right: impl Operand<M, T::Inner>) -> Expr<M, Out> {
    let mut tape = Tape::new();
    left.push(&mut tape);
    right.operand(&mut tape);
    tape.op(Op::Arithmetic(op));
    Expr::new(tape)
}

/// What may stand beside a column of numbers of type `T`. `T` is a parameter, so that a column of text is
/// found out with the operand, in one short error.
#[doc(hidden)]
pub trait NumberFor<M, T: SqlType>: Operand<M, T::Inner> {}
#[diagnostic::do_not_recommend]
impl<M, T: IsNumber, V: Operand<M, T::Inner>> NumberFor<M, T> for V {}

/// The same for integers.
#[doc(hidden)]
pub trait IntegerFor<M, T: SqlType>: Operand<M, T::Inner> {}
#[diagnostic::do_not_recommend]
impl<M, T: IsInteger, V: Operand<M, T::Inner>> IntegerFor<M, T> for V {}

macro_rules! arithmetic {
    ($($token:ident $([$of:ident])?),*) => {$(
        arithmetic!(@op $token $([$of])?, NumberFor, Add, add, T);
        arithmetic!(@op $token $([$of])?, NumberFor, Sub, sub, T);
        arithmetic!(@op $token $([$of])?, NumberFor, Mul, mul, T);
        arithmetic!(@op $token $([$of])?, NumberFor, Div, div, Option<f64>);
        arithmetic!(@op $token $([$of])?, IntegerFor, Rem, rem, Option<T::Inner>);
        impl<M, T: IsInteger $(, $of)?> $token<M, T $(, $of)?> {
            /// Divides integers, truncating toward zero. NULL when the divisor is zero.
            #[must_use]
            pub fn int_div(self, divisor: impl Operand<M, T::Inner>) -> Expr<M, Option<T::Inner>> {
                join::<M, T, _>(self, ArithmeticOp::IntDiv, divisor)
            }
        }
    )*};
    (@op $token:ident $([$of:ident])?, $bound:ident, $trait:ident, $method:ident, $out:ty) => {
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType, V: $bound<M, T> $(, $of)?> $trait<V> for $token<M, T $(, $of)?> {
            type Output = Expr<M, $out>;
            fn $method(self, other: V) -> Self::Output {
                join::<M, T, $out>(self, ArithmeticOp::$trait, other)
            }
        }
    };
}
arithmetic!(Column, Joined, Expr[Of]);
