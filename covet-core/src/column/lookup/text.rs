//! Text lookups, literal: `%`, `_` and `\` match themselves.

use crate::{
    ast::TextMatch,
    column::{Column, Expr, Joined, Predicate, Push, Storable},
    tape::{Op, Tape},
    value::{IsText, Kind, SqlType},
};

/// Text lookups: literal, so `%`, `_` and `\` match themselves. Rows with NULL match none.
#[diagnostic::on_unimplemented(
    message = "cannot look for `{V}` in `{Self}`",
    label = "expected a `&str` or a `String`, for a column of text"
)]
pub trait Text<V>: Sized {
    /// The predicate.
    type Predicate;

    #[doc(hidden)]
    fn text(self, how: TextMatch, ignore_case: bool, text: V) -> Self::Predicate;

    /// Keeps rows whose text contains `text`. Case counts; an empty text matches every row that is not NULL.
    #[must_use]
    fn contains(self, text: V) -> Self::Predicate {
        self.text(TextMatch::Contains, false, text)
    }

    /// [`contains`](Self::contains) without regard to case: letters fold as Unicode's simple
    /// lower case, accents count.
    #[must_use]
    fn icontains(self, text: V) -> Self::Predicate {
        self.text(TextMatch::Contains, true, text)
    }

    /// Keeps rows whose text starts with `text`. Case counts.
    #[must_use]
    fn starts_with(self, text: V) -> Self::Predicate {
        self.text(TextMatch::StartsWith, false, text)
    }

    /// [`starts_with`](Self::starts_with) without regard to case.
    #[must_use]
    fn istarts_with(self, text: V) -> Self::Predicate {
        self.text(TextMatch::StartsWith, true, text)
    }

    /// Keeps rows whose text ends with `text`. Case counts.
    #[must_use]
    fn ends_with(self, text: V) -> Self::Predicate {
        self.text(TextMatch::EndsWith, false, text)
    }

    /// [`ends_with`](Self::ends_with) without regard to case.
    #[must_use]
    fn iends_with(self, text: V) -> Self::Predicate {
        self.text(TextMatch::EndsWith, true, text)
    }

    /// Keeps rows whose text is `text` without regard to case.
    #[must_use]
    fn ieq(self, text: V) -> Self::Predicate {
        self.text(TextMatch::Whole, true, text)
    }
}

/// A text to look for in a column of type `T`. `T` is a parameter, so that a column that is no text is
/// found out with the argument, in one short error.
#[doc(hidden)]
pub trait TextFor<T>: Storable<String> {}
#[diagnostic::do_not_recommend]
impl<T: IsText, V: Storable<String>> TextFor<T> for V {}

macro_rules! text {
    ($($token:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType, V: TextFor<T>> Text<V> for $token<M, T> {
            type Predicate = Predicate<M>;
            fn text(self, how: TextMatch, ignore_case: bool, text: V) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                tape.bind(Kind::Text, text.store());
                tape.op(Op::Text { how, ignore_case });
                Predicate::new(tape, T::NULLABLE)
            }
        }
    )*};
}
text!(Column, Joined, Expr);
