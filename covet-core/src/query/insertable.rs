//! New rows from JSON, or another format of serde.

use super::{
    Create, New,
    patch::{Input, each_field},
};
use crate::{
    schema::{ColumnDef, TableDef, Touch},
    value::Value,
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, Visitor},
};
use std::{fmt, marker::PhantomData};

/// Models whose new rows are deserialised; `#[covet(insertable)]` derives it.
///
/// `serde_json::from_str::<New<User>>(text)?` is a row for `.save(&db)`, `bulk_create` and upserts, validated as any
/// other. Fields with a default and `Option` fields may be absent; every other one that is absent is named by the
/// error. An automatic key, what is `read_only`, and what covet or the database sets (`auto_now`, `auto_now_add`,
/// `version`, `tenant`, `soft_delete`, `generated`) are refused as unknown names are, and so is a name given twice:
/// nobody outside sets them. A flattened part is an object in the object; its struct says `insertable` too.
#[diagnostic::on_unimplemented(
    message = "new rows of `{Self}` are not deserialised",
    label = "`New<{Self}>` does not implement serde's `Deserialize`",
    note = "add `#[covet(insertable)]` to `{Self}`"
)]
pub trait Insertable: Create + InsertFields {}

/// The fields that a new row, or a part of one, is deserialised from.
#[doc(hidden)]
pub trait InsertFields: Sized {
    /// Their names.
    const NAMES: &'static [&'static str];

    /// Reads the value of one into its column.
    ///
    /// # Errors
    /// When it has another type.
    fn take<'de, A: MapAccess<'de>>(row: &mut [Option<Value>], at: usize, map: &mut A) -> Result<(), A::Error>;
}

/// Parts whose new values are deserialised, with an error that is short.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "new values of the part `{E}` are not deserialised",
    label = "not `insertable`",
    note = "add `#[covet(insertable)]` to `{E}`"
)]
pub trait ReadablePart<E> {
    /// Reads a part into its columns.
    ///
    /// # Errors
    /// When a field of it is unknown, given twice, or has another type.
    fn take_part<'de, A: MapAccess<'de>>(row: &mut [Option<Value>], map: &mut A) -> Result<(), A::Error>;
}

#[diagnostic::do_not_recommend]
impl<E: InsertFields> ReadablePart<E> for Input {
    fn take_part<'de, A: MapAccess<'de>>(row: &mut [Option<Value>], map: &mut A) -> Result<(), A::Error> {
        let fields: Fields<'_, E> = Fields { row, table: None, of: PhantomData };
        map.next_value_seed(fields)
    }
}

impl<'de, M: Insertable> Deserialize<'de> for New<M> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<New<M>, D::Error> {
        let mut new = M::defaults();
        let fields: Fields<'_, M> = Fields { row: &mut new.values, table: Some(M::TABLE), of: PhantomData };
        fields.deserialize(from)?;
        Ok(new)
    }
}

/// The columns of a row, or of a part of it.
struct Fields<'r, T> {
    row: &'r mut [Option<Value>],
    /// Of a whole row.
    table: Option<&'static TableDef>,
    of: PhantomData<fn() -> T>,
}

impl<'de, T: InsertFields> DeserializeSeed<'de> for Fields<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_struct("New", T::NAMES, self)
    }
}

impl<'de, T: InsertFields> Visitor<'de> for Fields<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the fields of a new row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Fields { row, table, .. } = self;
        each_field(T::NAMES, &mut map, |at, map| T::take(row, at, map))?;
        match table.and_then(|table| missing(table, row)) {
            Some(names) => Err(A::Error::custom(names)),
            None => Ok(()),
        }
    }
}

/// What an incomplete row lacks.
fn missing(table: &TableDef, row: &[Option<Value>]) -> Option<String> {
    let is_absent = |at: &usize| row[*at].is_none() && Some(*at) != table.scope.tenant;
    let columns = (0..row.len()).filter(is_absent).map(|at| &table.columns[at]).filter(|column| is_required(column));
    let names: Vec<_> = columns.map(|column| format!("`{}`", column.field)).collect();
    match names.as_slice() {
        [] => None,
        [name] => Some(format!("missing field {name}")),
        names => Some(format!("missing fields {}", names.join(", "))),
    }
}

/// Whether nobody but the caller gives the column a value.
fn is_required(column: &ColumnDef) -> bool {
    !column.is_made() && !column.version && column.touch == Touch::Never
}
