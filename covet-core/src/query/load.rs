//! Related rows beside the rows of a query: `.with(Post::author)`.
//!
//! A row that is to be had at most once comes with its row, by a join. Rows of a to-many relation come by one
//! statement for all rows, whatever their number.

use super::{
    Filter, OrderBy, Query,
    related::{self, Parents},
};
use crate::{
    backend::Executor,
    column::{Condition, Matching, Orders},
    error::{Error, ErrorKind, Result},
    fetch::{Collect, Fetch, Finished, Plan, Selected},
    model::{Arity, At, Many, Maybe, Model, One, Relation, Root, Single, ToMany, ToOne},
    value::Row,
};
use std::{fmt, marker::PhantomData, sync::Arc};

/// What stands in place of the rows of a to-many relation that the query did not load.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct NotLoaded;

/// A relation to be loaded, with what is loaded of it: `Post::comments.with(Comment::author).limit(3)`.
#[must_use = "a relation is loaded by `.with(..)` of a query"]
pub struct Load<R: Relation, Item>(Query<R::To, Item>);

impl<R: Relation, Item> Clone for Load<R, Item> {
    fn clone(&self) -> Self {
        Load(self.0.clone())
    }
}

/// Writes a row and what is loaded of its relations.
#[doc(hidden)]
pub fn fmt_with(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    base: &dyn fmt::Debug,
    slots: &[(&str, &dyn fmt::Debug)],
) -> fmt::Result {
    let mut text = f.debug_struct(title);
    text.field("base", base);
    for (name, slot) in slots {
        text.field(name, slot);
    }
    text.finish()
}

// ---- where a loaded relation stands

/// A row that can be taken apart: its model, and what is loaded of each relation.
#[doc(hidden)]
pub trait Shape: Sized {
    type Base: Model;
    type Slots;
    fn split(self) -> (Self::Base, Self::Slots);
}

/// What a row and its loaded relations become. The row is `Self`, so that the compiler need not compare the
/// implementations of all models.
#[doc(hidden)]
pub trait Assemble<Slots>: Sized {
    type With;
    fn assemble(self, slots: Slots) -> Self::With;
}

/// A tuple with another member in one place.
#[doc(hidden)]
pub trait Replace<Place, V> {
    type Out;
    fn replace(self, value: V) -> Self::Out;
}

macro_rules! replace {
    (@one $place:literal [$($before:ident)*] $here:ident [$($behind:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<V, $($before,)* $here, $($behind,)*> Replace<At<$place>, V> for ($($before,)* $here, $($behind,)*) {
            type Out = ($($before,)* V, $($behind,)*);
            #[allow(non_snake_case, reason = "the members are named as their types")]
            fn replace(self, value: V) -> Self::Out {
                let ($($before,)* _, $($behind,)*) = self;
                ($($before,)* value, $($behind,)*)
            }
        }
    };
    (@step $before:tt $places:tt []) => {};
    (@step [$($before:ident)*] [$place:literal $($places:literal)*] [$here:ident $($behind:ident)*]) => {
        replace!(@one $place [$($before)*] $here [$($behind)*]);
        replace!(@step [$($before)* $here] [$($places)*] [$($behind)*]);
    };
    ($([$($member:ident)*])*) => {
        $(replace!(@step [] [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] [$($member)*]);)*
    };
}
replace! {
    [A] [A B] [A B C] [A B C D] [A B C D E] [A B C D E F] [A B C D E F G] [A B C D E F G H]
    [A B C D E F G H I] [A B C D E F G H I J] [A B C D E F G H I J K] [A B C D E F G H I J K L]
    [A B C D E F G H I J K L N] [A B C D E F G H I J K L N O] [A B C D E F G H I J K L N O P]
    [A B C D E F G H I J K L N O P Q]
}

/// A row into which the relation `R` can be loaded as a `V`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "relations cannot be loaded into `{Self}`",
    label = "`.with(..)` needs a query of whole rows: call it before `.select(..)`"
)]
pub trait Slot<R, V>: Send + 'static {
    type Out: Send + 'static;
    fn fill(self, value: V) -> Self::Out;
}

#[diagnostic::do_not_recommend]
impl<R: Relation, V, O> Slot<R, V> for O
where
    O: Shape<Base = R::From> + Send + 'static,
    O::Slots: Replace<R::Slot, V>,
    R::From: Assemble<<O::Slots as Replace<R::Slot, V>>::Out, With: Send + 'static>,
{
    type Out = <R::From as Assemble<<O::Slots as Replace<R::Slot, V>>::Out>>::With;
    fn fill(self, value: V) -> Self::Out {
        let (base, slots) = self.split();
        base.assemble(slots.replace(value))
    }
}

// ---- what can be loaded

/// How many rows may be there: one, or one at most when a scope hides rows.
type Held<R> = <<R as Relation>::Arity as Single>::And<<<R as Relation>::To as Model>::Presence>;

/// What is loaded of `R`: an `Item`, an `Option` of it, or a `Vec`.
#[doc(hidden)]
pub type LoadedOf<R, Item> = <<R as Relation>::Arity as LoadBy<R, Item>>::Loaded;

/// How the related rows of an arity are loaded.
#[doc(hidden)]
pub trait LoadBy<R: Relation, Item>: Arity {
    type Loaded;
    fn load<M, Out>(query: Query<M, Out>, child: Query<R::To, Item>) -> Query<M, Out::Out>
    where
        Out: Slot<R, Self::Loaded>;
}

macro_rules! single {
    ($($arity:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<R: Relation<Arity = $arity>, Item: Send + 'static> LoadBy<R, Item> for $arity {
            type Loaded = <Held<R> as Single>::Holds<Item>;
            fn load<M, Out>(query: Query<M, Out>, child: Query<R::To, Item>) -> Query<M, Out::Out>
            where
                Out: Slot<R, Self::Loaded>,
            {
                let child = child.plan().clone();
                query.planned(|prev| Plan::By(Arc::new(Beside::<Out, R, Item> { prev, child, relation: PhantomData })))
            }
        }
    )*};
}
single!(One, Maybe);

#[diagnostic::do_not_recommend]
impl<R: Relation<Arity = Many>, Item: Send + 'static> LoadBy<R, Item> for Many {
    type Loaded = Vec<Item>;
    fn load<M, Out>(query: Query<M, Out>, child: Query<R::To, Item>) -> Query<M, Out::Out>
    where
        Out: Slot<R, Vec<Item>>,
    {
        query.planned(|prev| Plan::By(Arc::new(Behind::<Out, R, Item> { prev, child })))
    }
}

/// A relation to be loaded: its token, or one with what is loaded of it.
#[doc(hidden)]
pub trait Loadable: Sized {
    type Relation: Relation;
    type Item: Send + 'static;
    fn child(self) -> Query<<Self::Relation as Relation>::To, Self::Item>;
}
macro_rules! tokens {
    ($($token:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M: Model, R: Relation<From = M>> Loadable for $token<Root<M>, R> {
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
impl<M: Model, R: Relation<From = M>> Loadable for Matching<Root<M>, R> {
    type Relation = R;
    type Item = R::To;
    fn child(self) -> Query<R::To> {
        Query::new().meeting(self.into_filter())
    }
}

#[diagnostic::do_not_recommend]
impl<R: Relation, Item: Send + 'static> Loadable for Load<R, Item> {
    type Relation = R;
    type Item = Item;
    fn child(self) -> Query<R::To, Item> {
        self.0
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
    /// loaded already takes its place.
    fn with(self, relation: L) -> Self::Out;
}

/// `Self` is the relation, so that the compiler finds `.with` before it knows the argument, and the error stays short.
#[doc(hidden)]
pub trait LoadInto<M, Out> {
    type New;
    fn load_into(self, query: Query<M, Out>) -> Query<M, Self::New>;
}

#[diagnostic::do_not_recommend]
impl<M: Model, Out, L: Loadable<Relation: Relation<From = M>>> LoadInto<M, Out> for L
where
    Out: Slot<L::Relation, LoadedOf<L::Relation, L::Item>>,
    <L::Relation as Relation>::Arity: LoadBy<L::Relation, L::Item>,
{
    type New = <Out as Slot<L::Relation, LoadedOf<L::Relation, L::Item>>>::Out;
    fn load_into(self, query: Query<M, Out>) -> Query<M, Self::New> {
        <<L::Relation as Relation>::Arity as LoadBy<_, _>>::load(query, self.child())
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
                Load(Loadable::child(self).with(relation).query())
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

type RelatedTo<A> = <<A as Loadable>::Relation as Relation>::To;

/// Which rows of a to-many relation are loaded.
pub trait LoadRows: Loadable {
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
impl<A: Loadable<Relation: Relation<Arity = Many>>> LoadRows for A {
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
pub trait OrderRows<O>: Loadable {
    /// Orders the related rows of each row, behind the terms given before. NULL sorts smallest.
    fn order_by(self, order: O) -> Load<Self::Relation, Self::Item>;
}

#[diagnostic::do_not_recommend]
impl<A: Loadable<Relation: Relation<Arity = Many>>, O: Orders<RelatedTo<A>>> OrderRows<O> for A {
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

// ---- a related row, in the same statement

struct Beside<Out, R, Item> {
    prev: Plan<Out>,
    child: Plan<Item>,
    relation: PhantomData<fn() -> R>,
}

impl<Out, R, Item> Fetch<Out::Out> for Beside<Out, R, Item>
where
    R: Relation<Arity: Single>,
    Item: Send + 'static,
    Out: Slot<R, <Held<R> as Single>::Holds<Item>>,
{
    fn select(&self, list: &mut Selected) -> Box<dyn Collect<Out::Out>> {
        let prev = self.prev.select::<R::From>(list);
        let hop = R::LINK.hop();
        list.path.extend(hop);
        let child = self.child.select::<R::To>(list);
        let present = hop.filter(|hop| hop.may_be_absent()).map(|hop| list.column(hop.target()));
        list.path.pop();
        Box::new(BesideRows::<Out, R, Item> { prev, child, present, are_present: Vec::new(), relation: PhantomData })
    }
}

struct BesideRows<Out, R, Item> {
    prev: Box<dyn Collect<Out>>,
    child: Box<dyn Collect<Item>>,
    /// The position of a column that is NULL where there is no related row.
    present: Option<usize>,
    are_present: Vec<bool>,
    relation: PhantomData<fn() -> R>,
}

impl<Out, R, Item> Collect<Out::Out> for BesideRows<Out, R, Item>
where
    R: Relation<Arity: Single>,
    Item: Send + 'static,
    Out: Slot<R, <Held<R> as Single>::Holds<Item>>,
{
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.prev.row(row)?;
        let is_present = match self.present {
            Some(at) => !row.is_null(at)?,
            None => true,
        };
        self.are_present.push(is_present);
        if is_present { self.child.row(row) } else { Ok(()) }
    }
    fn clear(&mut self) {
        self.prev.clear();
        self.child.clear();
        self.are_present.clear();
    }
    fn finish<'a>(self: Box<Self>, on: &'a dyn Executor) -> Finished<'a, Out::Out> {
        Box::pin(async move {
            let rows = self.prev.finish(on).await?;
            let mut items = self.child.finish(on).await?.into_iter();
            let filled = rows.into_iter().zip(self.are_present).map(|(row, is_present)| {
                let item = if is_present { items.next() } else { None };
                Held::<R>::hold(item).map(|held| row.fill(held)).ok_or_else(no_related_row::<R>)
            });
            filled.collect()
        })
    }
}

#[cold]
fn no_related_row<R: Relation>() -> Error {
    let (from, to) = (R::From::TABLE, R::To::TABLE);
    Error::new(ErrorKind::Decode, format!("a row of `{}` has no `{}` that it must have", from.model, to.model))
        .hint("the tables lack a foreign key that the models have")
}

// ---- related rows, in one statement for all rows

struct Behind<Out, R: Relation, Item> {
    prev: Plan<Out>,
    child: Query<R::To, Item>,
}

impl<Out, R, Item> Fetch<Out::Out> for Behind<Out, R, Item>
where
    R: Relation,
    Item: Send + 'static,
    Out: Slot<R, Vec<Item>>,
{
    fn select(&self, list: &mut Selected) -> Box<dyn Collect<Out::Out>> {
        let prev = self.prev.select::<R::From>(list);
        let key = related::key(R::LINK).target();
        let parents = Parents::new(list.column(key), key.kind);
        Box::new(BehindRows::<Out, R, Item> { prev, child: self.child.clone(), parents })
    }
}

struct BehindRows<Out, R: Relation, Item> {
    prev: Box<dyn Collect<Out>>,
    child: Query<R::To, Item>,
    parents: Parents,
}

impl<Out, R, Item> Collect<Out::Out> for BehindRows<Out, R, Item>
where
    R: Relation,
    Item: Send + 'static,
    Out: Slot<R, Vec<Item>>,
{
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.prev.row(row)?;
        self.parents.row(row)
    }
    fn clear(&mut self) {
        self.prev.clear();
        self.parents.clear();
    }
    fn finish<'a>(self: Box<Self>, on: &'a dyn Executor) -> Finished<'a, Out::Out> {
        Box::pin(async move {
            let rows = self.prev.finish(on).await?;
            let groups = related::load(on, R::LINK, self.child, self.parents).await?;
            Ok(rows.into_iter().zip(groups).map(|(row, group)| row.fill(group)).collect())
        })
    }
}
