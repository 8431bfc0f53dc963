//! What a foreign key refers to, where the field says it. All of it is evaluated by the compiler.

use super::Column;
use crate::{model::Model, schema::Ends};

/// The type of what a foreign key of type `K` points at.
#[diagnostic::on_unimplemented(
    message = "a foreign key of `{K}` cannot refer to a column of `{Self}`",
    label = "the key, or the column that `references` names, has the type `{Self}`"
)]
pub trait ReferredBy<K> {}
impl<K> ReferredBy<K> for K {}

/// A foreign key that says the type of the primary key: `ForeignKey<User, i64>`.
pub const fn primary_key_of<T: ReferredBy<K>, K>(at: usize) -> Ends {
    Ends::Key(at)
}

/// A foreign key to the column that `references = code` names.
///
/// # Panics
/// While the program is compiled, when the column is not unique.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn referenced<M: Model, K, T: ReferredBy<K>>(at: usize, column: Column<M, T>) -> Ends {
    if !M::TABLE.is_unique_column(column.def()) {
        panic!("several rows may have the same value here: the column must be `unique`");
    }
    Ends::Unique(at, column.def())
}
