//! covet: models, typed queries and one meaning on SQLite, PostgreSQL, MySQL and MariaDB.
//!
//! ```
//! use covet::prelude::*;
//!
//! #[derive(Model, Clone, Debug)]
//! pub struct User {
//!     pub id: i64,
//!     #[covet(max_length = 100)]
//!     pub name: String,
//!     pub age: i32,
//! }
//!
//! # fn main() -> covet::Result<()> {
//! let db = covet::connect("sqlite::memory:").wait()?;
//! db.create_tables(models![User]).wait()?;
//! let ann = User::create().name("Ann").age(30).save(&db).wait()?;
//! let adults = User::filter(User::age.gte(18) & User::name.starts_with("A")).all(&db).wait()?;
//! assert_eq!(adults[0].id, ann.id);
//! # Ok(())
//! # }
//! ```
//!
//! Queries get methods of your own by a trait:
//!
//! ```
//! use covet::prelude::*;
//!
//! #[derive(Model, Clone, Debug)]
//! pub struct Post {
//!     pub id: i64,
//!     pub published: bool,
//! }
//!
//! trait Posts {
//!     fn published(self) -> Self;
//! }
//!
//! impl Posts for Query<Post> {
//!     fn published(self) -> Self {
//!         self.filter(Post::published)
//!     }
//! }
//!
//! # fn main() -> covet::Result<()> {
//! # let db = covet::connect("sqlite::memory:").wait()?;
//! # db.create_tables(models![Post]).wait()?;
//! let newest = Post::query().published().order_by(Post::id.desc()).first(&db).wait()?;
//! # assert!(newest.is_none());
//! # Ok(())
//! # }
//! ```
//!
//! Engines are cargo features: `sqlite` (default), `pg`, `mysql`. Servers on other machines are
//! connected to by TLS, which is the feature `tls` (default).

pub use covet_core::{
    __private, ast,
    backend::{self, Builder, Clock, Conn, Db, Executor, Options, Pending, PoolStatus, Run, Tx},
    column::{Column, Condition, Joined, Order, Predicate, all_of, any_of},
    error::{self, Error, ErrorKind, Result},
    feature::{self, Feature, Features},
    fetch::{self, FromRow, RowStream},
    model::{self, Embed, ForeignKey, Model},
    models,
    query::{self, Deleted, New, Outcome, Query, Raw, assert_safe, load_into, sql},
    registry::{self, Registry},
    render, schema, tape, test,
    validate::{self, Clean, Draft},
    value,
    violation::{self, ValidationErrors, Violation},
};
pub use covet_macros::{DbEnum, Embed, Model, Projection, SqlType, loaded};

/// What every file that writes queries needs: the traits behind the lookups, the derive, the types.
pub mod prelude {
    pub use covet_core::prelude::*;
    pub use covet_macros::{DbEnum, Embed, Model, Projection, SqlType, loaded};
}

/// Opens a database; the URL's scheme chooses the engine among those compiled in.
///
/// `sqlite::memory:`, `sqlite:shop.db`, `postgres://user:password@host/db`, `mysql://..`, `mariadb://..`.
///
/// ```
/// # fn main() -> covet::Result<()> {
/// let db = covet::connect("sqlite::memory:").wait()?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Says which scheme is unknown or not compiled in, or why the server refuses, and what to do.
pub fn connect(url: &str) -> Pending<'_, Db> {
    builder().open(url)
}

/// Chooses options before opening; knows the engines that are compiled in.
#[must_use]
pub fn builder() -> Builder {
    let builder = Db::builder();
    #[cfg(feature = "sqlite")]
    let builder = builder.backend(covet_dialect_sqlite::Sqlite);
    #[cfg(not(feature = "sqlite"))]
    let builder = builder.without(&["sqlite"], "sqlite");
    #[cfg(feature = "pg")]
    let builder = builder.backend(covet_dialect_pg::Postgres);
    #[cfg(not(feature = "pg"))]
    let builder = builder.without(&["postgres", "postgresql"], "pg");
    #[cfg(feature = "mysql")]
    let builder = builder.backend(covet_dialect_mysql::MySql);
    #[cfg(not(feature = "mysql"))]
    let builder = builder.without(&["mysql", "mariadb"], "mysql");
    builder
}

/// The README's code is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The code of the guide is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../docs/validation.md")]
struct Validation;

#[cfg(doctest)]
#[doc = include_str!("../../docs/models.md")]
struct Models;

#[cfg(doctest)]
#[doc = include_str!("../../docs/relations.md")]
struct Relations;
