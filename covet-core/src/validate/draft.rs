//! Rules over several fields.

use crate::{
    column::Column,
    model::Model,
    schema::{Carried, TableDef},
    value::{OwnedRow, SqlType},
    violation::ValidationErrors,
};
use std::{marker::PhantomData, slice};

/// A rule over several fields of a model, asked in every write path once `#[covet(clean)]` stands on the struct.
///
/// ```
/// # extern crate covet_core as covet;
/// # use covet_macros::Model;
/// use covet::{prelude::*, validate::{Clean, Draft}, violation::{ValidationErrors, Violation}};
///
/// #[derive(Model)]
/// #[covet(clean)]
/// struct Booking {
///     id: i64,
///     first_night: i32,
///     last_night: i32,
/// }
///
/// impl Clean for Booking {
///     fn clean(draft: &Draft<'_, Self>, errors: &mut ValidationErrors) {
///         if let (Some(first), Some(last)) = (draft.get(Booking::first_night), draft.get(Booking::last_night)) {
///             if last < first {
///                 errors.add(Booking::last_night, Violation::new("order", "must not be before the first night"));
///             }
///         }
///     }
/// }
///
/// let errors = Booking::create().first_night(5).last_night(3).validate().unwrap_err();
/// assert_eq!(errors.to_string(), "last_night: must not be before the first night");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has `#[covet(clean)]` and no `impl Clean for {Self}`",
    label = "`Clean` is missing",
    note = "add `impl covet::Clean for {Self}`, or remove the attribute"
)]
pub trait Clean: Model {
    /// Adds what is wrong with the values of a write. The rules of the single fields are checked apart.
    fn clean(draft: &Draft<'_, Self>, errors: &mut ValidationErrors);

    /// What stands in the table's description.
    #[doc(hidden)]
    fn clean_row(table: &'static TableDef, values: Carried<'_>, errors: &mut ValidationErrors) {
        Self::clean(&Draft { table, values, model: PhantomData }, errors);
    }
}

/// The values of a write, read by token: a new row carries every value but those that the database makes,
/// an update those that it sets.
pub struct Draft<'a, M> {
    table: &'static TableDef,
    values: Carried<'a>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Draft<'_, M> {
    /// The value of a column; `None` when the write does not carry it, or when it is NULL.
    pub fn get<T: SqlType>(&self, column: Column<M, T>) -> Option<T::Inner> {
        let value = self.values.get(self.table, column.def())?;
        // A value that no database can hold is refused when it is sent.
        T::Inner::decode_or_null(&OwnedRow(slice::from_ref(value)), 0).ok().flatten()
    }

    /// Whether the write carries a value of the column, be it NULL.
    pub fn carries<T: SqlType>(&self, column: Column<M, T>) -> bool {
        self.values.get(self.table, column.def()).is_some()
    }
}
