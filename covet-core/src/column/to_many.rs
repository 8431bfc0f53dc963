//! Questions about the rows of a to-many relation: `User::posts.any(..)`, `User::posts.count()`.
//!
//! Each is a sub-query, so no row of the query comes twice, and two questions about two relations do not multiply.

use super::{Column, Expr, IntoPredicate, Joined, Predicate, Push};
use crate::{
    ast::Gather,
    model::{Many, Path, Relation, ToMany},
    schema::Link,
    tape::{Tape, Word},
    value::{IsNumber, NotNull, SqlType},
};
use std::marker::PhantomData;

/// The related rows that meet a condition: `User::posts.filter(Post::views.gt(10))`.
#[must_use = "related rows are asked: `.count()`, `.exists()`, `.sum(..)` .."]
pub struct Matching<P, R: Relation> {
    filter: Predicate<R::To>,
    path: PhantomData<fn() -> P>,
}

impl<P, R: Relation> Clone for Matching<P, R> {
    fn clone(&self) -> Self {
        Matching { filter: self.filter.clone(), path: PhantomData }
    }
}

impl<P, R: Relation> Matching<P, R> {
    pub(crate) fn into_filter(self) -> Predicate<R::To> {
        self.filter
    }
}

/// The number of rows at the other end of the relation `R`, behind the path `P`.
#[derive(Debug)]
pub struct Counted<P, R>(PhantomData<fn() -> (P, R)>);

/// The tape of a question about the rows at the other end of `link`, from the row behind `P`.
fn ask<P: Path>(link: Link, what: Gather, value: Option<Tape>, filter: Option<Tape>) -> Tape {
    let mut tape = Tape::new();
    P::DEF.hops(&mut |hop| tape.words.push(Word::Hop(hop)));
    tape.gather(link, what, value, filter);
    tape
}

/// A `ToMany`, or the rows of one that meet a condition.
#[doc(hidden)]
pub trait Asked: Sized {
    type Path: Path;
    type Relation: Relation<From = <Self::Path as Path>::Target, Arity = Many>;
    fn asked(self) -> Option<Predicate<<Self::Relation as Relation>::To>>;
}
impl<P: Path, R: Relation<From = P::Target, Arity = Many>> Asked for ToMany<P, R> {
    type Path = P;
    type Relation = R;
    fn asked(self) -> Option<Predicate<R::To>> {
        None
    }
}
impl<P: Path, R: Relation<From = P::Target, Arity = Many>> Asked for Matching<P, R> {
    type Path = P;
    type Relation = R;
    fn asked(self) -> Option<Predicate<R::To>> {
        Some(self.filter)
    }
}

type RootOf<A> = <<A as Asked>::Path as Path>::Root;
type RelatedOf<A> = <<A as Asked>::Relation as Relation>::To;

fn question<A: Asked>(asked: A, what: Gather, value: Option<Tape>) -> Tape {
    let filter = asked.asked().map(|filter| filter.tape);
    ask::<A::Path>(<A::Relation as Relation>::LINK, what, value, filter)
}

macro_rules! questions {
    ($($token:ident),*) => {$(
        impl<P: Path, R: Relation<From = P::Target, Arity = Many>> $token<P, R> {
            /// Whether there is such a row.
            pub fn exists(self) -> Predicate<P::Root> {
                Predicate::new(question(self, Gather::Exists, None), false)
            }

            /// Whether there is no such row.
            pub fn is_empty(self) -> Predicate<P::Root> {
                !self.exists()
            }

            /// How many such rows there are; 0 for none. `.with(Post::comments.count())` loads the number in place of
            /// the rows.
            pub fn count(self) -> Expr<P::Root, i64, Counted<P, R>> {
                Expr::new(question(self, Gather::Count, None))
            }
        }
    )*};
}
questions!(ToMany, Matching);

/// Conditions on related rows.
#[diagnostic::on_unimplemented(
    message = "`{C}` is not a condition on the target of `{Self}`",
    label = "not a condition on the related model"
)]
pub trait ToManyWhere<C>: Sized {
    /// The model that the query is about.
    type Root;
    /// The related rows that meet the condition.
    type Matching;

    /// Rows with a related row that meets the condition. All of one condition is asked of one related row.
    fn any(self, condition: C) -> Predicate<Self::Root>;

    /// Rows without a related row that meets the condition; so are rows without related rows.
    fn none(self, condition: C) -> Predicate<Self::Root>;

    /// Rows whose related rows all meet the condition; so are rows without related rows. A related row for which the
    /// condition is unknown does not meet it.
    fn all(self, condition: C) -> Predicate<Self::Root>;

    /// The related rows that meet the condition, to be counted or summed: `User::posts.filter(..).count()`.
    fn filter(self, condition: C) -> Self::Matching;
}

#[diagnostic::do_not_recommend]
impl<A: Asked, C: IntoPredicate<RelatedOf<A>>> ToManyWhere<C> for A {
    type Root = RootOf<A>;
    type Matching = Matching<A::Path, A::Relation>;

    fn any(self, condition: C) -> Predicate<Self::Root> {
        self.filter(condition).exists()
    }
    fn none(self, condition: C) -> Predicate<Self::Root> {
        !self.any(condition)
    }
    fn all(self, condition: C) -> Predicate<Self::Root> {
        self.none(!condition.into_predicate())
    }
    fn filter(self, condition: C) -> Self::Matching {
        let condition = condition.into_predicate();
        let filter = match self.asked() {
            Some(filter) => filter & condition,
            None => condition,
        };
        Matching { filter, path: PhantomData }
    }
}

/// A column or an expression of `M`.
#[doc(hidden)]
pub trait Scalar<M> {
    type Type: SqlType;
    fn words(self) -> Tape;
}
macro_rules! scalars {
    ($($token:ident $([$of:ident])?),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType $(, $of)?> Scalar<M> for $token<M, T $(, $of)?> {
            type Type = T;
            fn words(self) -> Tape {
                let mut tape = Tape::new();
                self.push(&mut tape);
                tape
            }
        }
    )*};
}
scalars!(Column, Joined, Expr[Of]);

/// The type of the sum of many values.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be summed", label = "expected a column of numbers")]
pub trait Summed: IsNumber {
    /// 64 bits wide.
    type Sum: NotNull;
}
macro_rules! sums {
    ($($number:ty => $sum:ty),*) => {$(
        impl Summed for $number { type Sum = $sum; }
        impl Summed for Option<$number> { type Sum = $sum; }
    )*};
}
sums!(i16 => i64, i32 => i64, i64 => i64, u8 => i64, u16 => i64, u32 => i64, f64 => f64);

/// Sums and means of related rows.
#[diagnostic::on_unimplemented(
    message = "`{C}` cannot be summed over `{Self}`",
    label = "expected a column of numbers of the related model"
)]
pub trait ToManySum<C>: Sized {
    /// The model that the query is about.
    type Root;
    /// What a sum is.
    type Sum;

    /// The sum over related rows, NULL aside; NULL for none.
    fn sum(self, value: C) -> Expr<Self::Root, Option<Self::Sum>>;

    /// The mean over related rows, NULL aside, as a floating-point number; NULL for none.
    fn avg(self, value: C) -> Expr<Self::Root, Option<f64>>;
}

#[diagnostic::do_not_recommend]
impl<A: Asked, C: Scalar<RelatedOf<A>, Type: Summed>> ToManySum<C> for A {
    type Root = RootOf<A>;
    type Sum = <C::Type as Summed>::Sum;

    fn sum(self, value: C) -> Expr<Self::Root, Option<Self::Sum>> {
        Expr::new(question(self, Gather::Sum, Some(value.words())))
    }
    fn avg(self, value: C) -> Expr<Self::Root, Option<f64>> {
        Expr::new(question(self, Gather::Avg, Some(value.words())))
    }
}

/// The smallest and the largest value of related rows.
#[diagnostic::on_unimplemented(
    message = "`{C}` has no smallest value over `{Self}`",
    label = "expected a column of the related model"
)]
pub trait ToManyExtreme<C>: Sized {
    /// The model that the query is about.
    type Root;
    /// What a value is.
    type Value;

    /// The smallest value of related rows, NULL aside; NULL for none.
    fn min(self, value: C) -> Expr<Self::Root, Option<Self::Value>>;

    /// The largest value of related rows, NULL aside; NULL for none.
    fn max(self, value: C) -> Expr<Self::Root, Option<Self::Value>>;
}

#[diagnostic::do_not_recommend]
impl<A: Asked, C: Scalar<RelatedOf<A>>> ToManyExtreme<C> for A {
    type Root = RootOf<A>;
    type Value = <C::Type as SqlType>::Inner;

    fn min(self, value: C) -> Expr<Self::Root, Option<Self::Value>> {
        Expr::new(question(self, Gather::Min, Some(value.words())))
    }
    fn max(self, value: C) -> Expr<Self::Root, Option<Self::Value>> {
        Expr::new(question(self, Gather::Max, Some(value.words())))
    }
}
