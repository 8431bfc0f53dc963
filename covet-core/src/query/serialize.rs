//! Rows with relations as documents: the fields of the row, and what is loaded in their midst.

use serde::{
    Serialize, Serializer,
    ser::{Error as _, Impossible, SerializeMap, SerializeStruct},
};
use std::any::{Any, TypeId};

/// What stands in the place of a relation, as a member of `M`.
#[doc(hidden)]
pub trait Member<M: SerializeMap> {
    fn put(&self, name: &'static str, map: &mut M) -> Result<(), M::Error>;
    fn id(&self) -> TypeId;
}

impl<M: SerializeMap, T: Serialize + Any> Member<M> for T {
    fn put(&self, name: &'static str, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry(name, self)
    }
    fn id(&self) -> TypeId {
        TypeId::of::<T>()
    }
}

/// A member, its name, and the type that it has when nothing is loaded.
#[doc(hidden)]
pub type Slotted<'a, M> = (&'static str, &'a dyn Member<M>, TypeId);

/// Writes a row with what is loaded of its relations, which stands in place of the foreign keys of the same names.
///
/// # Errors
/// When the row does, or is not written as a struct.
#[doc(hidden)]
pub fn serialize_with<S: Serializer>(
    serializer: S,
    base: &impl Serialize,
    slots: &[Slotted<'_, S::SerializeMap>],
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    let loaded = || slots.iter().filter(|(_, value, absent)| value.id() != *absent);
    let names: Vec<&str> = loaded().map(|(name, ..)| *name).collect();
    base.serialize(Into { map: &mut map, loaded: &names })?;
    for (name, value, _) in loaded() {
        value.put(name, &mut map)?;
    }
    map.end()
}

/// Writes the fields of a struct into a map, without those that are loaded.
struct Into<'a, M> {
    map: &'a mut M,
    loaded: &'a [&'a str],
}

impl<M: SerializeMap> Into<'_, M> {
    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), M::Error> {
        if self.loaded.contains(&name) { Ok(()) } else { self.map.serialize_entry(name, value) }
    }
}

impl<M: SerializeMap> SerializeStruct for Into<'_, M> {
    type Ok = ();
    type Error = M::Error;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), M::Error> {
        self.member(key, value)
    }
    fn end(self) -> Result<(), M::Error> {
        Ok(())
    }
}

/// A struct with a flattened field is written as a map.
impl<M: SerializeMap> SerializeMap for Into<'_, M> {
    type Ok = ();
    type Error = M::Error;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), M::Error> {
        self.map.serialize_key(key)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), M::Error> {
        self.map.serialize_value(value)
    }
    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), M::Error> {
        match serde_json::to_value(key) {
            Ok(serde_json::Value::String(name)) => self.member(&name, value),
            _ => self.map.serialize_entry(key, value),
        }
    }
    fn end(self) -> Result<(), M::Error> {
        Ok(())
    }
}

macro_rules! refused {
    ($($method:ident($($argument:ty),*) -> $ok:ty;)*) => {$(
        fn $method(self, $(_: $argument),*) -> Result<$ok, M::Error> {
            Err(M::Error::custom("a row that is not written as a struct has no place for its relations"))
        }
    )*};
}

type No<M> = Impossible<(), <M as SerializeMap>::Error>;

impl<'a, M: SerializeMap> Serializer for Into<'a, M> {
    type Ok = ();
    type Error = M::Error;
    type SerializeSeq = No<M>;
    type SerializeTuple = No<M>;
    type SerializeTupleStruct = No<M>;
    type SerializeTupleVariant = No<M>;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = No<M>;

    fn serialize_map(self, _: Option<usize>) -> Result<Self, M::Error> {
        Ok(self)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, M::Error> {
        Ok(self)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), M::Error> {
        value.serialize(self)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), M::Error> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), M::Error> {
        self.serialize_unit()
    }
    refused! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_str(&str) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> No<M>;
        serialize_tuple(usize) -> No<M>;
        serialize_tuple_struct(&'static str, usize) -> No<M>;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> No<M>;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> No<M>;
    }
}
