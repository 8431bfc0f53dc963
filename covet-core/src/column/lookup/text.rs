//! Text lookups, literal: every character matches itself.

use crate::{
    ast::TextMatch,
    column::{Column, Expr, Joined, Predicate, Push, Storable},
    tape::{Op, Tape},
    value::{IsText, Kind, SqlType},
};

/// Text lookups. They take a text, or a column of texts, nullable or not, of the same row or of a
/// related one. Every character matches itself: `%`, `_` and `\` mean nothing. Case, accents, spaces at
/// the ends and emoji count, but for case in the lookups whose name begins with `i`. Rows with NULL on
/// either side match none.
#[diagnostic::on_unimplemented(
    message = "cannot look for `{V}` in `{Self}`",
    label = "expected a `&str`, a `String` or a column of texts, for a column of text"
)]
pub trait Text<V>: Sized {
    /// The predicate.
    type Predicate;

    #[doc(hidden)]
    fn text(self, how: TextMatch, ignore_case: bool, text: V) -> Self::Predicate;

    /// [`contains`](super::Contains::contains) without regard to case: letters fold as Unicode's simple
    /// lower case, accents count. `docs/text.md` lists the letters that a server folds in its own way.
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

/// A text to look for in a column of type `T` in the scope of `M`. `T` is a parameter, so that a column
/// that is no text is found out with the argument, in one short error.
#[doc(hidden)]
pub trait TextFor<M, T>: Sized {
    /// Whether it can be NULL.
    const NULLABLE: bool;

    /// Writes it onto the tape.
    fn text_operand(self, tape: &mut Tape);
}
#[diagnostic::do_not_recommend]
impl<M, T: IsText, V: Storable<String>> TextFor<M, T> for V {
    const NULLABLE: bool = false;
    fn text_operand(self, tape: &mut Tape) {
        tape.bind(Kind::Text, self.store());
    }
}

macro_rules! text {
    ($($token:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T: IsText, U: IsText> TextFor<M, T> for $token<M, U> {
            const NULLABLE: bool = U::NULLABLE;
            fn text_operand(self, tape: &mut Tape) {
                self.push(tape);
            }
        }
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType, V: TextFor<M, T>> Text<V> for $token<M, T> {
            type Predicate = Predicate<M>;
            fn text(self, how: TextMatch, ignore_case: bool, text: V) -> Predicate<M> {
                let mut tape = Tape::new();
                self.push(&mut tape);
                text.text_operand(&mut tape);
                tape.op(Op::Text { how, ignore_case });
                Predicate::new(tape, T::NULLABLE || V::NULLABLE)
            }
        }
    )*};
}
text!(Column, Joined, Expr);
