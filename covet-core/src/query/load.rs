//! Related rows beside the rows of a query: `.with(Post::author)`.
//!
//! A row that is to be had at most once comes with its row, by a join. Rows of a to-many relation come by one
//! statement for all rows, whatever their number. A number of related rows is a column of the statement.

use super::{
    Filter, OrderBy, Query,
    choose::{Choose, Chosen},
    load_plan::{HeldOf, behind, beside, held, no_related_row},
    related::{self, Parents, Source},
    slot::Slot,
};
use crate::{
    backend::Executor,
    column::{Condition, Counted, Expr, Matching, Orders},
    error::Result,
    fetch::{Finished, Pair, Plan},
    model::{Arity, Many, Maybe, Model, One, Relation, Root, ToMany, ToOne},
    schema::Link,
    value::Value,
};
use std::sync::Arc;

/// A relation to be loaded, with what is loaded of it: `Post::comments.with(Comment::author).limit(3)`.
#[must_use = "a relation is loaded by `.with(..)` of a query"]
pub struct Load<R: Relation, Item>(Query<R::To, Item>);

impl<R: Relation, Item> Clone for Load<R, Item> {
    fn clone(&self) -> Self {
        Load(self.0.clone())
    }
}

// ---- what can be loaded

/// How the related rows of an arity are loaded.
#[doc(hidden)]
pub trait LoadBy<R: Relation, Item>: Arity {
    type Loaded: Send + 'static;
    fn load(child: Query<R::To, Item>) -> Chosen<Self::Loaded>;
    /// What is loaded of a row in hand; `None` where it lacks a row that it must have.
    fn of_group(group: Vec<Item>) -> Option<Self::Loaded>;
}

/// What a loader gives.
#[doc(hidden)]
pub trait ShareBy<Item>: Arity {
    type Given: Clone + Send + Sync + 'static;
    fn given(group: Vec<Item>) -> Self::Given;
}

macro_rules! single {
    ($($arity:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<R: Relation<Arity = $arity>, Item: Send + 'static> LoadBy<R, Item> for $arity
        where
            HeldOf<R, Item>: Send + 'static,
        {
            type Loaded = HeldOf<R, Item>;
            fn load(child: Query<R::To, Item>) -> Chosen<Self::Loaded> {
                Chosen(beside::<R, Item>(child.plan().clone()))
            }
            fn of_group(mut group: Vec<Item>) -> Option<Self::Loaded> {
                held::<R, Item>(group.pop())
            }
        }
        #[diagnostic::do_not_recommend]
        impl<Item: Send + Sync + 'static> ShareBy<Item> for $arity {
            type Given = Option<Arc<Item>>;
            fn given(mut group: Vec<Item>) -> Self::Given {
                group.pop().map(Arc::new)
            }
        }
    )*};
}
single!(One, Maybe);

#[diagnostic::do_not_recommend]
impl<R: Relation<Arity = Many>, Item: Send + 'static> LoadBy<R, Item> for Many {
    type Loaded = Vec<Item>;
    fn load(child: Query<R::To, Item>) -> Chosen<Vec<Item>> {
        Chosen(behind::<R, Item>(child))
    }
    fn of_group(group: Vec<Item>) -> Option<Vec<Item>> {
        Some(group)
    }
}
#[diagnostic::do_not_recommend]
impl<Item: Send + Sync + 'static> ShareBy<Item> for Many {
    type Given = Arc<Vec<Item>>;
    fn given(group: Vec<Item>) -> Self::Given {
        Arc::new(group)
    }
}

/// Related rows to be loaded: a relation's token, or one with what is loaded of it.
#[doc(hidden)]
pub trait LoadedRows: Sized {
    type Relation: Relation;
    type Item: Send + 'static;
    fn child(self) -> Query<<Self::Relation as Relation>::To, Self::Item>;
}
macro_rules! tokens {
    ($($token:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M: Model, R: Relation<From = M>> LoadedRows for $token<Root<M>, R> {
            type Relation = R;
            type Item = R::To;
            fn child(self) -> Query<R::To> {
                Query::new()
            }
        }
    )*};
}
tokens!(ToOne, ToMany);

#[diagnostic::do_not_recommend]
impl<M: Model, R: Relation<From = M>> LoadedRows for Matching<Root<M>, R> {
    type Relation = R;
    type Item = R::To;
    fn child(self) -> Query<R::To> {
        Query::new().meeting(self.into_filter())
    }
}

#[diagnostic::do_not_recommend]
impl<R: Relation, Item: Send + 'static> LoadedRows for Load<R, Item> {
    type Relation = R;
    type Item = Item;
    fn child(self) -> Query<R::To, Item> {
        self.0
    }
}

/// What stands in the place of a relation: its rows, or their number.
#[doc(hidden)]
pub trait Loadable: Sized {
    type Relation: Relation;
    type Loaded: Send + 'static;
    fn loaded(self) -> Chosen<Self::Loaded>;
    /// What is loaded for rows in hand, which are found by their keys.
    fn of_rows<'a>(self, keys: Vec<Value>, on: &'a dyn Executor) -> Finished<'a, Self::Loaded>
    where
        Self: 'a;
}

/// What loads the relation of rows in hand, and is shared by those who ask for it.
#[doc(hidden)]
pub trait Batched: Loadable + Clone + Send + Sync + 'static {
    type Item: Send + 'static;
    type Given: Clone + Send + Sync + 'static;
    fn groups<'a>(self, keys: Vec<Value>, on: &'a dyn Executor) -> Finished<'a, Vec<Self::Item>>;
    fn given(group: Vec<Self::Item>) -> Self::Given;
}

/// What a loader gives for each row.
pub(super) type Given<L> = <L as Batched>::Given;

/// The related rows of rows in hand.
async fn groups<A: LoadedRows>(rows: A, keys: Vec<Value>, on: &dyn Executor) -> Result<Vec<Vec<A::Item>>> {
    let link = <A::Relation as Relation>::LINK;
    let parents = Parents::given(related::near_column(link).kind, keys)?;
    related::load(on, Source::of(link), rows.child(), parents).await
}

/// The numbers of related rows of rows in hand; none for a row that is not there any more.
async fn numbers<M: Model>(
    number: Plan<i64>,
    link: Link,
    keys: Vec<Value>,
    on: &dyn Executor,
) -> Result<Vec<Vec<i64>>> {
    let column = related::near_column(link);
    let parents = Parents::given(column.kind, keys)?;
    let query = Query::<M>::new().planned(|_| number).order_by(());
    related::load(on, Source::itself(M::TABLE, column), query, parents).await
}

#[diagnostic::do_not_recommend]
impl<A: LoadedRows<Relation: Relation<Arity: LoadBy<A::Relation, A::Item>>>> Loadable for A {
    type Relation = A::Relation;
    type Loaded = <<A::Relation as Relation>::Arity as LoadBy<A::Relation, A::Item>>::Loaded;
    fn loaded(self) -> Chosen<Self::Loaded> {
        <<A::Relation as Relation>::Arity as LoadBy<_, _>>::load(self.child())
    }
    fn of_rows<'a>(self, keys: Vec<Value>, on: &'a dyn Executor) -> Finished<'a, Self::Loaded>
    where
        Self: 'a,
    {
        let child = self.child();
        Box::pin(async move {
            let groups = groups(Load::<A::Relation, A::Item>(child), keys, on).await?;
            let of_group = <<A::Relation as Relation>::Arity as LoadBy<A::Relation, A::Item>>::of_group;
            let missing = || no_related_row(<A::Relation as Relation>::LINK.hop());
            groups.into_iter().map(|group| of_group(group).ok_or_else(missing)).collect()
        })
    }
}

#[diagnostic::do_not_recommend]
impl<A> Batched for A
where
    A: LoadedRows<Relation: Relation<Arity: LoadBy<A::Relation, A::Item> + ShareBy<A::Item>>>,
    A: Clone + Send + Sync + 'static,
{
    type Item = A::Item;
    type Given = <<A::Relation as Relation>::Arity as ShareBy<A::Item>>::Given;
    fn groups<'a>(self, keys: Vec<Value>, on: &'a dyn Executor) -> Finished<'a, Vec<A::Item>> {
        Box::pin(groups(self, keys, on))
    }
    fn given(group: Vec<A::Item>) -> Self::Given {
        <<A::Relation as Relation>::Arity as ShareBy<A::Item>>::given(group)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, R: Relation<From = M>> Loadable for Expr<M, i64, Counted<Root<M>, R>> {
    type Relation = R;
    type Loaded = i64;
    fn loaded(self) -> Chosen<i64> {
        Choose::<M>::choose(self)
    }
    fn of_rows<'a>(self, keys: Vec<Value>, on: &'a dyn Executor) -> Finished<'a, i64>
    where
        Self: 'a,
    {
        Box::pin(async move {
            let groups = self.groups(keys, on).await?;
            Ok(groups.into_iter().map(Self::given).collect())
        })
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, R: Relation<From = M>> Batched for Expr<M, i64, Counted<Root<M>, R>> {
    type Item = i64;
    type Given = i64;
    fn groups<'a>(self, keys: Vec<Value>, on: &'a dyn Executor) -> Finished<'a, Vec<i64>> {
        Box::pin(numbers::<M>(self.loaded().0, R::LINK, keys, on))
    }
    fn given(group: Vec<i64>) -> i64 {
        group.first().copied().unwrap_or(0)
    }
}

/// Loads relations beside the rows of a query.
#[diagnostic::on_unimplemented(
    message = "`{L}` cannot be loaded by `{Self}`",
    label = "not a relation of this query's model",
    note = "`.with(..)` takes a relation of a query of whole rows; deeper ones are nested: `.with(Post::author.with(User::company))`"
)]
pub trait With<L>: Sized {
    /// The query, whose rows have the relation.
    type Out;

    /// Loads a relation. A related row comes in the same statement; related rows come in one more for all rows.
    ///
    /// The relation is a field of what the query gives: `post.author.name`, `post.tags.len()`. Loading again what is
    /// loaded already takes its place. `.with(Post::comments.count())` loads the number of rows in their place.
    fn with(self, relation: L) -> Self::Out;
}

/// `Self` is the relation, so that the compiler finds `.with` before it knows the argument, and the error stays short.
#[doc(hidden)]
pub trait LoadInto<M, Out> {
    type New;
    fn load_into(self, query: Query<M, Out>) -> Query<M, Self::New>;
}

#[diagnostic::do_not_recommend]
impl<M: Model, Out: Send + 'static, L: Loadable<Relation: Relation<From = M>>> LoadInto<M, Out> for L
where
    Out: Slot<L::Relation, L::Loaded>,
{
    type New = <Out as Slot<L::Relation, L::Loaded>>::Out;
    fn load_into(self, query: Query<M, Out>) -> Query<M, Self::New> {
        query.planned(|prev| Pair::plan(M::TABLE, prev, self.loaded().0, Slot::fill))
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, Out, L: LoadInto<M, Out>> With<L> for Query<M, Out> {
    type Out = Query<M, L::New>;
    fn with(self, relation: L) -> Self::Out {
        relation.load_into(self)
    }
}

/// A query, whatever it gives.
#[doc(hidden)]
pub trait IsQuery<M> {
    type Item;
    fn query(self) -> Query<M, Self::Item>;
}
impl<M, Out> IsQuery<M> for Query<M, Out> {
    type Item = Out;
    fn query(self) -> Self {
        self
    }
}

macro_rules! nested {
    ($([$($generics:tt)*] $token:ty, $item:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*, L> With<L> for $token
        where
            Query<R::To, $item>: With<L, Out: IsQuery<R::To>>,
        {
            type Out = Load<R, <<Query<R::To, $item> as With<L>>::Out as IsQuery<R::To>>::Item>;
            fn with(self, relation: L) -> Self::Out {
                Load(LoadedRows::child(self).with(relation).query())
            }
        }
    )*};
}
nested! {
    [M: Model, R: Relation<From = M>] ToOne<Root<M>, R>, R::To;
    [M: Model, R: Relation<From = M>] ToMany<Root<M>, R>, R::To;
    [M: Model, R: Relation<From = M>] Matching<Root<M>, R>, R::To;
    [R: Relation, Item: Send + 'static] Load<R, Item>, Item;
}

type RelatedTo<A> = <<A as LoadedRows>::Relation as Relation>::To;

/// Which rows of a to-many relation are loaded.
pub trait LoadRows: LoadedRows {
    /// Loads at most so many related rows of each row: the first ones in their order, else in that of their model,
    /// else in that of their key.
    fn limit(self, count: u64) -> Load<Self::Relation, Self::Item>;

    /// Leaves out the first related rows of each row.
    fn offset(self, count: u64) -> Load<Self::Relation, Self::Item>;

    /// Loads what scopes hide, too.
    fn unscoped(self) -> Load<Self::Relation, Self::Item>;

    /// Loads rows that were deleted softly, too.
    fn with_deleted(self) -> Load<Self::Relation, Self::Item>;
}

#[diagnostic::do_not_recommend]
impl<A: LoadedRows<Relation: Relation<Arity = Many>>> LoadRows for A {
    fn limit(self, count: u64) -> Load<A::Relation, A::Item> {
        Load(self.child().limit(count))
    }
    fn offset(self, count: u64) -> Load<A::Relation, A::Item> {
        Load(self.child().offset(count))
    }
    fn unscoped(self) -> Load<A::Relation, A::Item> {
        Load(self.child().unscoped())
    }
    fn with_deleted(self) -> Load<A::Relation, A::Item> {
        Load(self.child().with_deleted())
    }
}

/// In which order rows of a to-many relation are loaded.
#[diagnostic::on_unimplemented(
    message = "`{O}` is not an ordering for the rows of `{Self}`",
    label = "expected `.asc()` or `.desc()` of a column of the related model"
)]
pub trait OrderRows<O>: LoadedRows {
    /// Orders the related rows of each row, behind the terms given before. NULL sorts smallest.
    fn order_by(self, order: O) -> Load<Self::Relation, Self::Item>;
}

#[diagnostic::do_not_recommend]
impl<A: LoadedRows<Relation: Relation<Arity = Many>>, O: Orders<RelatedTo<A>>> OrderRows<O> for A {
    fn order_by(self, order: O) -> Load<A::Relation, A::Item> {
        Load(OrderBy::order_by(self.child(), order))
    }
}

impl<R: Relation<Arity = Many>, Item> Load<R, Item> {
    /// Loads the related rows that meet a condition.
    pub fn filter(self, condition: impl Condition<R::To>) -> Load<R, Item> {
        Load(Filter::filter(self.0, condition))
    }
}

/// Chooses values of related rows.
#[diagnostic::on_unimplemented(
    message = "`{S}` cannot be chosen of the rows of `{Self}`",
    label = "expected a column or an expression of the related model, or a tuple of them",
    note = "`.select(..)` takes the place of whole rows: what is nested is chosen with it, `.select((Post::title, Post::author))`"
)]
pub trait SelectOf<S>: LoadedRows {
    /// What is loaded of each related row.
    type Row;

    /// Loads values of related rows in place of the rows: `Post::author.select(User::name)` is a `String`,
    /// `Post::comments.select((Comment::id, Comment::text))` a `Vec<(i64, String)>`. No other column is read.
    fn select(self, values: S) -> Load<Self::Relation, Self::Row>;
}

/// Values that take the place of whole rows of `M`. They are `Self`, for the sake of a short error.
#[doc(hidden)]
pub trait InPlaceOf<M, Item>: Choose<M> {}

#[diagnostic::do_not_recommend]
impl<M, S: Choose<M>> InPlaceOf<M, M> for S {}

#[diagnostic::do_not_recommend]
impl<A: LoadedRows, S: InPlaceOf<RelatedTo<A>, A::Item>> SelectOf<S> for A {
    type Row = S::Row;
    fn select(self, values: S) -> Load<A::Relation, S::Row> {
        Load(self.child().planned(|_| values.choose().0))
    }
}
