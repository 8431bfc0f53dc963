//! Regular expressions.

use crate::{
    column::{Column, Expr, Joined, Predicate, Push, Storable},
    tape::{Op, Tape},
    value::{IsText, SqlType},
};

/// Regular expressions, in the syntax of the crate `regex`, with the same answer from every database.
///
/// covet reads the pattern and writes it anew in the grammar of the database: flags such as `(?i)`,
/// `(?m)` and `(?s)`, classes such as `\d`, `\w`, `\p{Greek}`, word boundaries and lazy repetitions mean
/// what they mean in Rust, with Rust's version of Unicode. `^` and `$` are the ends of the text, or of a
/// line under `(?m)`; `.` is every character but `\n`, which `(?s)` adds. A pattern may match anywhere in
/// the text. Rows with NULL match none.
///
/// There is no look-around and there are no back-references. Beyond Rust's own rules a pattern has at
/// most 10,000 bytes, a repetition at most 255 times, and the whole a bounded size once repetitions are
/// written out; the flag `R` is refused, and so are parts that match nothing.
///
/// A pattern is a value of the program, never a column: what a column holds cannot be read before it is
/// sent. MySQL and MariaDB match by trying again and again, so that a pattern from a stranger such as
/// `(a*)*b` can make them give up, which is an error. SQLite and PostgreSQL do not.
///
/// # Errors
/// The query gives [`ErrorKind::InvalidPattern`](crate::error::ErrorKind::InvalidPattern) when it runs,
/// before anything is sent, if the pattern is wrong or cannot be written for the database.
#[diagnostic::on_unimplemented(
    message = "cannot match `{Self}` with `{V}`",
    label = "expected a pattern as a `&str` or a `String`, for a column of text"
)]
pub trait Regex<V>: Sized {
    /// The predicate.
    type Predicate;

    #[doc(hidden)]
    fn matches(self, pattern: V, ignore_case: bool) -> Self::Predicate;

    /// Keeps rows whose text matches a regular expression. Case counts.
    #[must_use]
    fn regex(self, pattern: V) -> Self::Predicate {
        self.matches(pattern, false)
    }

    /// [`regex`](Self::regex) without regard to case: letters fold as Unicode's simple case folding.
    #[must_use]
    fn iregex(self, pattern: V) -> Self::Predicate {
        self.matches(pattern, true)
    }
}

/// A pattern for a column of type `T`. `T` is a parameter, so that a column that is no text is found out
/// with the argument, in one short error.
#[doc(hidden)]
pub trait PatternFor<T>: Storable<String> {}
#[diagnostic::do_not_recommend]
impl<T: IsText, V: Storable<String>> PatternFor<T> for V {}

macro_rules! regex {
    ($($token:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType, V: PatternFor<T>> Regex<V> for $token<M, T> {
            type Predicate = Predicate<M>;
            fn matches(self, pattern: V, ignore_case: bool) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                tape.op(Op::Regex { ignore_case });
                tape.values.push(pattern.store());
                Predicate::new(tape, T::NULLABLE)
            }
        }
    )*};
}
regex!(Column, Joined, Expr);
