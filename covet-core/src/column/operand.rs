//! What may stand on the right of a column.

use super::{Column, Expr, Joined, Push};
use crate::{
    model::{ForeignKey, Key, KeyPart, Model, value_of},
    schema::ColumnDef,
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

    /// The parameter for a column: of a row, the value that the column refers to.
    #[doc(hidden)]
    fn store_in(self, _column: &'static ColumnDef) -> Value
    where
        Self: Sized,
    {
        self.store()
    }
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

/// What a column keeps of the row that it refers to.
fn reference<M: Model>(row: &M, column: Option<&'static ColumnDef>) -> Value {
    match column.and_then(|column| column.references) {
        Some(target) => value_of(row, target()),
        None => row.key().parameter(),
    }
}

// Without `Option`, so that a row with a key of several columns is a key too.
#[diagnostic::do_not_recommend]
impl<M: Model, K: Key> Storable<ForeignKey<M, K>> for &M {
    fn store(self) -> Value {
        reference(self, None)
    }
    fn store_in(self, column: &'static ColumnDef) -> Value {
        reference(self, Some(column))
    }
}
#[diagnostic::do_not_recommend]
impl<M: Model, K: Key + NotNull> Storable<Option<ForeignKey<M, K>>> for &M {
    fn store(self) -> Value {
        reference(self, None)
    }
    fn store_in(self, column: &'static ColumnDef) -> Value {
        reference(self, Some(column))
    }
}
macro_rules! row_operands {
    ($($to:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<Scope, M: Model, K: Key + NotNull> Operand<Scope, $to> for &M {
            fn operand(self, tape: &mut Tape) {
                let value = reference(self, tape.last_column());
                tape.bind(K::KIND, value);
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
    ($($token:ident $([$of:ident])?),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T: SqlType $(, $of)?> Operand<M, T> for $token<M, T $(, $of)?> {
            fn operand(self, tape: &mut Tape) {
                self.push(tape);
            }
        }
        #[diagnostic::do_not_recommend]
        impl<M, T: NotNull $(, $of)?> Operand<M, Option<T>> for $token<M, T $(, $of)?> {
            fn operand(self, tape: &mut Tape) {
                self.push(tape);
            }
        }
    )*};
}
tokens!(Column, Joined, Expr[Of]);
