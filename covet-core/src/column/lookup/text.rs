//! Text lookups, literal: `%`, `_` and `\` match themselves.

use crate::{
    ast::TextMatch,
    column::{Column, Expr, Joined, Predicate, Push, Storable},
    tape::{Op, Tape},
    value::{IsText, Kind},
};

/// A text to look for: `&str` or `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a text to look for",
    label = "expected a `&str` or a `String`"
)]
pub trait TextLookup: Storable<String> {}
#[diagnostic::do_not_recommend]
impl<T: Storable<String>> TextLookup for T {}

macro_rules! text {
    ($($token:ident),*) => {$(
        impl<M, T: IsText> $token<M, T> {
            /// Keeps rows whose text contains `text`. Case counts; an empty text matches every row that is not NULL.
            pub fn contains(self, text: impl TextLookup) -> Predicate<M> {
                self.text(TextMatch::Contains, false, text)
            }

            /// [`contains`](Self::contains) without regard to case: letters fold as Unicode's simple
            /// lower case, accents count.
            pub fn icontains(self, text: impl TextLookup) -> Predicate<M> {
                self.text(TextMatch::Contains, true, text)
            }

            /// Keeps rows whose text starts with `text`. Case counts.
            pub fn starts_with(self, text: impl TextLookup) -> Predicate<M> {
                self.text(TextMatch::StartsWith, false, text)
            }

            /// [`starts_with`](Self::starts_with) without regard to case.
            pub fn istarts_with(self, text: impl TextLookup) -> Predicate<M> {
                self.text(TextMatch::StartsWith, true, text)
            }

            /// Keeps rows whose text ends with `text`. Case counts.
            pub fn ends_with(self, text: impl TextLookup) -> Predicate<M> {
                self.text(TextMatch::EndsWith, false, text)
            }

            /// [`ends_with`](Self::ends_with) without regard to case.
            pub fn iends_with(self, text: impl TextLookup) -> Predicate<M> {
                self.text(TextMatch::EndsWith, true, text)
            }

            /// Keeps rows whose text is `text` without regard to case.
            pub fn ieq(self, text: impl TextLookup) -> Predicate<M> {
                self.text(TextMatch::Whole, true, text)
            }

            fn text(self, how: TextMatch, ignore_case: bool, text: impl TextLookup) -> Predicate<M> {
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
