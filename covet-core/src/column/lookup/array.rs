//! Lookups of arrays, for columns of `Vec<T>` and `Option<Vec<T>>`. `contains` stands beside that of texts.

use crate::{
    ast::ArrayOp,
    column::{Column, Expr, Joined, Operand, Predicate, Push},
    tape::{Op, Tape},
    value::{Element, SqlType},
};

/// Comparisons of arrays as sets. They take a list, or a column of the same type.
#[diagnostic::on_unimplemented(
    message = "cannot compare the array `{Self}` with `{V}`",
    label = "expected a list of this column's elements, for a column of `Vec<T>`"
)]
pub trait Array<V>: Sized {
    /// The predicate.
    type Predicate;

    #[doc(hidden)]
    fn array(self, op: ArrayOp, elements: V) -> Self::Predicate;

    /// Keeps rows whose array has no element but those of `elements`. The empty array is contained by every other.
    #[must_use]
    fn contained_by(self, elements: V) -> Self::Predicate {
        self.array(ArrayOp::ContainedBy, elements)
    }

    /// Keeps rows whose array has at least one element of `elements`. NULL among them is equal to nothing.
    #[must_use]
    fn overlap(self, elements: V) -> Self::Predicate {
        self.array(ArrayOp::Overlap, elements)
    }
}

/// Whether a value is in an array.
#[diagnostic::on_unimplemented(
    message = "cannot look for `{V}` among the elements of `{Self}`",
    label = "expected an element of this column, for a column of `Vec<T>`"
)]
pub trait AnyEq<V>: Sized {
    /// The predicate.
    type Predicate;

    /// Keeps rows of whose array an element is `value`: a value, or a column of the elements' type.
    #[must_use]
    fn any_eq(self, value: V) -> Self::Predicate;
}

/// An array for a column of type `T`. `T` is a parameter, so that a column without arrays is found out with the
/// argument, in one short error.
#[doc(hidden)]
pub trait ArrayFor<M, T> {
    /// Writes it onto the tape.
    fn elements(self, tape: &mut Tape);
}

/// An element for a column of type `T`.
#[doc(hidden)]
pub trait ElementFor<M, T> {
    /// Writes it onto the tape.
    fn element(self, tape: &mut Tape);
}

macro_rules! arrays {
    ($($array:ty, $length:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T: Element, V: Operand<M, Vec<T>>> ArrayFor<M, $array> for V {
            fn elements(self, tape: &mut Tape) {
                self.operand(tape);
            }
        }
        #[diagnostic::do_not_recommend]
        impl<M, T: Element, V: Operand<M, T::Inner>> ElementFor<M, $array> for V {
            fn element(self, tape: &mut Tape) {
                self.operand(tape);
            }
        }
        arrays!(@of Column, $array, $length);
        arrays!(@of Joined, $array, $length);
    )*};
    (@of $token:ident, $array:ty, $length:ty) => {
        impl<M, T: Element> $token<M, $array> {
            /// The number of elements, 0 for the empty array and NULL for none.
            pub fn len(self) -> Expr<M, $length> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                tape.op(Op::Length);
                Expr::new(tape)
            }

            /// The element at a place, the first one at 0; NULL where there is none.
            pub fn at(self, index: u16) -> Expr<M, Option<T::Inner>> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                tape.op(Op::Element(index));
                Expr::new(tape)
            }
        }
    };
}
arrays! {
    Vec<T>, i32;
    Option<Vec<T>>, Option<i32>;
}

macro_rules! lookups {
    ($($token:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType, V: ArrayFor<M, T>> Array<V> for $token<M, T> {
            type Predicate = Predicate<M>;
            fn array(self, op: ArrayOp, elements: V) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                elements.elements(&mut tape);
                tape.op(Op::Array(op));
                Predicate::new(tape, T::NULLABLE)
            }
        }
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType, V: ElementFor<M, T>> AnyEq<V> for $token<M, T> {
            type Predicate = Predicate<M>;
            fn any_eq(self, value: V) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                value.element(&mut tape);
                tape.op(Op::Array(ArrayOp::AnyEq));
                // Where no element is equal, a NULL among them makes it unknown.
                Predicate::new(tape, true)
            }
        }
    )*};
}
lookups!(Column, Joined);
