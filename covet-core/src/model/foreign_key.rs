//! Keys and foreign keys.

use super::Model;
use crate::{
    error::Result,
    schema::ColumnDef,
    value::{Kind, NotNull, Row, SqlType, Value},
};
use std::{fmt, hash::Hash, hash::Hasher, marker::PhantomData, ptr};
use uuid::Uuid;

/// Types that can be a primary key: integers, `String`, `Uuid`, newtypes of them, and tuples of these for
/// a key of several columns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a primary key",
    label = "not a key type",
    note = "keys are integers, `String` or `Uuid`"
)]
pub trait Key: Clone + Eq + Hash + fmt::Debug + Send + Sync + 'static {
    /// What each column of the key holds.
    #[doc(hidden)]
    const KINDS: &'static [Kind];

    /// The parameter; of a key of several columns, the list of them.
    #[doc(hidden)]
    fn parameter(self) -> Value;
}

/// A key of one column.
macro_rules! keys {
    ($($key:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Key for $key {
            const KINDS: &'static [Kind] = &[<$key as SqlType>::KIND];
            fn parameter(self) -> Value {
                self.encode()
            }
        }
    )*};
}
keys!(i16, i32, i64, u8, u16, u32, u64, String, Uuid);

macro_rules! tuples {
    ($($name:ident $at:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($name: KeyPart),*> Key for ($($name,)*) {
            const KINDS: &'static [Kind] = &[$($name::KIND),*];
            fn parameter(self) -> Value {
                Value::List([$(self.$at.encode()),*].into())
            }
        }
    };
}
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);

/// A column of a key of several columns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of a primary key",
    label = "not a key type",
    note = "keys are integers, `String`, `Uuid`, dates, or a `ForeignKey`"
)]
pub trait KeyPart: NotNull + Clone + Eq + Hash + fmt::Debug {}
#[diagnostic::do_not_recommend]
impl<K: NotNull + Clone + Eq + Hash + fmt::Debug> KeyPart for K {}

/// A foreign key: the typed primary key of an `M`, nothing more.
///
/// It is stored as the key is, with an index and a constraint. A key to another column that is unique names it, and has
/// its type: `#[covet(references = code)] country: ForeignKey<Country, String>`.
pub struct ForeignKey<M: Model, K = <M as Model>::Key> {
    key: K,
    model: PhantomData<fn() -> M>,
}

/// A foreign key of which each row has one of its own: a [`ForeignKey`] that is unique. The other model declares
/// `has_one(profile: Profile.user)`.
pub type OneToOne<M, K = <M as Model>::Key> = ForeignKey<M, K>;

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

/// The value of a column of a row.
pub(crate) fn value_of<M: Model>(row: &M, column: &'static ColumnDef) -> Value {
    let at = M::TABLE.columns.iter().position(|other| ptr::eq(other, column));
    at.and_then(|at| row.values().into_iter().nth(at)).unwrap_or(Value::Null)
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
impl<M: Model, K: Key + NotNull> SqlType for ForeignKey<M, K> {
    type Inner = ForeignKey<M, K>;
    const KIND: Kind = K::KIND;
    fn decode(row: &dyn Row, at: usize) -> Result<Self> {
        K::decode(row, at).map(ForeignKey::new)
    }
    fn to_value(&self) -> Value {
        self.key.to_value()
    }
    fn encode(self) -> Value {
        self.key.encode()
    }
}
#[diagnostic::do_not_recommend]
impl<M: Model, K: Key + NotNull> NotNull for ForeignKey<M, K> {}
