//! From tree to SQL text.
//!
//! [`Dialect`] has a default for every node; each default lives in [`ansi`] under the same name.
//! A backend overrides only what its database spells differently. What a database *cannot* do is
//! said once, in its [`Features`](crate::feature::Features).

pub mod ansi;
mod cache;
mod dialect;
mod placeholders;
#[cfg(feature = "regex")]
mod regex;
mod writer;

pub use cache::{Prepared, Slot, StatementCache};
pub use dialect::{BindLimits, Dialect};
pub use placeholders::{Quotes, placeholders};
pub use writer::{Bind, Form, Grammar, Store, Writer, bound, store};
