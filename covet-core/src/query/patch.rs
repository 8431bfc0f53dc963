//! Patches: some fields of a row, from JSON as a rule.

use super::{Query, Update, Updates};
use crate::{column::Assignments, model::Model};
use serde::{
    Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, Visitor},
};
use std::{fmt, marker::PhantomData};

/// Some fields of a model with their new values; `#[covet(patch)]` derives one, `UserPatch` for `User`.
///
/// Each field is an `Option`: `None` leaves it as it is. A field that can be NULL is an `Option<Option<T>>`, so that
/// absent, `null` and a value are three things. A patch never has the key, nor what covet or the database sets;
/// unknown names and names given twice are refused when it is deserialised. It is an assignment of an update.
pub trait Patch: Assignments<Self::Model> {
    /// The model.
    type Model: Model;

    /// Sets the fields that are there. Nothing is stored: `.save(&db)` does that.
    fn apply(self, row: &mut Self::Model);
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
    /// Their names.
    const NAMES: &'static [&'static str];

    /// Reads the value of one.
    ///
    /// # Errors
    /// When it has another type.
    fn take<'de, A: MapAccess<'de>>(&mut self, at: usize, map: &mut A) -> Result<(), A::Error>;
}

/// Reads a patch.
///
/// # Errors
/// When a name is unknown or given twice, or a value has another type.
#[doc(hidden)]
pub fn read_patch<'de, P: PatchFields, D: Deserializer<'de>>(from: D) -> Result<P, D::Error> {
    from.deserialize_struct("Patch", P::NAMES, Whole(PhantomData))
}

struct Whole<P>(PhantomData<fn() -> P>);

impl<'de, P: PatchFields> Visitor<'de> for Whole<P> {
    type Value = P;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the fields to change")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<P, A::Error> {
        let (mut patch, mut seen) = (P::default(), vec![false; P::NAMES.len()]);
        while let Some(at) = map.next_key_seed(Name(P::NAMES))? {
            if std::mem::replace(&mut seen[at], true) {
                return Err(A::Error::duplicate_field(P::NAMES[at]));
            }
            patch.take(at, &mut map)?;
        }
        Ok(patch)
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
