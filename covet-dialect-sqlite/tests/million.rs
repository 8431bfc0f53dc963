//! What memory a stream of a million rows takes.

use covet_core::backend::Db;
use covet_dialect_sqlite::Sqlite;

#[test]
fn a_stream_of_a_million_rows_takes_bounded_memory() {
    covet_conformance::million::stream_takes_bounded_memory("SQLITE", |url| {
        Box::pin(async move { Db::open(Sqlite, &url).await })
    });
}
