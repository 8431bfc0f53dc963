//! The engine-independent core of covet.
//!
//! Data flows one way: typed tokens ([`column`](mod@column), [`model`]) build queries ([`query`]) on a flat
//! [`tape`]; on a cache miss the tape becomes a tree ([`ast`]), which a dialect renders ([`render`]);
//! a [`backend`] runs the SQL and rows come back to types ([`fetch`]). Nothing between `ast` and
//! `fetch` is generic over a model, and nothing above `backend` knows an engine.
//!
//! Users depend on the crate `covet`, which re-exports this one.

pub mod ast;
pub mod backend;
pub mod column;
pub mod error;
pub mod feature;
pub mod fetch;
pub mod fold;
pub mod model;
pub mod query;
pub mod registry;
pub mod render;
pub mod schema;
pub mod tape;
pub mod test;
pub mod validate;
pub mod value;
pub mod violation;

#[doc(hidden)]
pub mod __private;

/// The traits behind the lookups and the types of queries; `covet::prelude` adds the derives.
///
/// Traits that only bring methods have no name here, so that a model may be called `Text` or `Filter`.
pub mod prelude {
    #[cfg(feature = "regex")]
    pub use crate::column::lookup::Regex as _;
    pub use crate::{
        backend::{Db, Executor, Transactions as _, Tx},
        column::{
            Predicate, SetTo as _, ToManyExtreme as _, ToManySum as _, ToManyWhere as _, ToOneIs as _, all_of, any_of,
            lookup::{AnyEq as _, Array as _, Compare as _, Contains as _, Distinct as _, In as _, Text as _},
        },
        model::{Embed, ForeignKey, Model, OneToOne},
        models,
        query::{
            BulkCreates as _, BulkUpdates as _, By as _, ByKeys as _, Conflicts as _, Create as _, Filter as _,
            Find as _, Hooks, InsertFrom as _, Instance as _, InstanceColumns as _, LoadRows as _, Loaders as _,
            NewRow as _, OrderBy as _, OrderRows as _, Patch as _, Projection as _, Query, RawRows as _, Saving,
            SelectOf as _, Start as _, Unscoped as _, Updates as _, UpdatesConflict as _, ValidateUnique as _,
            Where as _, With as _,
        },
    };
}
