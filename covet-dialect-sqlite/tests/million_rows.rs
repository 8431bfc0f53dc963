//! How a million rows go in; the memory of other tests is measured, so this is a program of its own.

use covet_core::backend::Db;
use covet_dialect_sqlite::Sqlite;

#[test]
fn a_million_rows_go_in() {
    covet_conformance::million::rows_go_in_at_once("SQLITE", |url| {
        Box::pin(async move { Db::open(Sqlite, &url).await })
    });
}
