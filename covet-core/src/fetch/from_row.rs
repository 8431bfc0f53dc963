//! Rows of raw SQL to models and tuples.

use crate::{
    error::{Error, Result},
    model::Model,
    schema::TableDef,
    value::{Row, SqlType, forward},
};
use std::borrow::Cow;

/// Decodes the rows of one statement; it may remember what it found in the first row.
pub type Reader<T> = Box<dyn FnMut(&dyn Row) -> Result<T> + Send>;

/// What a row of raw SQL can become: a model, by the names of its columns, or a tuple, by their positions.
///
/// A single column is a tuple of one: `(i64,)`.
#[diagnostic::on_unimplemented(
    message = "a row cannot become `{Self}`",
    label = "expected a model or a tuple of columns",
    note = "a single column is a tuple of one: `(i64,)`"
)]
pub trait FromRow: Sized + Send + 'static {
    /// Makes a reader for one statement.
    #[doc(hidden)]
    fn reader() -> Reader<Self>;
}

/// The row with its columns in the order of the model.
struct Ordered<'a> {
    row: &'a dyn Row,
    places: &'a [usize],
}

impl Ordered<'_> {
    /// A place that no row has stands for a position that the model does not have.
    fn source(&self, at: usize) -> (&dyn Row, usize) {
        (self.row, self.places.get(at).copied().unwrap_or(usize::MAX))
    }
}

impl Row for Ordered<'_> {
    fn width(&self) -> usize {
        self.places.len()
    }
    forward! {
        name is_null bool i64 u64 decimal f64 text bytes uuid uuid_text ip date_time naive_date_time date time json array
    }
}

/// Where the row has the columns of a table. Other columns may stand between them.
fn places(row: &dyn Row, table: &TableDef) -> Result<Vec<usize>> {
    let place = |column: &crate::schema::ColumnDef| {
        (0..row.width()).find(|at| row.name(*at).is_some_and(|name| name == column.name)).ok_or_else(|| {
            Error::decode("the statement does not give the column")
                .in_column(table.name, column.name)
                .hint(format!("select every column of `{}`, or read the row into a tuple", table.model))
        })
    };
    table.columns.iter().map(place).collect()
}

#[diagnostic::do_not_recommend]
impl<M: Model> FromRow for M {
    fn reader() -> Reader<M> {
        let mut found: Option<Vec<usize>> = None;
        Box::new(move |row| {
            let places = match &found {
                Some(places) => places,
                None => found.insert(places(row, M::TABLE)?),
            };
            M::decode(&Ordered { row, places }, 0)
        })
    }
}

/// One column of a tuple; an error names it.
fn column<T: SqlType>(row: &dyn Row, at: usize) -> Result<T> {
    T::decode(row, at).map_err(|error| {
        let name = row.name(at).map_or_else(|| format!("number {}", at + 1), Cow::into_owned);
        error.in_column("", &name)
    })
}

#[cold]
fn wrong_width(given: usize, wanted: usize) -> Error {
    Error::decode(format!("the statement gives {given} columns, the tuple has {wanted}"))
}

macro_rules! tuples {
    ($($count:literal: $($name:ident $at:literal),*;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($name: SqlType),*> FromRow for ($($name,)*) {
            fn reader() -> Reader<Self> {
                Box::new(|row| {
                    if row.width() != $count {
                        return Err(wrong_width(row.width(), $count));
                    }
                    Ok(($(column::<$name>(row, $at)?,)*))
                })
            }
        }
    )*};
}
tuples! {
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
    9: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8;
    10: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9;
    11: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10;
    12: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11;
}
