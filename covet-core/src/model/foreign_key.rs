//! Keys and foreign keys.

use super::Model;
use crate::{
    error::Result,
    value::{Kind, NotNull, Row, SqlType, Value},
};
use std::{fmt, hash::Hash, hash::Hasher, marker::PhantomData};
use uuid::Uuid;

/// Types that can be a primary key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a primary key",
    label = "not a key type",
    note = "keys are integers, `String` or `Uuid`"
)]
pub trait Key: NotNull + Clone + Eq + Hash + fmt::Debug {}

macro_rules! keys {
    ($($key:ty),*) => {$(#[diagnostic::do_not_recommend] impl Key for $key {})*};
}
keys!(i16, i32, i64, u8, u16, u32, u64, String, Uuid);

/// A foreign key: the typed primary key of an `M`, nothing more.
///
/// It is stored as the key is, with an index and a constraint.
pub struct ForeignKey<M: Model, K = <M as Model>::Key> {
    key: K,
    model: PhantomData<fn() -> M>,
}

impl<M: Model, K> ForeignKey<M, K> {
    /// Refers to the row with this key.
    pub const fn new(key: K) -> ForeignKey<M, K> {
        ForeignKey { key, model: PhantomData }
    }

    /// The key.
    pub const fn key(&self) -> &K {
        &self.key
    }

    /// The key, moved out.
    pub fn into_key(self) -> K {
        self.key
    }
}

impl<M: Model> From<&M> for ForeignKey<M> {
    fn from(model: &M) -> Self {
        ForeignKey::new(model.key())
    }
}

impl<M: Model, K: Clone> Clone for ForeignKey<M, K> {
    fn clone(&self) -> Self {
        ForeignKey::new(self.key.clone())
    }
}
impl<M: Model, K: Copy> Copy for ForeignKey<M, K> {}
impl<M: Model, K: PartialEq> PartialEq for ForeignKey<M, K> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
impl<M: Model, K: Eq> Eq for ForeignKey<M, K> {}
impl<M: Model, K: Hash> Hash for ForeignKey<M, K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}
impl<M: Model, K: fmt::Debug> fmt::Debug for ForeignKey<M, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ForeignKey").field(&self.key).finish()
    }
}
impl<M: Model, K: fmt::Display> fmt::Display for ForeignKey<M, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.key.fmt(f)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, K: Key> SqlType for ForeignKey<M, K> {
    type Inner = ForeignKey<M, K>;
    const KIND: Kind = K::KIND;
    fn decode(row: &dyn Row, at: usize) -> Result<Self> {
        K::decode(row, at).map(ForeignKey::new)
    }
    fn encode(self) -> Value {
        self.key.encode()
    }
}
#[diagnostic::do_not_recommend]
impl<M: Model, K: Key> NotNull for ForeignKey<M, K> {}
