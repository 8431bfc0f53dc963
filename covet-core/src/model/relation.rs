//! Relations and paths over them, known to the compiler.

use super::{Columns, Model};
use crate::{
    schema::{Link, PathDef},
    value::{NotNull, SqlType},
};
use std::{marker::PhantomData, ops::Deref};

/// A chain of to-one hops that begins at `Root`.
pub trait Path: 'static {
    /// The model that the query is about.
    type Root: Model;
    /// The model at the end.
    type Target: Model;
    /// `T`, or `Option<T>` when a hop on the way can be NULL or lead to a row that a scope hides.
    type Null<T: NotNull>: SqlType<Inner = T>;
    /// The hops.
    const DEF: &'static PathDef;
}

/// The path of no hops.
pub struct Root<M>(PhantomData<fn() -> M>);

impl<M: Model> Path for Root<M> {
    type Root = M;
    type Target = M;
    type Null<T: NotNull> = T;
    const DEF: &'static PathDef = PathDef::ROOT;
}

/// A relation from one model to another; an empty enum made by the derive.
pub trait Relation: 'static {
    /// The model whose rows it leads from.
    type From: Model;
    /// The model whose rows it leads to.
    type To: Model;
    /// [`One`], [`Maybe`] or [`Many`].
    type Arity: Arity;
    /// The place of its loaded value among the relations of `From`.
    type Slot;
    /// The place of its foreign key among what a new row must be given: [`At`], [`Free`], or [`Linked`].
    type Given;
    /// The plain data.
    const LINK: Link;
}

/// How many rows a relation leads to.
pub trait Arity: 'static {}

/// One row, or one at most.
pub trait Single: Arity {
    /// What is loaded: a `V`, or an `Option` of it.
    type Holds<V>;
    /// The value that is loaded; `None` where there must be one and is none.
    fn hold<V>(value: Option<V>) -> Option<Self::Holds<V>>;
    /// What becomes of a column's type behind the hop.
    type Null<P: Path, T: NotNull>: SqlType<Inner = T>;
    /// [`Maybe`] when one of both is.
    type And<A: Single>: Single;
}

/// Exactly one row.
pub struct One;
/// One row or none.
pub struct Maybe;
/// Any number of rows.
pub struct Many;

impl Arity for One {}
impl Arity for Maybe {}
impl Arity for Many {}

impl Single for One {
    type Holds<V> = V;
    fn hold<V>(value: Option<V>) -> Option<V> {
        value
    }
    type Null<P: Path, T: NotNull> = P::Null<T>;
    type And<A: Single> = A;
}
impl Single for Maybe {
    type Holds<V> = Option<V>;
    fn hold<V>(value: Option<V>) -> Option<Option<V>> {
        Some(value)
    }
    type Null<P: Path, T: NotNull> = Option<T>;
    type And<A: Single> = Maybe;
}

/// The path `P` and one more hop.
pub struct Via<P, R>(PhantomData<fn() -> (P, R)>);

impl<P: Path, R: Relation<From = P::Target, Arity: Single>> Path for Via<P, R> {
    type Root = P::Root;
    type Target = R::To;
    type Null<T: NotNull> = <<R::Arity as Single>::And<<R::To as Model>::Presence> as Single>::Null<P, T>;
    const DEF: &'static PathDef = &PathDef { parent: Some(P::DEF), relation: R::LINK.hop() };
}

/// A to-one relation: `Post::author`. It has the target's columns as fields, so that
/// `Post::author.name` is a column in the scope of `Post`.
pub struct ToOne<P, R>(PhantomData<fn() -> (P, R)>);

impl<P, R> Clone for ToOne<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P, R> Copy for ToOne<P, R> {}

impl<P, R> ToOne<P, R> {
    /// The token.
    #[doc(hidden)]
    pub const NEW: Self = ToOne(PhantomData);
}

impl<P: Path, R: Relation<From = P::Target, Arity: Single>> Deref for ToOne<P, R> {
    type Target = <R::To as Model>::Columns<Via<P, R>>;
    fn deref(&self) -> &Self::Target {
        <Self::Target as Columns>::NEW
    }
}

/// A relation to any number of rows: `User::posts`. Its columns are reached through `any`, `none`, `all`, `count` ..,
/// so that no row of the query comes twice.
pub struct ToMany<P, R>(PhantomData<fn() -> (P, R)>);

impl<P, R> Clone for ToMany<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P, R> Copy for ToMany<P, R> {}

impl<P, R> ToMany<P, R> {
    /// The token.
    #[doc(hidden)]
    pub const NEW: Self = ToMany(PhantomData);
}

/// A relation over a join table.
#[diagnostic::on_unimplemented(
    message = "the rows of this relation are not linked by a join table",
    label = "not a many-to-many relation",
    note = "set the foreign key of the related rows instead"
)]
pub trait OverJoin: Relation<Arity = Many> {}

/// The place of a relation's loaded value among the relations of its model.
#[derive(Debug)]
pub struct At<const N: usize>;

/// A foreign key that a new row need not be given.
#[derive(Debug)]
pub struct Free;

/// The foreign key of another model, by its name as a number: looked up where it is used, so that a name that does not
/// exist is one error.
#[derive(Debug)]
pub struct KeyOf<M, const NAME: u64>(PhantomData<fn() -> M>);

/// No foreign key: a join table leads to the rows.
#[derive(Debug)]
pub struct Linked;

/// The other end of a foreign key: what `has_many` on the other model would be.
pub struct Reverse<R>(PhantomData<fn() -> R>);

impl<R: Relation<Arity: Single>> Relation for Reverse<R> {
    type From = R::To;
    type To = R::From;
    type Arity = Many;
    type Slot = ();
    type Given = R::Given;
    const LINK: Link = R::LINK.turned();
}

impl<M: Model, R: Relation<From = M, Arity: Single>> ToOne<Root<M>, R> {
    /// The same foreign key from its other end, for models that do not declare it: `Post::author.reverse()` is what
    /// `has_many(posts: Post.author)` makes `User::posts`.
    pub fn reverse(self) -> ToMany<Root<R::To>, Reverse<R>> {
        ToMany::NEW
    }
}
