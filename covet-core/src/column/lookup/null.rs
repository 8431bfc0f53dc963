//! NULL tests; only nullable columns have them.

use crate::{
    column::{Column, Expr, Joined, Predicate, Push},
    tape::{Op, Tape},
    value::IsNullable,
};

macro_rules! null {
    ($($token:ident),*) => {$(
        impl<M, T: IsNullable> $token<M, T> {
            /// Keeps rows whose value is NULL.
            pub fn is_null(self) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                tape.op(Op::IsNull);
                Predicate::new(tape, false)
            }

            /// Keeps rows whose value is not NULL.
            pub fn is_not_null(self) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                tape.op(Op::IsNotNull);
                Predicate::new(tape, false)
            }
        }
    )*};
}
null!(Column, Joined, Expr);
