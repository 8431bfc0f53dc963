//! The conformance suite on SQLite.

use covet_core::backend::Db;
use covet_dialect_sqlite::Sqlite;

covet_conformance::suite!("SQLITE", |url| Box::pin(async move { Db::open(Sqlite, &url).await }));
