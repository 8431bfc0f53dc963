//! The conformance suite on SQLite with every statement on a blocking thread.

use covet_core::backend::Db;
use covet_dialect_sqlite::Sqlite;

covet_conformance::suite!("SQLITE", |url| Box::pin(async move {
    Db::builder().backend(Sqlite).inline_execution(false).open(&url).await
}));
