//! Patches: some fields of a row, from JSON as a rule.

use super::{Query, Update, Updates, sql::show_field};
use crate::{column::Assignments, model::Model, schema::ColumnDef, tape::Tape, value::Value};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, Visitor},
};
use std::{fmt, marker::PhantomData};

/// Some fields of a model with their new values; `#[covet(patch)]` derives one, `UserPatch` for `User`.
///
/// Each field is an `Option`: `None` leaves it as it is. A field that can be NULL is an `Option<Option<T>>`, so that
/// absent, `null` and a value are three things. A patch never has the key, nor what covet or the database sets;
/// unknown names and names given twice are refused when it is deserialised. It is an assignment of an update.
///
/// A flattened part whose struct says `patch` too has a patch of its own in it: an object in the object. The fields of
/// other parts are not in it.
pub trait Patch: Assignments<Self::Model> + PatchFields<Of = Self::Model> {
    /// The model.
    type Model: Model;

    /// Sets the fields that are there. Nothing is stored: `.save(&db)` does that.
    fn apply(self, row: &mut Self::Model) {
        self.apply_to(row);
    }
}

/// The patch of a part that does not say `patch`: it has no fields.
pub struct NoPatch<E>(PhantomData<fn() -> E>);

impl<E> Clone for NoPatch<E> {
    fn clone(&self) -> Self {
        NoPatch(PhantomData)
    }
}
impl<E> Default for NoPatch<E> {
    fn default() -> Self {
        NoPatch(PhantomData)
    }
}
impl<E> PatchFields for NoPatch<E> {
    type Of = E;
    const NAMES: &'static [&'static str] = &[];
    fn take<'de, A: MapAccess<'de>>(&mut self, _at: usize, _map: &mut A) -> Result<(), A::Error> {
        Ok(())
    }
    fn assign_to(self, _columns: &'static [ColumnDef], _tape: &mut Tape) {}
    fn apply_to(self, _row: &mut E) {}
    fn show(&self, _columns: &'static [ColumnDef], _fields: &mut Shown) {}
}
impl<'de, E> Deserialize<'de> for NoPatch<E> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        read_patch(from)
    }
}

impl<M: Model> Query<M> {
    /// Sets the fields that a patch has: `User::find(1).patch(patch).exec(&db)`.
    pub fn patch(self, patch: impl Patch<Model = M>) -> Update<M> {
        self.update(patch)
    }
}

/// The fields of a patch, by position.
#[doc(hidden)]
pub trait PatchFields: Default {
    /// The model, or the part.
    type Of;

    /// Their names.
    const NAMES: &'static [&'static str];

    /// Reads the value of one.
    ///
    /// # Errors
    /// When it has another type.
    fn take<'de, A: MapAccess<'de>>(&mut self, at: usize, map: &mut A) -> Result<(), A::Error>;

    /// Assigns the fields that are there to columns, of which the first is its first.
    fn assign_to(self, columns: &'static [ColumnDef], tape: &mut Tape);

    /// Sets the fields that are there.
    fn apply_to(self, row: &mut Self::Of);

    /// Appends its fields with their values.
    fn show(&self, columns: &'static [ColumnDef], fields: &mut Shown);
}

/// Fields of a patch with their values, if they have one.
#[doc(hidden)]
pub type Shown = Vec<(&'static ColumnDef, Option<Value>)>;

/// Reads a patch.
///
/// # Errors
/// When a name is unknown or given twice, or a value has another type.
#[doc(hidden)]
pub fn read_patch<'de, P: PatchFields, D: Deserializer<'de>>(from: D) -> Result<P, D::Error> {
    from.deserialize_struct("Patch", P::NAMES, Whole(PhantomData))
}

/// Writes the fields that a patch has, but for the sensitive values.
///
/// # Errors
/// As the formatter.
#[doc(hidden)]
pub fn fmt_patch<P: PatchFields>(
    patch: &P,
    name: &str,
    columns: &'static [ColumnDef],
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut fields = Vec::new();
    patch.show(columns, &mut fields);
    let mut text = f.debug_struct(name);
    for (column, value) in &fields {
        if let Some(value) = value {
            show_field(&mut text, column, value);
        }
    }
    text.finish()
}

struct Whole<P>(PhantomData<fn() -> P>);

impl<'de, P: PatchFields> Visitor<'de> for Whole<P> {
    type Value = P;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the fields to change")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<P, A::Error> {
        let mut patch = P::default();
        each_field(P::NAMES, &mut map, |at, map| patch.take(at, map))?;
        Ok(patch)
    }
}

/// Takes each field that is there, by its position; unknown names and names given twice are refused.
pub(super) fn each_field<'de, A: MapAccess<'de>>(
    names: &'static [&'static str],
    map: &mut A,
    mut take: impl FnMut(usize, &mut A) -> Result<(), A::Error>,
) -> Result<(), A::Error> {
    let mut seen = vec![false; names.len()];
    while let Some(at) = map.next_key_seed(Name(names))? {
        if std::mem::replace(&mut seen[at], true) {
            return Err(A::Error::duplicate_field(names[at]));
        }
        take(at, map)?;
    }
    Ok(())
}

/// What fields are read from. The bound is on this and not on the field's type, to which rustc would point as well.
#[doc(hidden)]
#[derive(Debug)]
pub struct Input;

/// Types whose values are read: `Deserialize`, with an error that is short.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be deserialised",
    label = "does not implement serde's `Deserialize`",
    note = "add `#[derive(serde::Deserialize)]` to `{T}`, or the feature `serde` of its crate"
)]
pub trait Readable<'de, T> {
    /// Reads the value of a field.
    ///
    /// # Errors
    /// When it has another type.
    fn next<A: MapAccess<'de>>(map: &mut A) -> Result<T, A::Error>;

    /// Reads the value of a sensitive field. The error does not show it, as serde's own would.
    ///
    /// # Errors
    /// When it has another type.
    fn next_sensitive<A: MapAccess<'de>>(map: &mut A, name: &str) -> Result<T, A::Error> {
        Self::next(map).map_err(|_| A::Error::custom(format_args!("the value of `{name}` does not fit its type")))
    }
}

#[diagnostic::do_not_recommend]
impl<'de, T: Deserialize<'de>> Readable<'de, T> for Input {
    fn next<A: MapAccess<'de>>(map: &mut A) -> Result<T, A::Error> {
        map.next_value()
    }
}

/// A name becomes its position.
struct Name(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<usize, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<usize, E> {
        self.0.iter().position(|known| *known == name).ok_or_else(|| E::unknown_field(name, self.0))
    }
}
