//! What memory a stream of a million rows takes.

use covet_core::backend::Db;
use covet_dialect_pg::Postgres;

#[test]
fn a_stream_of_a_million_rows_takes_bounded_memory() {
    covet_conformance::million::stream_takes_bounded_memory("PG", |url| {
        Box::pin(async move { Db::open(Postgres, &url).await })
    });
}
