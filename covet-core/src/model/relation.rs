//! Relations and paths over them, known to the compiler.

use super::{Columns, Model};
use crate::{
    schema::{PathDef, RelationDef},
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
    /// The model that has the foreign key.
    type From: Model;
    /// The model it points at.
    type To: Model;
    /// [`One`] or [`Maybe`].
    type Arity: Arity;
    /// The place of its loaded value among the relations of `From`.
    type Slot;
    /// The plain data.
    const DEF: &'static RelationDef;
}

/// How many rows a relation leads to.
pub trait Arity {
    /// What becomes of a column's type behind the hop.
    type Null<P: Path, T: NotNull>: SqlType<Inner = T>;
    /// [`Maybe`] when one of both is.
    type And<A: Arity>: Arity;
}

/// Exactly one row.
pub struct One;
/// One row or none.
pub struct Maybe;

impl Arity for One {
    type Null<P: Path, T: NotNull> = P::Null<T>;
    type And<A: Arity> = A;
}
impl Arity for Maybe {
    type Null<P: Path, T: NotNull> = Option<T>;
    type And<A: Arity> = Maybe;
}

/// The path `P` and one more hop.
pub struct Via<P, R>(PhantomData<fn() -> (P, R)>);

impl<P: Path, R: Relation<From = P::Target>> Path for Via<P, R> {
    type Root = P::Root;
    type Target = R::To;
    type Null<T: NotNull> = <<R::Arity as Arity>::And<<R::To as Model>::Presence> as Arity>::Null<P, T>;
    const DEF: &'static PathDef = &PathDef { parent: Some(P::DEF), relation: Some(R::DEF) };
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

impl<P: Path, R: Relation<From = P::Target>> Deref for ToOne<P, R> {
    type Target = <R::To as Model>::Columns<Via<P, R>>;
    fn deref(&self) -> &Self::Target {
        <Self::Target as Columns>::NEW
    }
}
