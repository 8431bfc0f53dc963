//! Where a loaded relation stands: the members of a row with some of its relations.

use super::load::LoadBy;
use crate::model::{At, Model, Relation};
use serde::{Serialize, Serializer};
use std::fmt;

/// What stands in place of the rows of a to-many relation that the query did not load.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct NotLoaded;

impl Serialize for NotLoaded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

/// The relation of a model that has a name, as a number; what `loaded!` asks.
#[doc(hidden)]
#[diagnostic::on_unimplemented(message = "`{Self}` has no relation of this name", label = "not a relation of `{Self}`")]
pub trait Named<const NAME: u64>: Model {
    type Relation: Relation<From = Self>;
}

/// A row with an `Item` for each related row of `R`.
#[doc(hidden)]
pub type WithRows<Row, R, Item> = WithValue<Row, R, <<R as Relation>::Arity as LoadBy<R, Item>>::Loaded>;

/// A row with a `V` in the place of the relation `R`.
#[doc(hidden)]
pub type WithValue<Row, R, V> = <Row as Slot<R, V>>::Out;

/// Writes a row and what is loaded of its relations.
#[doc(hidden)]
pub fn fmt_with(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    base: &dyn fmt::Debug,
    slots: &[(&str, &dyn fmt::Debug)],
) -> fmt::Result {
    let mut text = f.debug_struct(title);
    text.field("base", base);
    for (name, slot) in slots {
        text.field(name, slot);
    }
    text.finish()
}

/// A row that can be taken apart: its model, and what is loaded of each relation.
#[doc(hidden)]
pub trait Shape: Sized {
    type Base: Model;
    type Slots;
    fn base(&self) -> &Self::Base;
    fn split(self) -> (Self::Base, Self::Slots);
}

/// What a row and its loaded relations become. The row is `Self`, so that the compiler need not compare the
/// implementations of all models.
#[doc(hidden)]
pub trait Assemble<Slots>: Sized {
    type With;
    fn assemble(self, slots: Slots) -> Self::With;
}

/// A tuple with another member in one place.
#[doc(hidden)]
pub trait Replace<Place, V> {
    type Out;
    fn replace(self, value: V) -> Self::Out;
}

macro_rules! replace {
    (@one $place:literal [$($before:ident)*] $here:ident [$($behind:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<V, $($before,)* $here, $($behind,)*> Replace<At<$place>, V> for ($($before,)* $here, $($behind,)*) {
            type Out = ($($before,)* V, $($behind,)*);
            #[allow(non_snake_case, reason = "the members are named as their types")]
            fn replace(self, value: V) -> Self::Out {
                let ($($before,)* _, $($behind,)*) = self;
                ($($before,)* value, $($behind,)*)
            }
        }
    };
    (@step $before:tt $places:tt []) => {};
    (@step [$($before:ident)*] [$place:literal $($places:literal)*] [$here:ident $($behind:ident)*]) => {
        replace!(@one $place [$($before)*] $here [$($behind)*]);
        replace!(@step [$($before)* $here] [$($places)*] [$($behind)*]);
    };
    ($([$($member:ident)*])*) => {
        $(replace!(@step [] [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] [$($member)*]);)*
    };
}
replace! {
    [A] [A B] [A B C] [A B C D] [A B C D E] [A B C D E F] [A B C D E F G] [A B C D E F G H]
    [A B C D E F G H I] [A B C D E F G H I J] [A B C D E F G H I J K] [A B C D E F G H I J K L]
    [A B C D E F G H I J K L N] [A B C D E F G H I J K L N O] [A B C D E F G H I J K L N O P]
    [A B C D E F G H I J K L N O P Q]
}

/// A row into which the relation `R` can be loaded as a `V`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "relations cannot be loaded into `{Self}`",
    label = "`.with(..)` needs a query of whole rows: call it before `.select(..)`"
)]
pub trait Slot<R, V>: Send + 'static {
    type Out: Send + 'static;
    fn fill(self, value: V) -> Self::Out;
}

#[diagnostic::do_not_recommend]
impl<R: Relation, V, O> Slot<R, V> for O
where
    O: Shape<Base = R::From> + Send + 'static,
    O::Slots: Replace<R::Slot, V>,
    R::From: Assemble<<O::Slots as Replace<R::Slot, V>>::Out, With: Send + 'static>,
{
    type Out = <R::From as Assemble<<O::Slots as Replace<R::Slot, V>>::Out>>::With;
    fn fill(self, value: V) -> Self::Out {
        let (base, slots) = self.split();
        base.assemble(slots.replace(value))
    }
}
