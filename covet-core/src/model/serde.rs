//! JSON of what covet adds to a model's fields. Models themselves derive serde's traits.

use super::{ForeignKey, Model};
use crate::value::Json;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// As its key.
impl<M: Model, K: Serialize> Serialize for ForeignKey<M, K> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.key().serialize(to)
    }
}
impl<'de, M: Model, K: Deserialize<'de>> Deserialize<'de> for ForeignKey<M, K> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        K::deserialize(from).map(ForeignKey::new)
    }
}

/// As its document.
impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::deserialize(from).map(Json)
    }
}
