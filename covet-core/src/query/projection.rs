//! Structs of chosen values: `#[derive(Projection)]`.

use super::{
    Query,
    choose::{Choose, Chosen},
    load::{LoadBy, LoadedRows},
};
use crate::{
    backend::Executor,
    column::{Column, Expr, Joined},
    error::Result,
    fetch::{Collect, Fetch, Finished, Plan, Selected},
    model::{Model, Relation},
    schema::TableDef,
    value::{Row, SqlType},
};
use std::{marker::PhantomData, sync::Arc};

/// A struct of chosen values of a row. Derived; a model is one of all its columns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection",
    label = "expected a struct with `#[derive(Projection)]`, or a model"
)]
pub trait Projection: Sized + Send + 'static {
    /// The model of which it is chosen.
    type Model: Model;

    /// What `.select(..)` takes, of a query and of a relation: `Post::author.select(AuthorView::COLUMNS)`.
    const COLUMNS: Projected<Self> = Projected(PhantomData);

    #[doc(hidden)]
    fn chosen() -> Chosen<Self>;
}

#[diagnostic::do_not_recommend]
impl<M: Model> Projection for M {
    type Model = M;
    fn chosen() -> Chosen<M> {
        Chosen(Plan::Rows(M::decode))
    }
}

/// The columns of a projection.
#[derive(Debug)]
pub struct Projected<P>(PhantomData<fn() -> P>);

impl<P> Clone for Projected<P> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P> Copy for Projected<P> {}

#[diagnostic::do_not_recommend]
impl<P: Projection> Choose<P::Model> for Projected<P> {
    type Row = P;
    fn choose(self) -> Chosen<P> {
        P::chosen()
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: Send + 'static> Choose<M> for Chosen<T> {
    type Row = T;
    fn choose(self) -> Chosen<T> {
        self
    }
}

/// Gives a struct for each row.
#[diagnostic::on_unimplemented(
    message = "`{P}` is not chosen of the rows of `{Self}`",
    label = "expected a struct with `#[derive(Projection)]` and `#[covet(model = ..)]` of this query's model"
)]
pub trait SelectAs<P>: Sized {
    /// The query of structs.
    type Out;

    #[doc(hidden)]
    fn projected(self) -> Self::Out;
}

#[diagnostic::do_not_recommend]
impl<M: Model, P: Projection<Model = M>> SelectAs<P> for Query<M> {
    type Out = Query<M, P>;
    fn projected(self) -> Query<M, P> {
        self.planned(|_| P::chosen().0)
    }
}

impl<M: Model> Query<M> {
    /// Gives a struct for each row, and reads no other columns: `Post::query().select_as::<PostView>()`.
    pub fn select_as<P>(self) -> <Self as SelectAs<P>>::Out
    where
        Self: SelectAs<P>,
    {
        self.projected()
    }
}

/// What is chosen, made into something else.
#[doc(hidden)]
pub fn chosen<M, S: Choose<M>, T: Send + 'static>(values: S, make: fn(S::Row) -> T) -> Chosen<T>
where
    M: Model,
{
    Chosen(Plan::By(Arc::new(Made { table: M::TABLE, plan: values.choose().0, make })))
}

struct Made<A, T> {
    table: &'static TableDef,
    plan: Plan<A>,
    make: fn(A) -> T,
}

impl<A: Send + 'static, T: Send + 'static> Fetch<T> for Made<A, T> {
    fn select(&self, list: &mut Selected) -> Box<dyn Collect<T>> {
        Box::new(MadeRows { values: self.plan.select(self.table, list), make: self.make })
    }
}

struct MadeRows<A, T> {
    values: Box<dyn Collect<A>>,
    make: fn(A) -> T,
}

impl<A: Send + 'static, T: Send + 'static> Collect<T> for MadeRows<A, T> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.values.row(row)
    }
    fn clear(&mut self) {
        self.values.clear();
    }
    fn finish<'a>(self: Box<Self>, on: &'a dyn Executor) -> Finished<'a, T> {
        Box::pin(async move { Ok(self.values.finish(on).await?.into_iter().map(self.make).collect()) })
    }
}

// ---- fields

/// What a field of a projection is read from.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not read into a field of type `{T}`",
    label = "expected the type of the column, or a projection of the related model",
    note = "a relation is read into a projection, an `Option` of it where there may be no row, or a `Vec` of it"
)]
pub trait ReadInto<M, T> {
    #[doc(hidden)]
    fn read_into(self) -> Chosen<T>;
}

/// `Self` is the field, so that the compiler shows no other implementations beside one that does not fit.
#[doc(hidden)]
pub trait FieldFrom<M, Token>: Sized {
    fn field_from(token: Token) -> Chosen<Self>;
}

#[diagnostic::do_not_recommend]
impl<M, T: FieldFrom<M, A>, A> ReadInto<M, T> for A {
    fn read_into(self) -> Chosen<T> {
        T::field_from(self)
    }
}

macro_rules! values {
    ($($token:ident $([$of:ident])?),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M: Model, T: SqlType $(, $of)?> FieldFrom<M, $token<M, T $(, $of)?>> for T {
            fn field_from(token: $token<M, T $(, $of)?>) -> Chosen<T> {
                Choose::<M>::choose(token)
            }
        }
    )*};
}
values!(Column, Joined, Expr[Of]);

/// A projection in a field: itself, an `Option` or a `Vec` of it.
#[doc(hidden)]
pub trait Viewed {
    type View;
}
impl<V: Projection> Viewed for V {
    type View = V;
}
impl<V: Projection> Viewed for Option<V> {
    type View = V;
}
impl<V: Projection> Viewed for Vec<V> {
    type View = V;
}

type To<A> = <<A as LoadedRows>::Relation as Relation>::To;

#[diagnostic::do_not_recommend]
impl<M, A, T> FieldFrom<M, A> for T
where
    A: LoadedRows<Relation: Relation<From = M>, Item = To<A>>,
    T: Viewed<View: Projection<Model = To<A>>> + Send + 'static,
    <A::Relation as Relation>::Arity: LoadBy<A::Relation, T::View, Loaded = T>,
{
    fn field_from(token: A) -> Chosen<T> {
        let child = token.child().planned(|_| T::View::chosen().0);
        <<A::Relation as Relation>::Arity as LoadBy<A::Relation, T::View>>::load(child)
    }
}
