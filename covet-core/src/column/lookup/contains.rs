//! `contains`, of texts and of arrays.

use super::text::TextFor;
use crate::{
    ast::{ArrayOp, TextMatch},
    column::{Column, Expr, Joined, Operand, Predicate, Push},
    tape::{Op, Tape},
    value::{Element, IsText, SqlType},
};

/// Whether a text has another one in it, or an array all elements of another one.
#[diagnostic::on_unimplemented(
    message = "cannot look for `{V}` in `{Self}`",
    label = "expected a text for a column of text, a list for one of arrays, or a column of the same type"
)]
pub trait Contains<V>: Sized {
    /// The predicate.
    type Predicate;

    /// Keeps rows whose text contains the text `part`, as [`Text`](super::Text) says: case counts, and the empty text
    /// is in every text. Of arrays: keeps rows whose array has every element of `part`, in whatever order; the empty
    /// array is in every array, and one with NULL in none. Rows with NULL match nothing.
    #[must_use]
    fn contains(self, part: V) -> Self::Predicate;
}

/// What may be in a column of type `T`, in the scope of `M`.
#[doc(hidden)]
pub trait PartOf<M, T>: Sized {
    /// Whether it can be NULL.
    const NULLABLE: bool;

    /// Writes it onto the tape, and the lookup.
    fn part(self, tape: &mut Tape);
}

#[diagnostic::do_not_recommend]
impl<M, T: IsText, V: TextFor<M, T>> PartOf<M, T> for V {
    const NULLABLE: bool = V::NULLABLE;
    fn part(self, tape: &mut Tape) {
        self.text_operand(tape);
        tape.op(Op::Text { how: TextMatch::Contains, ignore_case: false });
    }
}

macro_rules! arrays {
    ($($array:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T: Element, V: Operand<M, Vec<T>>> PartOf<M, $array> for V {
            const NULLABLE: bool = false;
            fn part(self, tape: &mut Tape) {
                self.operand(tape);
                tape.op(Op::Array(ArrayOp::Contains));
            }
        }
    )*};
}
arrays!(Vec<T>, Option<Vec<T>>);

macro_rules! contains {
    ($($token:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType, V: PartOf<M, T>> Contains<V> for $token<M, T> {
            type Predicate = Predicate<M>;
            fn contains(self, part: V) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                part.part(&mut tape);
                Predicate::new(tape, T::NULLABLE || V::NULLABLE)
            }
        }
    )*};
}
contains!(Column, Joined, Expr);
