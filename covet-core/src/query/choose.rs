//! Values that are chosen of rows, in place of the rows: `.select((Post::title, Post::author.name))`.

use super::{
    Query, Sql, insert_from,
    load::{Loadable, LoadedRows},
};
use crate::{
    backend::{Executor, Pending},
    column::{Column, Expr, Joined, Push},
    error::{Error, Result},
    fetch::{Collect, Fetch, Finished, Plan, Selected},
    model::{Model, Relation},
    render::Dialect,
    schema::{ColumnDef, TableDef},
    tape::{Tape, Word},
    value::{DecimalRow, Kind, Row, SqlType, UuidTextRow},
};
use std::{marker::PhantomData, sync::Arc};

/// How what is chosen is read.
#[doc(hidden)]
pub struct Chosen<Row>(pub(crate) Plan<Row>);

/// What can be chosen of a row of `M`: a column, an expression, a relation, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be chosen of rows of `{M}`",
    label = "expected a column, an expression or a relation of `{M}`, or a tuple of them"
)]
pub trait Choose<M> {
    /// What is given for each row.
    type Row: Send + 'static;

    #[doc(hidden)]
    fn choose(self) -> Chosen<Self::Row>;
}

// ---- values

/// A value that is computed by the statement.
struct Computed<T> {
    /// The column, where it is one of the row itself.
    column: Option<&'static ColumnDef>,
    tape: Tape,
    value: PhantomData<fn() -> T>,
}

impl<T: SqlType> Computed<T> {
    /// What the value holds: a decimal has the digits of its column, a UUID its form.
    fn kind(&self) -> Kind {
        if !matches!(T::KIND, Kind::Decimal(_) | Kind::Uuid) {
            return T::KIND;
        }
        // Nothing is computed of decimals and UUIDs: the value is one of the first column.
        let column = |word: &Word| if let Word::Column(column) = word { Some(column.kind) } else { None };
        self.tape.words.iter().find_map(column).unwrap_or(T::KIND)
    }
}

fn computed<T: SqlType>(column: Option<&'static ColumnDef>, value: impl Push) -> Chosen<T> {
    let mut tape = Tape::new();
    value.push(&mut tape);
    Chosen(Plan::By(Arc::new(Computed { column, tape, value: PhantomData })))
}

impl<T: SqlType> Fetch<T> for Computed<T> {
    fn select(&self, list: &mut Selected) -> Box<dyn Collect<T>> {
        let at = match self.column {
            Some(column) => list.column(column),
            None => list.value(self.tape.clone()),
        };
        Box::new(Values { at, kind: self.kind(), values: Vec::new() })
    }
}

struct Values<T> {
    at: usize,
    kind: Kind,
    values: Vec<T>,
}

impl<T: SqlType> Collect<T> for Values<T> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let value = if let Kind::Decimal(Some(digits)) = self.kind {
            T::decode(&DecimalRow::new(row, digits), self.at)
        } else if self.kind == Kind::UuidText {
            T::decode(&UuidTextRow(row), self.at)
        } else {
            T::decode(row, self.at)
        };
        self.values.push(value.map_err(|error| named(error, row, self.at))?);
        Ok(())
    }
    fn clear(&mut self) {
        self.values.clear();
    }
    fn finish<'a>(self: Box<Self>, _: &'a dyn Executor) -> Finished<'a, T> {
        Box::pin(async move { Ok(self.values) })
    }
}

#[cold]
fn named(error: Error, row: &dyn Row, at: usize) -> Error {
    match row.name(at) {
        Some(name) => error.in_column("", &name),
        None => error,
    }
}

#[diagnostic::do_not_recommend]
impl<M, T: SqlType> Choose<M> for Column<M, T> {
    type Row = T;
    fn choose(self) -> Chosen<T> {
        computed(Some(self.def()), self)
    }
}
#[diagnostic::do_not_recommend]
impl<M, T: SqlType> Choose<M> for Joined<M, T> {
    type Row = T;
    fn choose(self) -> Chosen<T> {
        computed(None, self)
    }
}
#[diagnostic::do_not_recommend]
impl<M, T: SqlType, Of> Choose<M> for Expr<M, T, Of> {
    type Row = T;
    fn choose(self) -> Chosen<T> {
        computed(None, self)
    }
}

// ---- relations

#[diagnostic::do_not_recommend]
impl<M, A: LoadedRows<Relation: Relation<From = M>> + Loadable> Choose<M> for A {
    type Row = A::Loaded;
    fn choose(self) -> Chosen<A::Loaded> {
        self.loaded()
    }
}

// ---- tuples

/// Plans about one row.
struct Tuple<Plans>(&'static TableDef, Plans);

/// What reads the rows for them.
struct TupleRows<Collects>(Collects);

macro_rules! tuples {
    ($($name:ident $at:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<M: Model, $($name: Choose<M>),*> Choose<M> for ($($name,)*) {
            type Row = ($($name::Row,)*);
            fn choose(self) -> Chosen<Self::Row> {
                Chosen(Plan::By(Arc::new(Tuple(M::TABLE, ($(self.$at.choose().0,)*)))))
            }
        }
        impl<$($name: Send + 'static),*> Fetch<($($name,)*)> for Tuple<($(Plan<$name>,)*)> {
            fn select(&self, list: &mut Selected) -> Box<dyn Collect<($($name,)*)>> {
                Box::new(TupleRows(($(self.1.$at.select(self.0, list),)*)))
            }
        }
        impl<$($name: Send + 'static),*> Collect<($($name,)*)> for TupleRows<($(Box<dyn Collect<$name>>,)*)> {
            fn row(&mut self, row: &dyn Row) -> Result<()> {
                $(self.0.$at.row(row)?;)*
                Ok(())
            }
            fn clear(&mut self) {
                $(self.0.$at.clear();)*
            }
            fn finish<'a>(self: Box<Self>, on: &'a dyn Executor) -> Finished<'a, ($($name,)*)> {
                Box::pin(async move {
                    let mut columns = ($(self.0.$at.finish(on).await?.into_iter(),)*);
                    Ok(std::iter::from_fn(|| Some(($(columns.$at.next()?,)*))).collect())
                })
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);

// ---- runs

impl<M: Model, S> insert_from::Selected<M, S> {
    /// The query, to be refined further.
    pub fn query<Row>(self) -> Query<M, Row>
    where
        S: Choose<M, Row = Row>,
    {
        let (rows, values) = self.into_parts();
        rows.planned(|_| values.choose().0)
    }

    /// Fetches the values of every row.
    #[track_caller]
    pub fn all<'a, Row: Send + 'static>(self, on: &'a dyn Executor) -> Pending<'a, Vec<Row>>
    where
        S: Choose<M, Row = Row>,
    {
        self.query().all(on)
    }

    /// Fetches the values of the first row, if there is one; see [`Query::first`].
    #[track_caller]
    pub fn first<'a, Row: Send + 'static>(self, on: &'a dyn Executor) -> Pending<'a, Option<Row>>
    where
        S: Choose<M, Row = Row>,
    {
        self.query().first(on)
    }

    /// Fetches the values of the only row; see [`Query::get`].
    ///
    /// # Errors
    /// As [`Query::get`].
    #[track_caller]
    pub fn get<'a, Row: Send + 'static>(self, on: &'a dyn Executor) -> Pending<'a, Row>
    where
        S: Choose<M, Row = Row>,
    {
        self.query().get(on)
    }

    /// The SQL that `all` would send first, with its binds.
    ///
    /// # Errors
    /// As [`Query::to_sql`].
    pub fn to_sql<Row: Send + 'static>(self, dialect: &dyn Dialect) -> Result<Sql>
    where
        S: Choose<M, Row = Row>,
    {
        self.query().to_sql(dialect)
    }
}
