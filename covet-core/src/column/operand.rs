//! What may stand on the right of a column.

use super::{Column, Expr, Joined, Push};
use crate::{
    model::{ForeignKey, Key, KeyPart, Model},
    tape::Tape,
    value::{Element, NotNull, SqlType, Value},
};
use uuid::Uuid;

/// A value that can be stored in a column of type `T`.
///
/// A column takes its own type only: an `i16` column takes no `i32`, so that literals infer. Texts
/// are taken as `&str` too, foreign keys as the key or as a `&Model`, nullable columns take the
/// bare value.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be stored as `{T}`", label = "expected a `{T}`")]
pub trait Storable<T> {
    /// The parameter.
    #[doc(hidden)]
    fn store(self) -> Value;
}

/// Something that can be used where a `T` in the scope of `M` is expected: a value, a column, an expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `{T}` of `{M}`",
    label = "expected a value, a column or an expression of type `{T}`"
)]
pub trait Operand<M, T> {
    /// Writes it onto the tape.
    #[doc(hidden)]
    fn operand(self, tape: &mut Tape);
}

/// Implements both traits for a kind of value.
macro_rules! values {
    ($(impl[$($generics:tt)*] $from:ty => $to:ty, |$v:ident| $value:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Storable<$to> for $from {
            fn store(self) -> Value {
                let $v = self;
                $value
            }
        }
        #[diagnostic::do_not_recommend]
        impl<Scope, $($generics)*> Operand<Scope, $to> for $from {
            fn operand(self, tape: &mut Tape) {
                tape.bind(<$to as SqlType>::KIND, Storable::<$to>::store(self));
            }
        }
    )*};
}

/// The same for the nullable type.
macro_rules! nullable_values {
    ($(impl[$($generics:tt)*] $from:ty => $to:ty, |$v:ident| $value:expr;)*) => {
        values! {$(
            impl[$($generics)*] $from => $to, |$v| $value;
            impl[$($generics)*] $from => Option<$to>, |$v| $value;
        )*}
    };
}

values! {
    impl[T: SqlType] T => T, |v| v.encode();
    impl[T: NotNull] T => Option<T>, |v| v.encode();
}
nullable_values! {
    impl[] &str => String, |v| Value::Text(v.into());
    impl[] &String => String, |v| Value::Text(v.as_str().into());
    impl[] &[u8] => Vec<u8>, |v| Value::Bytes(v.into());
    impl[T: Element, V: Storable<T>, const N: usize] [V; N] => Vec<T>, |v| Value::List(v.into_iter().map(V::store).collect());
    impl[] &Vec<u8> => Vec<u8>, |v| Value::Bytes(v.as_slice().into());
    impl[M: Model] i16 => ForeignKey<M, i16>, |v| v.encode();
    impl[M: Model] i32 => ForeignKey<M, i32>, |v| v.encode();
    impl[M: Model] i64 => ForeignKey<M, i64>, |v| v.encode();
    impl[M: Model] u8 => ForeignKey<M, u8>, |v| v.encode();
    impl[M: Model] u16 => ForeignKey<M, u16>, |v| v.encode();
    impl[M: Model] u32 => ForeignKey<M, u32>, |v| v.encode();
    impl[M: Model] u64 => ForeignKey<M, u64>, |v| v.encode();
    impl[M: Model] Uuid => ForeignKey<M, Uuid>, |v| v.encode();
    impl[M: Model] String => ForeignKey<M, String>, |v| v.encode();
    impl[M: Model] &str => ForeignKey<M, String>, |v| Value::Text(v.into());
}

// Without `Option`, so that a row with a key of several columns is a key too.
#[diagnostic::do_not_recommend]
impl<M: Model<Key = K>, K: Key> Storable<ForeignKey<M, K>> for &M {
    fn store(self) -> Value {
        self.key().parameter()
    }
}
#[diagnostic::do_not_recommend]
impl<M: Model<Key = K>, K: Key + NotNull> Storable<Option<ForeignKey<M, K>>> for &M {
    fn store(self) -> Value {
        self.key().parameter()
    }
}
macro_rules! row_operands {
    ($($to:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<Scope, M: Model<Key = K>, K: Key + NotNull> Operand<Scope, $to> for &M {
            fn operand(self, tape: &mut Tape) {
                tape.bind(K::KIND, self.key().parameter());
            }
        }
    )*};
}
row_operands!(ForeignKey<M, K>, Option<ForeignKey<M, K>>);

/// The columns of a key, for `find`.
macro_rules! tuples {
    ($($name:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<M: Model<Key = ($($name,)*)>, $($name: KeyPart),*> Storable<ForeignKey<M, ($($name,)*)>> for ($($name,)*) {
            fn store(self) -> Value {
                self.parameter()
            }
        }
    };
}
tuples!(A, B);
tuples!(A, B, C);
tuples!(A, B, C, D);

macro_rules! tokens {
    ($($token:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType> Operand<M, T> for $token<M, T> {
            fn operand(self, tape: &mut Tape) {
                self.push(tape);
            }
        }
        #[diagnostic::do_not_recommend]
        impl<M, T: NotNull> Operand<M, Option<T>> for $token<M, T> {
            fn operand(self, tape: &mut Tape) {
                self.push(tape);
            }
        }
    )*};
}
tokens!(Column, Joined, Expr);
